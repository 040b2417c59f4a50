"""The subscriber desk as a whole, built from the config. Its imports are slow: call it late."""

import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

from msgspec import Struct

from pos_tui.config import Config
from pos_tui.domain.errors import RuleError
from pos_tui.domain.item import Item
from pos_tui.domain.sale import Sale
from pos_tui.domain.values import replace
from pos_tui.providers.subscribers.base import SubscriberProvider
from pos_tui.providers.subscribers.records import CdrKind, Records, Tables
from pos_tui.services import subscriber_credit
from pos_tui.services.bill_settling import BillSettling
from pos_tui.services.context import Context
from pos_tui.services.guard import Guard
from pos_tui.services.items import Items
from pos_tui.services.local_subscribers import LocalSubscribers
from pos_tui.services.papers import Letterhead
from pos_tui.services.plan_enabling import PlanEnabling
from pos_tui.services.spool import Spool
from pos_tui.services.subscriber_actions import SubscriberActions
from pos_tui.services.subscriber_credit import SubscriberCredit
from pos_tui.services.subscriber_papers import SubscriberPapers
from pos_tui.services.subscriber_steps import ActionSteps
from pos_tui.services.subscribers import Subscribers
from pos_tui.settings.secrets import secret
from pos_tui.settings.subscribers import SubscribersSettings
from pos_tui.store.database import Transaction

T = TypeVar("T")

PRACTICE_FIELD = "0000001234567NNNNNNNNNN17"
"""The free field of training's invented bank."""


class World(Struct, frozen=True):
    """What the desk is built on: the till's own services, and where the training world is."""

    config: Config
    context: Context
    items: Callable[[], Items]
    guard: Guard
    spool: Spool
    letterhead: Letterhead
    folder: Path
    sandbox: Callable[[], str]


class Centre(Struct, frozen=True):
    """The desk's hands."""

    settings: SubscribersSettings
    questions: Subscribers
    actions: SubscriberActions
    bills: BillSettling
    enabling: PlanEnabling
    credit: SubscriberCredit
    papers: SubscriberPapers
    folder: Path
    """Where XML and PDF files are kept, closed to others."""

    # As the owner of bills in a sale

    def item_sold(self, tx: Transaction, sale: Sale, item: Item) -> Item:
        """Tell whoever stands behind the bill that it was sold."""
        return self._owner(item).item_sold(tx, sale, item)

    def item_removed(self, tx: Transaction, sale: Sale, item: Item) -> None:
        """Tell whoever stands behind the bill that it was taken off."""
        self._owner(item).item_removed(tx, sale, item)

    def _owner(self, item: Item) -> BillSettling | SubscriberCredit:
        return self.credit if item.subject.startswith(f"{subscriber_credit.PREFIX}/") else self.bills

    def close(self) -> None:
        """Let connections go."""
        self.questions.provider.close()


def build(world: World) -> Centre:
    """Build the desk; nothing is opened or started before it is needed."""
    config, context = world.config, world.context
    connect, records = _once(partial(_provider, world)), _once(partial(_records, world))
    papers = SubscriberPapers(context, world.spool, world.letterhead)
    practise = (lambda: _practise(world)) if config.training else (lambda: None)
    questions = Subscribers(context, connect, records, config.subscribers.max_reprint_days, practise)
    steps = ActionSteps(context, connect, world.items, papers.for_action)
    bills, enabling = BillSettling(steps), PlanEnabling(steps)
    actions = SubscriberActions(steps, bills, enabling, world.guard)
    settings = practice(config.subscribers) if config.training else config.subscribers
    credit = SubscriberCredit(context, settings, world.items)
    folder = world.folder / "assinantes"
    return Centre(config.subscribers, questions, actions, bills, enabling, credit, papers, folder)


def practice(settings: SubscribersSettings) -> SubscribersSettings:
    """Add an invented bank where there is none: whoever trains sees the boleto of a purchase of credit."""
    if settings.credit.bank:
        return settings
    return replace(settings, credit=replace(settings.credit, bank="001", free_field=PRACTICE_FIELD))


def _once(make: Callable[[], T]) -> Callable[[], T]:
    """Make something the first time it is asked for, from whichever thread, and keep it."""
    made: list[T] = []
    lock = threading.Lock()

    def get() -> T:
        with lock:
            if not made:
                made.append(make())
            return made[0]

    return get


def _practise(world: World) -> None:
    from pos_tui.services.subscriber_book import practise

    today = world.context.clock().astimezone(world.context.zone).date()
    practise(world.context, world.config.subscribers.provider, today)


def _provider(world: World) -> SubscriberProvider:
    """The ERP's adapter: in training the production adapter, pointed at the sandbox."""
    settings = world.config.subscribers
    if settings.provider == "local":
        return LocalSubscribers(world.context, settings.enabled_days)
    return erp(world.config, world.sandbox)


def erp(config: Config, sandbox: Callable[[], str]) -> SubscriberProvider:
    """Return the adapter of an ERP outside; `local` has none.

    Raises:
        RuleError: none is set up.
        ConfigError: its secret is missing.
    """
    if reason := config.subscribers.why_off(config.training):
        raise RuleError(reason)
    return _training(config, sandbox()) if config.training else _production(config)


def _training(config: Config, url: str) -> SubscriberProvider:
    from pos_tui.providers.http import Limits
    from pos_tui.providers.sandbox import KEY, USER
    from pos_tui.providers.sandbox.rbx import BASE as RBX
    from pos_tui.providers.sandbox.rbx import ZONE
    from pos_tui.providers.sandbox.sgp import BASE as SGP

    settings = config.subscribers
    limits = Limits(deadline=float(settings.deadline_seconds))
    if settings.provider == "sgp":
        from pos_tui.providers.subscribers.sgp import SgpProvider

        return SgpProvider(f"{url}{SGP}", USER, lambda: KEY, ZONE, limits=limits)
    from pos_tui.providers.subscribers.rbx import RbxProvider

    unblock = settings.rbx.enabling == "unblock"
    return RbxProvider(f"{url}{RBX}", lambda: KEY, ZONE, unblock=unblock, limits=limits)


def _production(config: Config) -> SubscriberProvider:
    from pos_tui.providers.http import Limits

    settings = config.subscribers
    limits, zone = Limits(deadline=float(settings.deadline_seconds)), ZoneInfo(config.store.timezone)
    if settings.provider == "sgp":
        from pos_tui.providers.subscribers.sgp import SgpProvider

        token = secret("subscribers.sgp.token", config)
        return SgpProvider(settings.sgp.url, settings.sgp.app, token.reveal, zone, limits=limits)
    from pos_tui.providers.subscribers.rbx import RbxProvider

    key = secret("subscribers.rbx.key", config)
    unblock = settings.rbx.enabling == "unblock"
    return RbxProvider(settings.rbx.url, key.reveal, zone, unblock=unblock, limits=limits)


def _records(world: World) -> Records | None:
    """The databases of usage; in training one of its own, made anew at each start."""
    settings, zone = world.config.subscribers, ZoneInfo(world.config.store.timezone)
    if world.config.training:
        from pos_tui.services.subscriber_practice import make

        path = world.folder / "usage-training.db"
        make(path, world.context.clock().astimezone(zone).date(), zone)
        # An ERP that tells connections is asked for them: that is what is practised.
        radacct = "radacct" if settings.provider == "local" else ""
        return Records(f"sqlite:///{path}", Tables(radacct, "cdr"), zone)
    if not settings.records.url:
        return None
    tables = Tables(settings.records.radacct, settings.records.cdr, CdrKind(settings.records.cdr_kind))
    return Records(settings.records.url, tables, zone, partial(_password, world.config))


def _password(config: Config) -> str:
    """The database's password, where it wants one."""
    from pos_tui.settings.secrets import MissingSecret

    try:
        return secret("subscribers.records.password", config).reveal()
    except MissingSecret:
        return ""
