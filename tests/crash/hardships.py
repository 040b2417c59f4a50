"""What befalls a machine while a flow is played: `memory 8`, `files 1`, `disk 12`, `read-only`.

The number is what is left: megabytes of memory, open files, pages of 4 KiB on the disk.
"""

import contextlib
import os
import resource
import subprocess
from pathlib import Path
from typing import Final

from tests.crash.flow import Ground

PAGE: Final = 4096
_FILLER: Final = "filler"


def befall(hardship: str, ground: Ground) -> None:
    """Have it happen to this process, or to the disk that the ground is on."""
    kind, _, amount = hardship.partition(" ")
    match kind:
        case "memory":
            used = int(Path("/proc/self/statm").read_text("ascii").split()[0]) * resource.getpagesize()
            _limit(resource.RLIMIT_AS, used + int(amount) * 2**20)
        case "files":
            _limit(resource.RLIMIT_NOFILE, _highest_file() + int(amount))
        case "disk":
            fill(ground.folder.parent, int(amount))
        case "read-only":
            _mount("remount,ro", ground.folder.parent)
        case _:
            raise ValueError(hardship)


def _highest_file() -> int:
    return max(int(entry.name) for entry in Path("/proc/self/fd").iterdir())


def relieve(ground: Ground) -> None:
    """Free the disk again; what befell the process is gone with it."""
    folder = ground.folder.parent
    if os.path.ismount(folder):
        _mount("remount,rw", folder)
        (folder / _FILLER).unlink(missing_ok=True)


def fill(folder: Path, pages: int) -> None:
    """Fill a disk up to so many pages."""
    with (folder / _FILLER).open("wb", buffering=0) as filler:
        with contextlib.suppress(OSError):
            while True:
                filler.write(b"\xff" * PAGE)
        size = filler.tell()
        filler.truncate(max(0, size - pages * PAGE))


def mount_tmpfs(folder: Path, size: str) -> bool:
    """Put a small disk of memory at a folder; say whether this machine lets us."""
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)], capture_output=True, check=False
    )
    return made.returncode == 0


def unmount(folder: Path) -> None:
    """Take it away, whatever still looks at it."""
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


def _mount(options: str, folder: Path) -> None:
    subprocess.run(["mount", "-o", options, str(folder)], check=True)


def _limit(kind: int, value: int) -> None:
    resource.setrlimit(kind, (value, resource.getrlimit(kind)[1]))
