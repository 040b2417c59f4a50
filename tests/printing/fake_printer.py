"""An ESC/POS printer on loopback that can go wrong on demand."""

import socket
import struct
from dataclasses import dataclass, field
from threading import Thread
from types import TracebackType

READY = {1: 0x16, 2: 0x12, 3: 0x12, 4: 0x12}
PAPER_OUT = {1: 0x1E, 2: 0x32, 3: 0x12, 4: 0x7E}
COVER_OPEN = {1: 0x1E, 2: 0x16, 3: 0x12, 4: 0x12}
NEAR_END = {1: 0x16, 2: 0x12, 3: 0x12, 4: 0x1E}
CUTTER = {1: 0x1E, 2: 0x52, 3: 0x1A, 4: 0x12}
OFF_LINE = {1: 0x1E, 2: 0x12, 3: 0x12, 4: 0x12}

_PROOF = b"\x1dr\x01"


@dataclass
class FakePrinter:
    """Reads jobs, one connection at a time, and answers as told.

    `status` holds the answers to `DLE EOT`; `after` replaces them once a job has begun. `proof` is what
    follows a job's `GS r 1`, None for silence. `breaks_at` resets the connection after so many bytes of a
    job; `reads` False accepts connections and never reads.
    """

    status: dict[int, int] = field(default_factory=lambda: dict(READY))
    after: dict[int, int] | None = None
    proof: bytes | None = b"\x00"
    breaks_at: int | None = None
    reads: bool = True
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
        if job[-3:-1] == b"\x10\x04":
            begun = len(job) > 3
            answers = self.after if begun and self.after is not None else self.status
            if job[-1] in answers:
                connection.sendall(bytes([answers[job[-1]]]))
            return job[:-3]
        if job.endswith(_PROOF) and self.proof is not None:
            self.jobs.append(job)
            connection.sendall(self.proof)
            return b""
        return job
