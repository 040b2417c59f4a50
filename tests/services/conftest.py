"""A sale to be paid."""

import pytest

from pos_tui.domain.sale import Sale
from pos_tui.till import Till
from tests.tills import add, new_sale


@pytest.fixture
def sale(paytill: Till) -> Sale:
    """An open sale of R$ 60,00."""
    opened = new_sale(paytill)
    add(paytill, opened, 6000)
    return paytill.sales.get(opened.id)
