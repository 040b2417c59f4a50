"""`pos-tui catalog import`: what it says, what it refuses, what it leaves in the catalogue."""

from pathlib import Path

import pytest

from pos_tui.cli import main
from pos_tui.config import load
from pos_tui.exits import Exit
from pos_tui.till import Till
from tests.items.test_products import FILE


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_a_spreadsheets_file_is_imported(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], encoding: str
) -> None:
    file = tmp_path / "itens.csv"
    file.write_bytes(FILE.encode(encoding))
    assert main(["catalog", "import", str(file)]) == Exit.OK
    assert capsys.readouterr().out == "Catálogo: 2 incluído(s), 0 mudado(s).\n"
    till = Till.beside(load())
    assert [product.code for product in till.products.page()] == ["UNHA", "SH10"]
    till.close()


def test_a_wrong_file_changes_nothing_and_says_where(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "itens.csv"
    file.write_text(FILE + "X;;Sem preço;;\n", "utf-8")
    assert main(["catalog", "import", str(file)]) == Exit.FAILED
    assert "Linha 4: o preço" in capsys.readouterr().err
    assert main(["catalog", "import", str(tmp_path / "nada.csv")]) == Exit.FAILED
    assert "não pôde ser lido" in capsys.readouterr().err
