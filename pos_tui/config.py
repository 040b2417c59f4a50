"""Typed settings from one TOML file; without a file the till opens in training mode. Sections: `settings/`.

An unknown key is an error that names the file, the key and the nearest valid one. Secrets are never in it.
"""

import difflib
import os
import types
import typing
from pathlib import Path

import platformdirs
from msgspec import structs

from pos_tui.domain.errors import ConfigError
from pos_tui.domain.values import replace
from pos_tui.settings import Section
from pos_tui.settings.care import BackupSettings, PrivacySettings
from pos_tui.settings.commission import CommissionSettings
from pos_tui.settings.orders import OrdersSettings
from pos_tui.settings.payment import PRACTICE, PaymentSettings, PixSettings
from pos_tui.settings.printer import PrinterSettings
from pos_tui.settings.recurring import RecurringSettings
from pos_tui.settings.statements import StatementSettings
from pos_tui.settings.store import (
    CashSettings,
    DatabaseSettings,
    KeysSettings,
    OperatorsSettings,
    ScreenSettings,
    StoreSettings,
    TillSettings,
)
from pos_tui.settings.subscribers import SubscribersSettings
from pos_tui.settings.topup import TopUpSettings

APP = "pos-tui"


class Config(Section, frozen=True, kw_only=True):
    """Everything that can be set."""

    store: StoreSettings = StoreSettings()
    till: TillSettings = TillSettings()
    database: DatabaseSettings = DatabaseSettings()
    topup: TopUpSettings = TopUpSettings()
    payment: PaymentSettings = PaymentSettings()
    recurring: RecurringSettings = RecurringSettings()
    printer: PrinterSettings = PrinterSettings()
    statements: StatementSettings = StatementSettings()
    cash: CashSettings = CashSettings()
    operators: OperatorsSettings = OperatorsSettings()
    backup: BackupSettings = BackupSettings()
    privacy: PrivacySettings = PrivacySettings()
    commission: CommissionSettings = CommissionSettings()
    orders: OrdersSettings = OrdersSettings()
    keys: KeysSettings = KeysSettings()
    screen: ScreenSettings = ScreenSettings()
    subscribers: SubscribersSettings = SubscribersSettings()
    source: Path | None = None
    """The file it came from; None in training without a file."""

    @property
    def training(self) -> bool:
        """Whether this till must never reach the real world."""
        return self.till.training or self.source is None

    @property
    def offers_recurring(self) -> bool:
        """Whether *Crédito recorrente* is enabled, with a mode of operation (seed 2)."""
        return "recurring" in self.payment.methods and bool(self.recurring.mode)

    @property
    def charges_monthly(self) -> bool:
        """Whether a platform charges this store's customers every month.

        A store that offers it no more, or by hand, still has customers whose cards are charged there.
        """
        if not self.training and self.recurring.asaas.url:
            return True
        return self.offers_recurring and self.recurring.mode == "integrated"


def default_path() -> Path:
    """Return where the config is looked for when none is named."""
    return Path(platformdirs.user_config_dir(APP, appauthor=False)) / "config.toml"


def data_dir() -> Path:
    """Return where databases, papers and logs are kept, made on demand and closed to others."""
    path = Path(os.environ.get("POS_TUI_DATA_DIR") or platformdirs.user_data_dir(APP, appauthor=False))
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    return path


def load(path: Path | None = None) -> Config:
    """Read the config from `path`, else from the user's config folder, else training.

    Raises:
        ConfigError: the file is missing though named, is no TOML, or has a key or value that is not valid.
    """
    if path is None:
        found = default_path()
        if not found.exists():
            return practice()
        path = found
    try:
        return parse(path.read_text("utf-8"), path)
    except FileNotFoundError:
        raise ConfigError(f"O arquivo de configuração {path} não existe.") from None
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path}: não é TOML válido ({error}).") from None
    except OSError as error:
        raise ConfigError(f"{path}: não pôde ser lido ({error.strerror}).") from None


def parse(text: str, path: Path) -> Config:
    """Read the config that stands, or will stand, in `path`.

    Raises:
        ConfigError: it is no TOML, or has a key or value that is not valid.
    """
    import tomllib  # late: a till without a config file needs none

    try:
        tree = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path}: não é TOML válido ({error}).") from None
    read = _section(Config, tree, path, "")
    assert isinstance(read, Config)
    # The source first: without one a config is training, and training may leave out nearly everything.
    config = replace(read, source=path)
    if wrong := _wrong(config):
        raise ConfigError(f"{path}: {wrong}")
    return _apart(config)


def _wrong(config: Config) -> str | None:
    """Say the first thing that cannot be worked with: bad values before missing ones."""
    sections = [part for part in structs.astuple(config) if isinstance(part, Section)]
    found = next(filter(None, (section.problem() for section in sections)), None)
    if found or config.training:
        return found
    return next(filter(None, (section.missing(config) for section in sections)), None)


def practice() -> Config:
    """Return what the till opens with where nothing was set: training, with everything to practise on."""
    return Config(
        printer=PrinterSettings(transport="capture"),
        payment=PaymentSettings(
            methods=("cash", "card", "pix", "tef", "recurring"), pix=PixSettings(url=PRACTICE)
        ),
        recurring=RecurringSettings(mode="integrated"),
    )


def practising(config: Config) -> Config:
    """Return the same till in training: its names and printer, and nothing of the real world."""
    return _apart(replace(config, till=replace(config.till, training=True)))


def _apart(config: Config) -> Config:
    """In training, leave the store's statements alone: what was read there would be missing in earnest."""
    if not config.training:
        return config
    statements = replace(config.statements, inbox="", outbox="")
    return replace(config, statements=statements)


def _section(kind: type, tree: dict[str, object], path: Path, prefix: str) -> object:
    hints = typing.get_type_hints(kind)
    hints.pop("source", None)
    values = {}
    for key, value in tree.items():
        name = f"{prefix}{key}"
        if key not in hints:
            near = difflib.get_close_matches(key, hints, n=1, cutoff=0.4)
            hint = f" Quis dizer «{prefix}{near[0]}»?" if near else f" Valem: {', '.join(sorted(hints))}."
            raise ConfigError(f"{path}: a chave «{name}» não existe.{hint}")
        values[key] = _value(hints[key], value, path, name)
    return kind(**values)


def _value(kind: object, value: object, path: Path, name: str) -> object:
    if isinstance(kind, type) and issubclass(kind, Section):
        if isinstance(value, dict):
            return _section(kind, value, path, f"{name}.")
        raise ConfigError(f"{path}: «{name}» deve ser uma seção [{name}].")
    if isinstance(kind, types.GenericAlias):
        if isinstance(value, list) and value and all(isinstance(item, str) for item in value):
            return tuple(value)
        raise ConfigError(f'{path}: «{name}» deve ser uma lista de textos, como ["a", "b"].')
    if type(value) is not kind:
        words = {str: "um texto entre aspas", int: "um número inteiro", bool: "true ou false"}
        raise ConfigError(f"{path}: «{name}» deve ser {words[typing.cast(type, kind)]}, e é {value!r}.")
    return value
