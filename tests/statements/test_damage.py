"""Every layout, damaged in every way: refused by name or read whole, never an error of ours (issue 8)."""

from collections.abc import Callable
from datetime import timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pos_tui.domain.reconciliation import Modality
from pos_tui.domain.statement import BadStatement, Head, Tail
from pos_tui.providers.statements.catalogue import read
from pos_tui.store.models.reconciliation import AcquirerEventRow, AcquirerSaleRow, StatementDayRow
from tests.statements.month import LAYOUTS, Maker
from tests.statements.store import drop, shop
from tests.statements.writers.cielo import cielo15_money, cielo15_pix
from tests.statements.writers.record import File, Happened, differing
from tests.statements.writers.rede import eefi

WRITERS: dict[str, Callable[[File], bytes]] = {
    **{layout.name: layout.write for layout in LAYOUTS.values()},
    "rede-eefi": eefi,
    "cielo15-money": cielo15_money,
    "cielo15-pix": cielo15_pix,
}
LIKE = {"rede-eefi": "rede-eevc", "cielo15-money": "cielo15", "cielo15-pix": "cielo15"}


@cache
def good(name: str) -> bytes:
    """A small whole file."""
    layout = LAYOUTS[LIKE.get(name, name)]
    month = Maker(layout, 60, days=6).make()
    day = max(month.days, key=lambda one: len(month.days[one]))
    sales = tuple(sale for sale in month.days[day] if sale.establishment == layout.code)
    if name == "cielo15-pix":
        sales = tuple(differing(sale, nsu=f"{sale.nsu:0>32}", modality=Modality.PIX) for sale in sales)
    events = tuple(Happened(sale, "settled", day + timedelta(days=1)) for sale in sales[:3])
    return WRITERS[name](File(day, 7, layout.code, sales, events))


def said(folder: Path, content: bytes) -> tuple[list[object], str]:
    """What a reader gives of it, and why it does not take it."""
    path = folder / "arquivo"
    path.write_bytes(content)
    items: list[object] = []
    try:
        items.extend(read(path))
    except BadStatement as error:
        return items, error.message
    return items, ""


def lines(content: bytes) -> list[bytes]:
    return content.splitlines(keepends=True)


@pytest.mark.parametrize("name", WRITERS)
def test_a_good_file_begins_with_its_head_and_ends_with_its_tail(tmp_path: Path, name: str) -> None:
    items, why = said(tmp_path, good(name))
    assert why == "" and isinstance(items[0], Head) and isinstance(items[-1], Tail)
    assert len(items) > 4


@pytest.mark.parametrize("name", WRITERS)
def test_cut_at_any_line_it_is_refused(tmp_path: Path, name: str) -> None:
    whole = lines(good(name))
    for at in range(1, len(whole) - 1):
        _, why = said(tmp_path, b"".join(whole[:at]))
        assert "cortado" in why, f"{at}: {why!r}"


@pytest.mark.parametrize("name", [name for name in WRITERS if name != "stone"])
def test_a_line_too_few_or_too_many_is_not_what_the_trailer_counts(tmp_path: Path, name: str) -> None:
    whole = lines(good(name))
    for odd in ([*whole[:-2], whole[-1]], [*whole[:-1], *whole[-2:]]):
        _, why = said(tmp_path, b"".join(odd))
        assert "foram lidos" in why or "soma" in why, why


def test_stones_trailer_only_warns(tmp_path: Path) -> None:
    """Its own homologation files do not balance (facts A.6.1)."""
    content = good("stone")
    first = content.index(b"<Transaction>")
    twin = content[first : content.index(b"</Transaction>") + len(b"</Transaction>")]
    items, why = said(tmp_path, content.replace(twin, twin + twin, 1))
    assert why == "" and isinstance(items[-1], Tail) and items[-1].notes


@pytest.mark.parametrize("name", WRITERS)
@settings(deadline=None, max_examples=60)
@given(data=st.data())
def test_damaged_anywhere_it_is_refused_by_name_or_read(name: str, data: st.DataObject) -> None:
    content = bytearray(good(name))
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(content) - 1))
        match data.draw(st.sampled_from(["change", "take", "put", "cut"])):
            case "change":
                content[at] = data.draw(st.integers(0, 255))
            case "take":
                del content[at : at + data.draw(st.integers(1, 300))]
            case "put":
                content[at:at] = data.draw(st.binary(min_size=1, max_size=40))
            case "cut":
                del content[at:]
        if not content:
            content = bytearray(b" ")
    with TemporaryDirectory() as folder:
        items, why = said(Path(folder), bytes(content))
    assert why or isinstance(items[-1], Tail)


@pytest.mark.parametrize("name", WRITERS)
def test_what_is_refused_at_its_last_line_leaves_nothing(tmp_path: Path, name: str) -> None:
    with shop(tmp_path) as desk:
        drop(tmp_path, "cortado", b"".join(lines(good(name))[:-1]))
        (bad,) = desk.files.run("teste")
        assert not bad.taken
        with desk._context.store.reading() as tx:
            for row in (AcquirerSaleRow, AcquirerEventRow, StatementDayRow):
                assert tx.rows(row.select().limit(1)) == []
        drop(tmp_path, "inteiro", good(name))
        (whole,) = desk.files.run("teste")
        assert whole.taken, whole.words
