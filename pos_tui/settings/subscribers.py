"""The `[subscribers]` section: whose ERP the subscriber desk asks, and the provider's rules for it."""

import re
from typing import TYPE_CHECKING

from pos_tui.settings import Section, choice

if TYPE_CHECKING:
    from pos_tui.config import Config

_TABLE = re.compile(r"[a-z_][a-z0-9_]{0,62}(\.[a-z_][a-z0-9_]{0,62})?")
_VALUE = re.compile(r"([1-9][0-9]{0,6}) *= *([1-9][0-9]{0,5}),([0-9]{2})")
_FREE_FIELD = re.compile(r"[0-9]*N{4,20}[0-9]*")
_NEEDED: dict[str, tuple[str, ...]] = {"rbx": (), "sgp": ("app",), "local": ()}


class RbxSettings(Section, frozen=True, kw_only=True):
    url: str = ""
    enabling: str = "notice"
    """`notice` informs a payment of the oldest overdue bill; `unblock` is a real unblock without an end."""


class SgpSettings(Section, frozen=True, kw_only=True):
    url: str = ""
    app: str = ""


class RecordsSettings(Section, frozen=True, kw_only=True):
    """The database of FreeRADIUS and of the exchange's calls, read only."""

    url: str = ""
    radacct: str = ""
    """FreeRADIUS's table; empty: connections are asked of the ERP."""
    cdr: str = ""
    """The table of calls; empty: there is no statement of calls."""
    cdr_kind: str = "asterisk"


class CreditSettings(Section, frozen=True, kw_only=True):
    """Compra de crédito: what can be bought, and the boleto it is paid with."""

    values: tuple[str, ...] = ("500 = 50,00", "1000 = 90,00", "5000 = 400,00")
    """Number of SMS and price in reais."""
    days: int = 5
    """Until the boleto falls due."""
    bank: str = ""
    """Three digits; empty: no boleto, the credit is paid at the counter or by Pix."""
    free_field: str = ""
    """The 25 positions agreed with the bank; N stands for the digits of the number."""


class SubscribersSettings(Section, frozen=True, kw_only=True):
    provider: str = "rbx"
    """`rbx`, `sgp` or `local`; in training, whose wire format the sandbox is spoken to in."""
    max_reprint_days: int = 0
    """How far ahead a bill may fall due to be reprinted; 0 for no limit."""
    enabled_days: int = 3
    """With `local`: how long a provisional enabling lasts."""
    establishment: str = ""
    """The Cielo establishment number that the cancellation by phone asks for."""
    deadline_seconds: int = 30
    rbx: RbxSettings = RbxSettings()
    sgp: SgpSettings = SgpSettings()
    records: RecordsSettings = RecordsSettings()
    credit: CreditSettings = CreditSettings()

    @property
    def url(self) -> str:
        """Where the ERP is."""
        return "" if self.provider == "local" else str(getattr(self, self.provider).url)

    def why_off(self, training: bool) -> str | None:
        """Say why the desk cannot work, or None."""
        if training or self.provider == "local" or self.url:
            return None
        return "A central do assinante não está configurada: preencha [subscribers] na configuração."

    def problem(self) -> str | None:
        """Say what is wrong, or None."""
        for name, value, allowed in (
            ("provider", self.provider, tuple(_NEEDED)),
            ("rbx.enabling", self.rbx.enabling, ("notice", "unblock")),
            ("records.cdr_kind", self.records.cdr_kind, ("asterisk", "freeswitch")),
        ):
            if wrong := choice(f"subscribers.{name}", value, allowed):
                return wrong
        if self.max_reprint_days < 0 or self.enabled_days < 1 or self.deadline_seconds < 1:
            return "«subscribers»: os dias e os segundos não podem ser negativos nem zero."
        return self._wrong_records() or self._wrong_credit()

    def _wrong_records(self) -> str | None:
        for name in ("radacct", "cdr"):
            table = getattr(self.records, name)
            if table and not _TABLE.fullmatch(table):
                return f"«subscribers.records.{name}» deve ser o nome de uma tabela, como {name}."
        url = self.records.url
        if url and not url.startswith(("postgresql://", "sqlite:///")):
            return "«subscribers.records.url» deve começar com postgresql:// (ou sqlite:///)."
        return None

    def _wrong_credit(self) -> str | None:
        if any(_VALUE.fullmatch(value) is None for value in self.credit.values):
            return "«subscribers.credit.values»: escreva cada um como «500 = 50,00» (SMS = reais)."
        if not self.credit.bank:
            return None
        if not (len(self.credit.bank) == 3 and self.credit.bank.isdecimal()):
            return "«subscribers.credit.bank» tem três dígitos, como 001."
        if len(self.credit.free_field) != 25 or not _FREE_FIELD.fullmatch(self.credit.free_field):
            return "«subscribers.credit.free_field» tem 25 posições, com N no lugar do nosso número."
        return None

    def missing(self, whole: "Config") -> str | None:
        """Say what the ERP cannot work without, or None; without an address the desk is off."""
        if not self.url:
            return None
        for key in _NEEDED[self.provider]:
            if not getattr(getattr(self, self.provider), key):
                return f"falta «subscribers.{self.provider}.{key}», necessária fora do treinamento."
        return None

    def prices(self) -> tuple[tuple[int, int], ...]:
        """Return what can be bought: number of SMS and centavos."""
        found = (_VALUE.fullmatch(value) for value in self.credit.values)
        return tuple((int(one[1]), int(one[2]) * 100 + int(one[3])) for one in found if one)
