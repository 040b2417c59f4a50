"""Dynamic Pix (facts/payments.md §3.1): the journal's steps as PUT, GET, PATCH and devolução of a charge."""

from threading import Event

from msgspec import Struct

from pos_tui.domain.late_payment import SHOWN
from pos_tui.domain.outcome import Done, NotSent, Outcome, RefusalClass, Refused, Uncertain
from pos_tui.domain.payment import PaymentWord
from pos_tui.domain.pix import api_txid
from pos_tui.domain.sale import PaymentLine
from pos_tui.providers.pix.bcb import BcbPix, ChargeRequest
from pos_tui.providers.pix.charge import Charge, Refund
from pos_tui.services.drivers.base import Slips, Told
from pos_tui.store.database import Transaction
from pos_tui.store.ids import new_key

_ENDED = (PaymentWord.CONFIRMED, PaymentWord.CANCELLED, PaymentWord.ABSENT)
_FORGOTTEN = "O banco não conhece mais esta cobrança, cujo código foi mostrado. Confira o extrato do Pix."
_UNNAMED = "O banco ainda não disse qual Pix pagou esta cobrança. Consulte com F5 e tente de novo."


class PixDriver(Struct, frozen=True):
    """A PSP. The txid is the line's own key."""

    pix: BcbPix
    expires_in: int
    """Seconds."""

    def request_key(self, tx: Transaction, line_id: str) -> str:
        """The txid."""
        return api_txid(line_id)

    def next_key(self, tx: Transaction) -> str:
        """Names a devolução."""
        return new_key()

    def start(self, line: PaymentLine, stop: Event) -> Outcome[Told]:
        """Make the charge; the customer pays later."""
        request = ChargeRequest(line.request_key, line.amount, self.expires_in)
        return _charge(self.pix.create(request), line)

    def find(self, line: PaymentLine, stop: Event) -> Outcome[Told]:
        """Ask whether it was paid. A charge that was shown once is never taken to be absent."""
        asked = _charge(self.pix.find(line.request_key, line.amount), line)
        if isinstance(asked, Done) and asked.answer.word is PaymentWord.ABSENT and SHOWN in line.details:
            return Refused(RefusalClass.NOT_FOUND, "", _FORGOTTEN)
        return asked

    def cancel(self, line: PaymentLine) -> Outcome[Told | None]:
        """Remove, then ask once more: the customer may have been faster (facts/payments.md §9.14)."""
        removed = _charge(self.pix.remove(line.request_key, line.amount), line)
        asked = _charge(self.pix.find(line.request_key, line.amount), line)
        if not isinstance(asked, Done):
            return removed
        if asked.answer.word is PaymentWord.ABSENT and SHOWN in line.details:
            return Uncertain(_FORGOTTEN)
        return asked if asked.answer.word in _ENDED else removed

    def confirm(self, line: PaymentLine) -> Outcome[None]:
        """A paid Pix needs no confirming."""
        return Done(None)

    def undo(self, line: PaymentLine) -> Outcome[None]:
        """A Pix is never merely approved."""
        return Refused(RefusalClass.STATE, "", "Um Pix pago só volta por devolução.")

    def refund(self, line: PaymentLine, stop: Event) -> Outcome[Told]:
        """Devolução of the whole amount."""
        end_to_end = self._end_to_end(line)
        if not end_to_end:
            return NotSent(_UNNAMED)
        return _refund(self.pix.refund(end_to_end, line.refund_key, line.amount, line.reason))

    def find_refund(self, line: PaymentLine, stop: Event) -> Outcome[Told]:
        """Ask about the devolução."""
        end_to_end = self._end_to_end(line)
        if not end_to_end:
            return Uncertain(_UNNAMED)
        asked = self.pix.find_refund(end_to_end, line.refund_key, line.amount)
        if isinstance(asked, Refused) and asked.reason is RefusalClass.NOT_FOUND:
            return Done(Told(PaymentWord.ABSENT))
        return _refund(asked)

    def _end_to_end(self, line: PaymentLine) -> str:
        """What names the Pix that paid it. Some banks tell it only after they have said that it is paid."""
        known = line.details.get("end_to_end", "")
        if known:
            return known
        found = self.pix.find(line.request_key, line.amount)
        return found.answer.end_to_end if isinstance(found, Done) else ""

    def confirm_refund(self, line: PaymentLine) -> Outcome[None]:
        """A devolução needs none."""
        return Done(None)

    def acknowledge(self, line: PaymentLine) -> None:
        """The PSP waits for nothing."""

    def leftover(self) -> str | None:
        """The PSP leaves nothing here."""
        return None

    def forget(self, key: str) -> None:
        """The PSP waits for nothing."""

    def discard(self) -> None:
        """The PSP leaves nothing here."""

    def slips(self, raw: str) -> Slips:
        """A Pix has none."""
        return Slips()


def _charge(outcome: Outcome[Charge], line: PaymentLine) -> Outcome[Told]:
    if not isinstance(outcome, Done):
        return outcome
    charge = outcome.answer
    told = {
        "txid": charge.txid,
        "code": charge.code,
        "expires_at": charge.expires_at.isoformat() if charge.expires_at else "",
        "end_to_end": charge.end_to_end,
    }
    details = line.details | {name: text for name, text in told.items() if text}
    return Done(Told(charge.word, {"details": details}))


def _refund(outcome: Outcome[Refund]) -> Outcome[Told]:
    if not isinstance(outcome, Done):
        return outcome
    refund = outcome.answer
    if refund.failed:
        return Refused(
            RefusalClass.DECLINED, "NAO_REALIZADO", refund.reason or "O banco não fez a devolução."
        )
    message = "" if refund.word is PaymentWord.REFUNDED else "O banco está processando a devolução."
    return Done(Told(refund.word, message=message))
