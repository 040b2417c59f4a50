"""Personal data, and how the till is."""

from pos_tui.commands.command import Command, Place

COMMANDS = (
    Command(
        "subject_find",
        ("f6", "ctrl+f"),
        "Procurar",
        "Procura uma pessoa do cadastro.",
        Place.PRIVACY,
        footer=1,
    ),
    Command(
        "subject_export",
        ("f9", "ctrl+b"),
        "Exportar",
        "Grava num arquivo fechado tudo o que a loja guarda sobre quem está marcado; Enter faz o mesmo.",
        Place.PRIVACY,
        footer=2,
    ),
    Command(
        "subject_erase",
        ("f8", "ctrl+d"),
        "Anonimizar",
        "Tira nome, telefone e e-mail de quem está marcado; as vendas ficam. Não tem volta.",
        Place.PRIVACY,
        footer=3,
    ),
    Command("doctor_open", ("enter",), "Ler", "Mostra a linha inteira.", Place.DOCTOR, footer=1),
    Command(
        "doctor_again",
        ("f5", "ctrl+t"),
        "Conferir",
        "Confere tudo de novo. Nunca cobra e nunca credita.",
        Place.DOCTOR,
        footer=2,
    ),
)
