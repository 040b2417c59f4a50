"""The files of Getnet."""

from datetime import date

from tests.statements.writers.record import (
    Cells,
    File,
    Happened,
    Listed,
    card_of,
    fixed,
    hour_of,
    joined,
    made_on,
    parts_of,
)

_GETNET_REASONS = {"cancelled": "3", "refunded": "12", "chargeback": "4", "chargeback_reversed": "16"}


def getnet(file: File) -> bytes:
    """Forecast (PF) and payments (PG, AC) of a day, with adjustments."""
    head: Cells = {
        "Tipo de Registro": "0",
        "Data de criação do arquivo": made_on(file),
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
    return joined([*lines, fixed("getnet10.9", tail)])


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
                "Hora da Transação": hour_of(sale.minute),
                "Número do Cartão": card_of(sale, 19),
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
        for number, gross, fee in parts_of(sale)
    ]
