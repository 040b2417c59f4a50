"""What every service of a till stands on: its config, database, people, papers, drawer and training world.

Each part is built when it is first asked for; those that most tills seldom need are imported then.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from pos_tui.config import Config
from pos_tui.domain.errors import ConfigError
from pos_tui.domain.instants import to_ms
from pos_tui.printing.receipt import Copy
from pos_tui.services.audit import Audit
from pos_tui.services.cash import Cash
from pos_tui.services.cash import Rules as CashRules
from pos_tui.services.cash_papers import CashPapers
from pos_tui.services.context import Clock, Context, wall_clock
from pos_tui.services.customers import Customers
from pos_tui.services.guard import Guard
from pos_tui.services.operators import Operators
from pos_tui.services.papers import Letterhead, Papers
from pos_tui.services.pepper import Pepper
from pos_tui.services.print_worker import Printer
from pos_tui.services.products import Products
from pos_tui.services.running import Ends
from pos_tui.services.spool import Spool
from pos_tui.store.database import Store, file_of, open_store

if TYPE_CHECKING:
    from pos_tui.providers.sandbox.process import SandboxProcess, SharedSandbox
    from pos_tui.services.backup import Backups
    from pos_tui.services.late_claims import LateClaims
    from pos_tui.services.privacy import Privacy
    from pos_tui.services.reports import Reports
    from pos_tui.services.setup import Setup
    from pos_tui.services.shifts import Shifts
    from pos_tui.services.till_totals import Overview
    from pos_tui.settings.statements import StatementSettings


@dataclass
class Foundation:
    """What a till has before it sells anything."""

    config: Config
    folder: Path
    """Where its database, papers and locks are."""
    clock: Clock = wall_clock
    _closing: Ends = field(default_factory=Ends)
    _running: Ends = field(default_factory=Ends)
    """What works in the background: ended before anything that it works with."""

    @property
    def url(self) -> str:
        """Where the database is. Training keeps to a file of its own, whatever the config says."""
        if self.config.training:
            return f"sqlite:///{self.folder / 'training.db'}"
        return self.config.database.url or f"sqlite:///{self.folder / 'pos.db'}"

    @property
    def statements(self) -> "StatementSettings":
        """What the card reconciliation works with: in training, folders of its own."""
        told = self.config.statements
        if not self.config.training or told.inbox or told.outbox:
            return told
        from pos_tui.services.practice_cards import practice_settings

        return practice_settings(told, self.folder)

    @property
    def database_file(self) -> Path | None:
        """The file of the database, or None where a server holds it. Opens nothing."""
        return file_of(self.url)

    @cached_property
    def context(self) -> Context:
        """Database, clock and journal, shared by the services."""
        # One CockroachDB is that of a chain, whose stores do not wait for each other.
        gate = self.config.store.cnpj or self.config.store.name
        gate = gate if self.url.startswith("cockroachdb:") else ""
        store = self._open_store(gate)
        self._closing.add(store.end)
        zone = ZoneInfo(self.config.store.timezone)
        return Context(store, self.config.till.number, self.config.store.name, self.clock, zone)

    def _open_store(self, gate: str) -> Store:
        """Open the database; beside one on a server, this till's copy of what it needs without it."""
        if self.database_file is not None:
            return open_store(self.url)
        from pos_tui.store.shadow import open_shadowed

        number = self.config.till.number
        copy = self.folder / f"copia-caixa-{number}.db"
        return open_shadowed(self.url, self._database_password(), gate, copy, number)

    def _database_password(self) -> str:
        """The server's password. A server may need none, or take it from ~/.pgpass."""
        if self.database_file is not None:
            return ""
        from pos_tui.settings.secrets import MissingSecret, secret

        try:
            return secret("database.password", self.config).reveal()
        except MissingSecret:
            return ""

    @property
    def away(self) -> bool:
        """Whether this till goes on without its server."""
        return self.context.store.away

    def unsent(self) -> int | None:
        """Return how many transactions wait for a server that is away; None while none is."""
        store = self.context.store
        return store.waiting() if store.away else None

    def hindrance(self) -> str:
        """Say why a server that is there does not take what waits; empty where nothing hinders."""
        return self.context.store.hindrance

    def unsent_since(self) -> int | None:
        """Return since when the oldest of it waits, in UTC milliseconds."""
        return self.context.store.waiting_since()

    def hurry(self) -> None:
        """Have this thread, which works for a key just pressed, wait for no other program's lock."""
        self.context.store.hurry()

    def rest(self) -> None:
        """Keep nothing of the database open in this thread, which has nothing to do for a while."""
        self.context.store.rest()

    @cached_property
    def customers(self) -> Customers:
        """The portfolio."""
        return Customers(self.context)

    @cached_property
    def spool(self) -> Spool:
        """The papers."""
        settings = self.config.printer
        connect = None if settings.transport == "none" else self._printer
        spool = Spool(self.context, connect, settings.stale_minutes)
        self._running.add(spool.stop)
        return spool

    @cached_property
    def letterhead(self) -> Letterhead:
        """What stands on every paper."""
        store, topup = self.config.store, self.config.topup
        return Letterhead(
            name=store.name,
            cnpj=store.cnpj,
            city=store.city,
            service=topup.label,
            contacts=topup.contacts,
            training=self.config.training,
            columns=self.config.printer.columns,
            copies=(Copy.CLIENT, Copy.STORE) if self.config.printer.store_copy else (Copy.CLIENT,),
        )

    @cached_property
    def papers(self) -> Papers:
        """What stands on the papers."""
        return Papers(self.context, self.spool, self.letterhead)

    @cached_property
    def guard(self) -> Guard:
        """Who is at this till, and what they may do."""
        return Guard(lambda: self.login_required, self.context.now)

    @cached_property
    def operators(self) -> Operators:
        """The people of the store."""
        return Operators(self.context, self.guard, lambda: self.pepper.read(people=self.operators.any()))

    @cached_property
    def audit(self) -> Audit:
        """What supervisors see."""
        return Audit(self.context, self.guard)

    @cached_property
    def overview(self) -> "Overview":
        """What every till of the store sold and holds."""
        from pos_tui.services.till_totals import Overview

        return Overview(self.context, lambda: self.day()[0])

    @cached_property
    def late_claims(self) -> "LateClaims":
        """What tills did without the server, and others had done otherwise before."""
        from pos_tui.services.late_claims import LateClaims

        return LateClaims(self.context, self.guard)

    @property
    def login_required(self) -> bool:
        """Whether somebody must enter number and PIN: in training only once somebody is registered."""
        return not self.config.training or self.operators.any()

    def sellers(self) -> list[str]:
        """Whom the sale list can be filtered by."""
        if self.login_required:
            return [operator.name for operator in self.operators.all()]
        return list(self.config.till.sellers)

    @cached_property
    def pepper(self) -> Pepper:
        """What the PINs are peppered with."""
        return Pepper(self.config, self.folder)

    @cached_property
    def cash(self) -> Cash:
        """The drawer."""
        settings = self.config.cash
        rules = CashRules(settings.required and not self.config.training, settings.blind)
        return Cash(self.context, self.spool, CashPapers(self.context, self.letterhead), self.guard, rules)

    @cached_property
    def setup(self) -> "Setup":
        """The config file, and changing it."""
        from pos_tui.services.setup import Setup

        return Setup(self.context, self.guard, self.config)

    @cached_property
    def shifts(self) -> "Shifts":
        """The closings of the past."""
        from pos_tui.services.shifts import Shifts

        return Shifts(self.context, self.spool)

    @cached_property
    def reports(self) -> "Reports":
        """Reports; most tills never ask for one, so their imports wait."""
        from pos_tui.services.reports import Reports

        rates, card_rates = self.config.commission.rates, self.config.statements.rates
        return Reports(self.context, self.spool, self.letterhead, self.guard, rates, card_rates)

    @cached_property
    def products(self) -> Products:
        """The catalogue of services and products."""
        return Products(self.context, self.guard)

    @cached_property
    def sandbox(self) -> "SandboxProcess | SharedSandbox":
        """The outside world of training mode: a process of its own on loopback."""
        if not self.config.training:
            raise ConfigError("O mundo de treinamento nunca é usado fora do treinamento.")
        from pos_tui.providers.sandbox.process import SharedSandbox, start_sandbox

        if shared := self.config.recurring.shared_practice:
            return SharedSandbox(shared)
        sandbox = start_sandbox(self.folder / "sandbox.jsonl")
        self._closing.add(sandbox.stop)
        return sandbox

    @cached_property
    def privacy(self) -> "Privacy":
        """What customers may ask about their data; imported when somebody does."""
        from pos_tui.services.privacy import Privacy

        return Privacy(self.context, self.guard, self.folder / "titulares")

    @cached_property
    def backups(self) -> "Backups":
        """Copies of the database; imported when one is due."""
        from pos_tui.services.backup import Backups, Keeping, Source

        settings, training = self.config.backup, self.config.training
        source = Source(self.database_file, self.config.source, training)
        folder = Path(settings.folder).expanduser() if settings.folder else None
        return Backups(self.context, source, Keeping(folder, settings.keep))

    def close(self) -> None:
        """End what runs in the background; what is in flight stays recorded for the next start's sweep."""
        try:
            self._running.close()
        finally:
            self._closing.close()

    def until_closed(self, end: Callable[[], object]) -> None:
        """Have something ended when the till closes."""
        self._closing.add(end)

    def day(self) -> tuple[int, int]:
        """Return the beginning and end of the store's present day in UTC milliseconds."""
        midnight = (
            self.clock().astimezone(self.context.zone).replace(hour=0, minute=0, second=0, microsecond=0)
        )
        return to_ms(midnight), to_ms(midnight + timedelta(days=1))

    def now(self) -> datetime:
        """The present instant in the store's zone."""
        return self.clock().astimezone(self.context.zone)

    def _printer(self) -> Printer:
        """Built in the print worker: its imports take half a second."""
        from pos_tui.services.printer import connect

        return connect(self.config.printer, self.folder / "papers")
