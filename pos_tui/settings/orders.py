"""The `[orders]` section: the online shop whose orders the counter attends to."""

from typing import TYPE_CHECKING

from pos_tui.settings import Section, choice

if TYPE_CHECKING:
    from pos_tui.config import Config


class DoocaSettings(Section, frozen=True, kw_only=True):
    """The two calls on which the sources disagree."""

    cancel: str = "cancel"
    unrelease: str = "delete"


class MedusaSettings(Section, frozen=True, kw_only=True):
    location: str = ""
    """Stock location that goods leave from; empty takes the only one."""


class MailSettings(Section, frozen=True, kw_only=True):
    """The mail server for tracking links, where the platform sends none."""

    host: str = ""
    port: int = 587
    security: str = "starttls"
    user: str = ""
    sender: str = ""


class OrdersSettings(Section, frozen=True, kw_only=True):
    provider: str = "dooca"
    url: str = ""
    """Empty: this store has no online shop; training practises on the sandbox's."""
    timezone: str = "America/Sao_Paulo"
    """The platform's, where its times tell none."""
    days: int = 30
    refresh_minutes: int = 5
    deadline_seconds: int = 30
    tracking_url: str = "https://rastreamento.correios.com.br/app/index.php?objetos={code}"
    dooca: DoocaSettings = DoocaSettings()
    medusa: MedusaSettings = MedusaSettings()
    mail: MailSettings = MailSettings()

    def problem(self) -> str | None:
        """Say which value cannot be worked with, or None."""
        for name, value, allowed in (
            ("orders.provider", self.provider, ("dooca", "medusa")),
            ("orders.dooca.cancel", self.dooca.cancel, ("cancel", "status", "canceled")),
            ("orders.dooca.unrelease", self.dooca.unrelease, ("delete", "unfulfilled")),
            ("orders.mail.security", self.mail.security, ("starttls", "tls", "none")),
        ):
            if wrong := choice(name, value, allowed):
                return wrong
        if self.days < 1 or self.refresh_minutes < 1 or self.deadline_seconds < 1:
            return "«orders.days», «orders.refresh_minutes» e «orders.deadline_seconds» são pelo menos 1."
        if "{code}" not in self.tracking_url:
            return "«orders.tracking_url» precisa de {code} onde vai o código de rastreio."
        return _zone(self.timezone)

    def missing(self, whole: "Config") -> str | None:
        """Say what a mail server lacks, or None."""
        if self.mail.host and "@" not in self.mail.sender:
            return "falta «orders.mail.sender», o endereço de que a loja escreve."
        return None


def _zone(name: str) -> str | None:
    from zoneinfo import ZoneInfo  # late: the start needs none

    try:
        ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        return f"«orders.timezone» é {name!r}. Use um nome como America/Sao_Paulo."
    return None
