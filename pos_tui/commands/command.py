"""What a command is, and the places where commands work."""

from enum import StrEnum

from msgspec import Struct


class Place(StrEnum):
    """Where a command works, in the screen's words."""

    ANYWHERE = "Em qualquer lugar"
    START = "Início"
    RECHARGE = "Recarga"
    PAYMENT = "Pagamento"
    SALES = "Lista de vendas"
    CONFIRMATION = "Confirmação da recarga"
    CASH = "Caixa"
    CLOSINGS = "Fechamentos de caixa"
    PEOPLE = "Operadores"
    OVERSIGHT = "Supervisão"
    TILLS = "Caixas da loja"
    TRAIL = "Trilha de auditoria"
    PRIVACY = "Titular de dados"
    DOCTOR = "Diagnóstico"
    ITEMS = "Itens da venda"
    CATALOGUE = "Catálogo"
    OS = "Ordem de serviço"
    BALANCE = "Saldo e margem"
    TEF = "TEF"
    REPORTS = "Relatórios"
    REPORT = "Um relatório"
    SETUP = "Configuração"
    SETTINGS = "Parte da configuração"
    ORDERS = "Pedidos"
    ORDER = "Pedido da loja virtual"
    PRACTICE = "Falhas do treinamento"
    SUBSCRIBERS = "Central do assinante"
    SUBSCRIBER = "Assinante"
    EXTRACT = "Extrato do assinante"
    BILLS = "Contas do assinante"
    SLIP = "Segunda via de boleto"
    NOTES = "Notas fiscais"
    TICKETS = "Atendimentos"
    CREDIT = "Compra de crédito"
    REQUESTS = "Baixas e habilitações"
    CARDS = "Recebimento de cartões"
    CARD_PAIR = "Comparação do recebimento"


class Command(Struct, frozen=True):
    """One thing a person can do."""

    id: str
    keys: tuple[str, ...]
    """Textual's names; the first is the one shown."""
    label: str
    """At most twelve letters: it stands in the footer."""
    tooltip: str
    """A whole sentence: what it does, and what it never does."""
    place: Place = Place.ANYWHERE
    footer: int = 0
    """How much it is wanted in the footer, 1 the most; 0 for not there."""
    labels: tuple[tuple[Place, str], ...] = ()
    """Its label where it means something else: F10 saves on the payment tab."""

    @property
    def key_words(self) -> list[str]:
        """Its keys as the counter reads them; what has none of its own is in the menu."""
        return [key_words(key) for key in self.keys] or ["F12"]

    def label_at(self, place: Place) -> str:
        """Return its label in a place."""
        return dict(self.labels).get(place, self.label)


_KEY_WORDS = {
    "plus": "+",
    "space": "Espaço",
    "enter": "Enter",
    "escape": "Esc",
    "up": "↑",
    "down": "↓",
}


def key_words(key: str) -> str:
    """Write a key as the counter reads it: `f10` → `F10`, `ctrl+p` → `Ctrl+P`."""
    if key in _KEY_WORDS:
        return _KEY_WORDS[key]
    if key.startswith("ctrl+"):
        return f"Ctrl+{key[5:].upper()}"
    return key.upper()
