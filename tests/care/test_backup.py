"""Backups: made while the till sells, opened and checked, with no secret inside (issue 6)."""

import json
import resource
import signal
import sqlite3
import stat
import threading
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pos_tui.domain.errors import RuleError, StoreError
from pos_tui.domain.journal import SYSTEM
from pos_tui.services.alone import holding
from pos_tui.services.backup import CONFIG, DATABASE, MANIFEST, Backups, Keeping, Source, check
from pos_tui.till import Till
from tests.care.shop import PASSWORD, open_shop, write_config
from tests.databases import needs_file
from tests.people.staff import BOSS, BOSS_PIN
from tests.tills import Watch

pytestmark = needs_file


@pytest.fixture
def clock() -> Watch:
    return Watch()


@pytest.fixture
def shop(tmp_path: Path, clock: Watch) -> Iterator[Till]:
    """A store's till with a daily backup into `other`."""
    (tmp_path / "other").mkdir()
    config = write_config(tmp_path / "etc", f'[backup]\nfolder = "{tmp_path / "other"}"\nkeep = 2\n')
    till = open_shop(config, tmp_path / "shop", clock)
    yield till
    till.close()


def unpack(file: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(file) as bundle:
        return {name: bundle.read(name) for name in bundle.namelist()}


def rebuild(file: Path, files: dict[str, bytes]) -> None:
    with zipfile.ZipFile(file, "w") as bundle:
        for name, data in files.items():
            bundle.writestr(name, data)


def left(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_it_is_made_while_others_write(shop: Till, tmp_path: Path) -> None:
    stop = threading.Event()

    def sell() -> None:
        while not stop.is_set():
            shop.cash.supply(100, "troco do banco", BOSS)
        shop.context.store.close()

    seller = threading.Thread(target=sell)
    seller.start()
    try:
        for number in range(3):
            made = shop.backups.make(tmp_path / f"{number}.zip", BOSS)
            (tmp_path / str(number)).mkdir()
            facts = check(made, tmp_path / str(number)).facts
            assert facts.rows["cash_move"] >= facts.rows["shift"] == 1
    finally:
        stop.set()
        seller.join()
    assert shop.context.journal.verify(whole=True) is None
    kind, event = shop.context.store.db.execute_sql(  # type: ignore[no-untyped-call]
        "SELECT kind, event FROM journal WHERE kind = 'backup' LIMIT 1"
    ).fetchone()
    assert (kind, event) == ("backup", "made")


def test_h63_it_holds_the_store_and_no_secret(shop: Till, tmp_path: Path) -> None:
    made = shop.backups.make(tmp_path / "one.zip", BOSS)
    assert stat.S_IMODE(made.stat().st_mode) == 0o600
    files = unpack(made)
    assert set(files) == {MANIFEST, DATABASE, CONFIG}
    manifest = json.loads(files[MANIFEST])
    assert (manifest["store"], manifest["till"], manifest["training"]) == ("Loja 52 Centro", 2, False)
    assert manifest["facts"]["schema"][0] == "0001_foundation" and manifest["program"]
    pepper = (tmp_path / "shop" / "operators.pepper").read_bytes()
    whole = b"".join(files.values())
    for secret in (pepper, PASSWORD.encode(), BOSS_PIN.encode()):
        assert secret not in whole


def test_nothing_is_left_beside_it(shop: Till, tmp_path: Path) -> None:
    shop.backups.make(tmp_path / "first.zip", BOSS)
    before = left(tmp_path / "shop")
    shop.backups.make(tmp_path / "other", BOSS)
    (made,) = left(tmp_path / "other")
    assert made.startswith("pos-tui-loja-52-centro-2-") and made.endswith(".zip")
    assert left(tmp_path / "shop") == before


def test_h61_a_link_in_its_place_is_replaced_and_not_followed(shop: Till, tmp_path: Path) -> None:
    precious = tmp_path / "precious"
    precious.write_text("mine")
    target = tmp_path / "link.zip"
    target.symlink_to(precious)
    shop.backups.make(target, BOSS)
    assert precious.read_text() == "mine" and not target.is_symlink()


def changed(name: str) -> Callable[[dict[str, bytes]], dict[str, bytes]]:
    def change(files: dict[str, bytes]) -> dict[str, bytes]:
        middle = len(files[name]) // 2
        data = bytearray(files[name])
        data[middle] ^= 1
        return files | {name: bytes(data)}

    return change


def with_facts(**facts: object) -> Callable[[dict[str, bytes]], dict[str, bytes]]:
    def change(files: dict[str, bytes]) -> dict[str, bytes]:
        manifest = json.loads(files[MANIFEST])
        manifest["facts"] |= facts
        return files | {MANIFEST: json.dumps(manifest).encode()}

    return change


TAMPERED: dict[str, Callable[[dict[str, bytes]], dict[str, bytes]]] = {
    "the database": changed(DATABASE),
    "the configuration": changed(CONFIG),
    "what it says it has": with_facts(rows={"sale": 0}),
    "where the journal ends": with_facts(heads=[]),
    "no manifest": lambda files: {DATABASE: files[DATABASE]},
    "a path in a name": lambda files: (
        files | {"../evil": b""} | {MANIFEST: files[MANIFEST].replace(b"pos.db", b"../evil")}
    ),
    "no JSON": lambda files: files | {MANIFEST: b"{"},
    "another manifest": lambda files: files | {MANIFEST: b"[]"},
}  # fmt: skip


@pytest.mark.parametrize("how", TAMPERED)
def test_h62_a_changed_one_is_refused(shop: Till, tmp_path: Path, how: str) -> None:
    made = shop.backups.make(tmp_path / "one.zip", BOSS)
    rebuild(made, TAMPERED[how](unpack(made)))
    with pytest.raises(StoreError, match=r"alterado|não é uma cópia"):
        check(made, tmp_path)
    assert not (tmp_path.parent / "evil").exists()


def test_b16_h62_one_cut_in_half_is_refused(shop: Till, tmp_path: Path) -> None:
    made = shop.backups.make(tmp_path / "one.zip", BOSS)
    data = made.read_bytes()
    made.write_bytes(data[: len(data) // 2])
    with pytest.raises(StoreError, match="cortado"):
        check(made, tmp_path)


def edit(made: Path, place: Path, sql: str) -> None:
    """Change the database inside and make the manifest agree: only its content can give it away."""
    from pos_tui.services.backup import sha256_of

    files = unpack(made)
    inner = place / "inner.db"
    inner.write_bytes(files[DATABASE])
    with sqlite3.connect(inner) as db:
        db.execute(sql)
    db.close()
    manifest = json.loads(files[MANIFEST])
    manifest["hashes"][DATABASE] = sha256_of(inner)
    rebuild(made, files | {DATABASE: inner.read_bytes(), MANIFEST: json.dumps(manifest).encode()})


@pytest.mark.parametrize(
    ("sql", "words"),
    [
        ("UPDATE journal SET who = 'Ninguém' WHERE seq = 2", "caixa 2 foi alterado a partir da linha 2"),
        ("DELETE FROM journal WHERE seq = 1", "diário"),
        ("INSERT INTO schema_migration (name, applied) VALUES ('9999_future', '2099')", "versão mais nova"),
    ],
)  # fmt: skip
def test_what_the_journal_does_not_say_is_refused(shop: Till, tmp_path: Path, sql: str, words: str) -> None:
    made = shop.backups.make(tmp_path / "one.zip", BOSS)
    edit(made, tmp_path, sql)
    with pytest.raises(StoreError, match=words):
        check(made, tmp_path)


def test_b11_a_full_disk_leaves_nothing_and_keeps_the_one_before(shop: Till, tmp_path: Path) -> None:
    target = tmp_path / "other" / "one.zip"
    before = shop.backups.make(target, BOSS).read_bytes()
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (8_192, limits[1]))
    try:
        with pytest.raises(StoreError):
            shop.backups.make(target, BOSS)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, handler)
    assert target.read_bytes() == before and left(target.parent) == ["one.zip"]
    assert not [name for name in left(tmp_path / "shop") if name.startswith(".")]
    shop.cash.supply(100, "troco do banco", BOSS)


def test_what_a_kill_left_is_swept_and_one_is_made_at_a_time(shop: Till, tmp_path: Path) -> None:
    (tmp_path / "shop" / ".copia-killed").mkdir()
    (tmp_path / "shop" / ".copia-killed" / DATABASE).write_bytes(b"half")
    (tmp_path / ".one.zip.part").write_bytes(b"half")
    (tmp_path / ".pos-tui-loja-52-centro-2-20260101-000000.zip.part").write_bytes(b"half")
    with holding(tmp_path / "shop" / "backup.lock", ""), pytest.raises(StoreError, match="Outra cópia"):
        shop.backups.make(tmp_path / "one.zip", BOSS)
    shop.backups.make(tmp_path / "one.zip", BOSS)
    assert not list(tmp_path.glob("**/.copia-*")) and not list(tmp_path.glob(".*.part"))


def test_one_a_day_is_made_and_the_oldest_leave(shop: Till, tmp_path: Path, clock: Watch) -> None:
    other = tmp_path / "other"
    (other / "férias.zip").write_text("not ours")
    (other / "pos-tui-loja-52-centro-3-20200101-000000.zip").write_text("another till's")
    assert "gravada e conferida" in shop.backups.daily(SYSTEM)
    assert "já está" in shop.backups.daily(SYSTEM)
    for _ in range(3):
        clock.advance(24 * 3600)
        shop.backups.daily(SYSTEM)
    days = [path.name.split("-")[-2] for path in shop.backups.kept()]
    assert len(days) == 2 and days == sorted(days, reverse=True)
    assert len(left(other)) == 2 + 2


def test_a_drive_that_is_not_plugged_in_is_told(shop: Till, tmp_path: Path) -> None:
    (tmp_path / "other").rmdir()
    with pytest.raises(StoreError, match="o outro disco está ligado"):
        shop.backups.daily(SYSTEM)


def test_a_server_is_copied_elsewhere(shop: Till, tmp_path: Path) -> None:
    backups = Backups(shop.context, Source(None, None, False), Keeping(None, 1))
    with pytest.raises(RuleError, match="pg_dump"):
        backups.make(tmp_path / "one.zip", BOSS)
