"""What supervisors see."""

from pos_tui.commands.command import Command, Place

COMMANDS = (
    Command(
        "oversight_act",
        ("enter",),
        "Agir",
        "Abre a pendência marcada para resolver.",
        Place.OVERSIGHT,
        footer=1,
    ),
    Command(
        "oversight_ask",
        ("f5", "ctrl+t"),
        "Consultar",
        "Pergunta por tudo o que espera. Nunca cobra e nunca credita.",
        Place.OVERSIGHT,
        footer=2,
    ),
    Command(
        "oversight_tills",
        ("f7", "ctrl+w"),
        "Caixas",
        "Mostra o que cada caixa vendeu, o dinheiro que deve ter e quando deu sinal.",
        Place.OVERSIGHT,
        footer=3,
    ),
    Command(
        "tills_open", ("enter",), "Formas", "Mostra gaveta e formas de pagamento.", Place.TILLS, footer=1
    ),
    Command("tills_ask", ("f5", "ctrl+t"), "Atualizar", "Lê de novo agora.", Place.TILLS, footer=2),
    Command("trail_open", ("enter",), "Abrir", "Mostra a linha inteira.", Place.TRAIL, footer=1),
    Command(
        "trail_filter",
        ("f6", "ctrl+f"),
        "Procurar",
        "Procura por nome, ação, caixa e dia.",
        Place.TRAIL,
        footer=2,
    ),
)
