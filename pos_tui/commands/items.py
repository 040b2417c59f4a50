"""Items of a sale, and the catalogue they are picked from."""

from pos_tui.commands.command import Command, Place

COMMANDS = (
    Command(
        "item_payment",
        ("f10", "ctrl+p"),
        "Pagamento",
        "Segue para o pagamento da venda.",
        Place.ITEMS,
        footer=1,
    ),
    Command(
        "item_remove",
        ("f8", "ctrl+d"),
        "Remover",
        "Retira um item da venda, escolhido pelo número.",
        Place.ITEMS,
        footer=2,
    ),
    Command(
        "product_new",
        ("f6", "ctrl+f"),
        "Cadastrar",
        "Cadastra um serviço ou produto.",
        Place.CATALOGUE,
        footer=1,
    ),
    Command(
        "product_edit",
        ("enter",),
        "Mudar",
        "Muda nome, preço e códigos do item marcado.",
        Place.CATALOGUE,
        footer=2,
    ),
    Command(
        "product_switch",
        ("f8", "ctrl+d"),
        "Tirar/Repor",
        "Tira de venda o item marcado, ou o repõe.",
        Place.CATALOGUE,
        footer=3,
    ),
)
