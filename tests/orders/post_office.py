"""A real SMTP server on loopback that keeps what it takes, and misbehaves on demand."""

import asyncio
import email
import email.policy
import socket
import ssl
from collections.abc import Awaitable
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from pos_tui.providers.smtp import MailServer

DATA = Path(__file__).parents[1] / "providers" / "data"
CERTIFICATE, KEY = DATA / "loopback.crt", DATA / "loopback.key"
USER, PASSWORD = "loja", "segredo"


class _Counter(Controller):
    """On a socket that is bound already: nobody can take the port between its choice and its opening."""

    def __init__(self, post: "PostOffice", listener: socket.socket, **options: Any) -> None:
        port = listener.getsockname()[1]
        # Without a name of its own it asks a name server, and five seconds are not enough everywhere.
        super().__init__(post, "127.0.0.1", port, server_hostname="localhost", ready_timeout=60, **options)
        self._listener = listener

    def _create_server(self) -> Awaitable[asyncio.AbstractServer]:
        return self.loop.create_server(self._factory_invoker, sock=self._listener)


class PostOffice:
    """`with PostOffice() as post:` — `post.letters` is what arrived."""

    def __init__(self, *, tls: bool = False, auth: bool = False) -> None:
        self.letters: list[EmailMessage] = []
        self.at_rcpt = ""
        """What RCPT is answered instead of 250."""
        self.at_data = ""
        """What the text is answered instead of 250; `drop` takes it and hangs up."""
        context = None
        if tls:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(CERTIFICATE, KEY)
        listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(listener.getsockname()[1])
        self._tls = tls
        self._controller = _Counter(
            self, listener, tls_context=context, require_starttls=tls,
            authenticator=_judge if auth else None, auth_required=auth, auth_require_tls=tls,
        )  # fmt: skip

    def __enter__(self) -> "PostOffice":
        self._controller.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._controller.stop()

    @property
    def server(self) -> MailServer:
        """How the till is told of it."""
        security = "starttls" if self._tls else "none"
        sender, name = "loja@example.com", "Loja São João"
        return MailServer("127.0.0.1", self.port, security, "", sender, name, seconds=5.0)

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take the recipient, or not."""
        if self.at_rcpt:
            return self.at_rcpt
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Take the text, or not."""
        if self.at_data and self.at_data != "drop":
            return self.at_data
        assert isinstance(envelope.content, bytes)
        letter = email.message_from_bytes(envelope.content, policy=email.policy.default)
        assert isinstance(letter, EmailMessage)
        self.letters.append(letter)
        if self.at_data == "drop":
            assert isinstance(server.transport, asyncio.WriteTransport)
            server.transport.abort()
        return "250 OK guardada"


def _judge(server: SMTP, session: Session, envelope: Envelope, mechanism: str, given: object) -> AuthResult:
    right = LoginPassword(USER.encode(), PASSWORD.encode())
    # Without handled=False a wrong password leaves the client waiting for ever.
    return AuthResult(success=given == right, handled=False)
