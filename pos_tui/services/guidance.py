"""What the cashier is told of a refusal: the seed's errors and its guidance (facts/topup.md §14.3)."""

from pos_tui.domain.outcome import RefusalClass

LIMIT_ALERT = (
    "Não foi possível abrir canal de conexão simultânea. Verifique se existem recargas pendentes: "
    "é necessário realizar a confirmação ou o cancelamento para liberar a venda de recarga (F4)."
)

_WORDS = {
    RefusalClass.DATA: "Confira o número, o DDD e o valor: a operadora não aceitou.",
    RefusalClass.LINE: "Esta linha não pode receber recarga. Peça outro número ao cliente.",
    RefusalClass.PRODUCT: "Este valor não está mais disponível. Escolha outro valor.",
    RefusalClass.STORE_ACCOUNT: "Terminal bloqueado. Entre em contato com o suporte da Conekta.",
    RefusalClass.PENDING_LIMIT: LIMIT_ALERT,
    RefusalClass.TRANSIENT: "Serviço indisponível. Nada foi enviado: tente de novo em instantes.",
    RefusalClass.STATE: "A recarga já mudou na operadora: consulte com F5.",
    RefusalClass.EXPIRED: "Refaça transação: a reserva expirou e nada foi creditado.",
    RefusalClass.NOT_FOUND: "Venda não encontrada na operadora: consulte com F5.",
    RefusalClass.INTERNAL: "Erro de webservice. Entre em contato com o suporte da Conekta.",
    RefusalClass.UNKNOWN: "Erro de webservice não conhecido. Entre em contato com o suporte da Conekta.",
}


def words_for(reason: RefusalClass, text: str) -> str:
    """Return the guidance for a refusal, followed by the provider's own words."""
    guidance = _WORDS[reason]
    return f"{guidance} [{text}]" if text and reason is not RefusalClass.PENDING_LIMIT else guidance
