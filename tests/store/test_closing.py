"""Closing while the whole file is being checked: nobody waits for it."""

import threading
from pathlib import Path

from pos_tui.domain.errors import StoreError
from pos_tui.store.database import Store, open_store
from tests.databases import needs_file

PATIENCE = 30.0


@needs_file
def test_a_check_of_the_whole_file_ends_when_the_program_closes(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'large.db'}")
    begun, ended = threading.Event(), threading.Event()
    told: list[str] = []

    def slow(_: object) -> bool:
        begun.set()
        return ended.wait(PATIENCE)

    thread = threading.Thread(target=_check, args=(store, slow, told))
    thread.start()
    assert begun.wait(PATIENCE)
    store.end()
    ended.set()
    thread.join(PATIENCE)
    assert told == ["O banco de dados não foi conferido até o fim: o programa está fechando."]


def _check(store: Store, slow: object, told: list[str]) -> None:
    """Check a file with rows whose check takes as long as the test wants."""
    store.db.connect(reuse_if_open=True)
    db = store.db.connection()  # type: ignore[no-untyped-call]
    db.create_function("slow", 1, slow, deterministic=True)
    db.execute("PRAGMA ignore_check_constraints = 1")
    db.execute("CREATE TABLE heavy (x CHECK (slow(x)))")
    db.executemany("INSERT INTO heavy VALUES (?)", ((number,) for number in range(1000)))
    db.execute("PRAGMA ignore_check_constraints = 0")
    try:
        store.quick_check()
    except StoreError as error:
        told.append(error.message)
    finally:
        store.close()
