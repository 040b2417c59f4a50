"""Keys made on the till: UUIDv7, so that they sort by the time they were made (RFC 9562)."""

import os
import time

_FIXED = 0xF << 76 | 0x3 << 62
"""The bits that say what it is."""
_SEVEN = 0x7 << 76 | 0x2 << 62
_last = 0


def new_key() -> str:
    """Return a new UUIDv7 as 32 hexadecimal digits, above the one made before."""
    global _last
    _last = max(time.time_ns() // 1_000_000, _last + 1)
    key = _last << 80 | int.from_bytes(os.urandom(10), "big")
    return f"{key & ~_FIXED | _SEVEN:032x}"


def made_at(key: str) -> int:
    """Return when a key was made, in UTC milliseconds: its first 48 bits (RFC 9562)."""
    return int(key[:12], 16)
