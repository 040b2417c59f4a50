"""The `[topup]` section: who sells top-ups, and the store's rules for them."""

from typing import TYPE_CHECKING

from pos_tui.domain.phone import DDDS
from pos_tui.settings import Section, choice

if TYPE_CHECKING:
    from pos_tui.config import Config

_NEEDED = {"rv": ("url", "store"), "celcoin": ("url", "client_id", "ddds"), "dtone": ("url", "key")}
"""What each provider cannot work without."""


class RvSettings(Section, frozen=True, kw_only=True):
    url: str = ""
    store: str = ""
    user: str = ""


class CelcoinSettings(Section, frozen=True, kw_only=True):
    url: str = ""
    client_id: str = ""
    document: str = ""
    """CPF or CNPJ sent with each top-up; empty means the store's."""
    ddds: tuple[str, ...] = ()
    """Area codes the store sells to: Celcoin tells its values one by one."""


class DtOneSettings(Section, frozen=True, kw_only=True):
    url: str = ""
    key: str = ""


class TopUpSettings(Section, frozen=True, kw_only=True):
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

    def problem(self) -> str | None:
        """Say what is wrong with the provider, its settings or the limit, or None."""
        if wrong := choice("topup.provider", self.provider, tuple(_NEEDED)):
            return wrong
        if self.pending_limit < 1:
            return "«topup.pending_limit» deve ser pelo menos 1."
        for ddd in self.celcoin.ddds:
            if ddd not in DDDS:
                return f"«topup.celcoin.ddds»: o DDD {ddd!r} não existe."
        return None

    def missing(self, whole: "Config") -> str | None:
        """Say what the provider cannot work without, or None."""
        settings = getattr(self, self.provider)
        for key in _NEEDED[self.provider]:
            if not getattr(settings, key):
                return f"falta «topup.{self.provider}.{key}», necessária fora do treinamento."
        if self.provider == "celcoin" and not (self.celcoin.document or whole.store.cnpj):
            return "falta «topup.celcoin.document» (ou «store.cnpj»)."
        return None
