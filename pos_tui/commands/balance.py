"""What the store has at the provider."""

from pos_tui.commands.command import Command, Place

COMMANDS = (
    Command(
        "balance_margins",
        ("enter", "m"),
        "Recargas",
        "Mostra valor, custo e margem de cada recarga confirmada.",
        Place.BALANCE,
        footer=1,
    ),
    Command(
        "balance_ask",
        ("f5", "ctrl+t"),
        "Ler de novo",
        "Pergunta o saldo à operadora. Nunca compra nada.",
        Place.BALANCE,
        footer=2,
    ),
)
