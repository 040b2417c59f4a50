"""A real PostgreSQL for tests, of its own folder and port, started as a user that is not root.

Required in CI; elsewhere its tests are skipped when the binaries are not installed.
`python -m tests.postgres COMMAND…` runs a command with POS_TUI_TEST_DATABASE naming such a server.
"""

import os
import pwd
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

BINARIES = Path("/usr/lib/postgresql/15/bin")
MISSING = f"PostgreSQL is not installed in {BINARIES}"


@dataclass(frozen=True)
class Postgres:
    """A running server. Its superuser `postgres` needs no password on loopback."""

    port: int
    _control: Callable[..., None]
    """Runs pg_ctl with some words."""
    data: Path

    def kill(self) -> None:
        """End it at once, as a crash would: nothing is finished, nothing is said to those connected."""
        self._control("-m", "immediate", "stop")

    def restore(self, copy: Path) -> None:
        """Put a base backup in the place of its data; it must not be running."""
        owner = self.data.stat().st_uid
        shutil.rmtree(self.data)
        shutil.copytree(copy, self.data)
        for path in (self.data, *self.data.rglob("*")):
            os.chown(path, owner, -1)
        self.data.chmod(0o700)

    def start(self) -> None:
        """Start it again, on what it left."""
        self._control("start")

    @property
    def url(self) -> str:
        return f"postgresql://postgres@127.0.0.1:{self.port}/postgres"


def needed() -> pytest.MarkDecorator:
    """Skip where it is not installed; fail there in CI."""
    absent = not (BINARIES / "initdb").exists()
    return pytest.mark.skipif(absent and not os.environ.get("CI"), reason=MISSING)


@contextmanager
def running(*settings: str) -> Iterator[Postgres]:
    """Start a server, with settings of its own if need be, and stop it when done."""
    assert (BINARIES / "initdb").exists(), MISSING
    # Not pytest's folder: that one is closed to the server's user.
    folder = Path(tempfile.mkdtemp(prefix="pos-tui-postgres-"))
    try:
        yield from _serve(folder, settings)
    finally:
        shutil.rmtree(folder)


def _serve(folder: Path, settings: Sequence[str]) -> Iterator[Postgres]:
    user = _give_away(folder)
    data, port = folder / "data", _free_port()
    _run([BINARIES / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync"], user)
    options = (
        f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} "
        "-c fsync=off -c full_page_writes=off -c max_connections=300"
        + "".join(f" -c {setting}" for setting in settings)
    )
    command = [BINARIES / "pg_ctl", "-D", data, "-w", "-s", "-l", folder / "log", "-o", options]
    server = Postgres(port, lambda *words: _run([*command, *words], user), data)
    server.start()
    try:
        yield server
    finally:
        if (data / "postmaster.pid").exists():
            server.kill()


def _give_away(folder: Path) -> str | None:
    """Where we are root, the server runs as somebody else; return who."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    user = "postgres" if "postgres" in names else "nobody"
    os.chown(folder, pwd.getpwnam(user).pw_uid, -1)
    return user


def _run(command: list[object], user: str | None) -> None:
    subprocess.run(
        [str(part) for part in command],
        user=user,
        cwd="/",
        env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"},
        check=True,
        timeout=120,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def main(command: list[str]) -> int:
    """Run a command beside a server; return how it ended."""
    from tests.server_databases import VARIABLE

    with running() as postgres:
        address = postgres.url.removesuffix("/postgres")
        return subprocess.run(command, env={**os.environ, VARIABLE: address}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
