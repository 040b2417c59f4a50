"""`pos-tui sandbox`: run the training provider until it is told to stop."""

import argparse
import os
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from enum import IntEnum
from pathlib import Path

from pos_tui.providers.http import is_loopback
from pos_tui.providers.sandbox import READY
from pos_tui.providers.sandbox.asaas import AsaasDialect, Notifier
from pos_tui.providers.sandbox.asaas_book import Book
from pos_tui.providers.sandbox.celcoin import CelcoinDialect
from pos_tui.providers.sandbox.dialect import Dialect
from pos_tui.providers.sandbox.dooca import DoocaDialect
from pos_tui.providers.sandbox.dtone import DtOneDialect
from pos_tui.providers.sandbox.ledger import Ledger
from pos_tui.providers.sandbox.pix import PixDialect
from pos_tui.providers.sandbox.rbx import RbxDialect
from pos_tui.providers.sandbox.rv import RvDialect
from pos_tui.providers.sandbox.server import Sandbox, SandboxClock
from pos_tui.providers.sandbox.sgp import SgpDialect
from pos_tui.providers.sandbox.shop import Shop

DIALECTS: tuple[Dialect, ...] = (
    RvDialect(),
    CelcoinDialect(),
    DtOneDialect(),
    PixDialect(),
    RbxDialect(),
    SgpDialect(),
)


class Exit(IntEnum):
    """How the command ends."""

    OK = 0
    USAGE = 2
    PORT = 3
    LEDGER = 4


def main(argv: Sequence[str] | None = None) -> int:
    """Serve until SIGTERM, Ctrl+C or, when asked, the end of standard input."""
    options = parser().parse_args(argv)
    if not is_loopback(options.host):
        return _fail(
            Exit.USAGE, f"O servidor de treinamento só atende nesta máquina; {options.host} não serve."
        )
    clock = SandboxClock()
    try:
        ledger = Ledger(options.ledger, clock)
        book = Book(options.ledger and options.ledger.with_suffix(".asaas.json"), ledger, clock)
        shop = Shop(options.ledger and options.ledger.with_suffix(".shop.json"), clock)
    except (OSError, ValueError, KeyError, TypeError):
        return _fail(Exit.LEDGER, f"O arquivo {options.ledger} não pôde ser lido. Apague-o ou escolha outro.")
    try:
        dialects = (*DIALECTS, DoocaDialect(shop), AsaasDialect(book))
        sandbox = Sandbox((options.host, options.port), ledger, shop, clock, dialects, Notifier(book))
    except (OSError, OverflowError):
        text = f"A porta {options.port} não está livre. Feche o outro programa ou escolha outra com --port."
        return _fail(Exit.PORT, text)
    _serve(sandbox, options.exit_with_parent)
    ledger.close()
    return Exit.OK


def _serve(sandbox: Sandbox, exit_with_parent: bool) -> None:
    def stop(*_: object) -> None:
        sandbox.stopping.set()
        # shutdown waits for the loop that this very thread may be running.
        threading.Thread(target=sandbox.shutdown, daemon=True).start()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    if exit_with_parent:
        threading.Thread(target=_wait_for_end, args=(stop,), daemon=True).start()
    host, port = sandbox.server_address[:2]
    sys.stdout.write(f"{READY}http://{host!s}:{port}\n")
    sys.stdout.flush()
    with sandbox:
        sandbox.serve_forever(poll_interval=0.1)


def _wait_for_end(stop: Callable[[], None]) -> None:
    """Wait until the process that holds the other end of standard input is gone."""
    # Not through sys.stdin, whose lock the interpreter wants back when it ends.
    while os.read(0, 1024):
        pass
    stop()


def _fail(code: Exit, text: str) -> int:
    sys.stderr.write(text + "\n")
    return code


def parser() -> argparse.ArgumentParser:
    """Return the parser of its options."""
    told = argparse.ArgumentParser(
        prog="pos-tui sandbox", description="Servidor de treinamento: provedores de recarga de mentira."
    )
    told.add_argument("--port", type=int, default=0, metavar="PORTA", help="porta; 0 escolhe uma livre")
    told.add_argument("--host", default="127.0.0.1", metavar="ENDEREÇO", help="endereço desta máquina")
    told.add_argument(
        "--ledger", type=Path, metavar="ARQUIVO", help="arquivo do livro; sem ele, só na memória"
    )
    told.add_argument("--exit-with-parent", action="store_true", help="encerra quando a entrada padrão fecha")
    return told
