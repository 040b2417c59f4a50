"""The TEF manager, beside the sale."""

from pos_tui.commands.command import Command, Place

COMMANDS = (
    Command(
        "tef_menu",
        ("enter", "m"),
        "Menu do TEF",
        "Abre o menu administrativo do TEF: reimpressão, cancelamento, fechamento.",
        Place.TEF,
        footer=1,
    ),
    Command(
        "tef_alive",
        ("f5", "ctrl+t"),
        "Responde?",
        "Pergunta se o TEF está ali, e por operações sem resposta. Nunca cobra.",
        Place.TEF,
        footer=2,
    ),
    Command(
        "tef_let_go",
        ("f8", "ctrl+d"),
        "Desfazer",
        "Desfaz a resposta que nenhuma venda daqui pediu, com supervisor e motivo.",
        Place.TEF,
        footer=3,
    ),
)
