"""The desks beside the sale: each is a row here, and a screen made from the till and who works."""

from importlib import import_module
from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from textual.screen import Screen

    from pos_tui.till import Till


class Desk(Struct, frozen=True):
    """A screen that covers the sale."""

    command: str
    """The command that opens it."""
    label: str
    """How F12 lists it."""
    screen: str
    """`module:Class` below `pos_tui.screens`, imported when the desk is first opened."""
    training: bool = False
    """Whether it is there in training only."""

    def open(self, till: "Till", who: str) -> "Screen[None]":
        """Make its screen."""
        module, _, name = self.screen.partition(":")
        screen: Screen[None] = getattr(import_module(f"pos_tui.screens.{module}"), name)(till, who)
        return screen


DESKS = (
    Desk("cash", "Caixa (F7)", "cash:CashDesk"),
    Desk("orders", "Pedidos da loja virtual", "orders:OrdersDesk"),
    Desk("subscribers", "Central do assinante", "subscriber:SubscriberDesk"),
    Desk("cards", "Recebimento de cartões / Carteira digital", "card_receipts:CardDesk"),
    Desk("reports", "Relatórios (Ctrl+S)", "hub:ReportHub"),
    Desk("oversight", "Supervisão: todos os caixas", "oversight:OversightDesk"),
    Desk("catalogue", "Catálogo de serviços e produtos", "products:CatalogueDesk"),
    Desk("people", "Operadores", "people:PeopleDesk"),
    Desk("settings", "Configuração", "settings:SettingsDesk"),
    Desk("balance", "Saldo na operadora e margem (Ctrl+V)", "balance:BalanceDesk"),
    Desk("tef", "TEF: menu administrativo", "tef:TefBoard"),
    Desk("trail", "Trilha de auditoria", "trail:TrailDesk"),
    Desk("privacy", "Titular de dados (LGPD)", "privacy:PrivacyDesk"),
    Desk("doctor", "Diagnóstico", "doctor:DoctorDesk"),
    Desk("practice", "Falhas do treinamento (Ctrl+Z)", "practice:PracticeDesk", training=True),
)
"""What a counter opens daily comes first: the list shows nine at a time."""

BY_COMMAND = {desk.command: desk for desk in DESKS}
