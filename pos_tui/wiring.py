"""Builds what speaks with the outside; in training the production adapters, pointed at the sandbox.

Called when a method is first needed: the HTTP client and the sandbox's TEF manager wait until then.
"""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from pos_tui.config import Config
from pos_tui.domain.pix import parse_key
from pos_tui.settings.secrets import secret

if TYPE_CHECKING:
    from pos_tui.providers.pix.bcb import BcbPix
    from pos_tui.providers.recurring.asaas import Asaas
    from pos_tui.selling import Selling
    from pos_tui.services.drivers.base import Driver
    from pos_tui.services.drivers.recurring import RecurringDriver
    from pos_tui.services.drivers.tef import TefDriver
    from pos_tui.services.reconciliation import Reconciliation
    from pos_tui.services.recurring_desk import RecurringDesk

BOOK = "ledger.json"
"""The book of the sandbox's TEF manager."""
TRAINING_PIX_KEY = "treinamento@example.com"
"""Training only: a production config without a key is refused when it is read."""


def connect_tef(till: "Selling") -> "Driver":
    """A driver on the manager's two folders. Raises PosError when the training one does not start."""
    settings = till.config.payment.tef
    requests, responses = Path(settings.request_dir), Path(settings.response_dir)
    if till.config.training:
        requests, responses = _practice_folders(till)
    return tef_on(till, till.config, requests, responses)


def tef_on(till: "Selling", config: Config, requests: Path, responses: Path) -> "TefDriver":
    """A driver on two folders, with the till's own numbers."""
    from pos_tui.providers.tef.intpos import POLL, IntposTef
    from pos_tui.providers.tef.requests import UNCERTIFIED, Automation
    from pos_tui.services.drivers.tef import TefDriver

    settings = config.payment.tef
    automation = Automation(company=settings.company, certification=settings.certification or UNCERTIFIED)
    tef = IntposTef(requests, responses, automation, lambda file: till.tef.keep(file), poll=POLL)
    return TefDriver(tef, till.context.store, till.config.till.number, till.now)


def tef_folders_busy(requests: Path, responses: Path) -> str:
    """Return the name of what another program left in a TEF's folders, that a question of ours would remove.

    A manager's word on a request (`.sts`) stays there after the request is over; only the one on a sign of
    life is surely nobody's any more.
    """
    from pos_tui.providers.tef.codec import IntposError
    from pos_tui.providers.tef.fields import Command
    from pos_tui.providers.tef.folders import REQUEST, STATUS, find, read

    try:
        status = read(responses, STATUS)
    except IntposError:
        return STATUS
    if find(requests, REQUEST) is not None:
        return REQUEST
    return STATUS if status is not None and status.command != Command.ATV else ""


def practice_tef(folder: Path) -> Path:
    """Return where the sandbox's manager has its folders and its book."""
    return folder / "tef"


def _practice_folders(till: "Selling") -> tuple[Path, Path]:
    """Start the sandbox's manager on folders of its own in the till's data."""
    from pos_tui.providers.sandbox.tef_process import start_tef

    folder = practice_tef(till.folder)
    requests, responses = folder / "Req", folder / "Resp"
    for each in (requests, responses):
        each.mkdir(parents=True, exist_ok=True, mode=0o700)
    manager = start_tef(requests, responses, folder / BOOK)
    till.until_closed(manager.stop)
    return requests, responses


def connect_pix(till: "Selling") -> "Driver":
    """A driver on the store's PSP."""
    from pos_tui.services.drivers.pix import PixDriver

    pix = psp(till.config, lambda: till.sandbox.url)
    till.until_closed(pix.close)
    return PixDriver(pix, till.config.payment.pix.expires_seconds)


def psp(config: Config, sandbox: Callable[[], str]) -> "BcbPix":
    """Return the adapter of the store's PSP: in training the same one, pointed at the sandbox.

    Raises:
        ConfigError: its secret is missing.
    """
    from pos_tui.providers.http import Trust
    from pos_tui.providers.pix.bcb import BcbPix
    from pos_tui.providers.pix.charge import Merchant

    settings = config.payment.pix
    key = parse_key(settings.key or TRAINING_PIX_KEY)
    merchant = Merchant(settings.name or config.store.name, config.store.city)
    if config.training:
        from pos_tui.providers.sandbox import KEY, PIX_PATH, PIX_TOKEN_PATH, USER

        url = sandbox()
        return BcbPix(url + PIX_PATH, url + PIX_TOKEN_PATH, USER, lambda: KEY, key, merchant)
    password = secret("payment.pix.client_secret", config)
    trust = Trust(_path(settings.ca), _path(settings.certificate), _path(settings.certificate_key))
    client = settings.client_id
    return BcbPix(settings.url, settings.token_url, client, password.reveal, key, merchant, trust=trust)


def recurring_desk(till: "Selling") -> "RecurringDesk":
    """Everything of *Crédito recorrente*, whichever its mode of operation."""
    from pos_tui.domain.recurring import Mode
    from pos_tui.services.recurring import Recurring
    from pos_tui.services.recurring_desk import RecurringDesk
    from pos_tui.services.recurring_hand import RecurringByHand
    from pos_tui.services.recurring_news import RecurringNews
    from pos_tui.services.recurring_papers import RecurringPapers
    from pos_tui.services.recurring_refunds import RecurringRefunds
    from pos_tui.services.recurring_watch import Watch

    mode = Mode(till.config.recurring.mode) if till.config.offers_recurring else None
    finalising = till.finalising
    attempts = Recurring(till.context, mode, lambda: connect_recurring(till), finalising)
    return RecurringDesk(
        attempts,
        RecurringByHand(till.context, attempts, finalising),
        RecurringRefunds(till.context, attempts, finalising, till.guard),
        Watch(till.context, attempts, partial(_os_settled, till)),
        RecurringPapers(till.context, till.spool, till.papers),
        RecurringNews(till.context.store),
    )


def _os_settled(till: "Selling") -> None:
    """An OS may have been paid: its papers are printed, and the bills it received are settled."""
    from pos_tui.domain.journal import SYSTEM
    from pos_tui.store import subscriber_actions

    till.spool.wake()
    if subscriber_actions.any_waiting(till.context.store):
        till.centre.bills.settle_due(SYSTEM)


def connect_recurring(till: "Selling") -> "RecurringDriver":
    """A driver on the platform that charges every month."""
    from pos_tui.services.drivers.recurring import AsaasDriver

    platform = asaas(till.config, lambda: till.sandbox.url)
    till.until_closed(platform.close)
    return AsaasDriver(platform)


def asaas(config: Config, sandbox: Callable[[], str]) -> "Asaas":
    """Return the platform's adapter: in training the same one, pointed at the sandbox.

    Raises:
        ConfigError: its secret is missing.
    """
    from pos_tui.providers.recurring.asaas import Asaas

    if config.training:
        from pos_tui.providers.sandbox import ASAAS_PATH, KEY

        return Asaas(sandbox() + ASAAS_PATH, lambda: KEY)
    token = secret("recurring.asaas.access_token", config)
    return Asaas(config.recurring.asaas.url, token.reveal)


def reconciliation(till: "Selling") -> "Reconciliation":
    """Card receipts; in training a conciliator of the sandbox's answers what is sent."""
    from pos_tui.services.card_remessa import Company
    from pos_tui.services.reconciliation import Reconciliation

    store, settings = till.config.store, till.statements
    company = Company(store.name, "".join(filter(str.isalnum, store.cnpj)))
    if settings is till.config.statements:
        return Reconciliation(till.context, settings, company)
    from pos_tui.services.practice_cards import PracticeConciliator, control_of

    conciliator = PracticeConciliator(settings, control_of(till.folder))
    return Reconciliation(till.context, settings, company, conciliator.deliver)


def _path(name: str) -> Path | None:
    return Path(name) if name else None
