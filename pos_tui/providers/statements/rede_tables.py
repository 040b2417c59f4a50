"""The records of Rede's files that are read (facts A.4)."""

from pos_tui.domain.reconciliation import plain_authorisation, plain_code, plain_nsu
from pos_tui.providers.statements.records import (
    Column,
    Delimited,
    Record,
    code,
    dmy,
    last_four,
    minute,
    number,
    words,
)

_NUMBER_OF_SUMMARY = "Número do RV"

EEVC = {
    "002": Record(
        [
            Column("made_on", 4, 11, dmy, "Data de emissão"),
            Column("sequence", 72, 77, number, "Sequência do movimento"),
            Column("establishment", 78, 86, code, "Nº PV grupo ou matriz"),
        ],
        101,
    ),
    "008": Record(
        [
            Column("establishment", 4, 12, code, "Número do PV"),
            Column("summary", 13, 21, plain_code, _NUMBER_OF_SUMMARY),
            Column("day", 22, 29, dmy, "Data do CV/NSU"),
            Column("amount", 38, 52, number, "Valor do CV/NSU"),
            Column("last_four", 68, 83, last_four, "Número do cartão"),
            Column("status", 84, 86, words, "Status do CV/NSU"),
            Column("nsu", 87, 98, plain_nsu, "Número do CV/NSU"),
            Column("fee", 112, 126, number, "Valor do desconto"),
            Column("authorisation", 127, 132, plain_authorisation, "Nº autorização"),
            Column("minute", 133, 138, minute, "Hora da transação"),
            Column("terminal", 219, 226, code, "Número do terminal"),
            Column("brand", 230, 230, words, "Bandeira"),
        ],
        230,
    ),
    "012": Record(
        [
            Column("establishment", 4, 12, code, "Número do PV"),
            Column("summary", 13, 21, plain_code, _NUMBER_OF_SUMMARY),
            Column("day", 22, 29, dmy, "Data do CV/NSU"),
            Column("amount", 38, 52, number, "Valor do CV/NSU"),
            Column("last_four", 68, 83, last_four, "Número do cartão"),
            Column("status", 84, 86, words, "Status do CV/NSU"),
            Column("parts", 87, 88, number, "Número de parcelas"),
            Column("nsu", 89, 100, plain_nsu, "Número do CV/NSU"),
            Column("fee", 114, 128, number, "Valor do desconto"),
            Column("authorisation", 129, 134, plain_authorisation, "Nº da autorização"),
            Column("minute", 135, 140, minute, "Hora da transação"),
            Column("terminal", 251, 258, code, "Número do terminal"),
            Column("brand", 262, 262, words, "Bandeira"),
        ],
        262,
    ),
    "028": Record([Column("count", 8, 13, number, "Quantidade de registros")], 13),
}

EEVD = {
    "00": Delimited(
        [
            Column("establishment", 2, 2, code, "Nº de filiação da matriz ou grupo comercial"),
            Column("made_on", 3, 3, dmy, "Data de emissão"),
            Column("day", 4, 4, dmy, "Data de movimento"),
            Column("sequence", 8, 8, number, "Sequência de movimento"),
        ],
        10,
    ),
    "05": Delimited(
        [
            Column("establishment", 2, 2, code, "N.º de filiação do ponto de venda"),
            Column("summary", 3, 3, plain_code, "N.º do resumo de Vendas"),
            Column("day", 4, 4, dmy, "Data do CV"),
            Column("amount", 5, 5, number, "Valor bruto"),
            Column("fee", 6, 6, number, "Valor desconto"),
            Column("last_four", 8, 8, last_four, "Número do cartão"),
            Column("nsu", 10, 10, plain_nsu, "Número do CV"),
            Column("minute", 13, 13, minute, "Hora da transação"),
            Column("terminal", 14, 14, code, "Número do terminal"),
            Column("brand", 19, 19, words, "Bandeira"),
        ],
        19,
    ),
    "11": Delimited(
        [
            Column("establishment", 15, 15, code, "Nº PV original"),
            Column("day", 4, 4, dmy, "Data do ajuste"),
            Column("amount", 5, 5, number, "Valor do ajuste"),
            Column("reason", 7, 7, number, "Motivo do ajuste"),
            Column("nsu", 22, 22, plain_nsu, "Número do NSU"),
        ],
        29,
    ),
    "04": Delimited(
        [
            Column("sales", 4, 4, number, "Quantidade de comprovantes de vendas"),
            Column("count", 11, 11, number, "Total de registros no arquivo"),
        ],
        11,
    ),
}

EEFI = {
    "030": Record(
        [
            Column("made_on", 4, 11, dmy, "Data de emissão"),
            Column("sequence", 76, 81, number, "Sequência do movimento"),
            Column("establishment", 82, 90, code, "Nº PV grupo ou matriz"),
        ],
        105,
    ),
    "034": Record(
        [
            Column("day", 24, 31, dmy, "Data do lançamento"),
            Column("summary", 76, 84, plain_code, _NUMBER_OF_SUMMARY),
            Column("gross", 95, 109, number, "Valor bruto do RV"),
            Column("fee", 110, 124, number, "Valor da taxa de desconto"),
            Column("part", 125, 129, words, "Número da parcela/total"),
            Column("establishment", 132, 140, code, "Nº PV original"),
        ],
        140,
    ),
    "036": Record(
        [
            Column("day", 24, 31, dmy, "Data do lançamento"),
            Column("summary", 68, 76, plain_code, "Número do RV correspondente"),
            Column("part", 108, 112, words, "Número da parcela/total"),
            Column("gross", 113, 127, number, "Valor bruto"),
            Column("fee", 128, 142, number, "Valor da taxa de desconto"),
            Column("establishment", 143, 151, code, "Nº PV original"),
        ],
        151,
    ),
    "035": Record(
        [
            Column("day", 22, 29, dmy, "Data do ajuste"),
            Column("amount", 30, 44, number, "Valor do ajuste"),
            Column("reason", 46, 47, number, "Motivo do ajuste"),
            Column("establishment", 138, 146, code, "Nº PV original"),
            Column("nsu", 239, 250, plain_nsu, "Número do NSU"),
        ],
        250,
    ),
    "038": Record(
        [
            Column("day", 24, 31, dmy, "Data da emissão"),
            Column("amount", 32, 46, number, "Valor do débito"),
            Column("reason", 100, 101, number, "Motivo do débito"),
            Column("establishment", 205, 213, code, "Nº PV original"),
            Column("nsu", 222, 233, plain_nsu, "Número do NSU"),
        ],
        233,
    ),
    "045": Record(
        [
            Column("day", 24, 31, dmy, "Data da OD"),
            Column("amount", 32, 46, number, "Valor da OD"),
            Column("reason", 47, 48, number, "Motivo do ajuste"),
            Column("nsu", 93, 104, plain_nsu, "Número do NSU"),
            Column("establishment", 151, 159, code, "Número do PV original"),
        ],
        159,
    ),
    "052": Record([Column("count", 8, 13, number, "Quantidade de registros")], 13),
}
