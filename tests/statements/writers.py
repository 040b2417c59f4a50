"""Statement files as acquirers write them, from the published positions (`positions.json`).

Independent of the readers: every field stands in full, by the acquirer's own name of it, where their document
puts it. Nothing here is shared with `pos_tui/providers/statements`.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from functools import cache, partial
from pathlib import Path

from msgspec import Struct

from pos_tui.domain.values import replace

Cells = dict[str, str | int]
POSITIONS: Mapping[str, list[tuple[int, int, str, str]]] = json.loads(
    Path(__file__).with_name("positions.json").read_text("utf-8")
)


class Listed(Struct, frozen=True):
    """A sale as the acquirer knows it."""

    establishment: str
    nsu: str
    authorisation: str
    day: date
    minute: int
    amount: int
    fee: int
    brand: str
    modality: str
    instalments: int
    last_four: str
    terminal: str
    parts: tuple[int, ...]
    """Gross of each instalment."""
    rate: int = 0
    """Charged, in hundredths of a per cent."""
    missing_parts: int = 0
    """Instalments that no file lists."""
    names: str = ""


class Happened(Struct, frozen=True):
    """What became of a sale later."""

    sale: Listed
    what: str
    day: date
    short: int = 0
    """Centavos less than due."""


class File(Struct, frozen=True):
    """One file of a day."""

    day: date
    sequence: int
    establishment: str
    sales: tuple[Listed, ...]
    events: tuple[Happened, ...] = ()


@cache
def _place(record: str, label: str) -> tuple[int, int, bool]:
    found = [
        (start, end, kind == "N")
        for start, end, kind, name in POSITIONS[record]
        if name == label or name.startswith(label)
    ]
    return found[0]


@cache
def _blank(record: str, length: int) -> str:
    cells = [" "] * max(length, max(end for _, end, _, _ in POSITIONS[record]))
    for start, end, kind, _ in POSITIONS[record]:
        if kind == "N":
            cells[start - 1 : end] = "0" * (end - start + 1)
    return "".join(cells)


def fixed(record: str, values: Mapping[str, str | int], length: int = 0) -> str:
    """One record of fixed columns."""
    line = _blank(record, length)
    for label, value in values.items():
        start, end, digits = _place(record, label)
        size = end - start + 1
        text = str(value)
        text = text.zfill(size) if digits or isinstance(value, int) else text.ljust(size)
        assert len(text) == size, (record, label, value)
        line = line[: start - 1] + text + line[end:]
    return line


def commas(record: str, values: Mapping[str, str | int]) -> str:
    """One record of columns between commas."""
    cells = [""] * max(column for column, *_ in POSITIONS[record])
    for label, value in values.items():
        cells[_place(record, label)[0] - 1] = str(value)
    return ",".join(cells)


def _hour(minute: int) -> str:
    return f"{minute // 60:02d}{minute % 60:02d}00"


def _card(sale: Listed, size: int) -> str:
    return ("*" * 12 + sale.last_four).ljust(size)


def _fees(sale: Listed) -> list[int]:
    each, rest = divmod(sale.fee, len(sale.parts))
    return [each + rest, *([each] * (len(sale.parts) - 1))]


def _parts(sale: Listed) -> list[tuple[int, int, int]]:
    """Number, gross and fee of the instalments that are listed."""
    numbered = list(zip(range(1, len(sale.parts) + 1), sale.parts, _fees(sale), strict=True))
    return numbered[: len(sale.parts) - sale.missing_parts]


def _joined(lines: Iterable[str]) -> bytes:
    return ("\r\n".join(lines) + "\r\n").encode("latin-1")


# Cielo ----------------------------------------------------------------------------------------------

CIELO_BRANDS = {"visa": "001", "mastercard": "002", "elo": "007", "diners": "009", "cabal": "023", "": "000"}


def cielo(file: File) -> bytes:
    """Classic 250 columns, option 03: an RO for each brand, rate and kind."""
    body: list[str] = []
    groups: dict[tuple[str, int, str], list[Callable[[str], list[str]]]] = {}
    for sale in file.sales:
        groups.setdefault((sale.brand, sale.rate, "01"), []).append(partial(_cielo_sale, sale, "+"))
    for one in file.events:
        if one.what in ("cancelled", "refunded"):
            status = "01" if one.what == "refunded" else "00"
            groups.setdefault((one.sale.brand, 0, f"03{status}"), []).append(
                partial(_cielo_sale, one.sale, "-")
            )
    for batch, ((brand, rate, kind), members) in enumerate(groups.items(), 1):
        ro = f"{file.day:%d}{batch:05d}"
        values: Cells = {
            "Tipo de registro": "1",
            "Estabelecimento Submissor": file.establishment,
            "Número do RO": ro,
            "Tipo de Transação": kind[:2],
            "Data de apresentação": f"{file.day:%y%m%d}",
            "Data prevista de pagamento": f"{file.day + timedelta(days=30):%y%m%d}",
            "Data de envio para o banco": "000000" if kind == "01" else f"{file.day:%y%m%d}",
            "Status do pagamento": kind[2:] or "00",
            "Bandeira": CIELO_BRANDS[brand],
            "Taxa de Comissão": rate,
            "Meio de Captura": "02",
        }
        body.append(fixed("cielo13.1", values))
        for member in members:
            body += member(ro)
    head: Cells = {
        "Tipo de registro": "0",
        "Estabelecimento Matriz": file.establishment,
        "Data de processamento": f"{file.day + timedelta(days=1):%Y%m%d}",
        "Período inicial": f"{file.day:%Y%m%d}",
        "Período final": f"{file.day:%Y%m%d}",
        "Sequência": file.sequence,
        "Empresa adquirente": "CIELO",
        "Opção de extrato": 3,
        "Versão Layout": "013",
    }
    tail = fixed("cielo13.9", {"Tipo de registro": "9", "Total de registro": len(body)})
    return _joined([fixed("cielo13.0", head), *body, tail])


def _cielo_sale(sale: Listed, sign: str, ro: str) -> list[str]:
    several = len(sale.parts) > 1
    return [
        fixed(
            "cielo13.2",
            {
                "Tipo de registro": "2",
                "Estabelecimento Submissor": sale.establishment,
                "Número do RO": ro,
                "Número do cartão truncado": _card(sale, 19),
                "Data da venda/ajuste": f"{sale.day:%Y%m%d}",
                "Sinal do valor da compra": sign,
                "Valor da compra": gross,
                "Parcela": number if several else 0,
                "Total de parcelas": len(sale.parts) if several else 0,
                "Código de autorização": sale.authorisation,
                "NSU/DOC": sale.nsu,
                "Valor total da venda no caso de Parcelado Loja": sale.amount if several else 0,
                "Número lógico do terminal": sale.terminal,
                "Hora da transação": _hour(sale.minute),
            },
        )
        for number, gross, _ in _parts(sale)
    ]


_CIELO15_KIND = {"debit": "01", "credit": "02", "voucher": "42"}
_CIELO15_EVENT = {"refunded": "06", "cancelled": "07", "chargeback": "08", "chargeback_reversed": "09"}


def cielo15(file: File) -> bytes:
    """Layout v15, option 03: an E record for each instalment and each later entry."""
    body = []
    for sale in file.sales:
        kind = "03" if len(sale.parts) > 1 else _CIELO15_KIND[sale.modality]
        body += [_cielo15(sale, kind, number, gross, fee, sale.day) for number, gross, fee in _parts(sale)]
    for one in file.events:
        if one.what in _CIELO15_EVENT:
            kind = _CIELO15_EVENT[one.what]
            body.append(_cielo15(one.sale, kind, 1, one.sale.amount, one.sale.fee, one.day))
    return _cielo15_file(file, body, 3)


def cielo15_money(file: File) -> bytes:
    """Layout v15, option 04: the payments."""
    body = []
    for one in file.events:
        if one.what.startswith(("settled", "paid")):
            kind = "03" if len(one.sale.parts) > 1 else _CIELO15_KIND[one.sale.modality]
            body += [
                _cielo15(one.sale, kind, number, gross, fee, one.day, one.short if number == 1 else 0)
                for number, gross, fee in _parts(one.sale)
            ]
    return _cielo15_file(file, body, 4)


def cielo15_pix(file: File) -> bytes:
    """Layout v15, option 16: one record 8 for each Pix; the sale's NSU is its TX ID."""
    return _cielo15_file(file, [_cielo15_pix(sale) for sale in file.sales], 16, entries=0)


def _cielo15_pix(sale: Listed) -> str:
    cells: Cells = {
        "tipo_registro": "8",
        "estabelecimento_submissor": sale.establishment,
        "data_transacao": f"{sale.day:%y%m%d}",
        "hora_transacao": _hour(sale.minute),
        "data_pagamento": f"{sale.day:%y%m%d}",
        "sinal_valor_bruto": "+",
        "valor_bruto": sale.amount,
        "valor_taxa_administrativa": sale.fee,
        "valor_liquido": sale.amount - sale.fee,
        "tx_id": sale.nsu,
    }
    return fixed("cielo15.8", cells, 275)


def _cielo15_file(file: File, body: list[str], option: int, entries: int | None = None) -> bytes:
    head: Cells = {
        "tipo_registro": "0",
        "estabelecimento_matriz": file.establishment,
        "data_processamento": f"{file.day + timedelta(days=1):%Y%m%d}",
        "periodo_inicial": f"{file.day:%Y%m%d}",
        "periodo_final": f"{file.day:%Y%m%d}",
        "sequencia": file.sequence,
        "empresa_adquirente": "CIELO",
        "opcao_extrato": option,
        "versao_layout": "015",
    }
    tail: Cells = {
        "tipo_registro": "9",
        "total_registros": len(body),
        "quantidade_registro_e": len(body) if entries is None else entries,
    }
    return _joined([fixed("cielo15.0", head, 250), *body, fixed("cielo15.9", tail, 250)])


def _cielo15(sale: Listed, kind: str, number: int, gross: int, fee: int, day: date, short: int = 0) -> str:
    several = len(sale.parts) > 1
    return fixed(
        "cielo15.E",
        {
            "tipo_registro": "E",
            "estabelecimento_submissor": sale.establishment,
            "parcela": number if several else 0,
            "numero_total_parcelas": len(sale.parts) if several else 0,
            "codigo_autorizacao": sale.authorisation,
            "tipo_lancamento": kind,
            "numero_cartao": sale.last_four,
            "nsu_doc": sale.nsu,
            "valor_total_venda": sale.amount,
            "valor_bruto": gross,
            "valor_liquido": gross - fee - short,
            "valor_comissao": fee,
            "hora_transacao": _hour(sale.minute),
            "bandeira_autorizacao": CIELO_BRANDS[sale.brand],
            "numero_terminal": sale.terminal,
            "data_autorizacao_venda": f"{sale.day:%d%m%Y}",
            "data_captura": f"{sale.day:%d%m%Y}",
            "data_lancamento": f"{day:%d%m%Y}",
        },
        760,
    )


# Rede -----------------------------------------------------------------------------------------------

REDE_BRANDS = {"visa": "3", "mastercard": "1", "elo": "E", "diners": "2", "cabal": "4"}


def summary_of(sale: Listed) -> str:
    """The number of the summary (RV) a sale stands in: here each in its own."""
    return str(100_000_000 + int(sale.nsu))


def _made_on(file: File) -> str:
    return f"{file.day + timedelta(days=1):%d%m%Y}"


def eevc(file: File) -> bytes:
    """Rede's credit sales."""
    lines = [
        fixed(
            "rede.eevc.002",
            {
                "Tipo de registro": "002",
                "Data de emissão": _made_on(file),
                "“Rede”": "Rede",
                "Sequência do movimento": file.sequence,
                "Nº PV grupo ou matriz": file.establishment,
            },
        ).rstrip(),
        fixed("rede.eevc.004", {"Tipo de registro": "004", "Nº- PV matriz": file.establishment}),
    ]
    lines[0] = lines[0].ljust(121)
    for sale in file.sales:
        record = "rede.eevc.012" if sale.instalments > 1 else "rede.eevc.008"
        values: Cells = {
            "Tipo de registro": record[-3:],
            "Número do PV": sale.establishment,
            "Número do RV": summary_of(sale),
            "Data do CV/NSU": f"{sale.day:%d%m%Y}",
            "Valor do CV/NSU": sale.amount,
            "Número do cartão": _card(sale, 16),
            "Status do CV/NSU": "0",
            "Número do CV/NSU": sale.nsu,
            "Valor do desconto": sale.fee,
            "Nº autorização" if record[-3:] == "008" else "Nº da autorização": sale.authorisation,
            "Hora da transação": _hour(sale.minute),
            "Valor líquido": sale.amount - sale.fee,
            "Número do terminal": sale.terminal,
            "Bandeira": REDE_BRANDS[sale.brand],
        }
        if sale.instalments > 1:
            values["Número de parcelas"] = sale.instalments
        lines.append(fixed(record, values))
    tail: Cells = {"Tipo de registro": "028", "Quantidade de registros": len(lines) + 1}
    return _joined([*lines, fixed("rede.eevc.028", tail)])


def eevd(file: File) -> bytes:
    """Rede's debit sales."""
    head: Cells = {
        "Tipo de registro": "00",
        "Nº- de filiação": file.establishment,
        "Data de emissão": _made_on(file),
        "Data de movimento": f"{file.day:%d%m%Y}",
        "“Movimentação": "Movimentação diária - Cartões de débito",
        "“Rede”": "Rede",
        "Sequência de movimento": f"{file.sequence:06d}",
        "Tipo de processamento": "DIARIO",
        "Versão do arquivo": "V1.04 - 07/10 - EEVD",
    }
    lines = [commas("rede.eevd.00", head)]
    lines += [
        commas(
            "rede.eevd.05",
            {
                "Tipo de registro": "05",
                "N.º de filiação": sale.establishment,
                "N.º do resumo": summary_of(sale),
                "Data do CV": f"{sale.day:%d%m%Y}",
                "este campo": f"{sale.amount:015d}",
                "Valor desconto": f"{sale.fee:015d}",
                "Valor líquido": f"{sale.amount - sale.fee:015d}",
                "Número do cartão": _card(sale, 16),
                "Tipo de transação": "V",
                "Número do CV": f"{int(sale.nsu):012d}",
                "Data do crédito": _made_on(file),
                "Status da transação": "01",
                "Hora da transação": _hour(sale.minute),
                "Número do terminal": sale.terminal,
                "Tipo de captura": "03",
                "Bandeira": REDE_BRANDS[sale.brand],
            },
        )
        for sale in file.sales
    ]
    tail: Cells = {
        "Tipo de registro": "04",
        "Nº de filiação": file.establishment,
        "Quantidade de comprovantes": len(file.sales),
        "Total de registros": len(lines) + 1,
    }
    return _joined([*lines, commas("rede.eevd.04", tail)])


_EEFI_REASONS = {"cancelled": 18, "refunded": 37, "chargeback": 22, "chargeback_reversed": 52}


def eefi(file: File) -> bytes:
    """Rede's credits by summary, and adjustments by NSU."""
    head: Cells = {
        "Tipo de registro": "030",
        "Data de emissão": _made_on(file),
        "“Rede”": "Rede",
        "Sequência do movimento": file.sequence,
        "Nº- PV grupo ou matriz": file.establishment,
    }
    lines = [fixed("rede.eefi.030", head)]
    for one in file.events:
        sale = one.sale
        if one.what in _EEFI_REASONS:
            values: Cells = {
                "Tipo de registro": "035",
                "Data do ajuste": f"{one.day:%d%m%Y}",
                "Valor do ajuste": sale.amount,
                "Motivo do ajuste (cód": _EEFI_REASONS[one.what],
                "Nº- PV original": sale.establishment,
                "Número do NSU": sale.nsu,
            }
            lines.append(fixed("rede.eefi.035", values))
            continue
        early = one.what == "settled_early"
        record = "rede.eefi.036" if early else "rede.eefi.034"
        values = {
            "Tipo de registro": record[-3:],
            "Data do lançamento": f"{one.day:%d%m%Y}",
            "Número do RV": summary_of(sale),
            "Valor bruto" if early else "Valor bruto do RV": sale.amount,
            "Valor da taxa de desconto": sale.fee + one.short,
            "Número da parcela/total": "",
            "Nº- PV original": sale.establishment,
        }
        lines.append(fixed(record, values))
    tail: Cells = {"Tipo de registro": "052", "Quantidade de registros no arquivo": len(lines) + 1}
    return _joined([*lines, fixed("rede.eefi.052", tail)])


# Getnet ---------------------------------------------------------------------------------------------

_GETNET_REASONS = {"cancelled": "3", "refunded": "12", "chargeback": "4", "chargeback_reversed": "16"}


def getnet(file: File) -> bytes:
    """Forecast (PF) and payments (PG, AC) of a day, with adjustments."""
    head: Cells = {
        "Tipo de Registro": "0",
        "Data de criação do arquivo": _made_on(file),
        "Hora de criação do arquivo": "041500",
        "Data de referência do Movimento": f"{file.day:%d%m%Y}",
        "Arquivo e Versão": "CEADM100",
        "Código do Estabelecimento Comercial": file.establishment,
        "Sequência": file.sequence,
        "Versão do Layout": "Sant. v.10 400 bytes",
    }
    lines = [fixed("getnet10.0", head)]
    paid: dict[str, list[Happened]] = {}
    for one in file.events:
        if one.what in _GETNET_REASONS:
            values: Cells = {
                "Tipo de Registro": "3",
                "Código do Estabelecimento Comercial": one.sale.establishment,
                "Data do Pagamento do RV": f"{one.day:%d%m%Y}",
                "Sinal do ajuste": "-",
                "Valor do ajuste": one.sale.amount,
                "Motivo do ajuste": _GETNET_REASONS[one.what],
                "NSU do adquirente": one.sale.nsu,
            }
            lines.append(fixed("getnet10.3", values))
        else:
            paid.setdefault("AC" if one.what == "settled_early" else "PG", []).append(one)
    if file.sales:
        lines.append(_getnet_summary("1", "PF"))
        lines += [row for sale in file.sales for row in _getnet_sale("1", sale, file.day)]
    for batch, (kind, some) in enumerate(paid.items(), 2):
        lines.append(_getnet_summary(str(batch), kind))
        for one in some:
            lines += _getnet_sale(str(batch), one.sale, one.day, one.short)
    tail: Cells = {"Tipo de Registro": "9", "Quantidade de Registros": len(lines) + 1}
    return _joined([*lines, fixed("getnet10.9", tail)])


def _getnet_summary(number: str, kind: str) -> str:
    values: Cells = {"Tipo de Registro": "1", "Número do RV": number, "Indicador de tipo de pagamento": kind}
    return fixed("getnet10.1", values)


def _getnet_sale(batch: str, sale: Listed, day: date, short: int = 0) -> list[str]:
    several = len(sale.parts) > 1
    return [
        fixed(
            "getnet10.2",
            {
                "Tipo de Registro": "2",
                "Código do Estabelecimento Comercial": sale.establishment,
                "Número do RV": batch,
                "NSU do adquirente": sale.nsu,
                "Data da Transação": f"{sale.day:%d%m%Y}",
                "Hora da Transação": _hour(sale.minute),
                "Número do Cartão": _card(sale, 19),
                "Valor da Transação": gross,
                "Número de Parcelas": len(sale.parts) if several else 0,
                "Número da Parcela relacionada": number if several else 0,
                "Data do Pagamento": f"{day:%d%m%Y}",
                "Código de Autorização": sale.authorisation,
                "Status da Transação": "C",
                "Código do terminal": sale.terminal,
                "Valor Comissão da venda": fee + (short if number == 1 else 0),
            },
        )
        for number, gross, fee in _parts(sale)
    ]


# TEIACARD -------------------------------------------------------------------------------------------

TEIA_BRANDS = {"visa": "001", "mastercard": "002", "elo": "006", "diners": "005", "cabal": "009"}


def teiacard(file: File, layout: str = "POS-TUI EXTRATO LOCAL") -> bytes:
    """A conciliator's return: one batch of sales."""
    start: Cells = {"Código da Empresa": 0, "Tipo de Inscrição": 1}
    head: Cells = {
        "Lote de Serviço": "0000",
        "Tipo de Registro": "0",
        "Número de Inscrição da Empresa": "12345678000195",
        "Nome da Adquirente": "STONE",
        "Código de Remessa ou de Retorno": 2,
        "Data de Geração do Arquivo": _made_on(file),
        "Hora de Geração do Arquivo": "050000",
        "Número Sequencial do Arquivo": file.sequence,
        "Número da Versão do Leiaute": 101,
        "Uso Reservado para a Empresa": layout,
    }
    lines = [fixed("teiacard107.0", start | head)]
    batch: Cells = {"Lote de serviço": "0001", "Nº estabelecimento na adquirente": file.establishment}
    lines.append(fixed("teiacard108.1", {**batch, "Tipo de registro": "1"}))
    lines += [_teia_sale(number, sale) for number, sale in enumerate(file.sales, 1)]
    gross = sum(sale.amount for sale in file.sales)
    totals: Cells = {"Quantidade de vendas no lote": len(file.sales), "Valor bruto das vendas no lote": gross}
    lines.append(fixed("teiacard108.3", {**batch, "Tipo de registro": "3", **totals}))
    tail: Cells = {"Lote de Serviço": "9999", "Tipo de Registro": "9", "Quantidade de Lotes": 1}
    lines.append(fixed("teiacard107.9", {**tail, "Quantidade de Registros": len(lines) + 1}))
    return _joined(lines)


def _teia_sale(number: int, sale: Listed) -> str:
    service = {"credit": "01", "debit": "02", "voucher": "03"}[sale.modality]
    line = fixed(
        "teiacard107.2V",
        {
            "Lote de Serviço": "0001",
            "Tipo de Registro": "2",
            "Tipo de Serviço": service,
            "Número Sequencial do Registro": number,
            "Código do Segmento": "V",
            "Número do Estabelecimento na Adquirente": sale.establishment,
            "Código da Autorização": sale.authorisation,
            "Data da Venda": f"{sale.day:%d%m%Y}",
            "Hora da Venda": _hour(sale.minute),
            "Valor Bruto da Venda": sale.amount,
            "Plano": sale.instalments,
            "Código da Bandeira": TEIA_BRANDS[sale.brand],
            "Número do Cartão": _card(sale, 19),
            "Número POS": sale.terminal.zfill(15),
            "Número NSU": sale.nsu,
        },
    )
    key, _, edition = sale.names.partition("/")
    return line[:246] + (key + edition.zfill(4)).ljust(54) if key else line


# Stone ----------------------------------------------------------------------------------------------


def stone(file: File) -> bytes:
    """XML v2: captures with their disputes, and payments."""
    when = f"{file.day + timedelta(days=1):%Y%m%d}050000"
    out = [
        '<?xml version="1.0" encoding="utf-8"?>',
        "<Conciliation>",
        "<Header>",
        f"<GenerationDateTime>{when}</GenerationDateTime>",
        f"<StoneCode>{file.establishment}</StoneCode>",
        "<LayoutVersion>2.2</LayoutVersion>",
        "<FileId>202611240000000000000001</FileId>",
        f"<ReferenceDate>{file.day:%Y%m%d}</ReferenceDate>",
        "</Header>",
        "<FinancialTransactions>",
    ]
    disputes = {"cancelled", "chargeback", "chargeback_reversed"}
    for sale in file.sales:
        out += _stone_sale(sale, captured=True)
    for one in file.events:
        if one.what in disputes:
            out += _stone_sale(one.sale, captured=False, one=one)
    out += ["</FinancialTransactions>", "<FinancialTransactionsAccounts>"]
    for one in file.events:
        if one.what not in disputes:
            out += _stone_account(one)
    count = len(file.sales) + len(file.events)
    out += [
        "</FinancialTransactionsAccounts>",
        "<FinancialEvents><Event><EventId>1</EventId><Description>Aluguel</Description></Event></FinancialEvents>",
        "<Trailer>",
        f"<CapturedTransactionsQuantity>{count}</CapturedTransactionsQuantity>",
        "</Trailer>",
        "</Conciliation>",
    ]
    return ("\n".join(out) + "\n").encode()


def _money(centavos: int) -> str:
    return f"{centavos // 100}.{centavos % 100:02d}"


_STONE_BRANDS = {"visa": 1, "mastercard": 2, "elo": 171, "": 0}
_STONE_KINDS = {"debit": 1, "credit": 2, "voucher": 3}


def _stone_sale(sale: Listed, captured: bool, one: Happened | None = None) -> list[str]:
    when = f"{sale.day:%Y%m%d}{_hour(sale.minute)}"
    out = [
        "<Transaction>",
        f"<Events><Captures>{int(captured)}</Captures></Events>",
        f"<AcquirerTransactionKey>{sale.nsu}</AcquirerTransactionKey>",
        f"<AuthorizationDateTime>{when}</AuthorizationDateTime>",
        f"<CaptureLocalDateTime>{when}</CaptureLocalDateTime>",
        f"<AccountType>{_STONE_KINDS[sale.modality]}</AccountType>",
        f"<InstallmentType>{2 if sale.instalments > 1 else 1}</InstallmentType>",
        f"<NumberOfInstallments>{sale.instalments}</NumberOfInstallments>",
        f"<AuthorizedAmount>{_money(sale.amount)}</AuthorizedAmount>",
        f"<CapturedAmount>{_money(sale.amount)}</CapturedAmount>",
        f"<IssuerAuthorizationCode>{sale.authorisation}</IssuerAuthorizationCode>",
        f"<BrandId>{_STONE_BRANDS[sale.brand]}</BrandId>",
        f"<CardNumber>{_card(sale, 16)}</CardNumber>",
        f"<Poi><PoiType>3</PoiType><SerialNumber>{sale.terminal}</SerialNumber></Poi>",
    ]
    if one is not None and one.what == "cancelled":
        out += [
            "<Cancellations><Cancellation>",
            f"<CancellationDateTime>{one.day:%Y%m%d}120000</CancellationDateTime>",
            f"<ReturnedAmount>{_money(sale.amount)}</ReturnedAmount>",
            "</Cancellation></Cancellations>",
        ]
    out.append("<Installments>")
    for number, gross, fee in _parts(sale):
        out += [
            "<Installment>",
            f"<InstallmentNumber>{number}</InstallmentNumber>",
            f"<GrossAmount>{_money(gross)}0000</GrossAmount>",
            f"<NetAmount>{_money(gross - fee)}0000</NetAmount>",
            *(_dispute(one, gross) if one is not None and number == 1 else []),
            "</Installment>",
        ]
    return [*out, "</Installments>", "</Transaction>"]


def _dispute(one: Happened, gross: int) -> list[str]:
    tag = {"chargeback": "Chargeback", "chargeback_reversed": "ChargebackRefund"}.get(one.what)
    day = f"{one.day:%Y%m%d}"
    return [f"<{tag}><Id>1</Id><Amount>{_money(gross)}</Amount><Date>{day}</Date></{tag}>"] if tag else []


def _stone_account(one: Happened) -> list[str]:
    sale = one.sale
    out = [
        "<Transaction>",
        f"<AcquirerTransactionKey>{sale.nsu}</AcquirerTransactionKey>",
        f"<NumberOfInstallments>{sale.instalments}</NumberOfInstallments>",
    ]
    if one.what == "refunded":
        out += [
            "<Cancellations><Cancellation><Billing>",
            f"<ChargedAmount>{_money(sale.amount)}</ChargedAmount>",
            f"<ChargeDate>{one.day:%Y%m%d}</ChargeDate>",
            "</Billing></Cancellation></Cancellations>",
        ]
        return [*out, "</Transaction>"]
    out.append("<Installments>")
    for number, gross, fee in _parts(sale):
        early = "<AdvanceRateAmount>0.10</AdvanceRateAmount>" if one.what == "settled_early" else ""
        short = one.short if number == 1 else 0
        out.append(
            f"<Installment><InstallmentNumber>{number}</InstallmentNumber><GrossAmount>{_money(gross)}"
            f"</GrossAmount><NetAmount>{_money(gross - fee - short)}</NetAmount>{early}"
            f"<PaymentDate>{one.day:%Y%m%d}</PaymentDate></Installment>"
        )
    return [*out, "</Installments>", "</Transaction>"]


def differing(sale: Listed, **changes: object) -> Listed:
    """Return a sale with some fields changed."""
    return replace(sale, **changes)  # type: ignore[arg-type]
