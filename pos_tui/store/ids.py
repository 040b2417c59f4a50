"""Keys made on the till: UUIDv7, so that they sort by the time they were made (RFC 9562)."""

import os
import time

_last = 0


def new_key() -> str:
    """Return a new UUIDv7 as 32 hexadecimal digits, above the one made before."""
    global _last
    _last = max(time.time_ns() // 1_000_000, _last + 1)
    rest = os.urandom(9).hex()
    return f"{_last:012x}7{rest[:3]}8{rest[3:]}"


def made_at(key: str) -> int:
    """Return when a key was made, in UTC milliseconds: its first 48 bits (RFC 9562)."""
    return int(key[:12], 16)
