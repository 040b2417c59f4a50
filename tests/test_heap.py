"""One heap of the C library for all threads of an open till."""

import platform
import sys
from pathlib import Path

import pytest

from pos_tui import app, cli, heap
from pos_tui.opening import Opening
from tests.test_program import run

HEAPS = """
import ctypes, re, sys, tempfile, threading
from pos_tui import heap

if "share" in sys.argv:
    heap.share()
gate = threading.Barrier(5)

def take():
    held = [bytes(2_000) for _ in range(100)]  # too large for Python's own allocator
    gate.wait()

threads = [threading.Thread(target=take) for _ in range(4)]
for thread in threads:
    thread.start()
gate.wait()
for thread in threads:
    thread.join()
libc = ctypes.CDLL(None)
libc.fdopen.restype = ctypes.c_void_p
with tempfile.TemporaryFile() as told:
    stream = ctypes.c_void_p(libc.fdopen(told.fileno(), b"w"))
    libc.malloc_info(0, stream)
    libc.fflush(stream)
    told.seek(0)
    print(len(re.findall(rb"<heap ", told.read())))
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc has a heap for each thread")
@pytest.mark.parametrize(("asked", "heaps"), [((), 5), (("share",), 1)], ids=["as it comes", "shared"])
def test_threads_take_from_one_heap(asked: tuple[str, ...], heaps: int, tmp_path: Path) -> None:
    ended = run("-c", HEAPS, *asked, folder=tmp_path)
    assert ended.stdout == f"{heaps}\n", ended.stderr


def test_it_is_shared_before_the_till_has_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []

    def opened(_: Opening) -> int:
        done.append("open")
        return 0

    monkeypatch.setattr(heap, "share", lambda: done.append("share"))
    monkeypatch.setattr(app, "run", opened)
    for stream in (sys.stdin, sys.stdout):
        monkeypatch.setattr(stream, "isatty", lambda: True)
    assert cli.main([]) == 0
    assert done == ["share", "open"]
