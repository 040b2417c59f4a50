"""An ESC/POS printer on loopback that can go wrong on demand."""

import socket
import struct
from dataclasses import dataclass, field
from threading import Thread
from types import TracebackType


def dle_eot(one: int, two: int, three: int, four: int) -> dict[bytes, bytes]:
    """Return the answers to `DLE EOT 1` to `4`."""
    return {bytes((0x10, 0x04, n)): bytes([byte]) for n, byte in enumerate((one, two, three, four), 1)}


READY = dle_eot(0x16, 0x12, 0x12, 0x12)
PAPER_OUT = dle_eot(0x1E, 0x32, 0x12, 0x7E)
COVER_OPEN = dle_eot(0x1E, 0x16, 0x12, 0x12)
NEAR_END = dle_eot(0x16, 0x12, 0x12, 0x1E)
CUTTER = dle_eot(0x1E, 0x52, 0x1A, 0x12)
SILENT = dict.fromkeys(READY, b"")
OFF_LINE = dle_eot(0x1E, 0x12, 0x12, 0x12)

_PROOF = b"\x1dr\x01"


@dataclass
class FakePrinter:
    """Reads jobs, one connection at a time, and answers as told.

    `status` holds answers by question; `after` replaces them once a job has begun. `proof` is what
    follows a job's `GS r 1`, None for silence; `fence` what follows one that stands alone. `breaks_at`
    resets the connection after so many bytes of a job; `reads` False accepts connections and never reads;
    `drip` is sent after every byte of a job: words that prove nothing.
    """

    status: dict[bytes, bytes] = field(default_factory=lambda: dict(READY))
    after: dict[bytes, bytes] | None = None
    proof: bytes | None = b"\x00"
    fence: bytes = b"\x00"
    breaks_at: int | None = None
    reads: bool = True
    drip: bytes = b""
    jobs: list[bytes] = field(default_factory=list)

    def __enter__(self) -> "FakePrinter":
        self._server = socket.create_server(("127.0.0.1", 0))
        self._held: list[socket.socket] = []
        self._thread = Thread(target=self._serve, name="fake-printer")
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        self._server.close()
        for held in self._held:
            held.close()

    @property
    def port(self) -> int:
        """Where it listens."""
        port = self._server.getsockname()[1]
        assert isinstance(port, int)
        return port

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._server.accept()
            except OSError:
                return
            if not self.reads:
                self._held.append(connection)
                continue
            with connection:
                self._talk(connection)

    def _talk(self, connection: socket.socket) -> None:
        job = b""
        try:
            while data := connection.recv(4096):
                for byte in data:
                    job = self._byte(connection, job + bytes([byte]))
        except (ConnectionError, EOFError):
            pass
        if job:
            self.jobs.append(job)

    def _byte(self, connection: socket.socket, job: bytes) -> bytes:
        """Take one byte; return what is now read of the job."""
        if self.breaks_at is not None and len(job) > self.breaks_at and job[:1] == b"\x1b":
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            connection.close()
            self.jobs.append(job)
            raise EOFError
        for question in self.status:
            if job.endswith(question):
                begun = len(job) > len(question)
                answers = self.after if begun and self.after is not None else self.status
                connection.sendall(answers[question])
                return job[: -len(question)]
        if self.drip and job[:1] == b"\x1b":
            connection.sendall(self.drip)
        if job == _PROOF:
            connection.sendall(self.fence)
            return b""
        if job.endswith(_PROOF) and self.proof is not None:
            self.jobs.append(job)
            connection.sendall(self.proof)
            return b""
        return job
