"""Operators."""

from pos_tui.commands.command import Command, Place

COMMANDS = (
    Command("person_new", ("f6", "ctrl+f"), "Cadastrar", "Cadastra um operador.", Place.PEOPLE, footer=1),
    Command(
        "person_pin",
        ("f9", "ctrl+b"),
        "PIN novo",
        "Dá um PIN novo a quem está marcado.",
        Place.PEOPLE,
        footer=2,
    ),
    Command(
        "person_switch",
        ("f8", "ctrl+d"),
        "Ativar/Des.",
        "Desativa ou ativa quem está marcado; nada do que fez se perde.",
        Place.PEOPLE,
        footer=3,
    ),
    Command(
        "person_release", ("l",), "Liberar", "Termina o bloqueio por PINs errados.", Place.PEOPLE, footer=4
    ),
)
