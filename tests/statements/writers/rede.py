"""The files of Rede."""

from tests.statements.writers.record import (
    Cells,
    File,
    Listed,
    card_of,
    commas,
    fixed,
    hour_of,
    joined,
    made_on,
)

REDE_BRANDS = {"visa": "3", "mastercard": "1", "elo": "E", "diners": "2", "cabal": "4"}


def summary_of(sale: Listed) -> str:
    """The number of the summary (RV) a sale stands in: here each in its own."""
    return str(100_000_000 + int(sale.nsu))


def eevc(file: File) -> bytes:
    """Rede's credit sales."""
    lines = [
        fixed(
            "rede.eevc.002",
            {
                "Tipo de registro": "002",
                "Data de emissão": made_on(file),
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
            "Número do cartão": card_of(sale, 16),
            "Status do CV/NSU": "0",
            "Número do CV/NSU": sale.nsu,
            "Valor do desconto": sale.fee,
            "Nº autorização" if record[-3:] == "008" else "Nº da autorização": sale.authorisation,
            "Hora da transação": hour_of(sale.minute),
            "Valor líquido": sale.amount - sale.fee,
            "Número do terminal": sale.terminal,
            "Bandeira": REDE_BRANDS[sale.brand],
        }
        if sale.instalments > 1:
            values["Número de parcelas"] = sale.instalments
        lines.append(fixed(record, values))
    tail: Cells = {"Tipo de registro": "028", "Quantidade de registros": len(lines) + 1}
    return joined([*lines, fixed("rede.eevc.028", tail)])


def eevd(file: File) -> bytes:
    """Rede's debit sales."""
    head: Cells = {
        "Tipo de registro": "00",
        "Nº- de filiação": file.establishment,
        "Data de emissão": made_on(file),
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
                "Número do cartão": card_of(sale, 16),
                "Tipo de transação": "V",
                "Número do CV": f"{int(sale.nsu):012d}",
                "Data do crédito": made_on(file),
                "Status da transação": "01",
                "Hora da transação": hour_of(sale.minute),
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
    return joined([*lines, commas("rede.eevd.04", tail)])


_EEFI_REASONS = {"cancelled": 18, "refunded": 37, "chargeback": 22, "chargeback_reversed": 52}


def eefi(file: File) -> bytes:
    """Rede's credits by summary, and adjustments by NSU."""
    head: Cells = {
        "Tipo de registro": "030",
        "Data de emissão": made_on(file),
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
    return joined([*lines, fixed("rede.eefi.052", tail)])
