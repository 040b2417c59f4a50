"""Putting a backup in the place of a database: checked first, the old one kept aside (issue 6)."""

import contextlib
import shutil
from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

from pos_tui.domain.errors import RuleError, StoreError
from pos_tui.domain.instants import from_ms
from pos_tui.services import alone
from pos_tui.services.backup import CONFIG, DATABASE, Manifest, check
from pos_tui.services.context import Clock, Context, wall_clock
from pos_tui.services.files import appearing, sync_file, sync_folder, workshop
from pos_tui.services.journal import Event
from pos_tui.store import database, snapshot
from pos_tui.store.ids import new_key

GAP = 1_000
"""How far every numbering jumps: more than a till numbers between two backups.

A number given out after the backup is known to the provider and stands on papers; given out again it would
name another sale.
"""


class Checked(Struct, frozen=True):
    """A backup that was opened and found whole, unpacked."""

    manifest: Manifest
    folder: Path
    name: str

    @property
    def config(self) -> bytes | None:
        """The configuration in it, when it has one."""
        path = self.folder / CONFIG
        return path.read_bytes() if path.exists() else None


@contextlib.contextmanager
def opened(file: Path, beside: Path) -> Iterator[Checked]:
    """Check a backup and unpack it for as long as the block runs, on the disk of the folder `beside`.

    Raises:
        StoreError: it is no backup, was changed, is damaged, or is of a newer program.
    """
    try:
        with (
            alone.holding(beside / "restore.lock", "Outra restauração está em andamento."),
            workshop(beside, ".restaurar-") as place,
        ):
            yield Checked(check(file, place), place, file.name)
    except OSError as error:
        raise StoreError(f"{file} não pôde ser lido ou copiado ({error.strerror}).") from error


def put(
    checked: Checked, target: Path, till: int, *, training: bool, clock: Clock = wall_clock
) -> Path | None:
    """Put a checked backup in the place of the database `target`; return where the old one is kept.

    The caller holds the locks of every till of the folder.

    Raises:
        RuleError: it is a training backup for a real till, or the other way round.
        StoreError: it cannot be written; the old database stands as it was.
    """
    manifest = checked.manifest
    if manifest.training is not training:
        kind = ("treinamento", "loja de verdade")
        made, here = kind if manifest.training else kind[::-1]
        raise RuleError(f"A cópia é de {made}, e a configuração desta máquina é de {here}. Nada foi mudado.")
    fresh = checked.folder / DATABASE
    _bring_up_to_date(fresh, checked, till, clock)
    return _swap(fresh, target, f"antes-{clock():%Y%m%d-%H%M%S}")


def config_into(checked: Checked, path: Path) -> bool:
    """Install the backup's configuration where there is none; say whether it was."""
    text = checked.config
    if text is None or path.exists():
        return False
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with appearing(path) as part:
        part.write_bytes(text)
    return True


@contextlib.contextmanager
def nobody_selling(folder: Path, till: int, *, training: bool) -> Iterator[None]:
    """Hold every till's lock of the data folder. Raises StoreError while one is open."""
    own = folder / alone.name_of(till, training=training)
    with contextlib.ExitStack() as held:
        for path in sorted({own, *folder.glob("till-*.lock")}):
            lock = alone.take(path)
            if lock is None:
                raise StoreError("Há um caixa aberto neste banco de dados. Feche-o antes de restaurar.")
            held.enter_context(lock)
        yield


def _bring_up_to_date(fresh: Path, checked: Checked, till: int, clock: Clock) -> None:
    """Migrate the copy, move its numberings ahead and write down what was done, before it is used."""
    manifest = checked.manifest
    store = database.open_store(f"sqlite:///{fresh}")
    try:
        context = Context(store, till, manifest.store, clock)
        made = from_ms(manifest.made_at).isoformat(timespec="seconds")
        event = Event("backup", new_key(), "restauração", {"file": checked.name, "made": made, "gap": GAP})

        def work(tx: database.Transaction) -> None:
            snapshot.skip_ahead(tx, GAP)
            context.journal.note(tx, event, "restored")

        store.write(work)
    finally:
        store.close()
    snapshot.settle(fresh)
    snapshot.examine(fresh)


def _swap(fresh: Path, target: Path, word: str) -> Path | None:
    """Rename the old database aside, log and all, and the new one into its place."""
    # The database may be on another disk than the data folder; only within one is a rename whole.
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    near = target.with_name(f".{target.name}.part")
    shutil.copyfile(fresh, near)
    near.chmod(0o600)
    sync_file(near)
    kept = target.exists()
    names = (
        target.with_name(f"{target.name}.{word}{mark}") for mark in ("", *map("-{}".format, range(2, 99)))
    )
    old = next(name for name in names if not name.exists())
    if kept:
        # A damaged one may not settle: its log then goes aside with it, under the name SQLite looks for.
        with contextlib.suppress(StoreError):
            snapshot.settle(target)
    database.step("restore-aside")
    for end in ("", "-wal", "-shm"):
        with contextlib.suppress(FileNotFoundError):
            target.with_name(target.name + end).replace(old.with_name(old.name + end))
    database.step("restore-placed")
    near.replace(target)
    sync_folder(target.parent)
    database.step("restore-done")
    return old if kept else None
