"""The remessa: last days, each edition once, whole or not at all; and a return about an edition now gone."""

import re
from datetime import timedelta
from pathlib import Path

import pytest

from pos_tui.domain.reconciliation import Correction, State
from pos_tui.services.reconciliation import Reconciliation
from pos_tui.store import database
from pos_tui.store.models.reconciliation import CardReceiptRow
from tests.statements.month import LAYOUTS, Maker, Sold
from tests.statements.store import AFTER, drop, put_receipts, shop, standing
from tests.statements.writers.record import File, differing
from tests.statements.writers.teiacard import teiacard

MAKER = Maker(LAYOUTS["teiacard"], 1)
NOW = AFTER


def sold(number: int, days_ago: int = 1) -> Sold:
    """A receipt of some days ago."""
    sale = differing(MAKER._draw("credit", 1), day=(NOW - timedelta(days=days_ago)).date())
    return Sold(f"{number:032x}", sale, LAYOUTS["teiacard"].acquirer)


def unsent(desk: Reconciliation, *keys: str, days_ago: int = 1) -> None:
    """Have receipts wait for the remessa, made some days ago."""
    since = int((NOW - timedelta(days=days_ago)).timestamp() * 1000)
    values = {"to_send_since": since, "state": State.TO_SEND}
    desk._context.store.write(
        lambda tx: tx.run(CardReceiptRow.update(values).where(CardReceiptRow.id.in_(keys)))
    )


def outbox(folder: Path) -> list[Path]:
    return sorted((folder / "out").glob("*")) if (folder / "out").exists() else []


def test_each_edition_goes_once_and_only_the_last_days(tmp_path: Path) -> None:
    new, old = sold(1), sold(2, 9)
    with shop(tmp_path) as desk:
        put_receipts(desk, [new, old])
        unsent(desk, new.key)
        unsent(desk, old.key, days_ago=9)
        assert "1 recebimento(s) enviado(s)" in desk.daily("teste")
        assert "0 recebimento(s) enviado(s)" in desk.daily("teste"), "once a day, nothing twice"
        assert desk.remessas.send("Ana") == 0
        assert standing(desk)[new.key][0] in (State.SENT, State.WAITING)
        desk.receipts.correct(new.key, Correction("NOVA01", 1, "digitado errado"), "Ana")
        assert desk.remessas.send("Ana") == 1
        first, second = [path.read_bytes().decode("latin-1").split("\r\n") for path in outbox(tmp_path)]
        assert {len(line) for line in first[:-1]} == {300}
        assert first[0][127:134] == "0000001" and second[0][127:134] == "0000002"
        assert first[0][139:179].strip() == "POS-TUI EXTRATO LOCAL" and first[0][134:139] == "00101"
        assert re.fullmatch(f"{new.key}0001", first[2][246:282]) and second[2][278:282] == "0002"
        assert first[-2][17:29] == "000001" + "000005"


def test_what_waited_longer_than_the_window_is_told_and_goes_when_asked(tmp_path: Path) -> None:
    """After days with the till closed: it went by no remessa, and nothing said so."""
    new, old, older = sold(1), sold(2, 9), sold(3, 12)
    with shop(tmp_path) as desk:
        put_receipts(desk, [new, old, older])
        unsent(desk, new.key)
        unsent(desk, old.key, older.key, days_ago=9)
        assert desk.daily("teste").endswith("1 recebimento(s) enviado(s), 2 antigo(s) fora da remessa")
        left = desk.remessas.left_out()
        assert left is not None and (left.count, left.first, left.last) == (2, older.sale.day, old.sale.day)
        for word in ("2 recebimento(s)", f"{older.sale.day:%d/%m} a {old.sale.day:%d/%m}", "mais de 3 dias"):
            assert word in left.words
        assert desk.remessas.send("Ana", old=True) == 2
        assert desk.remessas.left_out() is None and desk.remessas.send("Ana", old=True) == 0
        content = outbox(tmp_path)[-1].read_text("latin-1")
        assert old.key in content and older.key in content and new.key not in content


@pytest.mark.parametrize("crash", ["remessa-committed", "remessa-written"])
def test_a_crash_sends_neither_nothing_nor_another_file(
    tmp_path: Path, crash: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    new = sold(3)

    def stop(name: str) -> None:
        if name == crash:
            raise KeyboardInterrupt

    with shop(tmp_path) as desk:
        put_receipts(desk, [new])
        unsent(desk, new.key)
        with monkeypatch.context() as here:
            here.setattr(database, "step", stop)
            with pytest.raises(KeyboardInterrupt):
                desk.remessas.send("Ana")
        before = [path.read_bytes() for path in outbox(tmp_path)]
        assert desk.remessas.send("Ana") == 0
        (file,) = outbox(tmp_path)
        assert file.name == "REMESSA-stone-0000001.txt" and before in ([], [file.read_bytes()])
        assert new.key in file.read_text("latin-1")


def test_an_older_return_never_overwrites_a_newer_edition(tmp_path: Path) -> None:
    one = sold(4, 2)
    right = differing(one.sale, authorisation="CERTA1")
    with shop(tmp_path) as desk:
        put_receipts(desk, [one])
        desk.receipts.correct(one.key, Correction("CERTA1", 1, "conferido"), "Ana")

        def back(number: int, edition: int) -> None:
            sale = differing(right if edition == 2 else one.sale, names=f"{one.key}/{edition}")
            drop(
                tmp_path,
                f"retorno-{number}.txt",
                teiacard(File(sale.day, number, sale.establishment, (sale,))),
            )
            desk.files.run("teste")

        back(1, 1)
        assert standing(desk)[one.key][0] in (State.WAITING, State.SENT, State.TO_SEND)
        back(2, 2)
        assert standing(desk)[one.key] == (State.RECONCILED, frozenset())
        sale = differing(one.sale, names=f"{one.key}/1", last_four="0000")
        drop(tmp_path, "retorno-3.txt", teiacard(File(sale.day, 3, sale.establishment, (sale,))))
        desk.files.run("teste")
        assert standing(desk)[one.key] == (State.RECONCILED, frozenset()), "the older one changes nothing"
