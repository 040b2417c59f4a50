"""What a fuzzer begins from: a good text of each kind, so that it need not invent XML or a layout."""

from collections.abc import Iterable

from tests.fuzz.targets import TARGETS
from tests.statements.test_damage import WRITERS, good

HOSTILE = (
    "\x1b[31m\x1b]52;c;aGVsbG8=\x07",
    "[bold] [/ [r",
    "\u202egnirts\u200b\u200d",
    "e" + "\u0301" * 9 + "\u200d\u0301",
    "\x00\x9b31m",
    '=HYPERLINK("http://x")',
    "-1+1",
    "\t=1",
    "a\u2028b\r\nc",
    "\ud800",
    "529.982.247-25",
)
RV = '<?xml version="1.0" encoding="iso-8859-1"?><cellcard><codigoTransacao>{}</codigoTransacao>{}</cellcard>'
PURCHASE = (
    "<codigo>7</codigo><cod_online>42</cod_online><ddd>67</ddd><fone>999991234</fone><face>15.00</face>"
    "<preco>14.10</preco><nsu>1</nsu><mensagem>ok</mensagem><cod_retorno>0</cod_retorno><status>PENDENTE</status>"
)
OPERATORS = (
    "<operadoras><operadora><codigoOperadora>2088</codigoOperadora><nomeOperadora>Vivo</nomeOperadora><produtos>"
    "<produto><codigoProduto>V</codigoProduto><nomeProduto>VIVO</nomeProduto><modeloRecarga>ONLINE</modeloRecarga>"
    "<precoVariavelProduto>1</precoVariavelProduto><valorMinimoProduto>1.00</valorMinimoProduto>"
    "<valorMaximoProduto>9.00</valorMaximoProduto></produto></produtos></operadora></operadoras>"
)
PIX = (
    "00020126360014br.gov.bcb.pix0114+5567999991234520400005303986540515.005802BR5904Loja6005Campo62070503***",
    "00020101021226440014br.gov.bcb.pix2522pix.example.com/v2/abcd5204000053039865802BR5904Loja6005Campo62070503***",
)
BOLETOS = (
    "23793381286008301352856000063307789840000150000",
    "826400000015000000000000000000000000000000000000",
)
TEF = "\r\n".join(
    (
        "000-000 = CRT",
        "001-000 = 7",
        "003-000 = 6000",
        "009-000 = 0",
        "010-000 = REDE",
        "012-000 = 123",
        "027-000 = abc",
        "028-000 = 1",
        '029-001 = "VIA DO CLIENTE"',
        "030-000 = OK",
        "729-000 = 2",
        "731-000 = 1",
        "740-000 = 4111111111111111",
        "999-999 = 0",
        "",
    )
)
NOTE = (
    '<NFe><infNFe Id="NFe5"><emit><xNome>a</xNome></emit><det><prod><vProd>1.0</vProd></prod></det>'
    "</infNFe></NFe>"
)


def seeds(target: str) -> Iterable[bytes]:
    """Yield the good texts of one target."""
    match target:
        case "statement":
            return (good(name) for name in WRITERS)
        case "rv":
            answers = [("5", PURCHASE), ("6", PURCHASE), ("7", PURCHASE), ("1", OPERATORS)]
            answers += [("0", "<erro><codigo>17</codigo><mensagem>m</mensagem></erro>")]
            answers += [
                ("8", f"<pendentes><qtdPendentes>1</qtdPendentes><pendente>{PURCHASE}</pendente></pendentes>")
            ]
            return (RV.format(*answer).encode("latin-1") for answer in answers)
        case "brcode_read":
            return (text.encode() for text in PIX)
        case "boleto_read":
            return (text.encode() for text in BOLETOS)
        case "tef":
            return (TEF.encode(), TEF.replace("\r\n", "\n").encode())
        case "note":
            return (
                NOTE.encode(),
                b'{"event":"PAYMENT_CONFIRMED","payment":{"id":"pay_1","subscription":"sub_1"}}',
            )
        case _:
            return (text.encode("utf-8", "surrogatepass") for text in HOSTILE)


assert all(list(seeds(name)) for name in TARGETS)
