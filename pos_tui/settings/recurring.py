"""The `[recurring]` section: *Crédito recorrente*, and who charges."""

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from pos_tui.settings import Section, choice

if TYPE_CHECKING:
    from pos_tui.config import Config

MODES = ("", "integrated", "manual")
MOST = 60
"""Instalments: five years."""


class AsaasSettings(Section, frozen=True, kw_only=True):
    url: str = ""
    """Ends in `/v3`; the key is the secret `recurring.asaas.access_token`."""


class RecurringSettings(Section, frozen=True, kw_only=True):
    mode: str = ""
    """`integrated`, `manual`, or empty: not offered."""
    provider: str = "asaas"
    max_instalments: int = 12
    asaas: AsaasSettings = AsaasSettings()

    @property
    def shared_practice(self) -> str:
        """The training world shared with `pos-tui receive`, run by `pos-tui sandbox`; or empty."""
        from pos_tui.providers.http import is_loopback

        address = urlsplit(self.asaas.url)
        if not is_loopback(address.hostname or ""):
            return ""
        return f"{address.scheme}://{address.netloc}"

    def problem(self) -> str | None:
        """Say which value no till can work with, or None."""
        if not 1 <= self.max_instalments <= MOST:
            return f"«recurring.max_instalments» vai de 1 a {MOST}, e é {self.max_instalments}."
        return choice("recurring.mode", self.mode, MODES) or choice(
            "recurring.provider", self.provider, ("asaas",)
        )

    def missing(self, whole: "Config") -> str | None:
        """Say what the mode of operation lacks, or None."""
        offered = "recurring" in whole.payment.methods
        if offered and not self.mode:
            return 'falta «recurring.mode» ("integrated" ou "manual"), o modo de operação de "recurring".'
        if offered and self.mode == "integrated" and not self.asaas.url:
            return "falta «recurring.asaas.url», necessária no modo integrado fora do treinamento."
        return None
