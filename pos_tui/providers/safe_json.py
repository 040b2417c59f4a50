"""JSON from outside: numbers stay text, so that no amount passes through a float; nothing is guessed."""

import json
from collections.abc import Iterable
from typing import TypeAlias, Union

Json: TypeAlias = Union["JsonObject", list["Json"], str, bool, None]
JsonObject: TypeAlias = dict[str, "Json"]


def parse_json(body: bytes) -> Json | None:
    """Return what the text says, numbers as they were written; None when it is not JSON.

    A name given twice in one object makes the whole text unreadable: two readers could differ on it.
    """
    try:
        said: Json = json.loads(
            body.decode("utf-8"),
            parse_float=str,
            parse_int=str,
            parse_constant=_refuse,
            object_pairs_hook=_once,
        )
    except (ValueError, RecursionError):
        return None
    return said


def _refuse(word: str) -> str:
    raise ValueError(word)


def _once(pairs: Iterable[tuple[str, Json]]) -> JsonObject:
    result: JsonObject = {}
    for name, value in pairs:
        if name in result:
            raise ValueError(name)
        result[name] = value
    return result


def json_text(parent: Json, name: str) -> str:
    """Return a text or number below a name; empty when there is none."""
    value = parent.get(name) if isinstance(parent, dict) else None
    return value if isinstance(value, str) else ""


def json_child(parent: Json, name: str) -> JsonObject:
    """Return the object below a name; empty when there is none."""
    value = parent.get(name) if isinstance(parent, dict) else None
    return value if isinstance(value, dict) else {}


def json_list(parent: Json, name: str) -> list[Json] | None:
    """Return the list below a name; None when there is none."""
    value = parent.get(name) if isinstance(parent, dict) else None
    return value if isinstance(value, list) else None
