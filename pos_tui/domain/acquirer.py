"""Whose statements are read, and how far back: what the settings need of the reconciliation."""

from enum import StrEnum

WINDOW_DAYS = 3
"""How far back the remessa looks, and how long a receipt waits before it counts as not found (seed 3)."""


class Acquirer(StrEnum):
    """Whose statements can be read."""

    STONE = "stone"
    REDE = "rede"
    GETNET = "getnet"
    CIELO = "cielo"
    OTHER = "other"
    """No statement of it can be read: its receipts are told apart and left out of the rates."""
