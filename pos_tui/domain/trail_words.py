"""The Portuguese words of every code that a journal line holds: kind, event, names and values."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from pos_tui.domain.money import format_brl

KIND_WORDS = {
    "sale": "Venda",
    "payment": "Pagamento",
    "payment.charge": "Pagamento: cobrar",
    "payment.confirm": "Pagamento: confirmar",
    "payment.cancel": "Pagamento: cancelar",
    "payment.undo": "Pagamento: desfazer",
    "payment.refund": "Pagamento: devolver",
    "payment.status": "Pagamento: consulta",
    "payment.decide": "Pagamento: decisão",
    "payment.rule": "Pagamento: decisão do supervisor",
    "tef.menu": "Menu do TEF",
    "tef.stray": "Resposta do TEF sem venda",
    "topup": "Recarga",
    "topup.reserve": "Reserva de recarga",
    "topup.confirm": "Confirmação de recarga",
    "topup.cancel": "Cancelamento de recarga",
    "topup.status": "Consulta de recarga",
    "topup.release": "Liberação do saldo de recarga expirada",
    "order.approve": "Pedido: aprovar pagamento",
    "order.cancel": "Pedido: cancelar",
    "order.release": "Pedido: liberar",
    "order.unrelease": "Pedido: cancelar atendimento",
    "order.invoice": "Pedido: faturar",
    "order.ship": "Pedido: despachar",
    "order.deliver": "Pedido: entregue",
    "order.resolve": "Pedido: conferência",
    "order.mail": "E-mail de rastreio",
    "item": "Item da venda",
    "product": "Catálogo",
    "statement": "Extrato de cartões",
    "remessa": "Remessa de cartões",
    "card_receipt": "Recebimento de cartão",
    "establishment": "Código do estabelecimento",
    "recurring.begin": "Crédito recorrente: tentativa",
    "recurring.send": "Crédito recorrente: enviar",
    "recurring.status": "Crédito recorrente: consulta",
    "recurring.adjust": "Crédito recorrente: centavos da 1ª parcela",
    "recurring.cancel": "Crédito recorrente: cancelar a tentativa",
    "recurring.refund": "Crédito recorrente: devolver",
    "recurring.stop": "Crédito recorrente: encerrar as cobranças",
    "recurring.change": "Crédito recorrente",
    "recurring.by_hand": "Crédito recorrente: parcela à mão",
    "subscriber": "Assinante",
    "subscriber.settle": "Baixa de conta no provedor",
    "subscriber.enable": "Habilitação provisória",
    "subscriber.credit": "Compra de crédito",
    "print": "Impressão",
    "cash": "Caixa",
    "operator": "Operador",
    "customer": "Cliente",
    "backup": "Cópia de segurança",
    "config": "Configuração",
}
EVENT_WORDS = {
    "intent": "pedido",
    "outcome": "resposta",
    "late": "resposta tardia",
    "recorded": "registrada",
    "decided": "confirma sozinha",
    "confirm": "confirmar",
    "cancel": "cancelar",
    "undo": "desfazer",
    "none": "sem decisão",
    "wait given up": "espera abandonada",
    "refunded": "devolvido",
    "read": "lido",
    "corrected": "corrigido",
    "linked": "ligado à mão",
    "unlinked": "desligado",
    "set": "informado",
    "discarded": "descartada",
    "opened": "abertura",
    "saved": "salva",
    "head": "dados mudados",
    "invoice": "nota fiscal",
    "added": "adicionado",
    "removed": "removido",
    "finalised": "finalizada, à espera do pagamento",
    "reopened": "de volta ao balcão",
    "stopped": "cobranças encerradas",
    "begun": "começada",
    "accepted": "pagamento aceito",
    "cancelled": "cancelada",
    "confirmed": "confirmada",
    "denied": "negada",
    "pending": "pendente",
    "done": "realizada",
    "undone": "não realizada",
    "imported": "importado",
    "due": "a baixar no provedor",
    "found done": "consulta: feita",
    "found due": "consulta: não aconteceu",
    "found uncertain": "consulta: ainda não se sabe",
    "ruled done": "decidida: aconteceu",
    "ruled undone": "decidida: não aconteceu",
    "bought": "comprado",
    "in sale": "na venda",
    "paid": "pago",
    "handed_over": "assumida por outra pessoa",
    "closed": "fechamento",
    "x_reading": "leitura X",
    "supply": "suprimento",
    "withdrawal": "sangria",
    "refund": "devolução",
    "queued": "na fila",
    "unprinted": "sem impressora",
    "held": "parada até alguém responder",
    "reprinted": "não saiu, disse a pessoa: 2ª via",
    "swept": "interrompida",
    "came_out": "saiu, disse a pessoa",
    "given_up": "desistência",
    "entered": "entrou",
    "left": "saiu",
    "approved": "autorizou",
    "wrong_pin": "PIN errado",
    "locked": "bloqueado por PINs errados",
    "released": "liberado",
    "created": "cadastro",
    "pin": "PIN novo",
    "on": "ativado",
    "off": "desativado",
    "ruled": "decidido",
    "proved": "aconteceu",
    "disproved": "não aconteceu",
    "requeued": "enviar de novo",
    "exported": "dados entregues ao titular",
    "erased": "anonimizado a pedido",
    "expired": "anonimizado por prazo",
    "made": "gravada",
    "changed": "mudada",
    "restored": "restaurada",
    "pins_lost": "PINs recomeçados",
    "registered": "cadastro",
}
_MONEY = frozenset(
    {"amount", "float", "expected", "counted", "difference", "total", "change", "face", "price", "returned"}
)
NAME_WORDS = {
    "amount": "valor",
    "float": "fundo",
    "expected": "esperado",
    "counted": "contado",
    "difference": "diferença",
    "total": "total",
    "change": "troco",
    "face": "valor",
    "reason": "motivo",
    "approval": "motivo da autorização",
    "approved_by": "autorizado por",
    "asked_by": "a pedido de",
    "number": "número",
    "name": "nome",
    "role": "papel",
    "failures": "erros seguidos",
    "from": "de",
    "to": "para",
    "key": "compra",
    "outcome": "resposta",
    "action": "ação",
    "why": "por quê",
    "carried": "pendências passadas",
    "broken": "diário",
    "paper": "papel",
    "copy": "via",
    "evidence": "prova",
    "lost": "letras trocadas",
    "method": "forma",
    "code": "código",
    "text": "texto",
    "state": "situação",
    "order": "pedido",
    "sale": "venda",
    "count": "parcelas",
    "subscription": "assinatura na plataforma",
    "problem": "problema",
    "subject": "do que é",
    "quantity": "quantidade",
    "price": "preço",
    "kind": "tipo",
    "active": "à venda",
    "changed": "mudados",
    "added": "incluídos",
    "series": "série",
    "nfe": "chave da nota",
    "carrier": "transportadora",
    "url": "endereço",
    "file": "arquivo",
    "sales": "vendas",
    "kept": "fica",
    "days": "dias sem comprar",
    "made": "feita em",
    "decision": "decisão",
    "supervisor": "supervisor",
    "returned": "devolvido",
    "gap": "salto da numeração",
    "keys": "chaves",
    "branch": "filial",
    "acquirer": "adquirente",
    "receipts": "recebimentos",
    "events": "lançamentos",
    "sha256": "conferência do arquivo",
    "edition": "versão",
    "authorisation": "autorização",
    "instalments": "parcelas",
    "provider": "provedor",
    "subscriber": "assinante",
    "target": "conta ou plano",
    "plan": "plano",
    "messages": "mensagens",
    "source": "visto em",
}


_OUTCOMES = {
    "done": "feito",
    "refused": "recusado",
    "not_sent": "não enviado",
    "uncertain": "incerto [verificar]",
}
_REFUSALS = {
    "data": "dado errado",
    "line": "linha não aceita",
    "product": "valor não existe mais",
    "store_account": "conta ou senha da loja",
    "pending_limit": "limite de pendências",
    "transient": "passageiro",
    "state": "já estava decidido",
    "expired": "prazo vencido",
    "not_found": "não encontrado",
    "declined": "não aprovado",
    "internal": "falha do programa",
    "unknown": "sem explicação conhecida",
}


@cache
def _codes() -> Mapping[str, Mapping[str, str]]:
    """By the name of a value, the words of its codes. Imported when a trail is read: selling does without."""
    from pos_tui.domain import item, payment, people, reconciliation, recurring, spool

    words: dict[str, Mapping[Any, str]] = {
        "role": people.ROLE_WORDS,
        "action": people.ACTION_WORDS,
        "method": payment.LABELS,
        "paper": spool.NAMES,
        "kind": item.KIND_WORDS,
        "outcome": _OUTCOMES,
        "decision": EVENT_WORDS,
        "reason": _REFUSALS,
        "acquirer": reconciliation.ACQUIRER_WORDS,
        "state": payment.WORDS,
        "recurring.state": recurring.WORDS,
    }
    return {name: {str(code): told for code, told in known.items()} for name, known in words.items()}


def codes_matching(text: str) -> list[tuple[str, str]]:
    """Return the names and codes of values whose Portuguese words hold a text.

    Not of papers: who looks for a sangria does not want each step of its slip.
    """
    known = ((name, words) for name, words in _codes().items() if name != "paper")
    return [(name.rpartition(".")[2], code) for name, words in known for code in matching(words, text)]


def matching(words: Mapping[str, str], text: str) -> list[str]:
    """Return the codes whose Portuguese words hold a text."""
    wanted = text.casefold()
    return [code for code, word in words.items() if wanted in word.casefold()]


def value_words(kind: str, name: str, value: object) -> str:
    """Write one value of a line; what has no words of its own stands as it is."""
    if name in _MONEY and isinstance(value, int):
        return format_brl(value)
    family = kind.partition(".")[0]
    words = _codes().get(f"{family}.{name}") or _codes().get(name, {})
    return words.get(str(value), str(value))
