"""The outbox of tracking e-mails: rows of the commit that dispatched, sent once each by one worker.

An e-mail that may have gone is never sent again by itself; a person may say so.
"""

import contextlib
import logging
import threading
from collections.abc import Callable

from msgspec import Struct

from pos_tui.domain.errors import Conflict, PosError, RuleError
from pos_tui.domain.journal import SYSTEM
from pos_tui.domain.order import Order, Shipment
from pos_tui.domain.order_kept import MailState, OrderMail
from pos_tui.domain.outcome import Done, NotSent, Outcome, RefusalClass, Refused, Uncertain
from pos_tui.domain.tracking import TRACKING_URL, is_correios, is_mailed, tracking_link
from pos_tui.providers.smtp import Letter
from pos_tui.services.context import Context
from pos_tui.services.journal import Change, Claim, Event
from pos_tui.services.running import Loop
from pos_tui.store import orders as rows
from pos_tui.store.database import Transaction
from pos_tui.store.ids import new_key
from pos_tui.store.models.orders import OrderMailRow

RETRY_MS = (60_000, 300_000, 1_800_000, 7_200_000)
"""How long after each vain attempt the next one comes; the last one repeats."""
MOST_ATTEMPTS = 12
LONGEST_SLEEP = 60.0

Send = Callable[[Letter], Outcome[str]]
log = logging.getLogger(__name__)


class Wording(Struct, frozen=True):
    """What the e-mails say."""

    store: str
    sender: str
    tracking_url: str = TRACKING_URL


class Outbox:
    """One till's share of the outbox; all tills of a store may empty it."""

    def __init__(self, context: Context, send: Send | None, wording: Wording) -> None:
        """Without `send` nothing is queued: no mail server is set up."""
        self._context = context
        self._store = context.store
        self._send = send
        self._wording = wording
        self._news = threading.Event()
        self._loop = Loop("order-mail", self._work, self._news.set)

    # Queueing

    def queue(self, tx: Transaction, key: str, order: Order, parcel: Shipment) -> None:
        """Queue the e-mail about a parcel, when the customer is to be told: Correios, PAC or SEDEX."""
        mailed = is_correios(parcel.carrier) and is_mailed(f"{parcel.carrier} {order.shipping}")
        if self._send is None or not mailed or "@" not in order.email:
            return
        mail, now = new_key(), self._context.now()
        domain = self._wording.sender.rpartition("@")[2] or "localhost"
        rows.add_mail(
            tx,
            id=mail,
            order_id=key,
            code=parcel.code,
            message_id=f"<{mail}@{domain}>",
            recipient=order.email,
            subject=f"Seu pedido {order.number} foi enviado",
            body=self._body(order, parcel),
            state=MailState.QUEUED,
            queued_at=now,
            due_at=now,
        )

    def _body(self, order: Order, parcel: Shipment) -> str:
        link = tracking_link(parcel.code, self._wording.tracking_url)
        return "\n".join(
            (
                f"Olá, {order.customer}.",
                "",
                f"Seu pedido {order.number} foi enviado pelos Correios ({parcel.carrier}).",
                f"Código de rastreio: {parcel.code}",
                f"Acompanhe a entrega: {link}",
                "",
                self._wording.store,
                "",
            )
        )

    # Sending

    def send_next(self) -> bool:
        """Send the oldest that is due; say whether there was one.

        Raises:
            Conflict: another till has it.
            StoreError: its state could not be written down.
        """
        now = self._context.now()
        with self._store.reading() as tx:
            mail = rows.due_mail(tx, now)
        if mail is None or self._send is None:
            return False
        send, letter = self._send, Letter(mail.message_id, mail.recipient, mail.subject, mail.body)
        sending = {"state": MailState.SENDING, "attempts": mail.attempts + 1, "due_at": None}
        self._context.journal.ask(
            Claim(OrderMailRow, mail.id, mail.version, Change(sending)),
            _event(mail, SYSTEM),
            lambda: send(letter),
            lambda outcome: Change(self._after(mail, outcome)),
        )
        return True

    def _after(self, mail: OrderMail, outcome: Outcome[str]) -> dict[str, object]:
        now = self._context.now()
        match outcome:
            case Done():
                return {"state": MailState.SENT, "why": "", "settled_at": now}
            case Uncertain(why):
                return {"state": MailState.UNCONFIRMED, "why": why}
            case NotSent(why) | Refused(RefusalClass.TRANSIENT, _, why):
                if mail.attempts + 1 >= MOST_ATTEMPTS:
                    return {"state": MailState.FAILED, "why": why}
                wait = RETRY_MS[min(mail.attempts, len(RETRY_MS) - 1)]
                return {"state": MailState.QUEUED, "why": why, "due_at": now + wait}
            case Refused(text=why):
                return {"state": MailState.FAILED, "why": why}

    def sweep(self) -> None:
        """What was being sent when a till stopped may have gone: a person says. Before the worker starts."""
        with self._store.reading() as tx:
            left = rows.abandoned_mails(tx, self._context.till, self._context.now())
        for mail in left:
            values = {"state": MailState.UNCONFIRMED, "why": "O caixa parou durante o envio."}
            change = Change({**values, "lease_till": None, "lease_until": None})
            claim = Claim(OrderMailRow, mail.id, mail.version, change)
            with contextlib.suppress(Conflict):  # another till settled it just now
                self._context.journal.change(claim, _event(mail, SYSTEM), "swept")

    # A person's word

    def of(self, order_id: str) -> list[OrderMail]:
        """Return the e-mails of an order."""
        with self._store.reading() as tx:
            return rows.mails_of(tx, order_id)

    def again(self, key: str, who: str) -> None:
        """Queue an e-mail again that failed or may have gone, on a person's word. Same Message-ID.

        Raises:
            RuleError: it waits or was sent. Conflict: somebody else said so first.
        """
        with self._store.reading() as tx:
            mail = rows.mail(tx, key)
        if mail is None or mail.state not in (MailState.UNCONFIRMED, MailState.FAILED):
            raise RuleError("Este e-mail não espera por uma decisão.")
        change = Change({"state": MailState.QUEUED, "due_at": self._context.now(), "attempts": 0, "why": ""})
        claim = Claim(OrderMailRow, mail.id, mail.version, change)
        self._context.journal.change(claim, _event(mail, who), "requeued")
        self.wake()

    # The worker

    def start(self) -> None:
        """Send in the background until `stop`."""
        if self._send is not None:
            self._loop.start()

    def wake(self) -> None:
        """Say that something may have been queued."""
        self._news.set()

    def stop(self, patience: float = 3.0) -> None:
        """Let the e-mail under way end, up to `patience` seconds."""
        self._loop.stop(patience)

    def _work(self) -> None:
        while not self._loop.over.is_set():
            self._news.clear()
            try:
                while not self._loop.over.is_set() and self.send_next():
                    pass
            except PosError:
                log.exception("an e-mail was left for later")
            if not self._loop.over.is_set():  # the last wake-up may have been the one just cleared
                self._news.wait(LONGEST_SLEEP)
        self._store.close()


def _event(mail: OrderMail, who: str) -> Event:
    # Not the address: the trail outlives what a customer may want forgotten.
    return Event("order.mail", mail.id, who, {"order": mail.order_id, "code": mail.code})
