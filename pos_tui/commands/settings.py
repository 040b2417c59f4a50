"""The config on the screen."""

from pos_tui.commands.command import Command, Place

COMMANDS = (
    Command(
        "settings_save",
        ("f10", "ctrl+p"),
        "Gravar",
        "Grava o que mudou; vale quando o caixa abrir de novo.",
        Place.SETTINGS,
        footer=1,
    ),
    Command(
        "settings_test",
        ("f5", "ctrl+t"),
        "Testar",
        "Testa a conexão com o que está na tela, gravado ou não. Só pergunta: nunca cobra e nunca credita.",
        Place.SETTINGS,
        footer=2,
    ),
)
