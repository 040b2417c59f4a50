"""Which paper of one or several orders is wanted."""

from collections.abc import Awaitable, Callable, Sequence
from functools import partial

from pos_tui.domain.order_kept import Acted
from pos_tui.screens.board import Board
from pos_tui.widgets.dialog import PromptDialog
from pos_tui.widgets.fields import ChoiceField, Option, Value

PAPERS = (
    Option("order", "Pedido, com preços"),
    Option("picking", "Lista de separação, por lugar e SKU"),
    Option("packing", "Romaneio de embalagem, sem preços"),
)


PRINTED = "Na fila de impressão. Nenhuma situação mudou."


def ask_paper(desk: Board, keys: Sequence[str], then: Callable[[list[Acted]], Awaitable[None]]) -> None:
    """Ask, queue the paper behind the screen, and go on with what became of each order."""
    count = f"{len(keys)} pedidos" if len(keys) > 1 else "1 pedido"
    dialog = PromptDialog(f"Imprimir de {count}", [ChoiceField("paper", "Papel", PAPERS, required=True)])
    dialog.form.submit_on_choice = True

    def work(paper: str) -> list[Acted]:
        from pos_tui.services.order_papers import OrderPaper

        return desk.till.order_papers.print(OrderPaper(paper), keys, desk.who())

    def answered(values: dict[str, Value] | None) -> None:
        if values is not None:
            desk.background(partial(work, str(values["paper"])), then)

    desk.app.push_screen(dialog, answered)
