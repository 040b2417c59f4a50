"""No CPF, card number or secret reaches a log, whoever writes it (design §9)."""

import logging
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import pos_tui
from pos_tui.domain.masking import HIDDEN, mask
from pos_tui.logs import Masked, logging_to
from pos_tui.settings.secrets import Secret

CPF = "52998224725"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (f"cliente {CPF} comprou", "cliente ***.982.247-** comprou"),
        ("cliente 529.982.247-25.", "cliente ***.982.247-**."),
        ("cliente 111.222.333-44", "cliente ***.222.333-**"),
        (f"/cob?cpf={CPF}&x=1", "/cob?cpf=***.982.247-**&x=1"),
        ("linha 67999991234 recusada", "linha 67999991234 recusada"),
        ("nota 3637565, R$ 15,00, 2026-11-24", "nota 3637565, R$ 15,00, 2026-11-24"),
        ("item 0192f52998224725a1 gravado", "item 0192f52998224725a1 gravado"),
        ("cartão 4111 1111 1111 1111 negado", f"cartão {HIDDEN} negado"),
        ("cartão 4111111111111111", f"cartão {HIDDEN}"),
        ("Authorization: Bearer abc.DEF-123456", f"Authorization: Bearer {HIDDEN}"),
        ("senha s3nh4-forte aqui", f"senha {HIDDEN} aqui"),
    ],
)
def test_what_is_nobodys_business_is_hidden(text: str, told: str) -> None:
    assert mask(text, {"s3nh4-forte", "abc"}) == told


@given(st.text(max_size=200))
def test_masking_twice_changes_nothing_more(text: str) -> None:
    assert mask(mask(text)) == mask(text)


@given(st.text(alphabet="abc {}%\n", max_size=20), st.text(alphabet="abc {}%\n", max_size=20))
def test_a_secret_never_gets_through(before: str, after: str) -> None:
    assert "t0ken-1" not in mask(f"{before}t0ken-1{after}", {"t0ken-1", "t0ken"})


def test_h60_the_traceback_is_masked_too() -> None:
    Secret("muito-secreto")
    try:
        raise ValueError(f"CPF {CPF}, senha muito-secreto")
    except ValueError as error:
        record = logging.LogRecord(
            "x", logging.ERROR, "", 0, "falhou: %s", (CPF,), (ValueError, error, error.__traceback__)
        )
    told = Masked("%(message)s").format(record)
    assert "Traceback" in told and "***.982.247-**" in told
    assert CPF not in told and "muito-secreto" not in told


def test_h60_the_log_is_masked_and_closed_to_others(tmp_path: Path) -> None:
    path = tmp_path / "pos-tui.log"
    with logging_to(path):
        logging.getLogger("pos_tui.teste").warning("cliente %s", CPF)
    logging.getLogger("pos_tui.teste").warning("depois")
    assert path.read_text().endswith("cliente ***.982.247-**\n")
    assert path.stat().st_mode & 0o077 == 0


def test_no_screen_and_no_paper_shows_a_document_unmasked() -> None:
    """Every reading of a person's document for screen, paper or report goes through the mask."""
    root = Path(pos_tui.__file__).parent
    reads = re.compile(r"\b(?!job|paper|over|topup)\w+\.(document|cpf)\b")
    for folder in ("screens", "printing/slips", "reports"):
        for file in (root / folder).rglob("*.py"):
            for line in file.read_text("utf-8").splitlines():
                shown = reads.search(line) and not line.strip().startswith(("if ", "Entry("))
                assert not shown or "mask_document(" in line, f"{file.name}: {line.strip()}"
