"""The drawer."""

from pos_tui.commands.command import Command, Place

COMMANDS = (
    Command("cash_ask", ("f5", "ctrl+t"), "Atualizar", "Lê de novo como está o caixa.", Place.CASH, footer=1),
)
