"""Papers of the cash drawer: sangria, suprimento, and the X and Z readings of a till."""

from collections.abc import Iterator
from datetime import datetime, tzinfo

from msgspec import Struct

from pos_tui.domain.money import format_brl
from pos_tui.printing.receipt import Blank, Block, Kind, Pair, Receipt, Rule, Table, Text
from pos_tui.printing.slips.common import StoreHead, local, pairs, store_head, title


class CashMove(Struct, frozen=True):
    """Money taken out of the drawer (sangria) or put in (suprimento), in centavos."""

    store: StoreHead
    number: str
    at: datetime
    till: str
    operator: str
    amount: int
    reason: str = ""
    supervisor: str = ""


class FormTotal(Struct, frozen=True):
    """What one form of payment brought."""

    form: str
    count: int
    amount: int


class CashReading(Struct, frozen=True):
    """A till's session in figures, all in centavos. A Z has `closed_at` and, when counted, `counted`."""

    store: StoreHead
    number: str
    till: str
    operator: str
    opened_at: datetime
    printed_at: datetime
    totals: tuple[FormTotal, ...]
    float_in: int
    """Change money at the opening."""
    supplied: int
    withdrawn: int
    expected: int
    """Cash that should be in the drawer."""
    closed_at: datetime | None = None
    counted: int | None = None
    cancelled: int = 0
    pending: int = 0
    """Top-ups that still wait for a decision."""
    seal: str = ""
    """Last hash of the journal's chain."""
    refunded: int = 0
    sellers: tuple[FormTotal, ...] = ()
    operators: tuple[FormTotal, ...] = ()
    """Operator companies."""
    kinds: tuple[FormTotal, ...] = ()
    people: tuple[FormTotal, ...] = ()
    """What the drawer gained by each person's moves."""
    """Services, products, bills."""
    payments: int = 0
    """Payments without a final answer."""
    approved: str = ""
    """Who let it close with unfinished business, and why."""
    explained: str = ""
    """Why what was counted differs from what was expected."""
    alert: str = ""
    """What is wrong with the journal's chain."""


def cash_out(move: CashMove, *, tz: tzinfo, training: bool = False, drawer: bool = True) -> Receipt:
    """Return the paper of a sangria."""
    blocks = tuple(_move(move, "SANGRIA", tz))
    return Receipt(Kind.CASH_OUT, blocks, drawer=drawer, training=training)


def cash_back(move: CashMove, *, tz: tzinfo, training: bool = False, drawer: bool = True) -> Receipt:
    """Return the paper of cash given back to a customer."""
    blocks = tuple(_move(move, "DEVOLUÇÃO AO CLIENTE", tz))
    return Receipt(Kind.CASH_OUT, blocks, drawer=drawer, training=training)


def cash_open(move: CashMove, *, tz: tzinfo, training: bool = False, drawer: bool = True) -> Receipt:
    """Return the paper of an opening: how much change money was put into the drawer."""
    blocks = tuple(_move(move, "ABERTURA - FUNDO DE TROCO", tz))
    return Receipt(Kind.CASH_OPEN, blocks, drawer=drawer, training=training)


def cash_in(move: CashMove, *, tz: tzinfo, training: bool = False, drawer: bool = True) -> Receipt:
    """Return the paper of a suprimento."""
    blocks = tuple(_move(move, "SUPRIMENTO", tz))
    return Receipt(Kind.CASH_IN, blocks, drawer=drawer, training=training)


def x_reading(reading: CashReading, *, tz: tzinfo, training: bool = False) -> Receipt:
    """Return the partial reading: it closes nothing."""
    blocks = tuple(_reading(reading, "LEITURA X - PARCIAL", tz))
    return Receipt(Kind.X_REPORT, blocks, training=training)


def z_reading(reading: CashReading, *, tz: tzinfo, training: bool = False) -> Receipt:
    """Return the closing reading. Raises ValueError for a session that is open."""
    if reading.closed_at is None:
        raise ValueError("z_reading: the session is open")
    blocks = tuple(_reading(reading, "FECHAMENTO DE CAIXA - Z", tz))
    return Receipt(Kind.Z_REPORT, blocks, training=training)


def _move(move: CashMove, name: str, tz: tzinfo) -> Iterator[Block]:
    yield from store_head(move.store)
    yield title(name)
    yield from pairs(
        ("Número", move.number),
        ("Data/hora", local(move.at, tz)),
        ("PDV", move.till),
        ("Operador", move.operator),
        ("Autorizado por", move.supervisor),
        ("Motivo", move.reason),
    )
    yield Pair("Valor", format_brl(move.amount), bold=True)
    for who in ("Operador", "Responsável"):
        yield Blank(2)
        yield Rule()
        yield Text(f"Assinatura: {who}")


def _reading(reading: CashReading, name: str, tz: tzinfo) -> Iterator[Block]:
    yield from store_head(reading.store)
    yield title(name)
    yield from pairs(
        ("Caixa nº", reading.number),
        ("PDV", reading.till),
        ("Operador", reading.operator),
        ("Abertura", local(reading.opened_at, tz)),
        ("Fechamento", local(reading.closed_at, tz) if reading.closed_at else ""),
        ("Impresso em", local(reading.printed_at, tz)),
    )
    yield Rule()
    forms = tuple((total.form, str(total.count), format_brl(total.amount)) for total in reading.totals)
    if forms:
        yield Table(("Forma", "Qtd", "Total"), forms, right=(1, 2))
    yield Pair("Total recebido", format_brl(sum(total.amount for total in reading.totals)), bold=True)
    parts = (
        ("Vendedor", reading.sellers),
        ("Operadora", reading.operators),
        ("Itens", reading.kinds),
        ("Operador (dinheiro)", reading.people),
    )
    for head, totals in parts:
        if totals:
            rows = tuple((total.form, str(total.count), format_brl(total.amount)) for total in totals)
            yield Rule()
            yield Table((head, "Qtd", "Total"), rows, right=(1, 2))
    yield Rule()
    yield from _drawer(reading)
    yield Rule()
    yield Pair("Vendas canceladas", str(reading.cancelled))
    yield Pair("Recargas pendentes", str(reading.pending), bold=reading.pending > 0)
    if reading.payments:
        yield Pair("Pagamentos a verificar", str(reading.payments), bold=True)
    if reading.approved:
        yield Pair("Autorizado por", reading.approved)
    if reading.alert:
        yield Text(reading.alert, bold=True)
    if reading.seal:
        yield Pair("Lacre", reading.seal)


def _drawer(reading: CashReading) -> Iterator[Block]:
    yield Pair("Fundo de troco", format_brl(reading.float_in))
    yield Pair("Suprimentos", format_brl(reading.supplied))
    yield Pair("Sangrias", format_brl(-reading.withdrawn))
    if reading.refunded:
        yield Pair("Devoluções", format_brl(-reading.refunded))
    yield Pair("Dinheiro esperado", format_brl(reading.expected), bold=True)
    if reading.counted is None:
        return
    yield Pair("Dinheiro contado", format_brl(reading.counted))
    difference = reading.counted - reading.expected
    word = "Sobra" if difference > 0 else "Falta" if difference else "Diferença"
    yield Pair(word, format_brl(abs(difference)), bold=difference != 0)
    if reading.explained:
        yield Pair("Motivo", reading.explained)
