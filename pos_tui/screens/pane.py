"""What the four tabs of the sale share."""

from typing import TYPE_CHECKING, ClassVar

from pos_tui.screens.background import ASKING, STILL_ASKING
from pos_tui.screens.commanded import Commanded
from pos_tui.widgets.form import Form
from pos_tui.widgets.theme import Tone

if TYPE_CHECKING:
    from pos_tui.domain.sale import Sale
    from pos_tui.domain.topup import TopUp
    from pos_tui.screens.sale import SaleScreen
    from pos_tui.till import Till


class Pane(Commanded, inherit_css=False):
    """One tab: shows the open sale, and asks the screen for changes."""

    PURPOSE: ClassVar[str] = ""
    """What the tab is for, as F1 says it."""

    def __init__(self, desk: "SaleScreen") -> None:
        super().__init__()
        self.desk = desk

    @property
    def till(self) -> "Till":
        """The till."""
        return self.desk.till

    @property
    def sale(self) -> "Sale":
        """The open sale."""
        return self.desk.sale

    def say(self, text: str, tone: Tone = "normal") -> None:
        """Tell the cashier something."""
        self.desk.say(text, tone)

    def take_focus(self) -> None:
        """Put the cursor where the work of this tab begins."""
        self.screen.set_focus(self.query_one(Form))

    def hint(self) -> str:
        """What to type where the cursor stands, for F1."""
        return self.query_one(Form).hint if self.query(Form) else ""

    async def show_sale(self) -> None:
        """Draw the open sale as it stands now."""

    async def entered(self) -> None:
        """The tab was gone to."""

    async def again(self) -> None:
        """The tab's own key was pressed while it is on show."""

    async def show_pendings(self) -> None:
        """Show what is pending first, where the tab lists sales."""

    async def heard(self) -> None:
        """Something was settled in the background: draw it."""
        await self.show_sale()

    async def select(self, sale_id: str) -> None:
        """Put the cursor on a sale, where the tab lists sales."""

    def label(self, command_id: str) -> str:
        """What a command is called here and now; empty for its usual name."""
        return ""

    def way_on(self, topup: "TopUp") -> str:
        """What may be done here about a top-up that did not come about; empty when nothing."""
        return ""

    async def open_os(self, sale_id: str) -> None:
        """Show an OS, where the tab lists sales."""

    async def confirmed(self, topups: "list[TopUp]", change: str) -> None:
        """Top-ups were confirmed, or tried to be; `change` is what the customer gets in cash."""

    async def ask(self) -> None:
        """F5: ask what became of each pending top-up of the open sale; without any, read it again."""
        topups, who = self.sale.pendings, self.sale.seller
        if not topups:
            await self.desk.reload()
            self.say("Tela atualizada.")
            return

        def work() -> None:
            for topup in topups:
                self.till.topups.ask(topup.id, who)

        self.say(ASKING if self.desk.question(work, self._asked) else STILL_ASKING)

    async def _asked(self, _: object) -> None:
        await self.desk.reload()
        self.say(f"Consulta feita: {self.found()}")

    def found(self) -> str:
        """Where to look, or what to do, once the top-ups were asked about."""
        return "veja a situação de cada recarga na aba Recarga (F3)."
