"""TEF by file exchange (facts/payments.md §2): the journal's steps as CRT, CNC, CNF and NCN."""

from collections.abc import Callable
from datetime import datetime
from threading import Event

from pos_tui.domain.card import CardKind, Plan
from pos_tui.domain.outcome import Done, NotSent, Outcome, RefusalClass, Refused, Uncertain
from pos_tui.domain.payment import PaymentState, PaymentWord
from pos_tui.domain.sale import PaymentLine
from pos_tui.providers.tef.fields import Command
from pos_tui.providers.tef.intpos import LOST, IntposTef
from pos_tui.providers.tef.reply import TefReply, printed_copies, read_reply
from pos_tui.providers.tef.requests import ChargeRequest, Entity, Financing
from pos_tui.services.drivers.base import REFUND_TAKEN, Slips, Told
from pos_tui.store.database import Store, Transaction

_FINANCING = {
    Plan.AT_ONCE: Financing.AT_ONCE,
    Plan.STORE: Financing.STORE,
    Plan.ISSUER: Financing.ISSUER,
}
_BY_MENU = (
    "O TEF nunca respondeu sobre esta venda, e daqui não se estorna sem a resposta: estorne pelo menu do TEF "
    "(F12, TEF) ou na administradora do cartão, e depois o supervisor decide com F8."
)
"""A supervisor ruled it charged: there is nothing that a CNC could name: a person ends it."""
_NO_CANCEL = "O TEF não deixa cancelar uma operação em andamento: aguarde a resposta ou consulte com F5."


class TefDriver:
    """A manager at this till. Numbers (001) come from a counter that survives everything."""

    def __init__(self, tef: IntposTef, store: Store, till: int, clock: Callable[[], datetime]) -> None:
        self._tef = tef
        self._store = store
        self._counter = f"tef/{till}"
        self._clock = clock

    def request_key(self, tx: Transaction, line_id: str) -> str:
        """A number."""
        return self.next_key(tx)

    def next_key(self, tx: Transaction) -> str:
        """The next number."""
        return str(tx.next_number(self._counter))

    def start(self, line: PaymentLine, stop: Event) -> Outcome[Told]:
        """CRT, under the line's own number."""
        asked = line.details
        request = ChargeRequest(
            number=int(line.request_key),
            amount=line.amount,
            kind=CardKind(asked["kind"]) if "kind" in asked else None,
            financing=_FINANCING[Plan(asked["plan"])] if "plan" in asked else Financing.ANY,
            instalments=int(asked.get("instalments", "1")),
            when=self._clock(),
        )
        return _charge(self._tef.charge(request, stop))

    def find(self, line: PaymentLine, stop: Event) -> Outcome[Told]:
        """Look for the reply, wait for a manager that is still at it."""
        outcome = self._tef.recover(Command.CRT, int(line.request_key), self._probe(), stop)
        match outcome:
            case NotSent() if line.state is PaymentState.UNCERTAIN:
                # It was taken once: that no trace of it is left proves nothing.
                return Uncertain(LOST)
            case NotSent():
                return Done(Told(PaymentWord.ABSENT))
            case Uncertain(why) if why == LOST:
                return Refused(RefusalClass.NOT_FOUND, "", why)
            case Refused(_, _, text):
                return Done(Told(PaymentWord.REFUSED, message=text))
            case _:
                return _charge(outcome)

    def cancel(self, line: PaymentLine) -> Outcome[Told | None]:
        """The specification has no such command."""
        return Refused(RefusalClass.STATE, "", _NO_CANCEL)

    def confirm(self, line: PaymentLine) -> Outcome[None]:
        """CNF."""
        return self._tef.confirm(int(line.settle_key), read_reply(line.reply).settlement)

    def undo(self, line: PaymentLine) -> Outcome[None]:
        """NCN."""
        return self._tef.undo(int(line.settle_key), read_reply(line.reply).settlement)

    def refund(self, line: PaymentLine, stop: Event) -> Outcome[Told]:
        """CNC: an operation of its own, with slip and confirmation."""
        if not line.reply:
            return Uncertain(_BY_MENU)
        return _refund(self._tef.refund(int(line.refund_key), read_reply(line.reply), stop))

    def find_refund(self, line: PaymentLine, stop: Event) -> Outcome[Told]:
        """Look for the reply to the CNC."""
        if not line.reply:
            return Uncertain(_BY_MENU)
        outcome = self._tef.recover(Command.CNC, int(line.refund_key), self._probe(), stop)
        match outcome:
            case NotSent() if REFUND_TAKEN in line.details:
                return Uncertain(LOST)
            case NotSent():
                return Done(Told(PaymentWord.ABSENT))
            case Uncertain(why) if why == LOST:
                return Refused(RefusalClass.NOT_FOUND, "", why)
            case _:
                return _refund(outcome)

    def confirm_refund(self, line: PaymentLine) -> Outcome[None]:
        """CNF of the CNC."""
        return self._tef.confirm(int(line.refund_settle_key), read_reply(line.refund_reply).settlement)

    def acknowledge(self, line: PaymentLine) -> None:
        """Take a reply that the line holds out of the folder."""
        for key, kept in ((line.request_key, line.reply), (line.refund_key, line.refund_reply)):
            if key and kept:
                self.forget(key)

    def forget(self, key: str) -> None:
        """Take the reply of a number out of the folder."""
        self._tef.acknowledge(int(key))

    def leftover(self) -> str | None:
        """The number of the reply that lies in the folder."""
        reply = self._tef.leftover()
        return None if reply is None else str(reply.number)

    def discard(self) -> None:
        """Take an unreadable reply out of the folder."""
        self._tef.discard()

    def slips(self, raw: str) -> Slips:
        """Both copies as the manager made them."""
        return slips_of(raw)

    # Beside the sale: see `services.tef_desk`

    def alive(self) -> Outcome[None]:
        """ATV."""
        return self._tef.alive(self._probe())

    def menu(self, key: str, stop: Event) -> Outcome[Told]:
        """ADM."""
        return _charge(self._tef.administer(int(key), stop))

    def find_menu(self, key: str, stop: Event) -> Outcome[Told]:
        """Look for the reply to an ADM."""
        outcome = self._tef.recover(Command.ADM, int(key), self._probe(), stop)
        match outcome:
            case NotSent():
                return Done(Told(PaymentWord.ABSENT))
            case Uncertain(why) if why == LOST:
                return Refused(RefusalClass.NOT_FOUND, "", why)
            case Refused(_, _, text):
                return Done(Told(PaymentWord.REFUSED, message=text))
            case _:
                return _charge(outcome)

    def ask_document(self, company: bool, stop: Event) -> Outcome[str]:
        """CDP: CPF, or CNPJ, typed on the pinpad; its digits."""
        entity = Entity.COMPANY if company else Entity.PERSON
        outcome = self._tef.ask_document(self._probe(), entity, stop)
        return Done(outcome.answer.customer) if isinstance(outcome, Done) else outcome

    def confirm_reply(self, key: str, raw: str) -> Outcome[None]:
        """CNF of a kept reply."""
        return self._tef.confirm(int(key), read_reply(raw).settlement)

    def undo_reply(self, key: str, raw: str) -> Outcome[None]:
        """NCN of a kept reply."""
        return self._tef.undo(int(key), read_reply(raw).settlement)

    def stray(self) -> TefReply | None:
        """The reply that lies in the folder."""
        return self._tef.leftover()

    def _probe(self) -> int:
        return int(self._store.write(self.next_key))


def slips_of(raw: str) -> Slips:
    """Both copies in a kept reply."""
    return Slips(*printed_copies(read_reply(raw)))


def heard(reply: TefReply) -> Outcome[Told]:
    """What a reply that came while another was awaited says of its own operation."""
    if not reply.approved and reply.command is Command.CNC:
        return Refused(RefusalClass.DECLINED, reply.status, reply.message)
    if not reply.approved:
        return Done(Told(PaymentWord.REFUSED, message=reply.message))
    return _refund(Done(reply)) if reply.command is Command.CNC else _charge(Done(reply))


def _charge(outcome: Outcome[TefReply]) -> Outcome[Told]:
    if not isinstance(outcome, Done):
        return outcome
    reply = outcome.answer
    values: dict[str, object] = {
        "amount": reply.toward_sale,
        "discount": reply.discount,
        "cash_out": reply.cash_out,
        "details": _details(reply),
        "reply": reply.raw,
    }
    return Done(Told(reply.word, values, reply.message))


def _refund(outcome: Outcome[TefReply]) -> Outcome[Told]:
    if not isinstance(outcome, Done):
        return outcome
    reply = outcome.answer
    return Done(Told(reply.word, {"refund_reply": reply.raw}, reply.message))


def _details(reply: TefReply) -> dict[str, str]:
    card = reply.card
    told = {
        "kind": card.kind.value if card else "",
        "brand": card.brand.value if card else "",
        "instalments": str(card.instalments) if card and card.instalments > 1 else "",
        "last_four": card.last_four if card else "",
        "nsu": reply.nsu,
        "authorisation": reply.authorisation,
        "network": reply.network,
        "terminal": reply.terminal,
        "still_due": str(reply.still_due) if reply.still_due else "",
    }
    return {name: text for name, text in told.items() if text}
