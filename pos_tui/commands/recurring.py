"""The OS whose payment comes by a link."""

from pos_tui.commands.command import Command, Place

COMMANDS = (
    Command(
        "os_ask",
        ("f5", "ctrl+t"),
        "Recarregar",
        "Pergunta à plataforma pelo link e pelo pagamento. Nunca cobra.",
        Place.OS,
        footer=1,
    ),
    Command(
        "os_cancel",
        ("f8", "ctrl+d"),
        "Cancelar",
        "Cancela só a tentativa, nunca a OS. De uma OS paga, encerra as cobranças que faltam.",
        Place.OS,
        footer=2,
    ),
    Command(
        "os_print",
        ("f9", "ctrl+b"),
        "Link",
        "Imprime o link com o QR, para o cliente que não recebeu o SMS.",
        Place.OS,
        footer=3,
    ),
    Command(
        "os_send",
        ("e", "ctrl+y"),
        "Enviar",
        "Envia a tentativa que não saiu, ou faz outra depois de erro ou cancelamento.",
        Place.OS,
        footer=4,
    ),
    Command(
        "os_reopen",
        ("r",),
        "Outra forma",
        "Volta a OS ao balcão, para receber de outra forma. Só sem tentativa em andamento.",
        Place.OS,
        footer=6,
    ),
    Command(
        "os_abandon",
        ("x",),
        "Abandonar",
        "Abandona a OS inteira, com o motivo. Só sem tentativa em andamento.",
        Place.OS,
    ),
    Command(
        "os_accept",
        ("a",),
        "Aceitar",
        "Aceita o pagamento que chegou depois de cancelado: a OS é finalizada.",
        Place.OS,
    ),
    Command(
        "os_refund",
        ("d",),
        "Devolver",
        "Devolve a parcela marcada, ou o que foi pago depois de cancelado, com supervisor e motivo.",
        Place.OS,
        footer=7,
    ),
    Command(
        "os_move",
        ("enter",),
        "Parcela",
        "No modo manual, diz o que foi da parcela marcada: confirmada, negada ou cancelada.",
        Place.OS,
        footer=5,
    ),
    Command(
        "os_practise",
        ("p",),
        "Simular",
        "Em treinamento, paga pelo link como o cliente pagaria.",
        Place.OS,
    ),
)
