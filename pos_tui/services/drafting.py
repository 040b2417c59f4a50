"""A top-up before anything is sent."""

from pos_tui.domain.errors import FieldError, RuleError
from pos_tui.domain.phone import Mobile
from pos_tui.domain.sale import Sale
from pos_tui.domain.topup import Decision, Offer, TopUp, TopUpState
from pos_tui.domain.waiting import like
from pos_tui.services.context import Context
from pos_tui.store.database import Transaction
from pos_tui.store.ids import new_key

KEYS_PER_TILL = 10_000_000
"""RV takes purchase numbers of nine digits (facts/topup.md §2.4): two for the till, seven that grow."""


def provider_key(tx: Transaction, context: Context, provider: str) -> str:
    """Take the next number of this till at a provider: persisted, never used twice."""
    return str(context.till * KEYS_PER_TILL + tx.next_number(f"{provider}/{context.till}"))


def draft(
    tx: Transaction, context: Context, provider: str, sale: Sale, line: Mobile, offer: Offer, face: int
) -> TopUp:
    """Make a top-up of an open sale, with its number."""
    now = context.now()
    return TopUp(
        id=new_key(),
        sale_id=sale.id,
        sale_number=None,
        position=len(sale.topups) + 1,
        till=context.till,
        provider=provider,
        provider_key=provider_key(tx, context, provider),
        operator=offer.operator,
        operator_name=offer.operator_name,
        product=offer.product,
        product_name=offer.name,
        line=line.digits,
        face=face,
        variable=not offer.face,
        cost=offer.cost,
        validity_days=offer.validity_days,
        state=TopUpState.RECORDED,
        decision=Decision.NONE,
        decided_by="",
        reason="",
        version=0,
        lease_till=None,
        lease_until=None,
        provider_ref="",
        nsu="",
        message="",
        why_class="",
        why_code="",
        why="",
        requested_at=now,
        open_since=now,
        expires_at=None,
        settled_at=None,
    )


def anew(tx: Transaction, context: Context, sale: Sale, over: TopUp) -> TopUp:
    """Make a new top-up like one whose reserve is over, with a number of its own.

    Raises:
        RuleError: it was made again already.
    """
    if any(other.position > over.position and like(other, over) for other in sale.topups):
        raise RuleError("Esta recarga já foi refeita: veja a lista da venda.")
    offer = Offer(
        operator=over.operator,
        operator_name=over.operator_name,
        product=over.product,
        name=over.product_name,
        face=0 if over.variable else over.face,
        cost=over.cost,
        validity_days=over.validity_days,
    )
    return draft(tx, context, over.provider, sale, over.mobile, offer, over.face)


def check_face(offer: Offer, face: int) -> None:
    """Refuse a value that the offer does not allow.

    Raises:
        FieldError: on `value`.
    """
    if offer.face:
        if face != offer.face:
            raise FieldError("value", "Valor não oferecido pela operadora: escolha um da lista.")
    elif not offer.minimum <= face <= offer.maximum:
        raise FieldError("value", "Valor fora da faixa da operadora: escolha outro.")
    elif offer.step and (face - offer.minimum) % offer.step:
        raise FieldError("value", "A operadora não vende este valor: escolha outro da faixa.")
