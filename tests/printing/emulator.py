"""The judge: emupos, an ESC/POS printer of other hands, as a program on loopback; zbarimg for its images."""

import json
import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

ROOT = Path(__file__).parents[2]
EMUPOS = ROOT / ".venv-judges" / "bin" / "emupos"
ZBARIMG = shutil.which("zbarimg")

PAPERS = {48: (576, 203), 42: (512, 180), 32: (384, 203)}
"""Columns → printable dots and dots per inch of the emulated printers."""


def why_absent() -> str | None:
    """Say what is missing, or None."""
    missing = [name for name, found in (("emupos", EMUPOS.exists()), ("zbarimg", ZBARIMG)) if not found]
    return f"{' and '.join(missing)} not installed: run .ci/judges" if missing else None


def needed() -> list[pytest.MarkDecorator]:
    """Marks for tests that need the judge: skipped with the reason where it is absent, never in CI."""
    absent = why_absent()
    return [
        pytest.mark.skipif(absent is not None and os.environ.get("CI") != "true", reason=str(absent)),
        pytest.mark.xdist_group("judge"),
    ]


@dataclass(frozen=True, slots=True)
class Paper:
    """What came out of the emulated printer."""

    lines: list[str]
    picture: Path
    codes: list[tuple[str, str]]
    """Symbology and content of every code that zbar reads from the picture."""


class Emulator:
    """One emulated printer for each width of paper."""

    def __init__(self, api: str, ports: dict[int, int], log: Path, folder: Path) -> None:
        self.ports = ports
        self._client = httpx.Client(base_url=f"{api}/api/v1", trust_env=False)
        self._log = log
        self._folder = folder
        self._seen: set[str] = set()
        self._read = 0

    def papers(self, columns: int) -> list[Paper]:
        """Return what came out since the last call, oldest first."""
        receipts = self._get(f"devices/p{columns}/receipts").json()
        fresh = [receipt["id"] for receipt in reversed(receipts) if receipt["id"] not in self._seen]
        self._seen.update(fresh)
        return [self._paper(columns, name) for name in fresh]

    def fault(self, columns: int, name: str, *, active: bool) -> None:
        """Make a fault, or clear it."""
        method = "PUT" if active else "DELETE"
        self._client.request(method, f"devices/p{columns}/faults/{name}").raise_for_status()

    def drawer(self, columns: int) -> str:
        """Return `open` or `closed`, and shut it."""
        devices = self._get("devices").json()
        state = next(device["state"]["drawer"] for device in devices if device["id"] == f"p{columns}")
        self._client.post(f"devices/p{columns}/drawer/close", json={}).raise_for_status()
        return str(state)

    def complaints(self) -> list[str]:
        """Return the log's new lines about commands and pages the printer does not know."""
        lines = self._log.read_text().splitlines()
        fresh, self._read = lines[self._read :], len(lines)
        return [line for line in fresh if "unknown" in line or "unsupported" in line]

    def close(self) -> None:
        """Let the connection to the control API go."""
        self._client.close()

    def healthy(self) -> bool:
        """Whether the control API answers."""
        try:
            return self._client.get("health").is_success
        except httpx.TransportError:
            return False

    def _get(self, path: str) -> httpx.Response:
        return self._client.get(path).raise_for_status()

    def _paper(self, columns: int, name: str) -> Paper:
        base = f"devices/p{columns}/receipts/{name}"
        picture = self._folder / f"{name}.png"
        picture.write_bytes(self._get(f"{base}/image").content)
        return Paper(self._get(f"{base}/text").text.splitlines(), picture, read_codes(picture))


def read_codes(picture: Path) -> list[tuple[str, str]]:
    """Read every code in a picture by zbar."""
    command = [
        str(ZBARIMG),
        "--quiet",
        "-Sdisable",
        "-Sqrcode.enable",
        "-Si25.enable",
        "-Sx-density=1",
        str(picture),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return [(kind, data) for kind, _, data in (line.partition(":") for line in done.stdout.splitlines())]


@contextmanager
def running(folder: Path) -> Iterator[Emulator]:
    """Run the emulator until the block ends."""
    api, *ports = _free_ports(1 + len(PAPERS))
    by_columns = dict(zip(PAPERS, ports, strict=True))
    config = folder / "emupos.yaml"
    # JSON is YAML: no writer for the latter is needed.
    config.write_text(json.dumps(_config(folder, api, by_columns)))
    log = folder / "log.txt"
    environment = os.environ | {"PYTHONUNBUFFERED": "1", "COLUMNS": "400", "NO_COLOR": "1"}
    with log.open("wb") as output:
        command = [str(EMUPOS), "run", "--config", str(config)]
        process = subprocess.Popen(command, stdout=output, stderr=output, env=environment, cwd=folder)
    emulator = Emulator(f"http://127.0.0.1:{api}", by_columns, log, folder)
    try:
        while not emulator.healthy():
            if process.poll() is not None:
                raise RuntimeError(log.read_text())
        yield emulator
    finally:
        emulator.close()
        process.terminate()
        process.wait()


def _config(folder: Path, api: int, ports: dict[int, int]) -> dict[str, Any]:
    return {
        "schema": 1,
        "api": {"host": "127.0.0.1", "port": api},
        "devices": [
            {
                "id": f"p{columns}",
                "type": "printer",
                "profile": str(_profile(folder, columns)),
                "connections": [{"tcp": {"port": port}}],
                "receipts_dir": str(folder / "receipts"),
            }
            for columns, port in ports.items()
        ],
    }


def _profile(folder: Path, columns: int) -> Path:
    """Write the emulator's own description of a printer with so many columns."""
    dots, dpi = PAPERS[columns]
    path = folder / f"p{columns}.yaml"
    profile = {
        "type": "printer",
        "name": f"{columns} columns",
        "dpi": dpi,
        "width_dots": dots,
        "font_a": {"width": 12, "height": 24},
        "font_b": {"width": 9, "height": 17},
        "code_pages": {0: "PC437", 2: "PC850", 3: "PC860", 16: "WPC1252", 19: "PC858"},
        "default_code_page": 0,
        "drawer_sensor_open_level": "high",
    }
    pages = profile.pop("code_pages")
    assert isinstance(pages, dict)
    lines = [f"{key}: {json.dumps(value)}" for key, value in profile.items()]
    lines += ["code_pages:", *(f"  {number}: {name}" for number, name in pages.items())]
    path.write_text("\n".join(lines) + "\n")
    return path


def _free_ports(count: int) -> list[int]:
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [int(opened.getsockname()[1]) for opened in sockets]
    for opened in sockets:
        opened.close()
    return ports
