"""Forms of payment that ask the outside, on the payment tab: charge, resume, take off, ask, decide."""

import asyncio
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from pos_tui.domain.money import format_brl
from pos_tui.domain.payment import ASKED, LABELS, Decision, Method, PaymentState, rulings
from pos_tui.domain.people import Action
from pos_tui.domain.sale import PaymentLine, Sale
from pos_tui.screens.outside import (
    BANK,
    PINPAD,
    GiveUp,
    OutsideWait,
    WarrantQuestion,
    ask_warrant,
    rulings_choice,
)
from pos_tui.services import tef_way
from pos_tui.services.late_payments import why_not_accept
from pos_tui.services.refunds import Warrant
from pos_tui.till import Till
from pos_tui.widgets.dialog import ErrorBox
from pos_tui.widgets.fields import Value
from pos_tui.widgets.theme import Tone

if TYPE_CHECKING:
    from pos_tui.screens.payment import PaymentPane

S = PaymentState

AGAIN = "Nada foi cobrado. E tenta de novo com o mesmo número; F8 remove."
UNCERTAIN = (
    "Ninguém sabe ainda se o cliente foi cobrado: NÃO cobre de novo. Consulte com F5; se a consulta não "
    "resolver, o supervisor confere no relatório do TEF ou do banco e decide com F8."
)


def last_asked(sale: Sale) -> PaymentLine | None:
    """Return the last form of payment of a sale, where it asks the outside, one on its way back too."""
    line = next((one for one in reversed(sale.payments) if one.counts or one.waits), None)
    return line if line is not None and line.method in ASKED else None


def _needs_supervisor(line: PaymentLine) -> bool:
    """Whether F8 gives back or decides what only a supervisor may."""
    given_up = line.method is Method.TEF or line.decision is Decision.CANCEL
    back = line.state is S.CONFIRMED or line.decision is Decision.REFUND
    return back or (line.state is S.UNCERTAIN and given_up)


def late_line(sale: Sale) -> PaymentLine | None:
    """Return what was paid after it was given up and can still count for the open sale."""
    late = (line for line in sale.payments if line.state is S.LATE and why_not_accept(sale, line) is None)
    return next(late, None)


def late_words(line: PaymentLine) -> str:
    """Say that it came."""
    return f"O {LABELS[line.method]} de {format_brl(line.amount)} foi {line.words}."


class AskedPayments:
    """The payment tab's hand for TEF and dynamic Pix."""

    def __init__(self, pane: "PaymentPane") -> None:
        self._pane = pane

    @property
    def _till(self) -> Till:
        return self._pane.till

    @property
    def _who(self) -> str:
        return self._pane.sale.seller

    async def add(self, method: Method, amount: int, details: dict[str, str]) -> None:
        """Record a line and ask for its money."""
        add = partial(self._till.payments.add, self._pane.sale, method, amount, details)
        line = await asyncio.to_thread(add)
        await self._pane.recorded()
        self.resume(line)

    def resume(self, line: PaymentLine) -> None:
        """Ask for a line's money, or show its QR again."""
        if line.method is Method.PIX_DYNAMIC and line.state is S.SENT:
            self._show_pix(line)
            return
        self._wait(line, partial(self._till.payments.charge, line.id, self._who), self._charged)

    async def ask(self) -> bool:
        """F5: find out about every line that waits; False when none does."""
        lines = [line for line in self._pane.sale.payments if line.waits and line.state is not S.CREATED]
        if not lines:
            return False
        self._wait(lines[-1], lambda: [self._till.payments.ask(line.id, self._who) for line in lines])
        return True

    def remove(self, line: PaymentLine) -> None:
        """F8: give up, undo, or with a supervisor give back or decide."""
        if _needs_supervisor(line):
            self._with_supervisor(line)
        else:
            self._wait(line, partial(self._till.refunds.remove, line, self._who))

    def _with_supervisor(self, line: PaymentLine) -> None:
        label = f"{LABELS[line.method]} de {format_brl(line.amount)}"
        sale, choices = self._pane.sale, sorted(rulings(line.state, line.decision))
        if choices:
            text = [f"{label}: {line.words}. {line.why}", "Confira no relatório antes de decidir."]
            choice = (rulings_choice(choices),)
            question = WarrantQuestion(Action.RULE_PAYMENT, line.id, "Decidir o pagamento", text, choice)
        else:
            text = [f"Estornar {label}, já confirmado. O valor volta ao cliente."]
            question = WarrantQuestion(Action.REFUND, sale.id, "Estornar pagamento", text)

        async def allowed(values: dict[str, Value], warrant: Warrant) -> None:
            if "verdict" in values:
                then = PaymentState(str(values["verdict"]))
                self._wait(line, partial(self._till.refunds.rule, line, then, warrant))
            else:
                self._wait(line, partial(self._till.refunds.refund, sale, line, warrant))

        ask_warrant(self._pane.app, self._till, question, self._who, allowed)

    # Waiting

    def _wait(
        self,
        line: PaymentLine,
        job: Callable[[], object],
        then: "Callable[[PaymentLine], None] | None" = None,
    ) -> None:
        tef = line.method is Method.TEF
        title = f"{LABELS[line.method]} de {format_brl(line.amount)}"
        give_up: GiveUp | None = partial(self._till.refunds.abort_wait, line) if tef else None
        wait = OutsideWait(self._till, title, PINPAD if tef else BANK, job, give_up)
        self._pane.app.push_screen(wait, partial(self._answered, line, then or self._told))

    async def _answered(
        self, line: PaymentLine, then: "Callable[[PaymentLine], None]", problem: str | None
    ) -> None:
        self._till.spool.wake()
        await self._pane.recorded()
        if problem:
            self._pane.say(self._pane.what_is_missing())
            self._pane.app.push_screen(ErrorBox(LABELS[line.method], problem))
            return
        then(self._till.payments.get(line.id))
        if line.method is Method.TEF and tef_way.kept(self._till.context):
            self._pane.app.push_screen(
                ErrorBox("TEF: outra resposta", f"{tef_way.KEPT} Esta venda continua.")
            )

    def _charged(self, line: PaymentLine) -> None:
        """What the answer to a charge means at the counter."""
        title = LABELS[line.method]
        if line.state is S.SENT:
            self._show_pix(line)
            return
        self._told(line)  # also below a box: what it said before was said of another payment
        match line.state:
            case S.APPROVED | S.CONFIRMED:
                pass
            case S.REFUSED:
                words = [line.why or "Não autorizado.", "Peça outro cartão ou outra forma de pagamento."]
                self._pane.app.push_screen(ErrorBox(f"{title}: não autorizado", " ".join(words)))
            case S.CREATED:
                self._pane.app.push_screen(ErrorBox(f"{title}: não enviado", f"{line.why} {AGAIN}"))
            case _:
                self._pane.app.push_screen(ErrorBox(f"{title}: incerto", f"{line.why} {UNCERTAIN}"))

    def _told(self, line: PaymentLine) -> None:
        words = "não enviado" if line.state is S.CREATED else line.words
        label = f"{LABELS[line.method]} de {format_brl(line.amount)}: {words}."
        # Not before the sale is saved: until then the card may still be undone.
        cash = f" Saque de {format_brl(line.cash_out)}: entregue depois de salvar." if line.cash_out else ""
        message = f" [{line.why}]" if line.why else ""
        unknown = line.waits and line.state is not S.CREATED and line.state is not S.APPROVED
        then = self._pane.what_is_missing()
        if unknown:
            then = "" if "F5" in line.why else "Consulte com F5."
            if _needs_supervisor(line) and "F8" not in line.why:
                then += " Se não resolver, o supervisor decide com F8."
        tone: Tone = "error" if unknown else "normal"
        self._pane.say(f"{label}{cash}{message} {then.strip()}".rstrip(), tone)

    def _show_pix(self, line: PaymentLine) -> None:
        from pos_tui.screens.pix_charge import PixCharge

        self._pane.app.push_screen(PixCharge(self._till, line, self._who), partial(self._pix_ended, line))

    async def _pix_ended(self, line: PaymentLine, give_up: bool | None) -> None:
        await self._pane.recorded()
        now = self._till.payments.get(line.id)
        if give_up and now.state is not S.CONFIRMED:  # the customer may have paid as Esc was pressed
            self.remove(now)
        else:
            self._told(now)
