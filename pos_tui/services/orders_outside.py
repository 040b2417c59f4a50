"""Builds the order desk from the config; in training the production adapter on the practice shop."""

import threading
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from pos_tui.config import Config
from pos_tui.domain.errors import ConfigError
from pos_tui.providers.orders.base import OrdersProvider
from pos_tui.services.context import Context
from pos_tui.services.order_mail import Outbox, Send, Wording
from pos_tui.services.orders import Orders
from pos_tui.settings.secrets import secret

if TYPE_CHECKING:
    from pos_tui.providers.smtp import Smtp

NOT_SET = "Esta loja não tem loja virtual configurada: preencha [orders] na configuração."


def build_orders(config: Config, context: Context, sandbox: Callable[[], str]) -> Orders:
    """Return the order desk. `sandbox` gives the training world's address, starting it the first time."""
    wording = Wording(config.store.name, config.orders.mail.sender, config.orders.tracking_url)
    outbox = Outbox(context, _send(config), wording)
    connect = _Once(partial(shop, config, sandbox))
    name = "dooca" if config.training else config.orders.provider
    return Orders(context, name, connect, outbox, config.orders.days)


class _Once:
    """Builds the platform's adapter when it is first needed, from whatever thread."""

    def __init__(self, build: Callable[[], OrdersProvider]) -> None:
        self._build = build
        self._lock = threading.Lock()
        self._made: OrdersProvider | None = None

    def __call__(self) -> OrdersProvider:
        with self._lock:
            if self._made is None:
                self._made = self._build()
            return self._made


def shop(config: Config, sandbox: Callable[[], str]) -> OrdersProvider:
    """Return the shop's adapter: in training the production adapter on the practice shop.

    Raises:
        ConfigError: no shop is set up, or its token is missing.
    """
    from pos_tui.providers.http import Limits

    settings = config.orders
    limits = Limits(deadline=float(settings.deadline_seconds))
    if config.training:
        from pos_tui.providers.orders.dooca import DoocaOrders
        from pos_tui.providers.sandbox import KEY
        from pos_tui.providers.sandbox.dooca import PATH

        # The practice shop knows these two calls by one name only.
        return DoocaOrders(sandbox() + PATH, lambda: KEY, ZoneInfo(settings.timezone), limits=limits)
    if not settings.url:
        raise ConfigError(NOT_SET)
    token = secret("orders.token", config).reveal
    if settings.provider == "medusa":
        from pos_tui.providers.orders.medusa import MedusaOrders

        return MedusaOrders(settings.url, token, location=settings.medusa.location, limits=limits)
    from pos_tui.providers.orders.dooca import DoocaOrders

    forms = {"cancel": settings.dooca.cancel, "unrelease": settings.dooca.unrelease}
    return DoocaOrders(settings.url, token, ZoneInfo(settings.timezone), limits=limits, **forms)


def _send(config: Config) -> Send | None:
    server = mail_server(config)
    return server.send if server is not None else None


def mail_server(config: Config) -> "Smtp | None":
    """Return what sends an e-mail; None where no server is set up. Training sends none."""
    settings = config.orders.mail
    if not settings.host or config.training:
        return None
    from pos_tui.providers.smtp import MailServer, Smtp

    server = MailServer(
        settings.host,
        settings.port,
        settings.security,
        settings.user,
        settings.sender,
        config.store.name,
    )
    return Smtp(server, lambda: secret("orders.mail.password", config).reveal())
