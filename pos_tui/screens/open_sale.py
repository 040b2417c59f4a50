"""The open sale as the screen holds it: read and changed one after the other."""

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pos_tui.domain.sale import Sale
    from pos_tui.services.sales import Sales


class OpenSale:
    """Keys and news from behind the screen come at once, and each goes through a thread.

    Without turns, what was read before a customer was chosen would cover the choice.
    """

    def __init__(self, sales: "Sales", pdv: str, seller: str) -> None:
        self._sales = sales
        self._turn = asyncio.Lock()
        self.sale = sales.current(pdv, seller)
        """As last read."""

    @property
    def untouched(self) -> bool:
        """Whether nothing is in it that would be lost with it."""
        return not self.sale.pendings and not self.sale.goods and not self.sale.live

    async def change(self, job: Callable[["Sale"], "Sale"]) -> None:
        """Read or change it in a thread; what `job` makes of it is the open sale now."""
        async with self._turn:
            self.sale = await asyncio.to_thread(job, self.sale)

    async def read(self) -> None:
        """Read it again, or the one that came after it."""
        await self.change(self._current)

    def _current(self, mine: "Sale") -> "Sale":
        found = self._sales.current(mine.pdv, mine.seller)
        # Before its first item a sale lives only here, with the customer already chosen.
        return found if found.id == mine.id or found.begun or mine.begun else mine

    async def renew(self, with_customer: bool) -> None:
        """Begin another in its place, once nothing is in it."""

        def work(sale: "Sale") -> "Sale":
            self._sales.discard(sale)
            new = self._sales.current(sale.pdv, sale.seller)
            return self._sales.set_head(new, sale.pdv, sale.seller, sale.customer) if with_customer else new

        await self.change(work)
