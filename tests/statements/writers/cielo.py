"""The files of Cielo."""

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial

from tests.statements.writers.record import (
    Cells,
    File,
    Listed,
    card_of,
    fixed,
    hour_of,
    joined,
    parts_of,
)

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
    return joined([fixed("cielo13.0", head), *body, tail])


def _cielo_sale(sale: Listed, sign: str, ro: str) -> list[str]:
    several = len(sale.parts) > 1
    return [
        fixed(
            "cielo13.2",
            {
                "Tipo de registro": "2",
                "Estabelecimento Submissor": sale.establishment,
                "Número do RO": ro,
                "Número do cartão truncado": card_of(sale, 19),
                "Data da venda/ajuste": f"{sale.day:%Y%m%d}",
                "Sinal do valor da compra": sign,
                "Valor da compra": gross,
                "Parcela": number if several else 0,
                "Total de parcelas": len(sale.parts) if several else 0,
                "Código de autorização": sale.authorisation,
                "NSU/DOC": sale.nsu,
                "Valor total da venda no caso de Parcelado Loja": sale.amount if several else 0,
                "Número lógico do terminal": sale.terminal,
                "Hora da transação": hour_of(sale.minute),
            },
        )
        for number, gross, _ in parts_of(sale)
    ]


_CIELO15_KIND = {"debit": "01", "credit": "02", "voucher": "42"}
_CIELO15_EVENT = {"refunded": "06", "cancelled": "07", "chargeback": "08", "chargeback_reversed": "09"}


def cielo15(file: File) -> bytes:
    """Layout v15, option 03: an E record for each instalment and each later entry."""
    body = []
    for sale in file.sales:
        kind = "03" if len(sale.parts) > 1 else _CIELO15_KIND[sale.modality]
        body += [_cielo15(sale, kind, number, gross, fee, sale.day) for number, gross, fee in parts_of(sale)]
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
                for number, gross, fee in parts_of(one.sale)
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
        "hora_transacao": hour_of(sale.minute),
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
    return joined([fixed("cielo15.0", head, 250), *body, fixed("cielo15.9", tail, 250)])


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
            "hora_transacao": hour_of(sale.minute),
            "bandeira_autorizacao": CIELO_BRANDS[sale.brand],
            "numero_terminal": sale.terminal,
            "data_autorizacao_venda": f"{sale.day:%d%m%Y}",
            "data_captura": f"{sale.day:%d%m%Y}",
            "data_lancamento": f"{day:%d%m%Y}",
        },
        760,
    )
