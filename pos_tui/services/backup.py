"""Backups: one file with the database of one instant, the configuration and a manifest (issue 6).

No secret is in it: passwords never stand in the configuration, and the pepper of the PINs stays beside the
data. What is written is opened and checked whole before it gets its name.
"""

import hashlib
import json
import re
import zipfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import IO

from msgspec import Struct, to_builtins

from pos_tui import __version__
from pos_tui.domain.errors import RuleError, StoreError
from pos_tui.domain.instants import from_ms
from pos_tui.domain.text import fold
from pos_tui.services.alone import holding
from pos_tui.services.context import Context
from pos_tui.services.files import appearing, workshop
from pos_tui.services.journal import Event
from pos_tui.store import snapshot
from pos_tui.store.ids import new_key
from pos_tui.store.snapshot import Facts, Head

FORMAT = 1
MANIFEST, DATABASE, CONFIG = "manifest.json", "pos.db", "config.toml"
CHUNK = 1 << 20
BUSY = "Outra cópia de segurança está sendo feita agora. Espere ela terminar."
NOT_HERE = (
    "Só o banco SQLite é copiado por aqui. Um servidor PostgreSQL é copiado nele mesmo, com pg_dump ou "
    "pg_basebackup: fale com quem cuida do servidor."
)


class Manifest(Struct, frozen=True):
    """What a backup says of itself."""

    format: int
    program: str
    """The version of the program that made it."""
    store: str
    till: int
    training: bool
    made_at: int
    """UTC milliseconds."""
    hashes: dict[str, str]
    """SHA-256 of each file in it."""
    facts: Facts

    def to_json(self) -> str:
        """Write it down."""
        return json.dumps(to_builtins(self), ensure_ascii=False, indent=2, sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> "Manifest":
        """Read it. Raises ValueError, KeyError or TypeError for what is no manifest."""
        tree = json.loads(text)
        facts = tree.pop("facts")
        heads = tuple(Head(int(head["till"]), int(head["seq"]), str(head["hash"])) for head in facts["heads"])
        rows = {str(name): int(count) for name, count in facts["rows"].items()}
        return cls(**tree, facts=Facts(tuple(map(str, facts["schema"])), rows, heads))


class Source(Struct, frozen=True):
    """What is copied."""

    database: Path | None
    """None when it is not a file."""
    config: Path | None
    """None in training without a configuration."""
    training: bool


class Keeping(Struct, frozen=True):
    """What the configuration says of the daily backup."""

    folder: Path | None
    keep: int
    """How many of this till's are kept there."""


class Backups:
    """Makes backups of one till's database while it is used."""

    def __init__(self, context: Context, source: Source, keeping: Keeping) -> None:
        self._context = context
        self._source = source
        self._keeping = keeping

    def make(self, target: Path, who: str) -> Path:
        """Write a backup into `target`, a file or an existing folder, and return the file.

        Raises:
            StoreError: it cannot be made, or what was written does not read back right; nothing is left.
            RuleError: the database is not a file.
        """
        database = self._source.database
        if database is None:
            raise RuleError(NOT_HERE)
        path = target / self._name() if target.is_dir() else target
        try:
            with (
                holding(database.with_name("backup.lock"), BUSY),
                workshop(database.parent, ".copia-") as place,
                appearing(path) as part,
            ):
                self._sweep(path.parent, part)
                manifest = self._write(database, part, place)
                check(part, place)
        except OSError as error:
            why = error.strerror or str(error)
            raise StoreError(f"A cópia não pôde ser gravada em {path} ({why}). Nada ficou lá.") from error
        data = {"file": path.name, "sha256": manifest.hashes[DATABASE]}
        event = Event("backup", new_key(), who, data)
        self._context.store.write(lambda tx: self._context.journal.note(tx, event, "made"))
        return path

    def daily(self, who: str) -> str:
        """Make today's backup unless it is there, drop the oldest, and say what was done.

        Raises:
            StoreError: the folder is not there (a drive that is not plugged in), or as `make`.
        """
        folder = self._keeping.folder
        if folder is None:
            return "não configurada ([backup] folder)"
        if not folder.is_dir():
            raise StoreError(f"A pasta de cópias {folder} não existe: o outro disco está ligado?")
        today = self._now().strftime("%Y%m%d")
        there = next((path for path in self.kept() if path.name.split("-")[-2] == today), None)
        if there is not None:
            return f"a de hoje já está em {there}"
        made = self.make(folder, who)
        for old in self.kept()[self._keeping.keep :]:
            old.unlink(missing_ok=True)
        return f"gravada e conferida em {made}"

    def kept(self) -> list[Path]:
        """Return this till's backups in the configured folder, the newest first."""
        folder = self._keeping.folder
        if folder is None or not folder.is_dir():
            return []
        ours = re.compile(re.escape(self._stem()) + r"-\d{8}-\d{6}\.zip")
        found = [path for path in folder.iterdir() if ours.fullmatch(path.name) and not path.is_symlink()]
        return sorted(found, key=lambda path: path.name, reverse=True)

    # Inside

    def _now(self) -> datetime:
        return from_ms(self._context.now()).astimezone(self._context.zone)

    def _stem(self) -> str:
        shop = "-".join(re.findall(r"[a-z0-9]+", fold(self._context.branch)))[:40] or "loja"
        training = "-treinamento" if self._source.training else ""
        return f"pos-tui-{shop}-{self._context.till}{training}"

    def _name(self) -> str:
        return f"{self._stem()}-{self._now():%Y%m%d-%H%M%S}.zip"

    def _sweep(self, folder: Path, ours: Path) -> None:
        """Take away what a kill left half written of earlier ones."""
        for left in folder.glob(f".{self._stem()}-*.zip.part"):
            if left != ours:
                left.unlink(missing_ok=True)

    def _write(self, database: Path, part: Path, place: Path) -> Manifest:
        facts = snapshot.copy(database, place / DATABASE)
        files = {DATABASE: place / DATABASE}
        if self._source.config is not None:
            files[CONFIG] = place / CONFIG
            files[CONFIG].write_bytes(self._source.config.read_bytes())
        manifest = Manifest(
            FORMAT,
            __version__,
            self._context.branch,
            self._context.till,
            self._source.training,
            self._context.now(),
            {name: sha256_of(path) for name, path in files.items()},
            facts,
        )
        with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as bundle:
            bundle.writestr(MANIFEST, manifest.to_json())
            for name, path in files.items():
                bundle.write(path, name)
        files[DATABASE].unlink()
        return manifest


def check(file: Path, place: Path) -> Manifest:
    """Open a backup, unpack it into the folder `place`, and check all of it.

    Raises:
        StoreError: it is no backup, was changed, is damaged, or is of a newer program.
    """
    try:
        with zipfile.ZipFile(file) as bundle:
            manifest = _manifest(bundle)
            for name, wanted in manifest.hashes.items():
                if _unpack(bundle, name, place / name) != wanted:
                    raise StoreError(f"{file.name} foi alterado: «{name}» não confere. Use outra cópia.")
    except (zipfile.BadZipFile, KeyError, ValueError, TypeError, EOFError) as error:
        raise StoreError(f"{file.name} não é uma cópia do pos-tui, ou está cortado. Use outra.") from error
    if snapshot.examine(place / DATABASE) != manifest.facts:
        raise StoreError(f"{file.name} foi alterado: o banco não tem o que o manifesto diz. Use outra cópia.")
    return manifest


def _manifest(bundle: zipfile.ZipFile) -> Manifest:
    with bundle.open(MANIFEST) as file:
        manifest = Manifest.from_json(file.read(CHUNK).decode())
    if manifest.format > FORMAT:
        raise StoreError("A cópia é de uma versão mais nova do programa. Atualize o programa antes.")
    # Only names we write: a path in a name would write elsewhere.
    if DATABASE not in manifest.hashes or not set(manifest.hashes) <= {DATABASE, CONFIG}:
        raise KeyError(DATABASE)
    return manifest


def _unpack(bundle: zipfile.ZipFile, name: str, target: Path) -> str:
    with bundle.open(name) as source, target.open("wb") as file:
        return _pour(source, file.write)


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file, as 64 hexadecimal digits."""
    with path.open("rb") as file:
        return _pour(file, len)


def _pour(source: IO[bytes], take: Callable[[bytes], object]) -> str:
    digest = hashlib.sha256()
    while chunk := source.read(CHUNK):
        digest.update(chunk)
        take(chunk)
    return digest.hexdigest()
