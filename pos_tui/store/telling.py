"""Database errors told as sentences: what happened and what to do."""

import sqlite3
from types import TracebackType

from peewee import DatabaseError, InterfaceError, PeeweeException

from pos_tui.domain.errors import StoreError
from pos_tui.store import dialect

AT_THE_SERVER = "Isto espera o servidor da loja, que não responde. Vender em dinheiro e imprimir continua."
_ADVICE = (
    (
        "not a database",
        "não é um banco de dados ou está danificado. Guarde o arquivo e restaure a última cópia dele.",
    ),
    ("malformed", "está danificado. Pare de vender, guarde o arquivo e restaure a última cópia."),
    ("readonly", "está protegido contra gravação. Confira as permissões do arquivo e da pasta."),
    ("unable to open", "não pôde ser aberto. Confira se a pasta existe e suas permissões."),
    ("is locked", "está ocupado por outro programa (cópia de segurança, antivírus). Tente de novo."),
    (
        "disk is full",
        "não pôde gravar: o disco está cheio. Libere espaço; nada foi perdido do que já estava salvo.",
    ),
    ("interrupted", "não foi conferido até o fim: o programa está fechando."),
    ("disk I/O", "não pôde ser lido ou gravado: o disco falhou. Chame o suporte e faça uma cópia."),
)
_GUARDED = ("prohibited", "not authorized")
"""What SQLite says of what is guarded while a server is away (`store.local_copy`)."""


def _told(error: BaseException) -> list[str]:
    """The database's own words, what began it first.

    SQLite has often rolled back by itself, and then peewee's ROLLBACK fails with words that help nobody.
    """
    words: list[str] = []
    cause: BaseException | None = error
    while isinstance(cause, (OSError, sqlite3.Error, PeeweeException)):
        # What follows the first line of a server's answer is the row itself, people's names and all.
        words.insert(0, str(cause).partition("\n")[0])
        cause = cause.__context__
    return words


class as_store_error:
    """Tell database errors as sentences; the original stays as the cause for the log."""

    __slots__ = ("_url",)

    def __init__(self, url: str = "") -> None:
        self._url = url

    def __enter__(self) -> None:
        """Nothing to prepare."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is not None:
            tell(error, self._url)


def tell(error: BaseException, url: str = "") -> None:
    """Raise an error of the database as a StoreError; any other is left as it is."""
    if isinstance(error, (DatabaseError, InterfaceError, OSError)):
        raise _as_sentence(error, url) from error


def _as_sentence(error: DatabaseError | InterfaceError | OSError, url: str) -> StoreError:
    told = _told(error)
    if any(mark in text for text in told for mark in _GUARDED):
        return StoreError(AT_THE_SERVER)
    known = (words for text in told for mark, words in _ADVICE if mark in text)
    advice = next(known, f"recusou a operação: {told[0]}.")
    if dialect.is_lost(error):
        advice = "não responde. Confira a rede e o servidor da loja; nada foi gravado agora."
    where = f" ({url})" if url else ""
    return StoreError(f"O banco de dados{where} {advice}")
