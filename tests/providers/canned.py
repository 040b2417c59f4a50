"""A loopback server that answers exactly the bytes it was given, and remembers what it was asked."""

import socket
import ssl
import threading
from email.parser import BytesParser


class CannedServer:
    """Answers each connection with the next of `answers`, and goes on with the last one."""

    def __init__(self, context: ssl.SSLContext | None = None) -> None:
        self.answers: list[bytes] = []
        self.heads: list[bytes] = []
        self.bodies: list[bytes] = []
        self._context = context
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.url = f"http{'s' if context else ''}://127.0.0.1:{self.port}"
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def will_say(self, body: bytes, status: str = "200 OK", headers: str = "") -> None:
        """Answer the next request with a well-formed HTTP answer."""
        head = f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\n{headers}\r\n"
        self.answers.append(head.encode() + body)

    def will_send(self, raw: bytes) -> None:
        """Answer the next request with these very bytes."""
        self.answers.append(raw)

    def stop(self) -> None:
        """Stop listening."""
        # Closing alone does not wake a thread that waits in accept.
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join()

    def _run(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            try:
                self._serve(connection)
            except OSError:
                connection.close()

    def _serve(self, connection: socket.socket) -> None:
        connection.settimeout(10)
        if self._context is not None:
            connection = self._context.wrap_socket(connection, server_side=True)
        with connection, connection.makefile("rb") as reader:
            head = b""
            while not head.endswith(b"\r\n\r\n"):
                line = reader.readline()
                if not line:
                    return
                head += line
            length = int(BytesParser().parsebytes(head.split(b"\r\n", 1)[1])["Content-Length"] or 0)
            self.heads.append(head)
            self.bodies.append(reader.read(length))
            connection.sendall(self.answers[0] if len(self.answers) == 1 else self.answers.pop(0))
