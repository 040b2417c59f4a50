"""BR Codes: the Central Bank's vectors are read and rebuilt, and no altered code is taken (facts §7)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_tui.domain.brcode import (
    BadChecksum,
    BadMeaning,
    BRCode,
    BRCodeError,
    Malformed,
    NotPix,
    crc16,
    parse,
    seal,
)
from pos_tui.domain.errors import FieldError
from pos_tui.domain.pix import (
    DynamicPix,
    KeyKind,
    PixKey,
    StaticPix,
    api_txid,
    check_api_txid,
    check_static_txid,
    parse_key,
)
from pos_tui.domain.text import to_ascii

EVP = "123e4567-e12b-12d1-a456-426655440000"
HEAD = "00020126580014br.gov.bcb.pix0136" + EVP + "520400005303986"
BRASILIA = "5802BR5913Fulano de Tal6008BRASILIA62070503***"
STATIC = HEAD + BRASILIA + "63041D3D"
DYNAMIC_BODY = (
    "00020101021226700014br.gov.bcb.pix2548pix.example.com/8b3da2f39a4140d1a91abd93113bd441520400005303986"
    + BRASILIA
)
DYNAMIC_URL = "pix.example.com/8b3da2f39a4140d1a91abd93113bd441"
RECURRENCE_URL = "pix.example.com/rec/2353c790eefb11eaadc10242ac120002"
RECURRENCE = "80740014br.gov.bcb.pix2552" + RECURRENCE_URL
TWO_SCHEMES = (
    "00020104141234567890123426580014BR.GOV.BCB.PIX0136123e4567-e12b-12d1-a456-42665544000027300012BR.COM.OUTRO"
    "011001234567895204000053039865406123.455802BR5917NOME DO RECEBEDOR6008BRASILIA61087007490062190515"
    "RP12345678-201980390012BR.COM.OUTRO01190123.ABCD.3456.WXYZ6304AD38"
)
SINGLE_USE = "00020101021226330014br.gov.bcb.pix011112345678909520400005303986" + BRASILIA + "63043CAC"
PHONE = (
    "00020126360014br.gov.bcb.pix0114+5511999990000520400005303986540512.345802BR5915LOJA TESTE LTDA"
    "6009SAO PAULO62150511CX01V000123630475EC"
)
LONG_TXID = (
    "00020126390014br.gov.bcb.pix0117caixa@example.com52040000530398654040.015802BR5915LOJA TESTE LTDA"
    "6009SAO PAULO62290525AAAAAAAAAAAAAAAAAAAAAAAAA6304F59A"
)
VECTORS = {
    STATIC: BRCode(EVP, None, "Fulano de Tal", "BRASILIA", None, "***"),
    DYNAMIC_BODY + "630464E4": BRCode(
        None, DYNAMIC_URL, "Fulano de Tal", "BRASILIA", None, "***", single_use=True
    ),
    DYNAMIC_BODY + RECURRENCE + "6304FB42": BRCode(
        None, DYNAMIC_URL, "Fulano de Tal", "BRASILIA", None, "***", None, True, RECURRENCE_URL
    ),
    HEAD + "5406100.50" + BRASILIA + RECURRENCE + "63042875": BRCode(
        EVP, None, "Fulano de Tal", "BRASILIA", 10050, "***", recurrence_url=RECURRENCE_URL
    ),
    TWO_SCHEMES: BRCode(EVP, None, "NOME DO RECEBEDOR", "BRASILIA", 12345, "RP12345678-2019"),
    SINGLE_USE: BRCode("12345678909", None, "Fulano de Tal", "BRASILIA", None, "***", single_use=True),
    PHONE: BRCode("+5511999990000", None, "LOJA TESTE LTDA", "SAO PAULO", 1234, "CX01V000123"),
    LONG_TXID: BRCode("caixa@example.com", None, "LOJA TESTE LTDA", "SAO PAULO", 1, "A" * 25),
}


def test_checksum_of_the_standard() -> None:
    assert crc16("123456789") == "29B1"


@pytest.mark.parametrize(("payload", "meaning"), VECTORS.items())
def test_vectors_are_read(payload: str, meaning: BRCode) -> None:
    assert parse(payload) == meaning
    assert parse(f"  {payload}\r\n") == meaning


def test_vectors_are_built() -> None:
    loja, sao_paulo = "LOJA TESTE LTDA", "SAO PAULO"
    assert StaticPix(parse_key(EVP), "Fulano de Tal", "BRASILIA").payload() == STATIC
    phone = parse_key("+55 (11) 99999-0000")
    assert StaticPix(phone, loja, "São Paulo".upper(), 1234, "CX01V000123").payload() == PHONE
    assert StaticPix(parse_key("Caixa@Example.com"), loja, sao_paulo, 1, "A" * 25).payload() == LONG_TXID
    assert DynamicPix(DYNAMIC_URL, "Fulano de Tal", "BRASILIA").payload() == DYNAMIC_BODY + "630464E4"


@given(st.sampled_from(sorted(VECTORS)), st.data())
def test_any_changed_character_is_caught(payload: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(payload) - 1))
    other = data.draw(st.characters().filter(lambda char: char != payload[place]))
    with pytest.raises(BRCodeError):
        parse((payload[:place] + other + payload[place + 1 :]).strip() or "x")


@given(st.sampled_from(sorted(VECTORS)), st.data())
def test_any_cut_is_caught(payload: str, data: st.DataObject) -> None:
    with pytest.raises(BRCodeError):
        parse(payload[: data.draw(st.integers(0, len(payload) - 1))])


@given(st.text(max_size=60))
def test_foreign_text_is_refused_and_never_crashes(text: str) -> None:
    with pytest.raises(BRCodeError):
        parse(text)
    with pytest.raises(BRCodeError):
        parse(seal(to_ascii(text)))


ACCOUNT = "0014br.gov.bcb.pix0136" + EVP


@pytest.mark.parametrize(
    ("payload", "error"),
    [
        (
            "00020126900014br.gov.bcb.pix0136" + EVP + "2528pix.example.com/0123456789ab520400005303986",
            BadMeaning,
        ),
        ("00020126430014br.gov.bcb.pix2521https://example.com/1520400005303986", BadMeaning),
        ("00020126180014br.gov.bcb.pix520400005303986", BadMeaning),
        ("00020126240014br.gov.bcb.pix0202oi520400005303986", BadMeaning),
        ("00020126160012BR.COM.OUTRO520400005303986", NotPix),
        ("0002012658" + ACCOUNT + "2758" + ACCOUNT + "520400005303986", BadMeaning),
        ("0002012658" + ACCOUNT + "520400005303840", BadMeaning),
        (HEAD + "54040.00", BadMeaning),
        (HEAD + "54051.234", BadMeaning),
        (HEAD + "530398653", Malformed),
        (HEAD + "5303986", Malformed),
        ("0102110002012658" + ACCOUNT + "520400005303986", Malformed),
        ("0002022658" + ACCOUNT + "520400005303986", Malformed),
    ],
)
def test_right_checksum_but_wrong_meaning(payload: str, error: type[BRCodeError]) -> None:
    with pytest.raises(error):
        parse(seal(payload + BRASILIA))


def test_a_city_of_nineteen_characters_is_refused() -> None:
    with pytest.raises(BadMeaning, match="cidade"):
        parse(seal(HEAD + "5802BR5913Fulano de Tal6019SAO JOSE DOS CAMPOS62070503***"))


def test_a_length_that_swallows_the_checksum_is_refused() -> None:
    with pytest.raises(Malformed, match="62"):
        parse(seal(HEAD + BRASILIA.replace("62070503***", "62080503***")))


def test_a_wrong_checksum_has_its_own_error() -> None:
    with pytest.raises(BadChecksum, match="alterado"):
        parse(STATIC[:-1] + "E")


keys = st.sampled_from(
    [
        parse_key(key)
        for key in ("123.456.789-09", "12.ABC.345/01DE-35", "+5567999991234", "a.b@c.com.br", EVP)
    ]
)
words = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=15)
txids = st.one_of(st.just("***"), st.from_regex(r"[A-Za-z0-9]{1,25}", fullmatch=True))
amounts = st.one_of(st.none(), st.integers(1, 999_999_999_999))


@given(keys, words, words, amounts, txids, st.one_of(st.none(), words))
def test_what_is_built_is_read_back(
    key: PixKey, name: str, city: str, amount: int | None, txid: str, info: str | None
) -> None:
    code = parse(StaticPix(key, name, city, amount, txid, info).payload())
    assert code == BRCode(key.value, None, name, city, amount, txid, info)


@pytest.mark.parametrize(
    ("pix", "field"),
    [
        (StaticPix(parse_key(EVP), "Ç" * 26, "X"), "name"),
        (StaticPix(parse_key(EVP), "漢字", "X"), "name"),
        (StaticPix(parse_key(EVP), "X", "São José dos Campos"), "city"),
        (StaticPix(parse_key(EVP), "X", "X", 0), "amount"),
        (StaticPix(parse_key(EVP), "X", "X", -1), "amount"),
        (StaticPix(parse_key(EVP), "X", "X", 10**12), "amount"),
        (StaticPix(parse_key(EVP), "X", "X", txid="A" * 26), "txid"),
        (StaticPix(parse_key(EVP), "X", "X", txid="RP-1"), "txid"),
        (StaticPix(parse_key(EVP), "X", "X", txid=""), "txid"),
        (StaticPix(parse_key(EVP), "X", "X", info="i" * 38), "info"),
        (StaticPix(parse_key(EVP), "X", "X", info="i" * 73), "info"),
        (StaticPix(PixKey(KeyKind.EVP, "nada"), "X", "X"), "key"),
        (DynamicPix("https://pix.example.com/1", "X", "X"), "url"),
        (DynamicPix("p" * 78, "X", "X"), "url"),
    ],
)
def test_what_does_not_fit_names_its_field(pix: StaticPix | DynamicPix, field: str) -> None:
    with pytest.raises(FieldError) as refused:
        pix.payload()
    assert refused.value.field == field


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("123.456.789-09", KeyKind.CPF, "12345678909"),
        ("11.222.333/0001-81", KeyKind.CNPJ, "11222333000181"),
        ("12.abc.345/01de-35", KeyKind.CNPJ, "12ABC34501DE35"),
        ("+55 67 99999-1234", KeyKind.PHONE, "+5567999991234"),
        ("Loja@Exemplo.com.br", KeyKind.EMAIL, "loja@exemplo.com.br"),
        (EVP.upper(), KeyKind.EVP, EVP),
    ],
)
def test_keys(text: str, kind: KeyKind, value: str) -> None:
    assert parse_key(text) == PixKey(kind, value)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "123.456.789-00",
        "67999991234",
        "+5520999991234",
        "+1 202 555 0100",
        "a@b",
        "@",
        EVP[:-1],
        "x" * 70 + "@b.com.br",
    ],
)
def test_keys_that_are_none(text: str) -> None:
    with pytest.raises(FieldError, match="Chave Pix inválida"):
        parse_key(text)


def test_transaction_ids() -> None:
    assert api_txid("0192f1c4-1111-7abc-8def-0123456789ab") == "0192f1c411117abc8def0123456789ab"
    assert check_api_txid("a" * 26) and check_api_txid("Z" * 35) and check_static_txid("A" * 25)
    for text in ("a" * 25, "a" * 36, "a-" * 14, "é" * 30):
        with pytest.raises(FieldError):
            check_api_txid(text)
