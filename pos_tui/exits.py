"""How the program and its subcommands end."""

from enum import IntEnum


class Exit(IntEnum):
    """Exit codes."""

    OK = 0
    FAILED = 1
    USAGE = 2
    CONFIG = 3
    STORE = 4
