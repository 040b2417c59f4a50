"""Every error code of every top-up provider, what it means and what it proves: one table each.

The adapters read these tables and the documentation is written from them.
"""

from collections.abc import Mapping
from typing import TypeAlias

from msgspec import Struct

from pos_tui.domain.outcome import RefusalClass as Why


class Code(Struct, frozen=True):
    """What one code of a provider means."""

    reason: Why | None
    """The class of refusal; None when the code does not prove that nothing happened."""
    words: str
    """The meaning, in Portuguese."""


Codes: TypeAlias = Mapping[str, Code]

RV: Codes = {
    "1": Code(Why.DATA, "Fone incompleto ou inválido"),
    "2": Code(Why.STORE_ACCOUNT, "Limite de crédito insuficiente"),
    "3": Code(Why.PRODUCT, "Estoque insuficiente"),
    "4": Code(Why.LINE, "Telefone não autorizado"),
    "5": Code(Why.STORE_ACCOUNT, "Senha inválida"),
    "6": Code(Why.PENDING_LIMIT, "Máximo número de conexões atingido"),
    "7": Code(Why.TRANSIENT, "Sistema em manutenção"),
    "8": Code(Why.DATA, "Operadora ou produto não encontrado"),
    "9": Code(Why.INTERNAL, "Código inválido"),
    "10": Code(Why.DATA, "Valor inválido"),
    "11": Code(None, "Tempo esgotado no provedor"),
    "13": Code(Why.EXPIRED, "Compra expirada"),
    "14": Code(Why.NOT_FOUND, "Compra inexistente"),
    "15": Code(Why.STORE_ACCOUNT, "Usuário ou loja não encontrados"),
    "16": Code(Why.INTERNAL, "Parâmetros insuficientes"),
    "17": Code(Why.STATE, "Compra já confirmada"),
    "18": Code(Why.INTERNAL, "Boleto não encontrado"),
    "19": Code(Why.INTERNAL, "Envio não feito por POST"),
    "20": Code(Why.INTERNAL, "Código de transação não informado"),
    "21": Code(Why.INTERNAL, "Versão não informada"),
    "22": Code(Why.STORE_ACCOUNT, "Usuário sem nível de acesso"),
    "23": Code(Why.STORE_ACCOUNT, "Cobrança ainda não visualizada"),
    "24": Code(Why.STORE_ACCOUNT, "Transação não permitida"),
}
"""RV XML 3.94 (facts/topup.md §2.7). There is no 12."""

CELCOIN: Codes = {
    "35": Code(Why.DATA, "Valor não permitido"),
    "044": Code(Why.DATA, "Valor não permitido"),
    "050": Code(Why.STORE_ACCOUNT, "Excede o limite"),
    "089": Code(Why.DATA, "Código de área não habilitado"),
    "146": Code(Why.DATA, "DDD não habilitado"),
    "251": Code(Why.LINE, "Telefone não permite recarga"),
    "264": Code(Why.DATA, "Telefone inválido"),
    "472": Code(Why.DATA, "Valor não permitido para o DDD ou telefone"),
    "598": Code(Why.TRANSIENT, "Fora do horário de funcionamento"),
    "599": Code(Why.LINE, "Telefone bloqueado para recarga"),
    "734": Code(Why.LINE, "Linha bloqueada, cancelada ou inativa"),
    "658": Code(Why.STORE_ACCOUNT, "CPF ou CNPJ inválido"),
    "699": Code(Why.STORE_ACCOUNT, "CPF ou CNPJ inválido"),
    "024": Code(Why.NOT_FOUND, "Transação não encontrada"),
    "061": Code(Why.NOT_FOUND, "Transação não encontrada"),
    "171": Code(None, "Falha de comunicação"),
    "620": Code(None, "Falha de comunicação com a instituição"),
}
"""Celcoin v5 (facts/topup.md §4.3). The list is what one client met; no official one was found."""

DTONE: Codes = {
    "1000400": Code(Why.INTERNAL, "Pedido malformado"),
    "1000401": Code(Why.STORE_ACCOUNT, "Acesso não autorizado"),
    "1000404": Code(Why.NOT_FOUND, "Recurso não encontrado"),
    "1003001": Code(Why.PRODUCT, "Produto não disponível na conta"),
    "1003002": Code(Why.DATA, "Valor fora dos limites"),
    "1003003": Code(Why.INTERNAL, "Unidade inválida"),
    "1003101": Code(Why.PRODUCT, "Benefícios do produto não definidos"),
    "1003201": Code(Why.PRODUCT, "Promoção não encontrada"),
    "1005003": Code(Why.DATA, "Celular inválido"),
    "1005004": Code(Why.DATA, "Serviço não encontrado"),
    "1005005": Code(Why.DATA, "País não encontrado"),
    "1005006": Code(Why.DATA, "Operadora não encontrada"),
    "1005503": Code(Why.INTERNAL, "Celular do remetente inválido"),
    "1006001": Code(Why.STORE_ACCOUNT, "Saldo insuficiente"),
    "1006003": Code(Why.INTERNAL, "Celular do pagador inválido"),
    "1006009": Code(Why.STORE_ACCOUNT, "Saldo da conta não encontrado"),
    "1006503": Code(Why.DATA, "Celular do beneficiário inválido"),
    "1007001": Code(Why.STATE, "Código externo já usado"),
    "1007002": Code(Why.STATE, "Transação já confirmada"),
    "1007004": Code(Why.EXPIRED, "A transação não pode mais ser confirmada"),
    "1007005": Code(Why.STATE, "Transação já cancelada"),
    "1007007": Code(Why.STATE, "A transação não pode mais ser cancelada"),
    "1008004": Code(Why.NOT_FOUND, "Transação não encontrada"),
    "1000429": Code(None, "Pedidos demais em pouco tempo"),
    "1007500": Code(None, "Falha no processamento"),
    "1009001": Code(None, "Erro inesperado no provedor"),
    "1009503": Code(None, "Provedor indisponível"),
}
"""DT One DVS v1 (facts/topup.md §8). The wording of 1000400, 1000429, 1007500 and 1009503 is not public."""

DTONE_REASONS: Codes = {
    "INVALID-CREDIT-PARTY": Code(Why.DATA, "Celular inválido"),
    "BARRED-CREDIT-PARTY": Code(Why.LINE, "Linha impedida de receber recarga"),
    "INELIGIBLE-CREDIT-PARTY": Code(Why.LINE, "Linha não pode receber esta recarga"),
    "LIMITATIONS-ON-CREDIT-PARTY": Code(Why.LINE, "Linha atingiu o limite de recargas"),
    "OPERATOR-CURRENTLY-UNAVAILABLE": Code(Why.PRODUCT, "Operadora indisponível no momento"),
    "DUPLICATED-TRANSACTION": Code(Why.LINE, "A mesma linha recebeu a mesma recarga há pouco"),
    "INSUFFICIENT-BALANCE": Code(Why.STORE_ACCOUNT, "Saldo insuficiente"),
}
"""Last words of a REJECTED or DECLINED transaction of DT One. The key is spent: none of them is transient."""

TABLES: Mapping[str, Codes] = {
    "rv": RV,
    "celcoin": CELCOIN,
    "dtone": DTONE,
    "dtone (situação)": DTONE_REASONS,
}
"""Every table by provider, as the documentation prints them."""
