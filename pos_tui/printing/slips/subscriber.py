"""Papers of the subscriber desk: statements (calls, connections, money) and protocols of what was done."""

from collections.abc import Iterator
from datetime import datetime, tzinfo

from msgspec import Struct

from pos_tui.domain.documents import mask_document
from pos_tui.printing.receipt import Align, Block, Kind, Pair, Receipt, Rule, Table, Text
from pos_tui.printing.slips.common import StoreHead, contacts, local, pairs, store_head, title


class Subscriber(Struct, frozen=True):
    """Whose paper it is. `document` bare; a CPF is printed masked."""

    name: str
    document: str = ""
    contract: str = ""
    plan: str = ""


class Statement(Struct, frozen=True):
    """An extract: what was chosen, a table and its totals, all as text."""

    store: StoreHead
    subscriber: Subscriber
    title: str
    period: str
    table: Table
    totals: tuple[tuple[str, str], ...] = ()
    filters: tuple[tuple[str, str], ...] = ()


class Protocol(Struct, frozen=True):
    """Proof of a request at the desk: provisional access, SMS credit, a ticket."""

    store: StoreHead
    subscriber: Subscriber
    title: str
    number: str
    operator: str
    facts: tuple[tuple[str, str], ...] = ()
    note: str = ""


def statement_receipt(statement: Statement, *, at: datetime, tz: tzinfo, training: bool = False) -> Receipt:
    """Return an extract as paper."""
    blocks = (
        *_head(statement.store, statement.subscriber, statement.title),
        Pair("Período", statement.period),
        *pairs(*statement.filters),
        Pair("Emitido em", local(at, tz)),
        Rule(),
        statement.table if statement.table.rows else Text("Nenhum registro no período.", Align.CENTRE),
        Rule(),
        *(Pair(label, value, bold=True) for label, value in statement.totals),
        *contacts(statement.store),
    )
    return Receipt(Kind.SUBSCRIBER, blocks, training=training)


def protocol_receipt(protocol: Protocol, *, at: datetime, tz: tzinfo, training: bool = False) -> Receipt:
    """Return the proof of a request."""
    blocks = (
        *_head(protocol.store, protocol.subscriber, protocol.title),
        Pair("Protocolo", protocol.number, bold=True),
        Pair("Data/hora", local(at, tz)),
        Pair("Atendente", protocol.operator),
        Rule(),
        *pairs(*protocol.facts),
        *((Text(protocol.note),) if protocol.note else ()),
        *contacts(protocol.store),
    )
    return Receipt(Kind.SUBSCRIBER, blocks, training=training)


def _head(store: StoreHead, subscriber: Subscriber, name: str) -> Iterator[Block]:
    yield from store_head(store)
    yield title(name)
    yield from pairs(
        ("Assinante", subscriber.name),
        ("CPF/CNPJ", mask_document(subscriber.document)),
        ("Contrato", subscriber.contract),
        ("Plano", subscriber.plan),
    )
