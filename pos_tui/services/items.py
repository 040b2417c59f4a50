"""What a sale holds beside top-ups: added, taken off, and carried on when the sale is saved.

Who stands behind a kind of item is told in the very commit in which its item is sold or taken off, so that
no crash can keep one and lose the other.
"""

from collections.abc import Callable, Mapping
from typing import Protocol

from pos_tui.domain.errors import Conflict, RuleError
from pos_tui.domain.item import Item, ItemKind, ItemState, Product, check_move, price_of
from pos_tui.domain.journal import Field
from pos_tui.domain.sale import Sale
from pos_tui.domain.text import clean
from pos_tui.domain.values import replace
from pos_tui.services.context import Context
from pos_tui.services.joining import claimed
from pos_tui.services.journal import Event
from pos_tui.store import items
from pos_tui.store.database import Transaction
from pos_tui.store.ids import new_key

NAME = 60
"""Characters of an item's name."""


class Owner(Protocol):
    """Who stands behind the items of a kind. Both run inside the commit they are told in."""

    def item_sold(self, tx: Transaction, sale: Sale, item: Item) -> Item:
        """The sale was saved: `Items.move` says what becomes of the item; it is returned so."""

    def item_removed(self, tx: Transaction, sale: Sale, item: Item) -> None:
        """The item was taken off, or its sale given up."""


Owners = Mapping[ItemKind, Callable[[], Owner]]
"""Who stands behind which kind; asked for when the first item of it is touched."""


class Items:
    """The items of this till's open sale."""

    def __init__(self, context: Context, owners: Owners) -> None:
        self._context = context
        self._store = context.store
        self._owners = owners

    def add(self, sale: Sale, product: Product, quantity: int = 1) -> Item:
        """Put units of a product into the open sale.

        Raises:
            FieldError: on `what`, when the quantity is out of range.
            RuleError: the sale is not open any more, or the product is not sold.
        """
        if not product.active:
            raise RuleError(f"{product.name} está fora de venda no catálogo.")
        amount = price_of(product.price, quantity)
        item = Item(
            id=new_key(),
            sale_id=sale.id,
            position=0,
            kind=product.kind,
            code=product.code,
            name=product.name,
            unit_price=product.price,
            quantity=quantity,
            amount=amount,
        )
        return self._insert(sale, item)

    def add_bill(self, sale: Sale, subject: str, code: str, name: str, amount: int) -> Item:
        """Put a bill into the open sale. `subject` names it for its owner, and stands in one sale only.

        Raises:
            Conflict: it stands in a sale already.
            FieldError, RuleError: as `add`.
        """
        price_of(amount, 1)
        item = Item(
            id=new_key(),
            sale_id=sale.id,
            position=0,
            kind=ItemKind.BILL,
            code=clean(code, NAME),
            name=clean(name, NAME),
            unit_price=amount,
            quantity=1,
            amount=amount,
            subject=subject,
        )
        return self._insert(sale, item)

    def get(self, key: str) -> Item:
        """Return one item as it stands now. Raises RuleError when there is none."""
        with self._store.reading() as tx:
            found = items.get(tx, key)
        if found is None:
            raise RuleError("Este item não está mais na venda.")
        return found

    def holding(self, subject: str) -> Item | None:
        """Return the item by which a subject stands in a sale, or None."""
        with self._store.reading() as tx:
            return items.holding(tx, subject)

    def remove(self, sale: Sale, item: Item) -> None:
        """Take an item off the open sale.

        Raises:
            RuleError: the sale is not open any more; Conflict: it is off already.
        """

        def work(tx: Transaction) -> None:
            self._take_off(tx, claimed(tx, sale.id), item, sale.seller)

        self._store.write(work)

    # Inside the commits of the sale

    def sale_saved(self, tx: Transaction, sale: Sale) -> tuple[Item, ...]:
        """Tell the owners what was sold; return the items as they then are."""
        return tuple(self._sold(tx, sale, item) for item in sale.items)

    def sale_discarded(self, tx: Transaction, sale: Sale) -> None:
        """Take everything off a sale that is given up."""
        for item in sale.items:
            if item.state is ItemState.IN_SALE:
                self._take_off(tx, sale, item, sale.seller)

    def move(self, tx: Transaction, item: Item, then: ItemState, who: str, **told: Field) -> Item:
        """Put an item into another state, with a line in the journal; return it so.

        Raises:
            RuleError: there is no way from where it stands; Conflict: somebody else was first.
        """
        if not items.move(tx, item, check_move(item.state, then)):
            raise Conflict("O item mudou enquanto isso: confira e tente de novo.")
        data: dict[str, Field] = {"sale": item.sale_id, "amount": item.amount, "subject": item.subject}
        self._context.journal.note(tx, Event("item", item.id, who, data | told), then.value)
        return replace(item, state=then, version=item.version + 1)

    def _sold(self, tx: Transaction, sale: Sale, item: Item) -> Item:
        if item.kind in self._owners and item.counts:
            return self._owners[item.kind]().item_sold(tx, sale, item)
        return item

    def _insert(self, sale: Sale, item: Item) -> Item:
        def work(tx: Transaction) -> Item:
            found = claimed(tx, sale.id)
            placed = replace(item, position=len(found.items) + 1)
            items.insert(tx, placed)
            data: dict[str, Field] = {"sale": sale.id, "kind": item.kind.value, "code": item.code}
            data |= {"quantity": item.quantity, "amount": item.amount, "subject": item.subject}
            self._context.journal.note(tx, Event("item", item.id, sale.seller, data), "added")
            return placed

        return self._store.write(work)

    def _take_off(self, tx: Transaction, sale: Sale, item: Item, who: str) -> None:
        self.move(tx, item, ItemState.REMOVED, who)
        if item.kind in self._owners:
            self._owners[item.kind]().item_removed(tx, sale, item)
