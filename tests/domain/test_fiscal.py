"""The access key: the sample notes of nfelib, and keys with letters."""

import importlib.util
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_tui.domain.fiscal import KeyProblem, check_digit, model_words, parse_key, problem

NFCOM = "41250306117473000150620010000001231012345675"
_KEY = re.compile(rb'Id="(?:NFe|NFCom|NF3e)([0-9A-Z]{44})"')


def samples() -> list[Path]:
    """The notes that nfelib brings."""
    spec = importlib.util.find_spec("nfelib")
    assert spec is not None and spec.submodule_search_locations
    folder = Path(next(iter(spec.submodule_search_locations)))
    found = [path for kind in ("nfe", "nfcom", "nf3e") for path in sorted((folder / kind).rglob("*.xml"))]
    return [path for path in found if _KEY.search(path.read_bytes())]


@pytest.mark.parametrize("path", samples(), ids=lambda path: path.name[:30])
def test_every_sample_note_has_a_right_key(path: Path) -> None:
    found = _KEY.search(path.read_bytes())
    assert found
    key = parse_key(found[1].decode())
    assert key.model in ("55", "65", "62", "66")
    assert key.number > 0


def test_there_are_samples() -> None:
    assert len(samples()) >= 18


def test_an_nfcom_names_its_site() -> None:
    key = parse_key(NFCOM)
    assert (key.model, key.series, key.number, key.site, key.code) == ("62", 1, 123, "0", "1234567")
    assert key.document == "06117473000150"
    assert key.grouped.startswith("4125 0306 1174")
    assert model_words(key.model) == "NFCom"


@given(st.text("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=12, max_size=12))
def test_a_cnpj_may_have_letters(root: str) -> None:
    body = f"412607{root}99" + "62001000000123101234567"
    key = parse_key(body + check_digit(body))
    assert key.document == f"{root}99"


@given(st.integers(0, 42), st.integers(1, 9))
def test_a_wrong_digit_is_found(place: int, off: int) -> None:
    """Except where both rests give 0: only the change of one into the other goes unseen."""
    digit = str((int(NFCOM[place]) + off) % 10)
    altered = NFCOM[:place] + digit + NFCOM[place + 1 :]
    if check_digit(altered[:-1]) == altered[-1]:
        assert altered[-1] == "0"
    else:
        with pytest.raises(KeyProblem):
            parse_key(altered)


def test_an_authenticator_is_taken_and_nothing_is_told() -> None:
    assert problem("d41d8cd98f00b204e9800998ecf8427e") is None
    assert problem(NFCOM) is None
    assert "não mandou" in (problem("") or "")
    assert "dígito verificador" in (problem(NFCOM[:-1] + "0") or "")
    assert "44 caracteres" in (problem("41" * 20) or "")
