"""A small catalogue for tests."""

from pos_tui.domain.item import ItemKind, Product
from pos_tui.till import Till
from tests.tills import SELLER

CUT = Product("", "COR1", "", "Corte de cabelo", 4500, ItemKind.SERVICE)
SHAMPOO = Product("", "SH10", "7891000100103", "Xampu neutro 300 ml", 2390, ItemKind.PRODUCT)
COMB = Product("", "PE01", "7891000200209", "Pente de madeira", 1250, ItemKind.PRODUCT)


def stock(till: Till) -> dict[str, Product]:
    """Put the three into a till's catalogue; return them by code."""
    return {one.code: till.products.add(one, SELLER) for one in (CUT, SHAMPOO, COMB)}
