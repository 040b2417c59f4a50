"""Recebimento de cartões / Carteira digital (seed 3): files and gaps first, then who must do what."""

import asyncio
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from textual import on
from textual.binding import BindingType

from pos_tui.commands import Place
from pos_tui.domain.card_receipt import Chosen, Counted, Line
from pos_tui.domain.money import format_money
from pos_tui.domain.reconciliation import (
    ACQUIRER_WORDS,
    OWNER_WORDS,
    PENDING,
    SETTLED_STATES,
    WORDS,
    Acquirer,
    Owner,
    State,
)
from pos_tui.domain.values import replace
from pos_tui.screens.board import Board
from pos_tui.screens.card_forms import (
    brief_gap_line,
    chosen_from,
    codes_dialog,
    file_lines,
    filter_dialog,
    gap_line,
    send_question,
)
from pos_tui.screens.commanded import bindings
from pos_tui.services.card_files import Read
from pos_tui.services.reconciliation import PAGE
from pos_tui.till import Till
from pos_tui.widgets.columns import Column
from pos_tui.widgets.dialog import TextPage
from pos_tui.widgets.fields import Value
from pos_tui.widgets.line_list import LineList, Row
from pos_tui.widgets.text import Paragraphs
from pos_tui.widgets.theme import Tone

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.events import Resize
    from textual.widget import Widget

    from pos_tui.services.card_remessa import LeftOut
    from pos_tui.services.reconciliation import Reconciliation

NSU_WIDTH = 8
COLUMNS = (
    Column("Data", 5),
    Column("Adq.", 6, priority=2),
    Column("NSU", NSU_WIDTH, priority=3),
    Column("Autoriz.", 8, priority=4),
    Column("Valor", 9, "right"),
    Column("Px", 2, "right", priority=5),
    Column("Situação", 16, flex=True),
)
DAYS_SHOWN = 31
TITLE = "Recebimento de cartões / Carteira digital"
TALL = 20
"""Lines from which everything is told above the list; smaller windows say it in a sentence."""


_QUIET = SETTLED_STATES | PENDING | {State.NO_FEED}
"""Nobody has anything to do about these."""


class _Told(NamedTuple):
    """What stands above the list."""

    counts: "list[Counted]"
    gaps: str
    brief_gaps: str
    missing: list[str]
    left_out: "LeftOut | None"


def rules(window: int) -> str:
    """The seed's rules, as one sentence each."""
    return (
        f"A remessa leva sozinha as vendas de até {window} dias atrás. Venda corrigida é enviada de novo e "
        f"concilia em até {window} dias, se não restar outra divergência. Nenhum arquivo se importa à mão."
    )


NONE_LIKE_THAT = "Nenhum recebimento com este filtro. F6 muda o filtro; T mostra todos."
NONE_YET = (
    "Nenhum recebimento neste período. Uma venda paga em cartão, TEF ou carteira digital aparece aqui "
    "sozinha; F6 escolhe outro período."
)
SET_UP = "preencha-a em F12, Configuração, Recebimento de cartões, e abra o caixa de novo."


class CardDesk(Board):
    """Every card receipt of a period, and what only the acquirer has."""

    PLACE: ClassVar[Place] = Place.CARDS
    PURPOSE = (
        "Confere os recebimentos de cartão e carteira digital (vendas e faturas pagas no balcão) com o que "
        "as adquirentes listam. Os arquivos são lidos e a remessa é enviada sem ninguém pedir. Há duas "
        "listas de trabalho: C, do cliente, com o que foi digitado no balcão; I, do integrador, com arquivos "
        "e códigos. Venda corrigida é enviada de novo e concilia em até 3 dias, se não restar outra "
        "divergência."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        binding for binding in bindings(Place.CARDS) if binding.id != "card_open"
    ]
    AUTO_FOCUS = "LineList"

    def __init__(self, till: Till, who: str) -> None:
        super().__init__(till, who)
        self.list = LineList(COLUMNS, empty="")
        self.facts = Paragraphs([""])
        today = self.desk.today()
        self.chosen = Chosen(today - timedelta(days=DAYS_SHOWN), today)
        self._lines: dict[str, Line] = {}
        self._told = _Told([], "", "", [], None)
        self._turn = asyncio.Lock()

    @property
    def desk(self) -> "Reconciliation":
        """The service."""
        return self.till.reconciliation

    def compose(self) -> "Iterable[Widget]":
        """What is known, the list, notice, keys."""
        yield self.heading(TITLE)
        yield self.facts
        yield self.list
        yield self.message
        yield self.keys

    async def on_mount(self) -> None:
        """The last month."""
        self.show_keys()
        await self._read()

    def on_resize(self, event: "Resize") -> None:
        """The rules take room that a small window needs for the list."""
        if self.list.empty:
            self._tell()

    async def _read(self, _: object = None) -> None:
        async with self._turn:  # the list chosen last is what stays, however long an older one took
            await self._read_now(self.chosen)

    async def _read_now(self, chosen: Chosen) -> None:
        self._told = await asyncio.to_thread(self._look, chosen)
        lines = await asyncio.to_thread(self.desk.page, chosen)
        self._lines = {line.key: line for line in lines}
        filtered = chosen.branch or chosen.acquirer or chosen.state or chosen.owner
        self.list.empty = NONE_LIKE_THAT if filtered else NONE_YET
        self.list.set_rows([_row(line) for line in lines], after=len(lines) == PAGE)
        self._tell()
        self.show_keys()

    def _look(self, chosen: Chosen) -> "_Told":
        files, refused = self.desk.told_files(), self.desk.refused()
        counts, missing = self.desk.counted(chosen), self.desk.remessas.missing_codes()
        gaps, brief = gap_line(files, refused), brief_gap_line(files, refused)
        return _Told(counts, gaps, brief, missing, self.desk.remessas.left_out())

    def _tell(self) -> None:
        """Blocking things first, then files and gaps, then how many stand where."""
        told = self._told
        states = " · ".join(f"{WORDS[one.state]} {one.count}" for one in told.counts)
        counted = f"{self._filter_words()}: {states or 'Nenhum recebimento.'}"
        left = told.left_out
        if self.size.height >= TALL:
            words = [left.words] if left else []
            self.facts.say([*told.missing[:1], *words, told.gaps, counted, rules(self.desk.window_days)])
            return
        # The list is what a small window is for: what it leaves out here is one key away.
        if len(counted) > 2 * self.size.width:
            open_ = sum(one.count for one in told.counts if one.state not in _QUIET)
            count = sum(one.count for one in told.counts)
            counted = f"{self._filter_words()}: {count} linha(s), {open_} por resolver."
        brief = left.brief if left else ""
        self.facts.say([text for text in (*told.missing[:1], brief, told.brief_gaps, counted) if text])

    def _filter_words(self) -> str:
        chosen = self.chosen
        days = f"{chosen.since:%d/%m} a {chosen.until:%d/%m}"
        acquirer = ACQUIRER_WORDS[Acquirer(chosen.acquirer)] if chosen.acquirer else ""
        owner = f"lista do {OWNER_WORDS[Owner(chosen.owner)].lower()}" if chosen.owner else ""
        state = WORDS[State(chosen.state)] if chosen.state else ""
        return " · ".join(part for part in (days, chosen.branch, acquirer, state, owner) if part)

    @on(LineList.More)
    async def _more(self, event: LineList.More) -> None:
        event.stop()
        newer = event.direction in ("before", "last")
        edge = None if event.direction in ("first", "last") else self._lines.get(event.key)
        lines = await asyncio.to_thread(self.desk.page, self.chosen, edge, newer)
        if not self.list.wants(event):
            return
        self._lines.update({line.key: line for line in lines})
        self.list.add_rows(event.direction, [_row(line) for line in lines], more=len(lines) == PAGE)

    def why_not(self, command_id: str) -> str | None:
        """What is off now."""
        if command_id == "card_open" and self.list.row is None:
            return "Nada está marcado."
        if command_id == "card_now" and not self.till.statements.inbox:
            return f"Falta a pasta de entrada: {SET_UP}"
        if command_id == "card_send":
            if not self.till.statements.outbox:
                return f"Falta a pasta de saída: {SET_UP}"
            if self._told.missing:
                return self._told.missing[0]
        return None

    # Lists

    async def do_card_client(self) -> None:
        """C."""
        await self._choose(replace(self.chosen, owner=Owner.CLIENT.value, state=""))

    async def do_card_integrator(self) -> None:
        """I."""
        await self._choose(replace(self.chosen, owner=Owner.INTEGRATOR.value, state=""))

    async def do_card_all(self) -> None:
        """T."""
        await self._choose(Chosen(self.chosen.since, self.chosen.until))

    async def _choose(self, chosen: Chosen) -> None:
        self.chosen = chosen
        self.message.clear()
        await self._read()

    async def do_card_filter(self) -> None:
        """F6."""
        branches = await asyncio.to_thread(self.desk.branches)
        self.app.push_screen(filter_dialog(self.chosen, branches), self._filtered)

    async def _filtered(self, values: dict[str, Value] | None) -> None:
        if values is not None:
            await self._choose(chosen_from(values, self.chosen))

    # Files

    async def do_card_files(self) -> None:
        """A: the last file of each, with what is missing first."""
        files = await asyncio.to_thread(self.desk.told_files)
        refused = await asyncio.to_thread(self.desk.refused)
        last = await asyncio.to_thread(self.desk.last_remessa)
        zone = self.till.context.zone
        self.app.push_screen(TextPage("Arquivos das adquirentes", [*file_lines(files, refused, zone), last]))

    async def do_card_now(self) -> None:
        """F5."""
        self.say("Lendo o que chegou…")
        self.background(partial(self.desk.read, self._who), self._have_read)

    async def _have_read(self, read: list[Read]) -> None:
        await self._read()
        refused = [one for one in read if not one.taken]
        if refused:
            more = f" (e mais {len(refused) - 1}: A mostra todos)" if len(refused) > 1 else ""
            self.say(f"Recusado {refused[0].name}: {refused[0].words}{more}", "error")
        else:
            self.say(f"{len(read)} arquivo(s) lido(s)." if read else "Nenhum arquivo novo chegou.")

    async def do_card_send(self) -> None:
        """E; asks first whether what was left out goes too."""
        left = self._told.left_out
        if left is None:
            self._send(old=False)
            return

        async def answered(answer: str | None) -> None:
            if answer is not None:
                self._send(old=answer == "t")

        self.app.push_screen(send_question(left), answered)

    def _send(self, *, old: bool) -> None:
        self.say("Gravando a remessa…")
        self.background(partial(self.desk.remessas.send, self._who, old=old), self._sent)

    async def _sent(self, count: int) -> None:
        await self._read()
        self.say(f"Remessa gravada com {count} recebimento(s)." if count else "Nada novo para enviar.")

    # Codes

    async def do_card_codes(self) -> None:
        """F9."""
        branches = await asyncio.to_thread(self.desk.branches)
        known = await asyncio.to_thread(self.desk.codes)
        self.app.push_screen(codes_dialog(self.till.config.store.name, branches, known), self._coded)

    async def _coded(self, values: dict[str, Value] | None) -> None:
        if values is None:
            return
        with self.telling():
            branch, acquirer = str(values["branch"]), Acquirer(str(values["acquirer"]))
            code, group = str(values["code"] or ""), str(values["group"] or "")
            save = partial(self.desk.set_code, branch, acquirer, code, group, self._who)
            self.background(save, self._code_saved)

    async def _code_saved(self, adopted: int) -> None:
        await self._read()
        waited = f" {adopted} recebimento(s) esperavam por ele." if adopted else ""
        self.say(f"Código gravado.{waited}")

    # One receipt

    async def do_card_open(self) -> None:
        """Enter."""
        assert self.list.row is not None, "why_not said so"
        self._open(self._lines[self.list.row.key])

    @on(LineList.Selected)
    def _selected(self, event: LineList.Selected) -> None:
        event.stop()
        if self.list.holds(event.key):
            self._open(self._lines[event.key])

    def _open(self, line: Line) -> None:
        from pos_tui.screens.card_pair import CardPair

        self.app.push_screen(CardPair(self.till, self._who, line), self._read)


def _end_of(nsu: str) -> str:
    """An NSU as people read it out: its last figures, without the zeros before it."""
    bare = nsu.lstrip("0") or nsu
    return bare if len(bare) <= NSU_WIDTH else f"<{bare[1 - NSU_WIDTH :]}"


def _row(line: Line) -> Row:
    tone: Tone = "normal"
    wrong = (State.FILE_MISSING, State.DIVERGENT, State.NOT_FOUND, State.DUPLICATE)
    if line.life or line.state in wrong:
        tone = "error"
    elif line.owner is not Owner.NOBODY or line.state not in SETTLED_STATES:
        tone = "pending"
    return Row(
        line.key,
        (
            f"{line.day:%d/%m}",
            ACQUIRER_WORDS[line.acquirer],
            _end_of(line.nsu),
            line.authorisation,
            format_money(line.amount),
            str(line.instalments),
            line.words,
        ),
        tone,
    )
