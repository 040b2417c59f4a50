"""What goes wrong in training."""

from pos_tui.commands.command import Command, Place

COMMANDS = (
    Command(
        "practice_clear",
        ("f8", "ctrl+d"),
        "Terminar",
        "Termina todas as falhas: tudo responde certo de novo.",
        Place.PRACTICE,
        footer=1,
    ),
)
