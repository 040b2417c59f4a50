"""Keys made on the till: UUIDv7, so that they sort by the time they were made (RFC 9562)."""

import uuid6


def new_key() -> str:
    """Return a new UUIDv7 as 32 hexadecimal digits."""
    return uuid6.uuid7().hex


def made_at(key: str) -> int:
    """Return when a key was made, in UTC milliseconds: its first 48 bits (RFC 9562)."""
    return int(key[:12], 16)
