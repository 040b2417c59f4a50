"""Builds the top-up provider that the configuration names. Its imports are slow: call it late."""

from collections.abc import Callable

from pos_tui.config import Config
from pos_tui.domain.errors import ConfigError
from pos_tui.providers.base import TopUpProvider
from pos_tui.settings.secrets import secret

TRAINING_DDDS = ("67", "65", "11", "21", "31", "41", "43")
"""Celcoin is asked area code by area code."""


def topup_provider(name: str, config: Config, sandbox: Callable[[], str]) -> TopUpProvider:
    """Return the adapter of a provider: in training the production adapter, pointed at the sandbox.

    `sandbox` gives the address of the training world, starting it the first time.

    Raises:
        ConfigError: the provider is not set up, or its secret is missing.
    """
    return _training(name, config, sandbox()) if config.training else _production(name, config)


def _training(name: str, config: Config, url: str) -> TopUpProvider:
    from pos_tui.providers.http import Limits
    from pos_tui.providers.sandbox import KEY, STORE, USER

    limits = Limits(deadline=float(config.topup.deadline_seconds))
    match name:
        case "celcoin":
            from pos_tui.providers.topup.celcoin import CelcoinProvider

            document = config.topup.celcoin.document or "12345678000195"
            ddds = config.topup.celcoin.ddds or TRAINING_DDDS
            return CelcoinProvider(url, USER, lambda: KEY, document=document, ddds=ddds, limits=limits)
        case "dtone":
            from pos_tui.providers.topup.dtone import DtOneProvider

            return DtOneProvider(f"{url}/v1", USER, lambda: KEY, limits=limits)
        case _:
            from pos_tui.providers.topup.rv import RvProvider

            return RvProvider(f"{url}/integracao_xml.php", STORE, USER, lambda: KEY, limits=limits)


def _production(name: str, config: Config) -> TopUpProvider:
    from pos_tui.providers.http import Limits

    limits = Limits(deadline=float(config.topup.deadline_seconds))
    _require_url(name, config)
    match name:
        case "celcoin":
            from pos_tui.providers.topup.celcoin import CelcoinProvider

            celcoin = config.topup.celcoin
            return CelcoinProvider(
                celcoin.url,
                celcoin.client_id,
                secret("topup.celcoin.client_secret", config).reveal,
                document=celcoin.document or config.store.cnpj,
                ddds=celcoin.ddds,
                limits=limits,
            )
        case "dtone":
            from pos_tui.providers.topup.dtone import DtOneProvider

            dtone = config.topup.dtone
            return DtOneProvider(
                dtone.url, dtone.key, secret("topup.dtone.secret", config).reveal, limits=limits
            )
        case _:
            from pos_tui.providers.topup.rv import RvProvider

            rv = config.topup.rv
            password = secret("topup.rv.password", config).reveal
            return RvProvider(rv.url, rv.store, rv.user, password, limits=limits)


def _require_url(name: str, config: Config) -> None:
    """Pendings of a provider the store has left are still asked of it, as long as its section stays."""
    if not getattr(config.topup, name).url:
        raise ConfigError(
            f"Esta recarga é da {name}, e [topup.{name}] não está na configuração: reponha a seção."
        )
