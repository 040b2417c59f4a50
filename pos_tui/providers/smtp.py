"""One e-mail to one person through the store's mail server (facts/orders.md §7).

What may have been taken is told apart from what was not: once the text is on its way, a connection that
breaks proves nothing, and the e-mail is never sent again by itself.
"""

import contextlib
import re
import smtplib
import ssl
from collections.abc import Callable
from email import policy
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import formatdate

from msgspec import Struct

from pos_tui.domain.outcome import Done, NotSent, Outcome, RefusalClass, Refused, Uncertain
from pos_tui.domain.text import clean
from pos_tui.providers.http import is_loopback


class MailServer(Struct, frozen=True):
    """Where and as whom."""

    host: str
    port: int
    security: str = "starttls"
    """`none` is only taken on this very machine."""
    user: str = ""
    sender: str = ""
    """The store's address."""
    name: str = ""
    """The store's name."""
    seconds: float = 20.0
    """How long each answer of the server is waited for."""


class Letter(Struct, frozen=True):
    """What is sent."""

    message_id: str
    recipient: str
    subject: str
    body: str


class Smtp:
    """The store's mail server. `password` is asked for when the server wants one."""

    def __init__(
        self, server: MailServer, password: Callable[[], str], context: ssl.SSLContext | None = None
    ) -> None:
        """`context` says whom TLS believes; by default the public authorities."""
        self._server = server
        self._password = password
        self._context = context

    def send(self, letter: Letter) -> Outcome[str]:
        """Send it once. Never raises."""
        try:
            message = _message(self._server, letter)
        except (ValueError, UnicodeError):
            return Refused(RefusalClass.DATA, "", "O endereço de e-mail do cliente não é válido.")
        smtp = self._open()
        if not isinstance(smtp, smtplib.SMTP):
            return smtp
        try:
            return _deliver(smtp, self._server.sender, letter.recipient, message)
        finally:
            smtp.close()

    def greet(self) -> Outcome[None]:
        """Connect, say who we are and leave: a test that sends no letter. Never raises."""
        smtp = self._open()
        if not isinstance(smtp, smtplib.SMTP):
            return smtp
        with contextlib.suppress(OSError, smtplib.SMTPException):
            smtp.quit()
        smtp.close()
        return Done(None)

    def _open(self) -> smtplib.SMTP | Refused | NotSent:
        server = self._server
        if server.security == "none" and not is_loopback(server.host):
            return NotSent("O e-mail sairia sem proteção: configure TLS em [orders.mail].")
        try:
            return self._connect()
        except smtplib.SMTPResponseException as error:
            return _refused(error.smtp_code, error.smtp_error)
        except (OSError, smtplib.SMTPException) as error:
            return NotSent(f"O servidor de e-mail não respondeu ({type(error).__name__}).")

    def _connect(self) -> smtplib.SMTP:
        server = self._server
        context = self._context or ssl.create_default_context()
        if server.security == "tls":
            smtp: smtplib.SMTP = smtplib.SMTP_SSL(
                server.host, server.port, timeout=server.seconds, context=context
            )
        else:
            smtp = smtplib.SMTP(server.host, server.port, timeout=server.seconds)
        try:
            smtp.ehlo_or_helo_if_needed()
            if server.security == "starttls":
                smtp.starttls(context=context)
                smtp.ehlo()
            if server.user:
                smtp.login(server.user, self._password())
        except BaseException:
            smtp.close()
            raise
        return smtp


def _deliver(smtp: smtplib.SMTP, sender: str, recipient: str, message: EmailMessage) -> Outcome[str]:
    try:
        for code, words in (smtp.mail(sender), smtp.rcpt(recipient)):
            if code // 100 != 2:
                return _refused(code, words)
        code, words = smtp.docmd("DATA")
    except (OSError, smtplib.SMTPException):
        return NotSent("O servidor de e-mail desligou antes de receber a mensagem.")
    if code != 354:
        return _refused(code, words)
    try:
        smtp.send(_stuffed(message) + b".\r\n")
        code, words = smtp.getreply()
    except (OSError, smtplib.SMTPException):
        return Uncertain("O servidor de e-mail não confirmou o recebimento.")
    return Done(clean(words.decode("utf-8", "replace"), 120)) if code == 250 else _refused(code, words)


def _refused(code: int, words: bytes | str) -> Refused:
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else str(words)
    passing = 400 <= code < 500
    reason = RefusalClass.TRANSIENT if passing else RefusalClass.DATA
    return Refused(reason, str(code), f"O servidor de e-mail recusou: {code} {clean(text, 160)}")


def _message(server: MailServer, letter: Letter) -> EmailMessage:
    message = EmailMessage()
    message["From"] = Address(server.name, addr_spec=server.sender)
    message["To"] = Address(addr_spec=letter.recipient)
    message["Subject"] = letter.subject
    message["Message-ID"] = letter.message_id
    message["Date"] = formatdate(usegmt=True)
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.body)
    return message


def _stuffed(message: EmailMessage) -> bytes:
    """Return the text as DATA takes it: CRLF, and a line that begins with a dot gets a second one."""
    text = message.as_bytes(policy=policy.SMTP)
    ended = text if text.endswith(b"\r\n") else text + b"\r\n"
    return re.sub(rb"(?m)^\.", b"..", ended)
