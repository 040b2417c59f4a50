"""Backups, and how long the data of customers is kept."""

from pos_tui.settings import Section


class BackupSettings(Section, frozen=True, kw_only=True):
    """The daily backup."""

    folder: str = ""
    """Where it goes, best on another device; empty makes none."""
    keep: int = 30
    """How many of this till's are kept there."""

    def problem(self) -> str | None:
        """Say what is wrong with how many, or None."""
        return "«backup.keep» deve ser pelo menos 1." if self.keep < 1 else None


class PrivacySettings(Section, frozen=True, kw_only=True):
    """Personal data of customers (LGPD)."""

    retention_days: int = 0
    """So long after their last purchase customers are made anonymous; 0 never does it by itself."""

    def problem(self) -> str | None:
        """Say what is wrong with the days, or None."""
        return "«privacy.retention_days» é em dias; 0 nunca apaga." if self.retention_days < 0 else None
