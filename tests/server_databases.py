"""Where the files of databases stand on a server, for the run of the tests that is for one.

Each file of a test is a database of its own on the server, made from a template. Making one takes
a quarter of a second, so those of tests that are over are emptied and taken again.
"""

import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pos_tui import foundation
from pos_tui.store.database import MIGRATIONS, Store, file_of, open_store

VARIABLE = "POS_TUI_TEST_DATABASE"
TAKEN = "POS_TUI_TEST_TAKEN"
"""Names the file in which programs that a test starts write down the databases they had made."""
TOLD = Path(tempfile.gettempdir()) / f"pos-tui-taken-{os.getpid()}"
ROOT = Path(__file__).resolve().parent.parent
TEMPLATE = "pos_tui_template"
_EMPTY = """
DO $$ DECLARE one text; used boolean; BEGIN
  FOR one IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'schema_migration'
  LOOP
    EXECUTE format('SELECT EXISTS (SELECT 1 FROM %I)', one) INTO used;
    IF used THEN EXECUTE format('DELETE FROM %I', one); END IF;
  END LOOP;
END $$
"""
_TRUE_AGAIN = "DELETE FROM schema_migration WHERE name > %s"
"""What a test put there in the name of a newer program."""


def server() -> str:
    """The address of the server that this run is for, without a database; empty for SQLite."""
    return os.environ.get(VARIABLE, "").rstrip("/")


def name_for(url: str) -> str:
    """The name of the database that stands for a file."""
    return "t_" + hashlib.sha256(url.encode()).hexdigest()[:20]


class Databases:
    """The databases of one process of tests."""

    def __init__(self, address: str, told: Path | None = None) -> None:
        """`told` is where the names of those taken are written down for whoever gives them back."""
        self._address = address
        self._told = told
        self._free: list[str] = []
        self._taken: list[str] = []

    def open(self, url: str, password: str = "", gate: str = "") -> Store:
        """Open what stands for a file, made if it is not there yet."""
        if file_of(url) is None:
            return open_store(url, password, gate)
        name = name_for(url)
        with self._asking() as ask:
            if not ask("SELECT 1 FROM pg_database WHERE datname = %s", name):
                self._make(ask, name)
        return open_store(f"{self._address}/{name}")

    def give_back(self) -> None:
        """The test is over: whoever comes next may have its databases, and those of what it started."""
        self._free += [*self._taken, *(TOLD.read_text().split() if TOLD.exists() else ())]
        self._taken = []
        TOLD.unlink(missing_ok=True)

    def _make(self, ask: Any, name: str) -> None:
        import psycopg

        self._taken.append(name)
        if self._told is not None:
            with self._told.open("a") as told:
                told.write(f"{name}\n")
        if not self._free:
            self._template(ask)
            ask(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE} STRATEGY FILE_COPY")
            return
        old = self._free.pop()
        ask("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", old)
        with psycopg.connect(f"{self._address}/{old}", autocommit=True) as inside:
            inside.execute(_EMPTY)
            inside.execute(_TRUE_AGAIN, [max(path.stem for path in MIGRATIONS.glob("[0-9]*.py"))])
        ask(f"ALTER DATABASE {old} RENAME TO {name}")

    def _template(self, ask: Any) -> None:
        import psycopg

        if ask("SELECT 1 FROM pg_database WHERE datname = %s", TEMPLATE):
            return
        making = f"{TEMPLATE}_{os.getpid()}"
        ask(f"CREATE DATABASE {making} TEMPLATE template0")
        store = open_store(f"{self._address}/{making}")
        store.close()
        try:
            ask(f"ALTER DATABASE {making} RENAME TO {TEMPLATE}")
        except psycopg.Error:
            # Another process of the same run was first.
            if not ask("SELECT 1 FROM pg_database WHERE datname = %s", TEMPLATE):
                raise

    @contextmanager
    def _asking(self) -> Iterator[Any]:
        import psycopg

        with psycopg.connect(f"{self._address}/postgres", autocommit=True) as connection:

            def ask(text: str, *values: object) -> list[tuple[Any, ...]]:
                cursor = connection.execute(text.encode(), values or None)
                return cursor.fetchall() if cursor.description else []

            yield ask


HERE = Databases(server()) if server() else None
"""Those of this process, where the run is for a server."""


def install() -> None:
    """Put every till that this process opens on the server, where there is one."""
    if HERE is not None:
        vars(foundation)["open_store"] = HERE.open


def install_in_program() -> None:
    """The same in a program that a test has started (`on_server/sitecustomize.py`)."""
    vars(foundation)["open_store"] = Databases(server(), Path(os.environ[TAKEN])).open


def for_programs() -> dict[str, str]:
    """What the environment of such a program must hold; nothing where the run is for SQLite."""
    if not server():
        return {}
    path = os.pathsep.join((str(ROOT / "tests" / "on_server"), str(ROOT)))
    return {VARIABLE: server(), TAKEN: str(TOLD), "PYTHONPATH": path}
