"""The hash chain of the journal: each row names the one before it, so no row changes without a trace.

One chain per till; the till's number and the row's place belong in the hashed fields. The chain finds any
change, removal or reorder between its ends; rows cut off its end are found by the head kept elsewhere.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeAlias

import msgspec
from msgspec import Struct

Field: TypeAlias = "str | int | bool | Sequence[Field] | Mapping[str, Field] | None"
"""What a row may hold: no floats (money is centavos), instants as ISO text."""

SYSTEM = "sistema"
"""Who does what nobody asked for: the program itself."""

GENESIS = "0" * 64
"""Stands for the row before a till's first one."""


class ChainRow(Struct, frozen=True):
    """A stored row as the chain sees it."""

    previous: str
    """Hash of the row before, 64 lower-case hexadecimal digits."""
    fields: Mapping[str, Field]
    hash: str


def canonical(fields: Mapping[str, Field]) -> bytes:
    """Write fields in the one form that is hashed: sorted keys, no spaces, ASCII.

    Raises:
        TypeError: for a float or any other type JSON would write in more than one way.
    """
    _refuse_ambiguous(fields)
    try:
        written = _quick(fields)
    except (OverflowError, UnicodeEncodeError):  # beyond 64 bits, or half a character
        return _JSON(fields).encode("ascii")
    # Both write the same, but for what is beyond printable ASCII.
    return written if written.isascii() and b"\x7f" not in written else _JSON(fields).encode("ascii")


_JSON = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode
_quick = msgspec.json.Encoder(order="sorted").encode
_PLAIN = (str, int, type(None))


def _refuse_ambiguous(value: object) -> None:
    if isinstance(value, dict):
        for key, inner in value.items():
            if not isinstance(key, str):
                raise TypeError(f"journal key {key!r} is not text")
            if not isinstance(inner, _PLAIN):
                _refuse_ambiguous(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            _refuse_ambiguous(inner)
    elif not isinstance(value, _PLAIN):
        raise TypeError(f"journal field of type {type(value).__name__} has no canonical form")


def link(previous_hash: str, fields: Mapping[str, Field]) -> str:
    """Return the hash of a row: SHA-256 over the previous hash and the canonical fields, 64 hex digits."""
    return hashlib.sha256(previous_hash.encode("ascii") + b"\n" + canonical(fields)).hexdigest()


def verify(rows: Iterable[ChainRow], head: str | None = None, start: str = GENESIS) -> int | None:
    """Return the index of the first row that breaks the chain, or None when it is whole.

    With `head`, the hash of the last row as kept elsewhere, rows missing from the end are found too: the
    index is then the number of rows. `start` is the hash before the first row given.
    """
    previous, count = start, 0
    for count, row in enumerate(rows, start=1):
        if row.previous != previous or row.hash != link(previous, row.fields):
            return count - 1
        previous = row.hash
    return count if head is not None and head != previous else None
