"""INTPOS files are written to the letter and read with patience."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_tui.domain.card import CardKind
from pos_tui.providers.tef import fields as f
from pos_tui.providers.tef.codec import IntposError, Malformed, Truncated, decode, encode, encode_request
from pos_tui.providers.tef.fields import FIELDS, MANDATORY, OPTIONAL, STATUS_ONLY, Command
from pos_tui.providers.tef.requests import Automation, ChargeRequest, Financing

SALE = (
    b"000-000 = CRT\r\n001-000 = 7\r\n002-000 = 4321\r\n003-000 = 4170\r\n004-000 = 0\r\n018-000 = 3\r\n"
    b"706-000 = 255\r\n716-000 = Caixa Sao Joao\r\n731-000 = 1\r\n732-000 = 3\r\n733-000 = 225\r\n"
    b"735-000 = POS-TUI\r\n736-000 = 0.1\r\n738-000 = NAO CERTIFICADO\r\n999-999 = 0\r\n"
)


def test_a_sale_to_the_letter() -> None:
    request = ChargeRequest(7, 4170, "4321", CardKind.CREDIT, Financing.STORE, 3)
    fields = request.fields(Automation(company="Caixa São João"))
    assert encode_request(Command.CRT, fields) == SALE


@pytest.mark.parametrize(
    ("written", "centavos"), [("260,70", 26070), ("4170", 4170), ("1.260,70", 126070), ("005", 5), ("", None)]
)
def test_money_with_or_without_punctuation(written: str, centavos: int | None) -> None:
    assert decode(f"003-000 = {written}\r\n999-999 = 0\r\n".encode()).money("003") == centavos


def test_receipt_lines_are_verbatim_but_for_quotes_and_control_bytes() -> None:
    data = (
        b'029-001 = "  VALOR:   10,00"\r\n029-003 = sem aspas \x1b@\r\n029-004 = ""\r\n029-005 = "\r\n'
        b'029-006 = "diz "oi""\r\n999-999 = 0\r\n'
    )
    assert decode(data).lines("029") == ("  VALOR:   10,00", "", "sem aspas @", "", '"', 'diz "oi"')


def test_unknown_fields_and_loose_forms_are_taken() -> None:
    file = decode(b"000-000=CRT\n\n001-000 = 0000000042\n800-001 = ?\n999-999 = 0")
    assert (file.command, file.operation) == ("CRT", 42)
    assert decode(b"009-000 = N\xc3O\r\n999-999 = 0\r\n\x1a").text("009") == "NÃO"


@pytest.mark.parametrize(
    "data", [b"", b"\r\n", SALE[:-13], SALE[:-14], SALE[: len(SALE) // 2], b"000-000 = CRT\r\n999-99"]
)
def test_a_file_without_its_end_is_read_again(data: bytes) -> None:
    with pytest.raises(Truncated):
        decode(data)


@pytest.mark.parametrize(
    "data", [b"lixo\r\n999-999 = 0\r\n", b"003-000 = 1\r\n003-000 = 2\r\n999-999 = 0\r\n"]
)
def test_a_whole_file_that_makes_no_sense_says_so(data: bytes) -> None:
    with pytest.raises(Malformed, match="Inconsistência"):
        decode(data)


@pytest.mark.parametrize("written", ["R$ 10", "-1", "1e3", "9" * 13, "１２"])
def test_money_that_is_none(written: str) -> None:
    file = decode(f"003-000 = {written}\r\n999-999 = 0\r\n".encode("latin-1", "replace"))
    with pytest.raises(Malformed, match="003"):
        file.money("003")


@given(st.binary(max_size=300))
def test_any_bytes_are_judged(data: bytes) -> None:
    try:
        decode(data + b"\r\n999-999 = 0\r\n")
    except IntposError as error:
        assert str(error)


@given(st.sampled_from(sorted(FIELDS)), st.data())
def test_what_is_written_is_read_back(field: str, data: st.DataObject) -> None:
    content = data.draw(st.from_regex(FIELDS[field].pattern, fullmatch=True))
    if field == f.TRAILER or content != content.strip() or "  " in content:
        return
    assert decode(encode({field: content})).text(field) == content


@pytest.mark.parametrize(
    ("field", "content"),
    [
        ("001", "12345678901"),
        ("003", "10,00"),
        ("000", "CRTX"),
        ("022", "1112026"),
        ("555", "1"),
        ("004", ""),
    ],
)
def test_ill_formed_contents_are_never_written(field: str, content: str) -> None:
    with pytest.raises(ValueError, match=field):
        encode({field: content})


@pytest.mark.parametrize("command", Command)
def test_a_request_is_held_to_its_table(command: Command) -> None:
    assert not MANDATORY[command] & OPTIONAL[command]
    assert (MANDATORY[command] | OPTIONAL[command]) <= set(FIELDS)
    with pytest.raises(ValueError, match=f"{command}: faltam"):
        encode_request(command, {f.NUMBER: "1"})
    assert (command in STATUS_ONLY) == (f.COMPANY not in MANDATORY[command])


def test_what_the_manager_wrote_goes_back_verbatim() -> None:
    values = Automation().always(1) | {
        f.CONTROL: "A  b\xe7" * 20,
        f.NETWORK: "REDE DE NOME LONGO",
        f.NETWORK_INDEX: "7",
    }
    assert ("027-000 = " + "A  b\xe7" * 20).encode("latin-1") in encode_request(Command.CNF, values)
    with pytest.raises(ValueError, match="027"):
        encode_request(Command.CNF, values | {f.CONTROL: "a\r\n009-000 = 0"})


def test_foreign_fields_are_never_sent() -> None:
    with pytest.raises(ValueError, match="não cabem"):
        encode_request(Command.ATV, Automation().always(1) | {f.AMOUNT: "1"})
    with pytest.raises(ValueError, match="010"):
        encode_request(Command.CNF, Automation().always(1) | {f.CONTROL: "x"})
