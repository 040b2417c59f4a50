"""A network cable between a program and a server, on loopback, that can be pulled at the worst moment."""

import contextlib
import select
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Cable:
    """Passes bytes on until it is told not to. Its port stands for the server's."""

    def __init__(self, server: int) -> None:
        self._server = server
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self._pulled = False
        self._lose: tuple[bytes, bool, bool] | None = None
        self.lost = 0
        """How many answers were lost."""
        self._accepting = threading.Thread(target=self._accept, daemon=True)
        self._accepting.start()

    def lose(self, word: bytes, *, arrives: bool, for_good: bool = False) -> None:
        """Break the next connection that sends a word: after the server got it and answered, or before.

        `for_good` pulls the cable as well.
        """
        self._lose = (word, arrives, for_good)

    def pull(self) -> None:
        """Break what is connected, and let nobody connect."""
        self._pulled = True

    def plug(self) -> None:
        """Work again."""
        self._pulled = False

    def close(self) -> None:
        """Be gone."""
        self._pulled = True
        # Who still listened to a number that is given away would take the next cable's connections.
        self._listener.shutdown(socket.SHUT_RDWR)
        self._accepting.join()
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._carry, args=(near,), daemon=True).start()

    def _carry(self, near: socket.socket) -> None:
        with near, contextlib.suppress(OSError):
            if self._pulled:
                return
            with socket.create_connection(("127.0.0.1", self._server)) as far:
                self._pass_on(near, far)

    def _pass_on(self, near: socket.socket, far: socket.socket) -> None:
        while True:
            ready, _, _ = select.select([near, far], [], [], 0.05)
            if self._pulled:
                return
            for end in ready:
                data = end.recv(65536)
                if not data or (end is near and self._loses(data, far)):
                    return
                (far if end is near else near).sendall(data)

    def _loses(self, data: bytes, far: socket.socket) -> bool:
        if self._lose is None or self._lose[0] not in data:
            return False
        _, arrives, self._pulled = self._lose
        self._lose = None
        if arrives:
            far.sendall(data)
            far.recv(65536)  # it was done
        self.lost += 1
        return True


@contextmanager
def cable(server: int) -> Iterator[Cable]:
    """A cable to a server's port."""
    made = Cable(server)
    try:
        yield made
    finally:
        made.close()
