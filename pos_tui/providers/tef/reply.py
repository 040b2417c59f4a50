"""What the manager answered about one operation, typed.

Source: facts/payments.md §2.4–2.6. A reply is kept in the store as `raw` and read back by `read_reply`, so
that a till that stopped half-way finds everything it needs to confirm, undo and print.
"""

import re

from msgspec import Struct

from pos_tui.domain.card import Brand, CardDetails, CardKind, brand_of, looks_like_pan
from pos_tui.domain.payment import PaymentWord
from pos_tui.domain.text import digits
from pos_tui.providers.tef import fields as f
from pos_tui.providers.tef.codec import IntposFile, Malformed, decode
from pos_tui.providers.tef.fields import Command

APPROVED = "0"
_FINAL, _TO_CONFIRM = "1", "2"
_KIND_OF_CARD = {"1": CardKind.CREDIT, "2": CardKind.DEBIT, "3": CardKind.MEAL_VOUCHER}
# The obsolete 011, still all that older managers tell.
_KIND_OF_TYPE = {
    **dict.fromkeys(("10", "11", "12", "13", "24"), CardKind.CREDIT),
    **dict.fromkeys(("20", "21", "22"), CardKind.DEBIT),
    "60": CardKind.MEAL_VOUCHER,
}


class Settlement(Struct, frozen=True):
    """What CNF and NCN must send back, verbatim."""

    control: str
    network: str = ""
    network_index: str = ""
    document: str = ""


class Slips(Struct, frozen=True):
    """The receipt texts as sent, and how many copies are asked for."""

    single: tuple[str, ...] = ()
    reduced: tuple[str, ...] = ()
    client: tuple[str, ...] = ()
    merchant: tuple[str, ...] = ()
    copies: int | None = None
    """737: 0 none, 1 client, 2 merchant, 3 both; None when not told."""

    def __bool__(self) -> bool:
        return bool(self.single or self.reduced or self.client or self.merchant)


class TefReply(Struct, frozen=True):
    """An operation's answer. Amounts in centavos, None where the manager did not tell."""

    command: Command
    number: int
    """The till's own number of the operation, echoed."""
    status: str
    """`0` is a yes; everything else a no."""
    message: str
    """For the operator, to be shown."""
    total: int
    """What was really debited: may differ from what was asked."""
    original: int | None
    cash_out: int
    network_discount: int
    still_due: int
    """Partial approval: the rest, for another means of payment."""
    adjusted: int | None
    needs_confirmation: bool
    settlement: Settlement
    nsu: str
    authorisation: str
    network: str
    receipt_date: str
    """DDMMAAAA, asked back by a cancelling."""
    receipt_time: str
    """hhmmss, asked back by a cancelling."""
    card: CardDetails | None
    """None when the manager does not tell the kind of card."""
    terminal: str
    establishment: str
    customer: str
    """The document typed on the pinpad (CDP)."""
    slips: Slips
    raw: str
    """The file itself, with no whole card number in it."""

    @property
    def approved(self) -> bool:
        """Whether the operation was done."""
        return self.status == APPROVED

    @property
    def word(self) -> PaymentWord:
        """Where the payment stands at the manager."""
        if not self.approved:
            return PaymentWord.REFUSED
        if self.needs_confirmation:
            return PaymentWord.APPROVED
        return PaymentWord.REFUNDED if self.command is Command.CNC else PaymentWord.CONFIRMED

    @property
    def toward_sale(self) -> int:
        """What the line is worth to the sale: the debit less the cash the customer draws."""
        return self.total - self.cash_out

    @property
    def discount(self) -> int:
        """What leaves the sale's due: the network's discount and, below zero, its surcharge."""
        raised = 0 if self.adjusted is None or self.original is None else self.adjusted - self.original
        return self.network_discount - raised


def read_reply(raw: str) -> TefReply:
    """Read a stored reply again. Raises IntposError."""
    return reply_of(decode(raw.encode("latin-1")))


def reply_of(file: IntposFile) -> TefReply:
    """Type a reply file's fields. Raises Malformed for a field that makes no sense."""
    slips = _slips(file)
    try:
        command = Command(file.command)
    except ValueError:
        raise Malformed("Inconsistência no campo 000-000 do arquivo intpos.001.") from None
    if file.operation is None or not file.has(f.STATUS):
        raise Malformed("Inconsistência no campo 001-000 ou 009-000 do arquivo intpos.001.")
    return TefReply(
        command=command,
        number=file.operation,
        status=_status(file),
        message=file.text(f.MESSAGE),
        total=_total(file, command),
        original=file.money(f.ORIGINAL),
        cash_out=file.money(f.CASH_OUT) or 0,
        network_discount=file.money(f.DISCOUNT) or 0,
        still_due=file.money(f.STILL_DUE) or 0,
        adjusted=file.money(f.ADJUSTED),
        needs_confirmation=_status(file) == APPROVED and _needs_confirmation(file, slips),
        settlement=Settlement(
            # Sent back verbatim, so not collapsed like a text for people.
            file.values.get(f"{f.CONTROL}-000", "").strip(),
            file.text(f.NETWORK),
            file.text(f.NETWORK_INDEX),
            file.text(f.DOCUMENT),
        ),
        nsu=file.text(f.NSU),
        authorisation=file.text(f.AUTHORISATION),
        network=file.text(f.NETWORK) or file.text(f.NETWORK, 1),
        receipt_date=file.text(f.RECEIPT_DATE),
        receipt_time=file.text(f.RECEIPT_TIME),
        card=_card(file),
        terminal=file.text(f.TERMINAL),
        establishment=file.text(f.ESTABLISHMENT),
        customer=digits(file.text(f.CUSTOMER)),
        slips=slips,
        raw=raw_of(file),
    )


def _status(file: IntposFile) -> str:
    text = file.text(f.STATUS)
    return APPROVED if re.fullmatch("0{1,3}", text) else text


def _total(file: IntposFile, command: Command) -> int:
    total = file.money(f.AMOUNT)
    if total is None and command is Command.CRT and _status(file) == APPROVED:
        raise Malformed("Inconsistência no campo 003-000 do arquivo intpos.001.")
    return total or 0


def _needs_confirmation(file: IntposFile, slips: Slips) -> bool:
    told = file.text(f.CONFIRMATION)
    return told == _TO_CONFIRM if told in (_FINAL, _TO_CONFIRM) else bool(slips)


def _slips(file: IntposFile) -> Slips:
    return Slips(
        _counted(file, f.SINGLE_COUNT, f.SINGLE_LINE),
        _counted(file, f.REDUCED_COUNT, f.REDUCED_LINE),
        _counted(file, f.CLIENT_COUNT, f.CLIENT_LINE),
        _counted(file, f.MERCHANT_COUNT, f.MERCHANT_LINE),
        file.number(f.COPIES),
    )


def _counted(file: IntposFile, count: str, line: str) -> tuple[str, ...]:
    """A text's lines, unless its count says there are none."""
    return () if file.number(count) == 0 else file.lines(line)


def _card_name(file: IntposFile) -> str:
    return file.text(f.STANDARD_NAME) or file.text(f.CARD_NAME) or file.text(f.NETWORK, 3)


def _card(file: IntposFile) -> CardDetails | None:
    kind = _KIND_OF_CARD.get(file.text(f.CARD_KIND).lstrip("0")) or _KIND_OF_TYPE.get(file.text(f.KIND))
    if kind is None:
        return None
    name = f"{_card_name(file)} {file.text(f.PRODUCT)}"
    if kind is CardKind.MEAL_VOUCHER and "ALIMENT" in name.upper():
        kind = CardKind.FOOD_VOUCHER
    brand = brand_of(name) if name.strip() else Brand.OTHER
    last_four = digits(file.text(f.MASKED_CARD))[-4:] or digits(file.text(f.NETWORK, 5))[-4:]
    instalments = max(1, file.number(f.INSTALMENTS) or 1)
    return CardDetails(
        kind,
        brand,
        file.text(f.NSU),
        instalments,
        file.text(f.AUTHORISATION),
        last_four if len(last_four) == 4 else "",
    )


def raw_of(file: IntposFile) -> str:
    """Return the file as text. Managers mask the card; one that forgets must not leave it in our store."""
    lines = []
    for name, content in file.values.items():
        if name == f"{f.MASKED_CARD}-000" and looks_like_pan(content):
            content = "*" * 12 + digits(content)[-4:]
        lines.append(f"{name} = {content}\r\n")
    return "".join(lines)


def printed_copies(reply: TefReply, double_sheet: bool = False) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Choose the lines of the client's and of the merchant's copy (§2.6); an empty one is not printed.

    A printer with a carbon sheet takes the single text once, given back as the client's copy.
    """
    slips = reply.slips
    copies = slips.copies if slips.copies is not None else (3 if slips else 0)
    if double_sheet and slips.single:
        return (slips.single if copies else ()), ()
    reduced = slips.reduced if reply.command is Command.CRT else ()
    client = (reduced or slips.client or slips.single) if copies in (1, 3) else ()
    merchant = (slips.merchant or slips.single) if copies in (2, 3) else ()
    return client, merchant
