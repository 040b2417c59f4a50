"""The two kinds of column that every table has."""

from peewee import BigIntegerField, CharField


class Key(CharField):
    """A UUIDv7 as 32 hexadecimal digits, made on the till."""

    def __init__(self, **options: object) -> None:
        super().__init__(max_length=32, **options)


class Instant(BigIntegerField):
    """UTC milliseconds since 1970."""
