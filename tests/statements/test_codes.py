"""A code of establishment that comes late, or was wrong: what it held up is put right by itself."""

from datetime import timedelta
from pathlib import Path

from pos_tui.domain.reconciliation import Acquirer, Difference, State
from pos_tui.services.reconciliation import Reconciliation
from tests.statements.month import LAYOUTS, Maker, Sold
from tests.statements.store import AFTER, drop, put_receipts, shop, standing
from tests.statements.writers.record import File, Listed, differing
from tests.statements.writers.stone import stone

MAKER = Maker(LAYOUTS["stone"], 1)
CODE = LAYOUTS["stone"].code


def sold(number: int, code: str, days_ago: int) -> Sold:
    sale = differing(MAKER._draw("credit", 1), day=(AFTER - timedelta(days=days_ago)).date())
    return Sold(f"{number:032x}", differing(sale, establishment=code), Acquirer.STONE)


def came(desk: Reconciliation, folder: Path, *sales: Listed) -> None:
    """A file of each sale's day."""
    for sale in sales:
        right = differing(sale, establishment=CODE)
        drop(folder, f"{sale.day}.xml", stone(File(sale.day, 1, CODE, (right,))))
    assert all(one.taken for one in desk.files.run("teste"))


def test_a_code_entered_late_reconciles_what_had_come_before_it(tmp_path: Path) -> None:
    old = sold(1, "", 10)
    with shop(tmp_path) as desk:
        put_receipts(desk, [old])
        came(desk, tmp_path, old.sale)
        assert standing(desk)[old.key][0] is State.WAITING
        assert desk.set_code("Loja 52", Acquirer.STONE, f"00{CODE}", "", "Ana") == 1
        assert standing(desk)[old.key] == (State.RECONCILED, frozenset())
        assert desk.receipts.get(old.key).edition == 1, "nothing of it was ever sent"


def test_a_wrong_code_that_is_corrected_reconciles_what_it_held_up(tmp_path: Path) -> None:
    wrong, waits, other = sold(1, "999", 10), sold(2, "999", 1), sold(3, "999", 9)
    with shop(tmp_path) as desk:
        put_receipts(desk, [wrong, waits, other])
        desk.set_code("Loja 52", Acquirer.STONE, "999", "", "Ana")
        came(desk, tmp_path, wrong.sale, differing(other.sale, amount=other.sale.amount + 1))
        assert standing(desk)[wrong.key] == (State.DIVERGENT, frozenset({Difference.ESTABLISHMENT}))
        assert desk.set_code("Loja 52", Acquirer.STONE, CODE, "", "Ana") == 2
        assert standing(desk)[wrong.key] == (State.RECONCILED, frozenset())
        assert standing(desk)[other.key] == (State.DIVERGENT, frozenset({Difference.AMOUNT}))
        fixed, left = desk.receipts.get(wrong.key), desk.receipts.get(waits.key)
        assert (fixed.establishment, fixed.edition) == (CODE, 2) and fixed.to_send_since is not None
        assert (left.establishment, left.edition) == ("999", 1), (
            "it may have been sold under the code of then"
        )
        assert desk.remessas.send("Ana") == 2
        (told,) = [path.read_text("latin-1") for path in (tmp_path / "out").iterdir()]
        assert told.count(f"{CODE:18}") == 4 and f"{wrong.key}0002" in told
