"""Typed settings from one TOML file; without a file the till opens in training mode.

An unknown key is an error that names the file, the key and the nearest valid one. Secrets are never in it.
"""

import dataclasses
import difflib
import os
import stat
import tomllib
import types
import typing
from dataclasses import dataclass, field
from pathlib import Path
from zoneinfo import ZoneInfo

import platformdirs

from pos_tui.domain.documents import parse_document
from pos_tui.domain.errors import ConfigError
from pos_tui.domain.phone import DDDS
from pos_tui.printer_settings import BAUDS, FLOWS, KEYS, TRUSTS, problem
from pos_tui.printer_settings import PrinterSettings as PrinterSettings

APP = "pos-tui"
PRACTICE = "treinamento"
"""Stands for the address of a PSP in training: any address leads to the sandbox there."""


@dataclass(frozen=True, slots=True)
class StoreSettings:
    """The shop, as it stands on paper."""

    name: str = "Loja de treinamento"
    cnpj: str = ""
    city: str = "Campo Grande"
    timezone: str = "America/Campo_Grande"


@dataclass(frozen=True, slots=True)
class TillSettings:
    """This terminal."""

    number: int = 1
    training: bool = False
    pdvs: tuple[str, ...] = ("1 Balcão",)
    sellers: tuple[str, ...] = ("Vendedor",)
    first_sale: int = 1
    """The least number the next sale may have: continues the numbering of an earlier system."""


@dataclass(frozen=True, slots=True)
class DatabaseSettings:
    url: str = ""
    """Empty means a SQLite file in the user's data folder."""


@dataclass(frozen=True, slots=True)
class RvSettings:
    url: str = ""
    store: str = ""
    user: str = ""


@dataclass(frozen=True, slots=True)
class CelcoinSettings:
    url: str = ""
    client_id: str = ""
    document: str = ""
    """CPF or CNPJ sent with each top-up; empty means the store's."""
    ddds: tuple[str, ...] = ()
    """Area codes the store sells to: Celcoin tells its values one by one."""


@dataclass(frozen=True, slots=True)
class DtOneSettings:
    url: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True)
class TopUpSettings:
    provider: str = "rv"
    """`rv`, `celcoin` or `dtone`; in training, whose wire format the sandbox is spoken to in."""
    label: str = "Recarga Conekta"
    auto_confirm: bool = False
    pending_limit: int = 5
    deadline_seconds: int = 60
    reserve_seconds: int = 0
    """How long a reserve lives by contract, where the provider does not tell; 0 when it is not known."""
    contacts: tuple[str, ...] = ("Conekta SAC 0800 941 4530 / 4000-1585", "Vivo GO: chat online")
    rv: RvSettings = RvSettings()
    celcoin: CelcoinSettings = CelcoinSettings()
    dtone: DtOneSettings = DtOneSettings()


@dataclass(frozen=True, slots=True)
class PixSettings:
    key: str = ""
    name: str = ""
    url: str = ""
    """The PSP's address before `/cob`; empty: a static QR that a person confirms."""
    token_url: str = ""
    client_id: str = ""
    certificate: str = ""
    """Path of the store's certificate (PEM), which the PSP asks for."""
    certificate_key: str = ""
    ca: str = ""
    """Path of the only authority to be believed; empty: the public ones."""
    expires_seconds: int = 600


@dataclass(frozen=True, slots=True)
class TefSettings:
    """The two folders of a TEF manager."""

    request_dir: str = ""
    response_dir: str = ""
    company: str = "POS-TUI"
    certification: str = ""
    """Field 738, given at certification; production use is not allowed without it."""


@dataclass(frozen=True, slots=True)
class PaymentSettings:
    methods: tuple[str, ...] = ("cash", "card", "pix")
    pix: PixSettings = PixSettings()
    tef: TefSettings = TefSettings()


@dataclass(frozen=True, slots=True)
class CashSettings:
    """Till money."""

    required: bool = True
    """No cash is taken while the caixa is closed. Training ignores it: it sells at once."""
    blind: bool = False
    """Whoever counts at the closing does not see what is expected."""


@dataclass(frozen=True, slots=True)
class OperatorsSettings:
    """Who works here."""

    idle_minutes: int = 10
    """Without a key for so long, the screen locks; 0 never locks."""


@dataclass(frozen=True, slots=True)
class KeysSettings:
    preset: str = "padrao"


@dataclass(frozen=True, slots=True)
class Config:
    """Everything that can be set."""

    store: StoreSettings = StoreSettings()
    till: TillSettings = TillSettings()
    database: DatabaseSettings = DatabaseSettings()
    topup: TopUpSettings = TopUpSettings()
    payment: PaymentSettings = PaymentSettings()
    printer: PrinterSettings = field(default_factory=PrinterSettings)
    cash: CashSettings = CashSettings()
    operators: OperatorsSettings = OperatorsSettings()
    keys: KeysSettings = KeysSettings()
    source: Path | None = field(default=None, compare=False)
    """The file it came from; None in training without a file."""

    @property
    def training(self) -> bool:
        """Whether this till must never reach the real world."""
        return self.till.training or self.source is None


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
    try:
        tree = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path}: não é TOML válido ({error}).") from None
    read = _section(Config, tree, path, "")
    assert isinstance(read, Config)
    # The source first: without one a config is training, and training may leave out nearly everything.
    config = dataclasses.replace(read, source=path)
    _check(config, path)
    return config


def practice() -> Config:
    """Return what the till opens with where nothing was set: training, with everything to practise on."""
    return Config(
        printer=PrinterSettings(transport="capture"),
        payment=PaymentSettings(methods=("cash", "card", "pix", "tef"), pix=PixSettings(url=PRACTICE)),
    )


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
    if isinstance(kind, type) and dataclasses.is_dataclass(kind):
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


METHODS = ("cash", "card", "tef", "pix")
_CHOICES = {
    "topup.provider": ("rv", "celcoin", "dtone"),
    "printer.transport": tuple(KEYS),
    "printer.baud": BAUDS,
    "printer.flow": FLOWS,
    "printer.columns": (32, 42, 48),
    "printer.trust": TRUSTS,
    "keys.preset": ("padrao",),
}


def _check(config: Config, path: Path) -> None:
    """Refuse values that no till can work with."""
    for name, allowed in _CHOICES.items():
        section, _, key = name.partition(".")
        value = getattr(getattr(config, section), key)
        if value not in allowed:
            raise ConfigError(f"{path}: «{name}» é {value!r}. Valem: {', '.join(map(str, allowed))}.")
    for method in config.payment.methods:
        if method not in METHODS:
            raise ConfigError(
                f"{path}: «payment.methods» não conhece {method!r}. Valem: {', '.join(METHODS)}."
            )
    if not 1 <= config.till.number <= 99:
        raise ConfigError(f"{path}: «till.number» vai de 1 a 99, e é {config.till.number}.")
    if config.operators.idle_minutes < 0:
        raise ConfigError(f"{path}: «operators.idle_minutes» é em minutos; 0 nunca bloqueia.")
    if config.topup.pending_limit < 1:
        raise ConfigError(f"{path}: «topup.pending_limit» deve ser pelo menos 1.")
    try:
        ZoneInfo(config.store.timezone)
    except (ValueError, OSError, KeyError):
        raise ConfigError(
            f"{path}: «store.timezone» é {config.store.timezone!r}. Use um nome como America/Sao_Paulo."
        ) from None
    for ddd in config.topup.celcoin.ddds:
        if ddd not in DDDS:
            raise ConfigError(f"{path}: «topup.celcoin.ddds»: o DDD {ddd!r} não existe.")
    if config.store.cnpj:
        try:
            parse_document(config.store.cnpj)
        except ValueError as error:
            raise ConfigError(f"{path}: «store.cnpj»: {error}") from None
    if found := problem(config.printer):
        key, why = found
        raise ConfigError(f"{path}: «printer.{key}» {why}")
    if not config.training:
        _check_production(config, path)


_NEEDED = {"rv": ("url", "store"), "celcoin": ("url", "client_id", "ddds"), "dtone": ("url", "key")}
"""What each provider cannot work without."""


def _check_production(config: Config, path: Path) -> None:
    provider = config.topup.provider
    settings = getattr(config.topup, provider)
    for key in _NEEDED[provider]:
        if not getattr(settings, key):
            raise ConfigError(f"{path}: falta «topup.{provider}.{key}», necessária fora do treinamento.")
    if provider == "celcoin" and not (settings.document or config.store.cnpj):
        raise ConfigError(f"{path}: falta «topup.celcoin.document» (ou «store.cnpj»).")
    if "pix" in config.payment.methods and not config.payment.pix.key:
        raise ConfigError(f'{path}: falta «payment.pix.key» (ou retire "pix" de «payment.methods»).')
    if "tef" in config.payment.methods:
        _check_tef(config.payment.tef, path)
    if config.payment.pix.url:
        _check_pix(config.payment.pix, path)


def _check_tef(tef: TefSettings, path: Path) -> None:
    for key in ("request_dir", "response_dir"):
        folder = getattr(tef, key)
        if not folder or not Path(folder).is_dir():
            raise ConfigError(f"{path}: «payment.tef.{key}» deve ser uma pasta do TEF que exista.")
    if Path(tef.request_dir).resolve() == Path(tef.response_dir).resolve():
        raise ConfigError(f"{path}: «payment.tef.request_dir» e «response_dir» devem ser pastas diferentes.")


def _check_pix(pix: PixSettings, path: Path) -> None:
    for key in ("token_url", "client_id"):
        if not getattr(pix, key):
            raise ConfigError(f"{path}: falta «payment.pix.{key}», necessária com «payment.pix.url».")
    for key in ("certificate", "certificate_key", "ca"):
        name = getattr(pix, key)
        if name and not Path(name).is_file():
            raise ConfigError(f"{path}: «payment.pix.{key}» aponta para {name}, que não existe.")
    if pix.expires_seconds < 60:
        raise ConfigError(f"{path}: «payment.pix.expires_seconds» deve ser pelo menos 60.")


class MissingSecret(ConfigError):
    """A secret is in none of its places."""


class Secret:
    """A secret that never shows itself: print it and you see `***`."""

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """Return the secret, for the one place that must send it."""
        return self._value

    def __repr__(self) -> str:
        return "***"

    __str__ = __repr__


def secret(name: str, config: Config) -> Secret:
    """Find a secret by its dotted name: credentials folder, `secrets.toml` beside the config, environment.

    Raises:
        MissingSecret: it is nowhere.
        ConfigError: the file is open to others.
    """
    folder = os.environ.get("CREDENTIALS_DIRECTORY")
    if folder and (found := Path(folder) / name).is_file():
        return Secret(found.read_text("utf-8").strip())
    if config.source is not None and (beside := config.source.with_name("secrets.toml")).is_file():
        value = _from_file(beside, name)
        if value is not None:
            return Secret(value)
    variable = "POS_TUI_" + name.replace(".", "_").upper()
    if variable in os.environ:
        return Secret(os.environ[variable])
    raise MissingSecret(f"Falta o segredo «{name}»: ponha-o em secrets.toml (0600) ao lado da configuração.")


def _from_file(path: Path, name: str) -> str | None:
    if os.name == "posix" and path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise ConfigError(f"{path} está aberto a outros usuários: use chmod 600.")
    try:
        tree: object = tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        # Not the parser's own words: they may quote what stands there.
        raise ConfigError(f"{path}: não é TOML válido.") from None
    for part in name.split("."):
        tree = tree.get(part) if isinstance(tree, dict) else None
    return tree if isinstance(tree, str) else None
