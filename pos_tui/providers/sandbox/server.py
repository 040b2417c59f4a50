"""The sandbox's HTTP server: finds the dialect, lets it answer, and spoils what a fault says to spoil."""

import json
import socket
import socketserver
import struct
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from msgspec import to_builtins

from pos_tui.providers.sandbox import asaas, pix
from pos_tui.providers.sandbox.dialect import Desk, Dialect, Reply, Request
from pos_tui.providers.sandbox.faults import ANY, BEFORE, OPERATIONS, Fault, Faults, Kind
from pos_tui.providers.sandbox.ledger import Ledger
from pos_tui.providers.sandbox.shop import Shop, Wrong

CONTROL = "/_sandbox/"
REST = f"{CONTROL}rest"
MAX_REQUEST = 1024 * 1024
_HUGE = 64 * 1024 * 1024
_PAGE = b"<!DOCTYPE html><html><head><title>Login</title></head><body>Bem-vindo ao Wi-Fi</body></html>"
_GARBAGE = bytes(range(256)) * 4


class SandboxClock:
    """The real time, moved forward on demand."""

    def __init__(self) -> None:
        self.offset = 0.0

    def __call__(self) -> float:
        """Seconds since 1970."""
        return time.time() + self.offset


class Sandbox(ThreadingHTTPServer):
    """One ledger, its dialects, and the faults in force."""

    daemon_threads = True
    block_on_close = False

    def __init__(
        self,
        address: tuple[str, int],
        ledger: Ledger,
        shop: Shop,
        clock: SandboxClock,
        dialects: tuple[Dialect, ...],
        notifier: asaas.Notifier,
    ) -> None:
        self.ledger = ledger
        self.shop = shop
        self.notifier = notifier
        self.clock = clock
        self.dialects = dialects
        self.faults = Faults()
        self.stopping = threading.Event()
        self._served = threading.Condition()
        self._at_work: set[object] = set()
        super().__init__(address, Handler)

    def server_bind(self) -> None:
        """Bind without asking a name server who we are, as the base class does."""
        socketserver.TCPServer.server_bind(self)

    def process_request(  # type: ignore[override]
        self, request: socket.socket, client_address: tuple[str, int]
    ) -> None:
        """Serve it in a thread of its own, and know that it is being served."""
        with self._served:
            self._at_work.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: socket.socket) -> None:  # type: ignore[override]
        """Its answer has left."""
        super().shutdown_request(request)
        with self._served:
            self._at_work.discard(request)
            self._served.notify_all()

    def rest(self, asking: socket.socket) -> None:
        """Wait until whatever came before who is asking has been served: its client may have died over it."""
        with self._served:
            before = self._at_work - {asking}
            self._served.wait_for(lambda: not before & self._at_work)

    def handle_error(self, request: object, client_address: object) -> None:
        """Keep quiet about clients that hang up; anything else is told as usual."""
        import sys

        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


class Handler(BaseHTTPRequestHandler):
    """One connection, one request."""

    server: Sandbox
    server_version = "pos-tui-sandbox"
    timeout = 30

    def do_GET(self) -> None:
        """Serve any method alike: dialects tell them apart."""
        request = self._request()
        if request is None:
            self._write(Reply(413, b"{}"))
        elif request.path.startswith(CONTROL):
            if request.path == REST:
                self.server.rest(self.connection)
            self._write(_control(request, self.server))
        else:
            self._serve(request)

    do_POST = do_PUT = do_PATCH = do_DELETE = do_GET

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """Say nothing: the till owns the terminal."""

    def _request(self) -> Request | None:
        text = self.headers.get("Content-Length", "0")
        length = int(text) if text.isdecimal() else MAX_REQUEST + 1
        if length > MAX_REQUEST:
            return None
        headers = {name.lower(): value for name, value in self.headers.items()}
        return Request(self.command, self.path, headers, self.rfile.read(length))

    def _serve(self, request: Request) -> None:
        for dialect in self.server.dialects:
            operation = dialect.operation(request)
            if operation is not None:
                break
        else:
            self._write(Reply(404, b"{}"))
            return
        fault = self.server.faults.take(operation, dialect.name)
        kind = fault.kind if fault else None
        if kind in BEFORE:
            self._reset() if kind is Kind.RESET else self._write(Reply(503, _PAGE, "text/html"))
            return
        if kind is Kind.EXPIRE:
            self.server.ledger.expire_all()
        desk = Desk(dialect.name, self.server.ledger, self.server.clock, fault)
        self._deliver(dialect.answer(operation, request, desk), fault)

    def _deliver(self, reply: Reply, fault: Fault | None) -> None:
        """Send an answer, spoiled as the fault says."""
        match fault:
            case Fault(kind=Kind.SLOW, seconds=seconds):
                self.server.stopping.wait(seconds)
                self._write(reply)
            case Fault(kind=Kind.DRIP, seconds=seconds):
                self._drip(reply, seconds)
            case Fault(kind=Kind.HELD) as held:
                self.server.faults.hold(held)
                self.close_connection = True
            case Fault(kind=Kind.LOST):
                self.close_connection = True
            case Fault(kind=Kind.TRUNCATED):
                self._write(reply, cut=len(reply.body) // 2)
            case Fault(kind=Kind.BAD_GATEWAY):
                self._write(Reply(502, _PAGE, "text/html"))
            case Fault(kind=Kind.GARBAGE):
                self._write(Reply(200, _GARBAGE, reply.content_type))
            case Fault(kind=Kind.EMPTY):
                self._write(Reply(200, b"", reply.content_type))
            case Fault(kind=Kind.HTML):
                self._write(Reply(200, _PAGE, "text/html"))
            case Fault(kind=Kind.HUGE):
                self._write(Reply(200, b" " * _HUGE, reply.content_type))
            case _:
                self._write(reply)

    def _write(self, reply: Reply, cut: int = 0) -> None:
        self.wfile.write(self._head(reply))
        self.wfile.write(reply.body[: len(reply.body) - cut])

    def _head(self, reply: Reply) -> bytes:
        headers = {
            "Content-Type": reply.content_type,
            "Content-Length": str(len(reply.body)),
            **reply.headers,
        }
        lines = [f"HTTP/1.1 {reply.status} {self.responses.get(reply.status, ('', ''))[0]}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        return "\r\n".join([*lines, "Connection: close", "", ""]).encode("latin-1")

    def _drip(self, reply: Reply, seconds: float) -> None:
        content = self._head(reply) + reply.body
        for index in range(len(content)):
            self.wfile.write(content[index : index + 1])
            if self.server.stopping.wait(seconds):
                return

    def _reset(self) -> None:
        # With no time to linger, closing sends RST instead of FIN.
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True
        self.connection.close()


def _control(request: Request, sandbox: Sandbox) -> Reply:
    """Answer the control endpoints; a request that makes no sense gets 400 and the reason."""
    try:
        asked = json.loads(request.body) if request.body else {}
        result = _act(request.method, request.path.removeprefix(CONTROL), asked, sandbox)
    except (ValueError, TypeError, KeyError, AttributeError, Wrong) as error:
        return Reply(400, json.dumps({"error": str(error)}).encode())
    return Reply(200 if result is not None else 404, json.dumps(result or {}).encode())


def _act(method: str, what: str, asked: dict[str, object], sandbox: Sandbox) -> dict[str, object] | None:
    match method, what:
        case "GET", "ledger":
            return ledger_view(sandbox.ledger)
        case ("GET", "faults") | ("POST", "rest"):
            pass
        case "POST", "faults":
            sandbox.faults.add(_fault(asked))
        case "DELETE", "faults":
            sandbox.faults.clear()
        case "POST", "settings":
            settings = sandbox.ledger.settings
            cap, ttl = asked.get("cap", settings.cap), asked.get("ttl", settings.ttl)
            settings.cap = None if cap is None else int(str(cap))
            settings.ttl = None if ttl is None else float(str(ttl))
        case "POST", "pix/pay":
            pix.pay(sandbox.ledger, str(asked["txid"]), sandbox.clock(), late=bool(asked.get("late")))
        case "GET", "shop":
            return sandbox.shop.view()
        case "POST", "shop/change":
            sandbox.shop.change(str(asked["order"]), _fields(asked["fields"]), str(asked.get("who", "api")))
        case "POST", _ if what.startswith("asaas/"):
            return sandbox.notifier.control(what.removeprefix("asaas/"), asked)
        case "POST", "clock":
            if "at" in asked:
                sandbox.clock.offset = float(str(asked["at"])) - time.time()
            sandbox.clock.offset += float(str(asked.get("advance", 0)))
        case "POST", "reset":
            sandbox.faults.clear()
            sandbox.ledger.settings.cap = sandbox.ledger.settings.ttl = None
            sandbox.clock.offset = 0.0
            sandbox.ledger.reset()
            sandbox.shop.reset()
            sandbox.notifier.reset()
        case _:
            return None
    return {"faults": [to_builtins(fault) for fault in sandbox.faults.listing()]}


def _fields(asked: object) -> dict[str, object]:
    if not isinstance(asked, dict):
        raise ValueError("fields must be an object")
    return asked


def _fault(asked: dict[str, object]) -> Fault:
    times = asked.get("times", 1)
    operation = str(asked.get("operation", ANY))
    if operation != ANY and operation not in OPERATIONS:
        raise ValueError(f"operation must be {ANY} or one of {sorted(OPERATIONS)}")
    return Fault(
        kind=Kind(str(asked["kind"])),
        operation=operation,
        times=None if times is None else int(str(times)),
        seconds=float(str(asked.get("seconds", 1.0))),
        dialect=str(asked.get("dialect", ANY)),
    )


def ledger_view(ledger: Ledger) -> dict[str, object]:
    """The ledger as JSON: `rows`, `counts` of effects, and `credits` per line as [times, centavos]."""
    return {
        "rows": [to_builtins(row) for row in ledger.rows()],
        "counts": ledger.counts(),
        "credits": ledger.credits(),
    }
