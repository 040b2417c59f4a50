"""A real Medusa with its own database: installed once into a cache, started for a run, gone after it.

Needs node 20 or newer with npm, and PostgreSQL's programs. `POS_TUI_MEDUSA_CACHE` says where it is kept.
"""

import os
import shutil
import signal
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path

from tests import postgres
from tests.medusa.shop import EMAIL, PASSWORD
from tests.ports import free_port

HERE = Path(__file__).parent
PARTS = ("package.json", "package-lock.json", "medusa-config.js")
INSTALL = ("npm", "install", "--no-audit", "--no-fund", "--legacy-peer-deps", "--ignore-scripts")
PATIENCE_SECONDS = 120.0


def cache() -> Path:
    """Where it is installed: never in the repository."""
    home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(os.environ.get("POS_TUI_MEDUSA_CACHE") or Path(home) / "pos-tui" / "medusa")


def lacking() -> str:
    """Say what this machine lacks to run it; empty when nothing."""
    needed = [name for name in ("node", "npm") if shutil.which(name) is None]
    return ", ".join([*needed, *([] if (postgres.BINARIES / "initdb").exists() else [postgres.MISSING])])


class MedusaServer:
    """From nothing to `url`; `stop` takes everything away but the cache."""

    def __init__(self) -> None:
        self.url = ""
        self._stack = ExitStack()

    def start(self) -> None:
        """Install what is missing, and start database and server."""
        with ExitStack() as stack:
            folder = install()
            database = stack.enter_context(postgres.running())
            env = {"DATABASE_URL": database.url, "NODE_ENV": "production", "MEDUSA_DISABLE_TELEMETRY": "true"}
            env = {**os.environ, **env}
            medusa = [str(folder / "node_modules" / ".bin" / "medusa")]
            _run([*medusa, "db:migrate", "--skip-scripts"], folder, env)
            _run([*medusa, "user", "-e", EMAIL, "-p", PASSWORD], folder, env)
            port = free_port()
            log = stack.enter_context((Path(stack.enter_context(_folder())) / "medusa.log").open("wb"))
            process = subprocess.Popen(
                [*medusa, "start", "-H", "127.0.0.1", "-p", str(port)],
                cwd=folder, env=env, stdout=log, stderr=subprocess.STDOUT, start_new_session=True,
            )  # fmt: skip
            stack.callback(_end_group, process)
            self.url = f"http://127.0.0.1:{port}"
            _wait(lambda: _healthy(self.url), process)
            self._stack = stack.pop_all()

    def stop(self) -> None:
        """End it."""
        self._stack.close()


def install() -> Path:
    """Bring the cache to what the lock file says; return it."""
    folder = cache()
    folder.mkdir(parents=True, exist_ok=True)
    wanted = b"".join((HERE / name).read_bytes() for name in PARTS)
    stamp = folder / "installed"
    if not stamp.exists() or stamp.read_bytes() != wanted:
        for name in PARTS:
            shutil.copyfile(HERE / name, folder / name)
        _run(INSTALL, folder, dict(os.environ))
        stamp.write_bytes(wanted)
    return folder


def _folder() -> tempfile.TemporaryDirectory[str]:
    """Under the system's own temporary folder: another user must be able to reach it."""
    return tempfile.TemporaryDirectory(prefix="pos-medusa-", ignore_cleanup_errors=True)


def _run(command: Sequence[str], folder: Path, env: dict[str, str] | None = None) -> None:
    # A file, not a pipe: a server started by the command would hold the pipe open.
    with tempfile.TemporaryFile() as said:
        done = subprocess.run(
            command, cwd=folder, env=env, stdout=said, stderr=subprocess.STDOUT, timeout=900, check=False
        )
        said.seek(0)
        assert done.returncode == 0, f"{command}: {said.read()[-2000:].decode(errors='replace')}"


def _wait(ready: Callable[[], bool], process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not ready():
        assert process.poll() is None and time.monotonic() < deadline, "Medusa did not start"
        time.sleep(0.2)


def _healthy(url: str) -> bool:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(f"{url}/health", timeout=5) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def _end_group(process: "subprocess.Popen[bytes]") -> None:
    """The program that listens is a child of the one we started: both are in one group of ours."""
    os.killpg(process.pid, signal.SIGTERM)
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
