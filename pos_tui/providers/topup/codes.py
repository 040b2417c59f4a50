"""Every error code of every top-up provider, what it means and what it proves: one table each.

The adapters read these tables and the documentation is written from them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from pos_tui.domain.outcome import RefusalClass as Why


@dataclass(frozen=True, slots=True)
class Code:
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
