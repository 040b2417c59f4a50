"""A desk that is one list, shown to who may see it; Enter opens the row under the cursor."""

import asyncio
from abc import abstractmethod
from typing import TYPE_CHECKING, ClassVar

from textual import on

from pos_tui.screens.board import Board
from pos_tui.services.guard import Approval
from pos_tui.till import Till
from pos_tui.widgets.columns import Column
from pos_tui.widgets.line_list import LineList

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.widget import Widget

ALONE = "Sem o servidor da loja: aqui está só o que é deste caixa."


class GuardedList(Board):
    """Empty, and every command off, until the guard or a supervisor lets it be seen."""

    HEADING: ClassVar[str]
    COLUMNS: ClassVar[tuple[Column, ...]]
    EMPTY: ClassVar[str]
    """What an empty list says to who may see it."""
    FORBIDDEN: ClassVar[str]
    OPEN: ClassVar[str]
    """The command of Enter; the list itself takes the key."""
    AUTO_FOCUS = "LineList"

    def __init__(self, till: Till, who: str) -> None:
        super().__init__(till, who)
        self.list = LineList(self.COLUMNS, empty="")
        self._seen = False
        self.turn = asyncio.Lock()
        """Keys and news read the list: whoever asks last is not covered by an older reading."""

    def compose(self) -> "Iterable[Widget]":
        """The list, notice, keys."""
        yield self.heading(self.HEADING)
        yield self.list
        yield self.message
        yield self.keys

    async def on_mount(self) -> None:
        """Only who may sees it."""
        self.show_keys()
        await self.act_first(self.may_see, self._allowed)

    @abstractmethod
    def may_see(self, approval: Approval | None) -> None:
        """Raise NeedsApproval unless the person here, or the approval, lets it be seen."""

    @abstractmethod
    async def read(self, _: object = None) -> None:
        """Read the list and show it."""

    @abstractmethod
    async def open(self, key: str) -> None:
        """Open a row."""

    async def _allowed(self, _: None) -> None:
        self._seen = True
        self.list.empty = self.EMPTY
        await self.read()

    def why_not(self, command_id: str) -> str | None:
        """What is off for who may not see it, or on an empty list."""
        if not self._seen:
            return self.FORBIDDEN
        return "Nada está marcado." if command_id == self.OPEN and self.list.row is None else None

    async def carry_out(self, command_id: str) -> None:
        """Enter by another key opens too."""
        if command_id == self.OPEN and self.list.row is not None:
            await self.open(self.list.row.key)
        else:
            await super().carry_out(command_id)

    @on(LineList.Selected)
    async def _selected(self, event: LineList.Selected) -> None:
        event.stop()
        with self.telling():
            if self.list.holds(event.key):
                await self.open(event.key)

    async def failed(self, message: str) -> None:
        """Tell it, with things as they stand for who may see them."""
        if self._seen:
            await self.read()
        self.say(message, "error")
