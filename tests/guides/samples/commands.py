"""What can be done at the desk. Goes to `commands/eco.py`."""

from pos_tui.commands.command import Command, Place

COMMANDS = (
    Command("eco_say", ("f6", "ctrl+f"), "Dizer", "Diz o nome outra vez.", Place("Mesa do eco"), footer=1),
)
