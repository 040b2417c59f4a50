"""The printer as the spool sees it: a document in, an outcome out."""

from pathlib import Path

from pos_tui.domain.outcome import Outcome, RefusalClass, Refused
from pos_tui.printing.capture import Capture
from pos_tui.printing.device import Device, Printed
from pos_tui.printing.device import Printer as Machine
from pos_tui.printing.profiles import profile
from pos_tui.printing.receipt import Receipt
from pos_tui.printing.render import render
from pos_tui.printing.transports import Tcp


class DocumentPrinter:
    """Renders documents for one machine and sends them. Used by one thread only."""

    def __init__(self, machine: Machine, name: str, columns: int) -> None:
        self._machine = machine
        self._profile = profile(name)
        self._columns = columns

    def print(self, document: str) -> Outcome[Printed]:
        """Print one receipt given as JSON. Never raises."""
        try:
            rendered = render(Receipt.from_json(document), self._profile, self._columns)
        except Exception as error:  # nothing left: the paper itself cannot be made
            return Refused(
                RefusalClass.INTERNAL, "", f"O papel não pôde ser montado ({type(error).__name__})."
            )
        return self._machine.print(rendered.payload)


class NetworkPrinter(DocumentPrinter):
    """A printer on TCP port 9100."""

    def __init__(self, host: str, port: int, name: str, columns: int) -> None:
        super().__init__(Device(Tcp(host, port), profile(name)), name, columns)


class CapturePrinter(DocumentPrinter):
    """The printer of training mode: a file of the exact bytes per job."""

    def __init__(self, folder: Path, name: str, columns: int) -> None:
        super().__init__(Capture(folder), name, columns)
