"""Bad input: named by file, line and field, nothing of it applied, and the next file read all the same."""

import gzip
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from pos_tui.store.models.reconciliation import AcquirerPartRow
from tests.statements.month import FIRST, LAYOUTS, Maker
from tests.statements.store import drop, listed, put_receipts, shop, standing
from tests.statements.writers.getnet import getnet
from tests.statements.writers.record import File, Happened
from tests.statements.writers.rede import eevd
from tests.statements.writers.stone import stone

MONTH = Maker(LAYOUTS["getnet"], 40, days=6).make()
DAY = next(day for day in sorted(MONTH.days) if len(MONTH.days[day]) > 3)
GOOD = getnet(File(DAY, 7, MONTH.layout.code, tuple(MONTH.days[DAY])))


PAID = getnet(
    File(DAY, 7, MONTH.layout.code, (), (Happened(MONTH.days[DAY][0], "settled", DAY + timedelta(days=1)),))
)


def lines(content: bytes) -> list[bytes]:
    return content.split(b"\r\n")


def changed(number: int, change: Callable[[bytes], bytes]) -> bytes:
    """The good file with one line changed; lines count from 1."""
    found = lines(GOOD)
    found[number - 1] = change(found[number - 1])
    return b"\r\n".join(found)


def debit(column: int, text: bytes) -> bytes:
    """A Rede debit file whose sale has something else in a column."""
    sale = Maker(LAYOUTS["rede-eevd"], 1)._draw()
    found = eevd(File(sale.day, 7, sale.establishment, (sale,))).split(b"\r\n")
    at = next(at for at, line in enumerate(found) if line.startswith(b"05"))
    cells = found[at].split(b",")
    cells[column - 1] = text
    return b"\r\n".join([*found[:at], b",".join(cells), *found[at + 1 :]])


PACKED = gzip.compress(GOOD)
BAD = {
    "an NSU that no column holds": (debit(10, b"9" * 60), "campo «NSU»: o campo tem 60 letras e cabem 40"),
    "money that no database holds": (
        debit(5, b"9" * 19),
        "campo «Valor bruto»: o número passa de 18 algarismos",
    ),
    "a store's code that no column holds": (
        eevd(File(DAY, 7, "13381369", ())).replace(b",13381369,", b"," + b"1" * 30 + b",", 1),
        "linha 1, campo «Estabelecimento»: o campo tem 30 letras e cabem 18",
    ),
    "instalments beyond counting": (
        stone(File(DAY, 7, "123456789", (Maker(LAYOUTS["stone"], 1)._draw("credit", 3),))).replace(
            b"<NumberOfInstallments>3<", b"<NumberOfInstallments>" + b"3" * 20 + b"<"
        ),
        "campo «NumberOfInstallments»: «33333333333333333333» não é uma quantidade",
    ),
    "packed and cut": (PACKED[: len(PACKED) // 2], "compactado veio cortado ou danificado"),
    "packed and damaged": (
        PACKED[:40] + bytes(255 - one for one in PACKED[40:60]) + PACKED[60:],
        "compactado veio cortado ou danificado",
    ),
    "cut off": (b"\r\n".join(lines(GOOD)[:-2]) + b"\r\n", "sem o registro de fim"),
    "cut in a line": (GOOD[:1000], "linha 3"),
    "trailer": (GOOD.replace(b"\r\n9", b"\r\n9999", 1)[: len(GOOD)], "campo «Quantidade de Registros»"),
    "utf-16": (GOOD.decode("latin-1").encode("utf-16"), "UTF-16"),
    "utf-8": (changed(1, lambda line: line[:399] + "ç".encode()), "linha 1: a linha está em UTF-8"),
    "control": (
        changed(3, lambda line: line[:60] + b"\x01" + line[61:]),
        "linha 3: há um caractere de controle na coluna 61",
    ),
    "short line": (
        changed(3, lambda line: line[:120]),
        "linha 3, campo «Data do Pagamento»: a linha tem 120 bytes",
    ),
    "not money": (
        changed(3, lambda line: line[:70] + b"12A" + line[73:]),
        "linha 3, campo «Valor da Transação»",
    ),
    "no date": (
        changed(3, lambda line: line[:37] + b"31022026" + line[45:]),
        "linha 3, campo «Data da Transação»",
    ),
    "no date of payment": (
        re.sub(rb"(?m)^(2.{121})[0-9]{8}", rb"\g<1>31022026", PAID),
        "linha 3: «31022026» não é uma data",
    ),
    "after the end": (GOOD + b"2" + b" " * 399 + b"\r\n", "depois do fim do arquivo"),
    "no header": (b"\r\n".join(lines(GOOD)[1:]), "de nenhum leiaute conhecido"),
    "endless line": (GOOD[:800] + b"2" * 20_000, "passa de 8192 bytes"),
    "empty": (b"", "vazio"),
}


@pytest.mark.parametrize("what", BAD)
def test_g57_a_bad_file_is_named_and_changes_nothing(tmp_path: Path, what: str) -> None:
    content, why = BAD[what]
    other = DAY + timedelta(days=1)
    with shop(tmp_path) as desk:
        drop(tmp_path, "a-ruim.txt", content)
        drop(tmp_path, "b-bom.txt", getnet(File(other, 8, MONTH.layout.code, ())))
        bad, good = desk.files.run("teste")
        assert (bad.name, bad.taken) == ("a-ruim.txt", False)
        assert why in bad.words
        assert good.taken, "one bad file never stops the next"
        with desk._context.store.reading() as tx:
            assert tx.rows(AcquirerPartRow.select(AcquirerPartRow.sale_id)) == []
        (told,) = desk.refused()
        assert (told.name, told.why) == ("a-ruim.txt", bad.words)
        assert (tmp_path / "in" / "recusados" / "a-ruim.txt").exists()


def test_a_mark_of_utf8_is_noted_and_longer_lines_and_unknown_records_are_taken(tmp_path: Path) -> None:
    found = lines(GOOD)
    odd = [found[0] + b"   ", b"7" + b" " * 399, *found[1:]]
    count = len([line for line in odd if line])
    odd[-2] = b"9" + f"{count:09d}".encode() + odd[-2][10:]
    with shop(tmp_path) as desk:
        drop(tmp_path, "bom.txt", b"\xef\xbb\xbf" + b"\r\n".join(odd))
        (read,) = desk.files.run("teste")
        assert read.taken and "1 registro(s) de tipo desconhecido" in read.words
        (told,) = desk.told_files()
        unknown, mark = told.notes
        assert unknown == "registros que aqui não se leem: 7 (1)." and mark.startswith(
            "linha 1: havia uma marca"
        )
        assert len(listed(desk)) == len({(one.establishment, one.nsu) for one in MONTH.days[DAY]})


def test_g57_one_sequence_with_two_contents_is_refused_and_a_gap_is_told(tmp_path: Path) -> None:
    code = MONTH.layout.code
    with shop(tmp_path) as desk:
        drop(tmp_path, "1.txt", getnet(File(DAY, 7, code, tuple(MONTH.days[DAY]))))
        drop(tmp_path, "2.txt", getnet(File(DAY, 7, code, ())))
        drop(tmp_path, "3.txt", getnet(File(DAY + timedelta(days=1), 10, code, ())))
        first, again, third = desk.files.run("teste")
        assert (first.taken, again.taken, third.taken) == (True, False, True)
        assert again.words.startswith("linha 1, campo «Sequência»: a sequência 7 já veio em 1.txt")
        (told,) = desk.told_files()
        assert told.missing_sequences == (8, 9)


def test_what_waits_for_a_file_that_did_not_come_is_never_blamed(tmp_path: Path) -> None:
    month = Maker(LAYOUTS["stone"], 300).make()
    with shop(tmp_path) as desk:
        put_receipts(desk, month.sold)
        desk.matching.overdue()
        desk.matching.run(FIRST, FIRST + timedelta(days=31))
        states = {state.value for state, _ in standing(desk).values()}
        assert states == {"file_missing", "duplicate", "no_feed"}


def test_a_packed_file_is_read_like_any_other(tmp_path: Path) -> None:
    with shop(tmp_path) as desk:
        drop(tmp_path, "a.txt.gz", PACKED)
        (read,) = desk.files.run("teste")
        assert read.taken and len(listed(desk)) == len(
            {(one.establishment, one.nsu) for one in MONTH.days[DAY]}
        )


def test_the_right_file_under_the_name_of_a_bad_one_takes_its_warning_away(tmp_path: Path) -> None:
    with shop(tmp_path) as desk:
        drop(tmp_path, "extrato.txt", GOOD[:1000])
        desk.files.run("teste")
        assert [one.name for one in desk.refused()] == ["extrato.txt"]
        drop(tmp_path, "extrato.txt", GOOD)
        desk.files.run("teste")
        assert desk.refused() == []


def test_files_of_one_name_are_all_kept(tmp_path: Path) -> None:
    """Some acquirers call every day's file the same: the one before is evidence."""
    contents = [
        getnet(File(DAY + timedelta(days=step), 7 + step, MONTH.layout.code, ())) for step in range(3)
    ]
    with shop(tmp_path) as desk:
        for content in contents:
            drop(tmp_path, "extrato.txt", content)
            assert [one.taken for one in desk.files.run("teste")] == [True]
        drop(tmp_path, "extrato.txt", contents[0])
        desk.files.run("teste")
        kept = sorted(path.read_bytes() for path in (tmp_path / "in" / "lidos").iterdir())
        assert kept == sorted(contents)
