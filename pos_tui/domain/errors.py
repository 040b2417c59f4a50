"""The one hierarchy of errors that a person is told about.

    PosError
    ├── FieldError         something typed is wrong; names the field
    ├── RuleError          the house says no, and what to do instead
    │   └── Conflict       somebody else was first; read again
    ├── ConfigError        file, key and nearest valid key
    └── StoreError         the database cannot be opened, read or written

Every message is a whole Portuguese sentence: what happened and what to do.
"""


class PosError(Exception):
    """What happened and what to do, in Portuguese."""

    title = "Não foi possível continuar"

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class FieldError(PosError):
    """What was typed in one field cannot be taken."""

    title = "Confira o campo"

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


class RuleError(PosError):
    """A rule of the house forbids it now."""

    title = "Não permitido"


class Conflict(RuleError):
    """Another till or person changed the same row first; nothing was done here."""

    title = "Outra pessoa já agiu"


class ConfigError(PosError):
    """The configuration cannot be used."""

    title = "Configuração inválida"


class StoreError(PosError):
    """The database cannot be used."""

    title = "Banco de dados"
