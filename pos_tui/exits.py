"""How the program and its subcommands end."""

from enum import IntEnum


class Exit(IntEnum):
    """Exit codes; `docs/manual.md` lists them for whoever writes scripts."""

    OK = 0
    FAILED = 1
    """It ran, and what it did or looked at failed."""
    USAGE = 2
    CONFIG = 3
    STORE = 4
    """The database cannot be used, or another program is this till."""
    SIGNAL = 128
    """Plus the signal's number: it was ended from outside, in order."""
