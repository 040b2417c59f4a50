"""Printers behind the system's own queue: CUPS by `lp`, Windows by python-escpos.

A queue tells nothing of the paper, so nothing printed here is ever proved: it ends as uncertain.
"""

import os
import subprocess
from typing import Any

from msgspec import Struct

from pos_tui.printing import library
from pos_tui.printing.transports import Broken, Connection


class Cups(Struct, frozen=True):
    """A raw queue of CUPS.

    By `lp` itself: python-escpos' class for it waits without a deadline, throws the exit code away, so that
    a queue which refuses would count as printed, and adds a line feed behind the job.
    """

    queue: str

    @property
    def name(self) -> str:
        """The queue."""
        return f"CUPS {self.queue}"

    @property
    def two_way(self) -> bool:
        """Never."""
        return False

    def open(self, seconds: float) -> Connection:
        """Ask whether the queue takes jobs and lets them out. Raises OSError when it does not.

        CUPS stops a queue by itself after an error, and goes on taking jobs: they would all come out at once
        when somebody lets it go on, hours later.
        """
        try:
            asked = _run("lpstat", "-p", self.queue, seconds=seconds)
        except subprocess.TimeoutExpired as error:
            raise OSError("o CUPS não responde") from error
        if asked.returncode:
            raise OSError(f"o CUPS não tem a fila {self.queue!r}")
        if b" disabled since" in asked.stdout:
            raise OSError(f"a fila {self.queue!r} do CUPS está parada: solte-a com cupsenable")
        return _Lp(self.queue)


class _Lp(Struct, frozen=True):
    queue: str

    def send(self, data: bytes, seconds: float) -> None:
        """Hand the whole job over; a refusal by `lp` means that nothing was queued."""
        try:
            done = _run("lp", "-d", self.queue, "-o", "raw", "-s", data=data, seconds=seconds)
        except subprocess.TimeoutExpired as error:
            raise Broken(len(data), "o CUPS não respondeu a tempo") from error
        except OSError as error:
            raise Broken(0, str(error)) from error
        if done.returncode:
            raise Broken(0, done.stderr.decode(errors="replace").strip().rstrip(".") or "o CUPS recusou")

    def receive(self, seconds: float) -> bytes:
        """Nothing ever comes."""
        return b""

    def close(self, seconds: float) -> None:
        """Nothing is held."""


def _run(*command: str, seconds: float, data: bytes = b"") -> "subprocess.CompletedProcess[bytes]":
    """Run a program of CUPS, found on PATH; the queue's name is one argument, never a shell's word."""
    # What it says is read: in the language it is written in here.
    spoken = os.environ | {"LC_ALL": "C"}
    return subprocess.run(  # noqa: S603
        command, input=data, capture_output=True, timeout=seconds, check=False, env=spoken
    )


class Windows(Struct, frozen=True):
    """A printer of Windows, raw, by python-escpos and pywin32."""

    printer: str

    @property
    def name(self) -> str:
        """The printer's name in Windows."""
        return self.printer

    @property
    def two_way(self) -> bool:
        """Never."""
        return False

    def open(self, seconds: float) -> Connection:
        """Open a document. Raises OSError when there is no such printer, or no pywin32."""
        try:
            opened = library.printers().Win32Raw(self.printer)
            opened.open(job_name="pos-tui")
        except Exception as error:  # the library's and pywin32's errors share no base but this one
            raise OSError(str(error)) from error
        return _Win32(opened)


class _Win32:
    def __init__(self, opened: Any) -> None:
        self._opened = opened

    def send(self, data: bytes, seconds: float) -> None:
        """Hand the whole job over; the queue takes it at once."""
        try:
            self._opened._raw(data)
        except Exception as error:  # see Windows.open
            raise Broken(len(data), str(error)) from error

    def receive(self, seconds: float) -> bytes:
        """Nothing ever comes."""
        return b""

    def close(self, seconds: float) -> None:
        """End the document: only now does Windows print it."""
        try:
            self._opened.close()
        except Exception:  # the job already counts as uncertain
            return
