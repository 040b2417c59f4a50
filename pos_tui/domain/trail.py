"""The audit trail in words: what a journal line says happened, and who approved it."""

import json
from dataclasses import dataclass

from pos_tui.domain.money import format_brl

KIND_WORDS = {
    "sale": "Venda",
    "payment": "Pagamento",
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
    "recurring.begin": "Crédito recorrente: tentativa",
    "recurring.send": "Crédito recorrente: enviar",
    "recurring.status": "Crédito recorrente: consulta",
    "recurring.adjust": "Crédito recorrente: centavos da 1ª parcela",
    "recurring.cancel": "Crédito recorrente: cancelar a tentativa",
    "recurring.refund": "Crédito recorrente: devolver",
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
    "discarded": "descartada",
    "opened": "abertura",
    "saved": "salva",
    "head": "dados mudados",
    "invoice": "nota fiscal",
    "added": "adicionado",
    "removed": "removido",
    "finalised": "finalizada, à espera do pagamento",
    "reopened": "de volta ao balcão",
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
    {"amount", "float", "expected", "counted", "difference", "total", "change", "face", "price"}
)
_WORDS = {
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
    "gap": "salto da numeração",
}

_APART = frozenset({"approved_by", "asked_by"})
"""Told with the names."""


@dataclass(frozen=True, slots=True)
class TrailLine:
    """One line of the journal, of any till."""

    id: str
    """UUIDv7: orders the trail."""
    till: int
    seq: int
    at: int
    who: str
    kind: str
    subject: str
    event: str
    data: str
    """JSON."""
    hash: str

    @property
    def what(self) -> str:
        """What happened, in a few words."""
        kind = KIND_WORDS.get(self.kind, self.kind)
        return f"{kind}: {EVENT_WORDS.get(self.event, self.event)}"

    @property
    def people(self) -> str:
        """Who did it; both names when it was approved."""
        second = self._fields().get("approved_by") or self._fields().get("asked_by")
        return f"{self.who} + {second}" if second else self.who

    @property
    def details(self) -> list[str]:
        """What was written down with it, one thing a line."""
        return [f"{_WORDS.get(name, name)}: {_value(name, value)}" for name, value in self._fields().items()]

    @property
    def short(self) -> str:
        """What happened, with the first things written down with it: enough to know which."""
        pairs = zip(self._fields(), self.details, strict=True)
        told = [detail for name, detail in pairs if name not in _APART]
        return " · ".join([self.what, *told[:2]])

    def _fields(self) -> dict[str, object]:
        found = json.loads(self.data)
        return found if isinstance(found, dict) else {}


@dataclass(frozen=True, slots=True)
class TrailFilter:
    """Which lines are wanted. Instants are UTC milliseconds, the end excluded."""

    since: int
    until: int
    text: str = ""
    """Part of a name, of what happened, or of what was written down."""
    till: int | None = None


def matching(words: dict[str, str], text: str) -> list[str]:
    """Return the codes whose Portuguese words hold a text."""
    wanted = text.casefold()
    return [code for code, word in words.items() if wanted in word.casefold()]


def _value(name: str, value: object) -> str:
    if name in _MONEY and isinstance(value, int):
        return format_brl(value)
    return str(value)
