"""pos-tui: a keyboard-driven till for Brazilian counters."""

__version__ = "0.1.0"
