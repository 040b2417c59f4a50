"""Where personal data of a customer stands: one row a place, for the export and for the erasure.

A capability that keeps data of a person adds its row to `KEEPERS`.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import tzinfo
from typing import TypeAlias

from msgspec import Struct

from pos_tui.domain.customer import Customer
from pos_tui.domain.errors import Conflict
from pos_tui.domain.instants import show
from pos_tui.domain.money import format_brl
from pos_tui.domain.order import (
    DELIVERY_WORDS,
    ORDER_WORDS,
    PAYMENT_WORDS,
    DeliveryState,
    OrderState,
    PaymentState,
)
from pos_tui.domain.payment import LABELS
from pos_tui.domain.privacy import ANONYMOUS
from pos_tui.domain.recurring import WORDS as RECURRING_WORDS
from pos_tui.domain.recurring import AttemptState
from pos_tui.domain.sale import Sale, SaleState
from pos_tui.domain.subscriber_action import CREDIT_WORDS, ActionState, CreditState
from pos_tui.domain.subscriber_action import WORDS as ACTION_WORDS
from pos_tui.domain.text import clean
from pos_tui.domain.topup import WORDS as TOPUP_WORDS
from pos_tui.domain.topup import TopUpState
from pos_tui.printing.layout import as_text
from pos_tui.printing.receipt import Receipt
from pos_tui.store import privacy, sales
from pos_tui.store.database import Transaction

Told: TypeAlias = "str | int | Sequence[Told] | Mapping[str, Told]"
"""What a file for a person holds: words, numbers, lists of named things."""

CHANGED = "Uma venda ou um papel desta pessoa mudou neste instante. Nada foi apagado: tente de novo."
STATE_WORDS = {SaleState.OPEN: "em andamento", SaleState.SAVED: "salva", SaleState.DISCARDED: "abandonada"}
PAPER_COLUMNS = 48


class Keeper(Struct, frozen=True):
    """One place that holds data of customers."""

    name: str
    """How the export calls it."""
    tell: Callable[[Transaction, Customer, tzinfo], Sequence[Told]]
    """Everything it holds about a person."""
    why_not: Callable[[Transaction, Customer], str | None] = lambda tx, person: None
    """Why it cannot be erased now, as a whole sentence, or None."""
    forget: Callable[[Transaction, Customer], None] = lambda tx, person: None
    """Take out what names the person. Raises Conflict when somebody was faster."""


def _sales(tx: Transaction, person: Customer) -> list[Sale]:
    found = (sales.get(tx, key) for key in privacy.sale_ids(tx, person.id))
    return [sale for sale in found if sale is not None]


def _tell_sales(tx: Transaction, person: Customer, zone: tzinfo) -> list[Told]:
    return [_tell_sale(sale, zone) for sale in _sales(tx, person)]


def _tell_sale(sale: Sale, zone: tzinfo) -> Told:
    topups = [f"{one.operator_name} {one.mobile} {format_brl(one.face)}: {one.words}" for one in sale.topups]
    items = [f"{one.quantity} x {one.name} {format_brl(one.amount)}" for one in sale.items]
    paid = [f"{LABELS[line.method]} {format_brl(line.amount)}: {line.words}" for line in sale.payments]
    return {
        "número": sale.number or 0,
        "situação": STATE_WORDS[sale.state],
        "data": show(sale.saved_at or sale.opened_at, zone),
        "filial": sale.branch,
        "vendedor": sale.seller,
        "nome na venda": sale.customer_name,
        "nota fiscal": sale.invoice,
        "total": format_brl(sale.total),
        "recargas": topups,
        "itens": items,
        "pagamentos": paid,
    }


def _why_not_sales(tx: Transaction, person: Customer) -> str | None:
    for sale in _sales(tx, person):
        if sale.state is SaleState.OPEN:
            return "Há uma venda em andamento com esta pessoa: salve-a ou abandone-a antes."
        if sale.pendings or any(line.waits for line in sale.payments):
            return f"A venda {sale.number} tem recarga ou pagamento sem fim: resolva antes."
        if sale.owed_back:
            return f"A venda {sale.number} ainda deve dinheiro a esta pessoa: devolva antes."
    return None


def _forget_sales(tx: Transaction, person: Customer) -> None:
    for sale in _sales(tx, person):
        if not privacy.rename_in_sale(tx, sale.id, sale.version):
            raise Conflict(CHANGED)


def _tell_lines(tx: Transaction, person: Customer, zone: tzinfo) -> list[Told]:
    if not person.phone:
        return []
    return [
        f"{show(at, zone)} {operator} {format_brl(face)}: {TOPUP_WORDS[TopUpState(state)]} {nsu}".rstrip()
        for at, operator, face, state, nsu in privacy.topups_of_line(tx, person.phone)
    ]


def _tell_papers(tx: Transaction, person: Customer, zone: tzinfo) -> list[Told]:
    found = privacy.papers_of(tx, privacy.sale_ids(tx, person.id))
    return [
        {"data": show(at, zone), "texto": as_text(Receipt.from_json(document), PAPER_COLUMNS).splitlines()}
        for _, _, kind, at, document, _ in found
        if kind != "drawer"
    ]


def _why_not_papers(tx: Transaction, person: Customer) -> str | None:
    owed = [row for row in privacy.papers_of(tx, privacy.sale_ids(tx, person.id)) if row[5]]
    return "A impressora ainda deve papéis desta pessoa: imprima ou desista deles (Ctrl+O)." if owed else None


def _forget_papers(tx: Transaction, person: Customer) -> None:
    for key, version, _, _, document, _ in privacy.papers_of(tx, privacy.sale_ids(tx, person.id)):
        told = _without(json.loads(document), clean(person.name))
        text = Receipt.from_json(json.dumps(told)).to_json()
        if text != document and not privacy.set_paper(tx, key, version, text):
            raise Conflict(CHANGED)


def _without(tree: object, name: str) -> object:
    """Return a document with the name, where it stands by itself, made anonymous."""
    if isinstance(tree, dict):
        return {key: _without(value, name) for key, value in tree.items()}
    if isinstance(tree, list):
        return [_without(value, name) for value in tree]
    return ANONYMOUS if tree == name else tree


def _tell_recurring(tx: Transaction, person: Customer, zone: tzinfo) -> list[Told]:
    return [
        f"{show(at, zone)} {count} x, total {format_brl(total)}: {RECURRING_WORDS[AttemptState(state)]}"
        for at, total, count, state, _ in privacy.attempts_of(tx, privacy.sale_ids(tx, person.id))
    ]


def _why_not_recurring(tx: Transaction, person: Customer) -> str | None:
    found = privacy.attempts_of(tx, privacy.sale_ids(tx, person.id))
    still = any(row[-1] for row in found)
    return "Há cobrança recorrente em aberto desta pessoa: espere o fim dela ou cancele-a." if still else None


def _tell_subscriber(tx: Transaction, person: Customer, zone: tzinfo) -> list[Told]:
    if not person.document:
        return []
    asked = [
        f"{show(at, zone)} {about} {format_brl(amount)}: {ACTION_WORDS[ActionState(state)]}"
        for _, _, at, about, amount, state, _ in privacy.subscriber_actions(tx, person.document)
    ]
    bought = [
        f"{show(at, zone)} crédito {plan} {format_brl(amount)}: {CREDIT_WORDS[CreditState(state)]}"
        for _, _, at, plan, amount, state in privacy.subscriber_credits(tx, person.document)
    ]
    return [*asked, *bought]


def _why_not_subscriber(tx: Transaction, person: Customer) -> str | None:
    if not person.document:
        return None
    if privacy.is_subscriber(tx, person.document):
        return "Esta pessoa é assinante da loja: o contrato precisa dos dados dela enquanto durar."
    if any(row[-1] for row in privacy.subscriber_actions(tx, person.document)):
        return "Há um pedido ao ERP sem fim para esta pessoa: resolva-o na Central do assinante."
    states = {CreditState(row[-1]) for row in privacy.subscriber_credits(tx, person.document)}
    if states - {CreditState.RELEASED, CreditState.CANCELLED}:
        return "Há crédito de SMS comprado e não liberado desta pessoa: libere-o ou cancele-o antes."
    return None


def _forget_subscriber(tx: Transaction, person: Customer) -> None:
    if not person.document:
        return
    asked = privacy.subscriber_actions(tx, person.document)
    bought = privacy.subscriber_credits(tx, person.document)
    done = [privacy.forget_action(tx, row[0], row[1]) for row in asked]
    done += [privacy.forget_credit(tx, row[0], row[1]) for row in bought]
    if not all(done):
        raise Conflict(CHANGED)


def _tell_orders(tx: Transaction, person: Customer, zone: tzinfo) -> list[Told]:
    if not person.document:
        return []
    return [
        {
            "data": show(at, zone),
            "situação": f"{ORDER_WORDS[OrderState(state)]}, {PAYMENT_WORDS[PaymentState(paid)]}, "
            f"{DELIVERY_WORDS[DeliveryState(sent)]}",
            "total": format_brl(total),
            "como a plataforma o diz": told,
        }
        for at, state, paid, sent, total, told in privacy.orders_with(tx, person.document)
    ]


KEEPERS: tuple[Keeper, ...] = (
    Keeper("vendas", _tell_sales, _why_not_sales, _forget_sales),
    # The line stays: it is what was credited, and what a complaint at the operator goes by.
    Keeper("recargas na linha", _tell_lines),
    Keeper("pagamentos recorrentes", _tell_recurring, _why_not_recurring),
    Keeper("central do assinante", _tell_subscriber, _why_not_subscriber, _forget_subscriber),
    # The platform owns them and would tell them again: there the shop makes its customer anonymous.
    Keeper("pedidos da loja virtual", _tell_orders),
    Keeper("papéis guardados", _tell_papers, _why_not_papers, _forget_papers),
)
