"""The settings of each capability: what can be set, and why a value cannot be worked with."""

from collections.abc import Collection
from dataclasses import MISSING, Field, dataclass, fields
from typing import TYPE_CHECKING, ClassVar, TypeVar, dataclass_transform

if TYPE_CHECKING:
    from pos_tui.config import Config


T = TypeVar("T")


@dataclass_transform(frozen_default=True, kw_only_default=True)
def section(kind: type[T]) -> type[T]:
    """Make a class a dataclass whose methods are `Section`'s.

    Generating them would cost the start three milliseconds for each class, and there are many.
    """
    made = dataclass(init=False, repr=False, eq=False)(kind)
    assert all(each.default is not MISSING for each in fields(made)), "a default is a value, never a factory"  # type: ignore[arg-type]
    return made


class Section:
    """A section of the config file: frozen values whose defaults serve training.

    `problem` and `missing` name the key; `config.py` puts the file's name before them.
    """

    if TYPE_CHECKING:  # each class has it from the decorator
        __dataclass_fields__: ClassVar[dict[str, Field[object]]]

    def __init__(self, **values: object) -> None:
        unknown = values.keys() - self.__dataclass_fields__.keys()
        if unknown:
            raise TypeError(f"{type(self).__name__} has no {', '.join(sorted(unknown))}")
        vars(self).update(values)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"{type(self).__name__}.{name} is frozen")

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and self._values() == other._values()

    def __hash__(self) -> int:
        return hash(self._values())

    def __repr__(self) -> str:
        return f"{type(self).__name__}{self._values()}"

    def _values(self) -> tuple[object, ...]:
        return tuple(getattr(self, each.name) for each in fields(self) if each.compare)

    def problem(self) -> str | None:
        """Say which value no till can work with, or None."""
        return None

    def missing(self, whole: "Config") -> str | None:
        """Say what production lacks, or None. Training may leave out nearly everything."""
        return None


def choice(name: str, value: object, allowed: Collection[object]) -> str | None:
    """Say that a value is none of those allowed, or None."""
    if value in allowed:
        return None
    return f"«{name}» é {value!r}. Valem: {', '.join(map(str, allowed))}."
