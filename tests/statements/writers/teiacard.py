"""The files of TEIACARD, and the 300 bytes of an integrator."""

from tests.statements.writers.record import (
    Cells,
    File,
    Listed,
    card_of,
    fixed,
    hour_of,
    joined,
    made_on,
)

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
        "Data de Geração do Arquivo": made_on(file),
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
    return joined(lines)


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
            "Hora da Venda": hour_of(sale.minute),
            "Valor Bruto da Venda": sale.amount,
            "Plano": sale.instalments,
            "Código da Bandeira": TEIA_BRANDS[sale.brand],
            "Número do Cartão": card_of(sale, 19),
            "Número POS": sale.terminal.zfill(15),
            "Número NSU": sale.nsu,
        },
    )
    key, _, edition = sale.names.partition("/")
    return line[:246] + (key + edition.zfill(4)).ljust(54) if key else line
