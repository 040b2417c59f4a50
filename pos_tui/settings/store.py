"""The shop, this terminal, its people and its money."""

from pos_tui.commands.presets import PRESETS
from pos_tui.domain.documents import parse_document
from pos_tui.settings import Section, choice


class StoreSettings(Section, frozen=True, kw_only=True):
    """The shop, as it stands on paper."""

    name: str = "Loja de treinamento"
    cnpj: str = ""
    city: str = "Campo Grande"
    timezone: str = "America/Campo_Grande"

    def problem(self) -> str | None:
        """Say what is wrong with the zone or the CNPJ, or None."""
        from zoneinfo import ZoneInfo  # late: a till without a config file needs none to start

        try:
            ZoneInfo(self.timezone)
        except (ValueError, OSError, KeyError):
            return f"«store.timezone» é {self.timezone!r}. Use um nome como America/Sao_Paulo."
        if self.cnpj:
            try:
                parse_document(self.cnpj)
            except ValueError as error:
                return f"«store.cnpj»: {error}"
        return None


class TillSettings(Section, frozen=True, kw_only=True):
    """This terminal."""

    number: int = 1
    training: bool = False
    pdvs: tuple[str, ...] = ("1 Balcão",)
    sellers: tuple[str, ...] = ("Vendedor",)
    first_sale: int = 1
    """The least number the next sale may have: continues the numbering of an earlier system."""

    def problem(self) -> str | None:
        """Say what is wrong with the number, or None."""
        return None if 1 <= self.number <= 99 else f"«till.number» vai de 1 a 99, e é {self.number}."


class DatabaseSettings(Section, frozen=True, kw_only=True):
    url: str = ""
    """Empty means a SQLite file in the user's data folder; a server is shared by many tills."""

    def problem(self) -> str | None:
        """Say what is wrong with the address, or None."""
        scheme, _, rest = self.url.partition("://")
        if self.url and scheme not in ("sqlite", "postgresql", "cockroachdb"):
            return "«database.url» deve começar com sqlite:///, postgresql:// ou cockroachdb://."
        if scheme != "sqlite" and ":" in rest.partition("@")[0] and "@" in rest:
            return "«database.url» não leva senha: ela é o segredo database.password."
        return None


class CashSettings(Section, frozen=True, kw_only=True):
    """Till money."""

    required: bool = True
    """No cash is taken while the caixa is closed. Training ignores it: it sells at once."""
    blind: bool = False
    """Whoever counts at the closing does not see what is expected."""


class OperatorsSettings(Section, frozen=True, kw_only=True):
    """Who works here."""

    idle_minutes: int = 10
    """Without a key for so long, the screen locks; 0 never locks."""

    def problem(self) -> str | None:
        """Say what is wrong with the minutes, or None."""
        return "«operators.idle_minutes» é em minutos; 0 nunca bloqueia." if self.idle_minutes < 0 else None


class KeysSettings(Section, frozen=True, kw_only=True):
    preset: str = "padrao"

    def problem(self) -> str | None:
        """Say that there is no such preset, or None."""
        return choice("keys.preset", self.preset, tuple(PRESETS))


LOOKS = ("", "dark", "light", "ansi", "mono")


class ScreenSettings(Section, frozen=True, kw_only=True):
    """How the screen looks."""

    look: str = ""
    """A variant of the theme, as far as the terminal can show it; empty asks the terminal."""

    def problem(self) -> str | None:
        """Say that there is no such look, or None."""
        return choice("screen.look", self.look, LOOKS)
