"""Who is here: an app that is covered until somebody enters, and covered again when nobody is at it."""

import logging
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from inspect import isawaitable
from typing import TYPE_CHECKING, Any

from textual import events
from textual._context import active_message_pump
from textual.message_pump import MessagePump
from textual.screen import Screen

from pos_tui.domain.errors import PosError, StoreError
from pos_tui.exits import Exit
from pos_tui.screens.commanded import Commanded
from pos_tui.widgets.dialog import ErrorBox
from pos_tui.widgets.keyboard import SerialKeyboard, Typed

if TYPE_CHECKING:
    from pos_tui.domain.people import Operator
    from pos_tui.till import Till

log = logging.getLogger(__name__)


class Locking(SerialKeyboard[Exit]):
    """The base of the apps. Every key keeps it awake; minutes without one lock it."""

    def __init__(self) -> None:
        super().__init__()
        self._last_key_at: datetime | None = None
        self._last_operator = ""
        self._locked = False
        self.behind: list[tuple[MessagePump, Screen[Any], Any]] = []
        """What came from behind the screen while it was locked, and for whom: shown when they are back."""

    @property
    def till(self) -> "Till":
        """The till, once it is open."""
        raise NotImplementedError

    @property
    def is_open(self) -> bool:
        """Whether there is a till to be at."""
        raise NotImplementedError

    def heard(self) -> None:
        """Something was settled that no screen waits for any more. Called from any thread."""

    async def took_over(self, operator: "Operator", *, another: bool) -> None:
        """Somebody entered; `another` than whoever was here before."""
        raise NotImplementedError

    async def on_event(self, event: events.Event) -> None:
        """Every key keeps the till awake."""
        if isinstance(event, (events.Key, events.Paste, Typed)) and self.is_open:
            self._last_key_at = self.till.clock()
        await super().on_event(event)

    def ask_who(self, notice: str) -> None:
        """Cover everything until somebody enters number and PIN."""
        from pos_tui.screens.login import FirstSupervisor, Login

        nobody = not self.till.operators.any()
        self.push_screen(FirstSupervisor(self.till) if nobody else Login(self.till, notice), self._entered)
        self._locked = True

    def push_screen(self, screen: Any, callback: Any = None, *more: Any, **named: Any) -> Any:
        """Nothing goes over the lock: anybody could read, and act on, an answer that comes meanwhile."""
        if self._locked:
            self.behind.append((active_message_pump.get(), screen, callback))
            return None
        return super().push_screen(screen, callback and self._telling(callback), *more, **named)

    def _telling(self, callback: Callable[[Any], object]) -> Callable[[Any], Awaitable[None]]:
        """What follows an answer may be forbidden, or the database gone: Textual would end the program."""

        async def answered(answer: Any) -> None:
            try:
                done = callback(answer)
                if isawaitable(done):
                    await done
            except PosError as error:
                if isinstance(self.screen, Commanded):
                    self.screen.not_done(error)
                else:
                    self.push_screen(ErrorBox(error.title, error.message))

        return answered

    async def _entered(self, operator: "Operator | None") -> None:
        assert operator is not None, "nothing else leads out of the login"
        self._locked = False
        self._last_key_at = self.till.clock()
        another = self._last_operator not in ("", operator.id)
        self._last_operator = operator.id
        if another:
            self.behind.clear()
        try:
            await self.took_over(operator, another=another)
        except PosError as error:  # nobody works on in the name of who was here before
            self.ask_who(error.message)
            return
        behind, self.behind = self.behind, []
        for owner, screen, callback in behind:
            with owner._context():
                self.push_screen(screen, callback)

    def action_lock(self, why: str) -> None:
        """Lock the screen, unless it is."""
        if not self._locked:
            try:
                self.till.operators.leave(why)
            except StoreError:  # the screen locks, whether or not the journal can say so
                log.exception("not in the journal: locked (%s)", why)
            self.ask_who(f"Tela bloqueada ({why}). Entre para continuar; outra pessoa assume.")

    def lock_when_idle(self) -> None:
        """Lock after minutes without a key, and at once when who is here was switched off."""
        if self._locked or self.till.guard.operator is None:
            return
        minutes = self.till.config.operators.idle_minutes
        idle = self.till.clock() - self._last_key_at if self._last_key_at else timedelta()
        if minutes and idle >= timedelta(minutes=minutes):
            self.action_lock("inatividade")
        elif not self._still_here():
            self.action_lock("operador desativado")

    def _still_here(self) -> bool:
        try:
            return self.till.operators.still_here()
        except StoreError:  # nobody can say now: it is asked again in a minute
            return True

    def action_quit_till(self) -> None:
        """Leave; what is in flight stays recorded."""
        self.exit(Exit.OK)
