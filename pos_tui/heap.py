"""The C library's heap: one for all threads.

glibc gives each new thread a heap of its own, and what lies free in one serves no other. Python's threads
take turns anyway; with one heap a till that sells takes 1.5 MB less.
"""

import contextlib
import ctypes

_M_ARENA_MAX = -8
"""`M_ARENA_MAX` of glibc's malloc.h."""


def share() -> None:
    """Have all threads that begin from now on take from one heap; another C library keeps its own ways."""
    with contextlib.suppress(AttributeError):
        ctypes.CDLL(None).mallopt(_M_ARENA_MAX, 1)
