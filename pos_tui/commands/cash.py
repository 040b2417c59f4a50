"""The drawer."""

from pos_tui.commands.command import Command, Place

COMMANDS = (
    Command("cash_ask", ("f5", "ctrl+t"), "Atualizar", "Lê de novo como está o caixa.", Place.CASH, footer=1),
    Command("closing_open", ("enter",), "Ver o Z", "Mostra o Z como saiu.", Place.CLOSINGS, footer=1),
    Command(
        "closing_reprint",
        ("f9", "ctrl+b"),
        "2ª via",
        "Imprime de novo o Z marcado, com a marca de reimpressão; a gaveta não abre.",
        Place.CLOSINGS,
        footer=2,
    ),
)
