"""No form of payment asks for money once a reserve of its sale is over (facts/topup.md §5, §14.4.9)."""

import pytest

from pos_tui.domain.errors import RuleError
from pos_tui.domain.payment import Method, PaymentState
from pos_tui.domain.sale import Sale
from pos_tui.store.models import TopUpRow
from pos_tui.till import Till
from tests.paying import TefFolders, charge
from tests.sandbox import SandboxControl
from tests.screens.desk import at_desk
from tests.tills import SELLER, add, new_sale

ASKED = [Method.TEF, Method.PIX_DYNAMIC]


def end(till: Till, sale: Sale) -> None:
    """Let the sale's reserve have ended."""
    (topup,) = till.sales.get(sale.id).topups
    till.context.store.write(lambda tx: tx.claim(TopUpRow, topup.id, topup.version, expires_at=1))


@pytest.mark.parametrize("method", ASKED)
def test_no_line_is_added_for_it(
    paytill: Till, sale: Sale, method: Method, folders: TefFolders, sandbox: SandboxControl
) -> None:
    end(paytill, sale)
    with pytest.raises(RuleError, match="expirou"):
        charge(paytill, sale, method, 6000)
    assert paytill.sales.get(sale.id).payments == ()
    assert folders.ledger.effect == 0
    assert sandbox.ledger().count("reserved") == 1


@pytest.mark.parametrize("method", ASKED)
def test_a_line_that_waited_is_not_sent_for_it(
    paytill: Till, sale: Sale, method: Method, sandbox: SandboxControl
) -> None:
    line = paytill.payments.add(paytill.sales.get(sale.id), method, 6000)
    end(paytill, sale)
    with pytest.raises(RuleError, match="expirou"):
        paytill.payments.charge(line.id, SELLER)
    assert paytill.payments.get(line.id).state is PaymentState.CREATED
    assert sandbox.ledger().count("reserved") == 1


async def test_no_qr_is_shown_for_it(till: Till, sandbox: SandboxControl) -> None:
    """A static Pix is paid before anybody can refuse it."""
    sale = new_sale(till)
    add(till, sale)
    end(till, sale)
    async with at_desk(till) as desk:
        await desk.press("f10", "f6")
        await desk.see("expirou", "refaça com E")
        assert "Pix copia e cola" not in desk.words()


async def test_the_payment_shows_how_long_it_may_take(till: Till, sandbox: SandboxControl) -> None:
    sale = new_sale(till)
    topup = add(till, sale)
    at = till.context.now() + 200_000
    till.context.store.write(
        lambda tx: tx.claim(TopUpRow, topup.id, till.topups.get(topup.id).version, expires_at=at)
    )
    async with at_desk(till) as desk:
        await desk.press("f10")
        await desk.see("Reserva: expira em 3:", "(67 99999-1234)")
