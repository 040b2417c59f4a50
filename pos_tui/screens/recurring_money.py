"""Money of an OS that goes back, and charges called off: on a supervisor's word, with the reason."""

from functools import partial
from typing import TYPE_CHECKING

from pos_tui.domain.instalments import Instalment, InstalmentState
from pos_tui.domain.money import format_brl
from pos_tui.domain.people import Action
from pos_tui.domain.recurring import Attempt, Mode
from pos_tui.domain.recurring_choices import UNPAID
from pos_tui.screens.outside import WarrantQuestion, ask_warrant
from pos_tui.services.refunds import Warrant
from pos_tui.widgets.fields import Value

if TYPE_CHECKING:
    from pos_tui.screens.recurring import OsPanel

BY_HAND = "No modo manual: devolva antes na maquininha ou na plataforma, e diga aqui."
CONTINUES = "As cobranças que faltam continuam: F8 as encerra."


def ask_late(panel: "OsPanel") -> None:
    """Give back what was paid against a decision: that very attempt, whatever comes meanwhile."""
    key = panel.latest.id
    text = [f"Devolver ao cliente o que pagou da OS {panel.sale.number}."]
    question = WarrantQuestion(Action.REFUND, panel.sale.id, "Devolver o pagamento", text)

    async def allowed(values: dict[str, Value], warrant: Warrant) -> None:
        panel.outside(partial(panel.desk.refunds.late, key, warrant), "Devolvendo…")

    ask_warrant(panel.app, panel.till, question, panel.who(), allowed)


def ask_give_back(panel: "OsPanel", one: Instalment) -> None:
    """Give one instalment's money back."""
    text = [f"Devolver ao cliente a parcela {one.number}, de {format_brl(one.amount)}."]
    if panel.latest.mode is Mode.MANUAL:
        text.append(BY_HAND)
    if any(other.state in UNPAID for other in panel.instalments):
        text.append(CONTINUES)
    question = WarrantQuestion(Action.REFUND, panel.sale.id, "Devolver a parcela", text)

    def give_back(warrant: Warrant) -> Attempt:
        panel.desk.refunds.give_back(one, warrant)
        return panel.desk.attempts.get(one.attempt_id)

    async def allowed(values: dict[str, Value], warrant: Warrant) -> None:
        panel.outside(partial(give_back, warrant), "Devolvendo…", partial(given_back, panel, one))

    ask_warrant(panel.app, panel.till, question, panel.who(), allowed)


async def given_back(panel: "OsPanel", before: Instalment, attempt: Attempt) -> None:
    """Tell what came of it, by the instalment's own row."""
    await panel.show()
    one = next(each for each in panel.instalments if each.id == before.id)
    if one.state is InstalmentState.CANCELLED:
        panel.say(f"Parcela {one.number} devolvida. {panel.till.spool.outlook('O comprovante')}")
    elif one.refund_asked is not None:
        panel.say(f"A devolução foi pedida e ainda não se sabe o fim: F5 pergunta. {attempt.why}", "pending")
    else:
        panel.say(f"Parcela {one.number}: {one.reason}", "error")


def ask_stop(panel: "OsPanel") -> None:
    """Call off the charges that are left."""
    key = panel.latest.id
    left = [one for one in panel.instalments if one.state in UNPAID]
    total = format_brl(sum(one.amount for one in left))
    what = "a cobrança que falta" if len(left) == 1 else f"as {len(left)} cobranças que faltam"
    text = [f"Encerrar {what}, {total}. O que já foi pago continua pago."]
    question = WarrantQuestion(Action.REFUND, panel.sale.id, "Encerrar as cobranças", text)

    async def allowed(values: dict[str, Value], warrant: Warrant) -> None:
        work = partial(panel.desk.refunds.stop, key, warrant)
        panel.outside(work, "Encerrando as cobranças…", partial(stopped, panel))

    ask_warrant(panel.app, panel.till, question, panel.who(), allowed)


async def stopped(panel: "OsPanel", attempt: Attempt) -> None:
    """Tell whether nothing more will be charged."""
    await panel.show()
    if any(one.state in UNPAID for one in panel.instalments):
        panel.say(f"As cobranças ainda não foram encerradas: tente de novo. {attempt.why}", "error")
    else:
        panel.say("Cobranças encerradas: nada mais será cobrado desta OS.")
