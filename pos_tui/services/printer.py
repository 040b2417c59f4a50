"""The printer as the spool sees it: a document in, an outcome out."""

from pathlib import Path

from pos_tui.domain.outcome import Done, Outcome, RefusalClass, Refused
from pos_tui.domain.values import replace
from pos_tui.printing.answers import PrinterStatus
from pos_tui.printing.capture import Capture
from pos_tui.printing.device import Device, Printed
from pos_tui.printing.device import Printer as Machine
from pos_tui.printing.profiles import Profile, profile
from pos_tui.printing.receipt import Receipt
from pos_tui.printing.render import render
from pos_tui.printing.transports import Deadlines, Transport
from pos_tui.settings.printer import PrinterSettings


class DocumentPrinter:
    """Renders documents for one machine and sends them. Used by one thread only."""

    def __init__(self, machine: Machine, made_for: Profile, columns: int) -> None:
        self._machine = machine
        self._profile = made_for
        self._columns = columns

    def status(self) -> PrinterStatus:
        """Ask for the printer's state. Never raises."""
        return self._machine.status()

    def print(self, document: str) -> Outcome[Printed]:
        """Print one receipt given as JSON. Never raises."""
        try:
            rendered = render(Receipt.from_json(document), self._profile, self._columns)
        except Exception as error:  # nothing left: the paper itself cannot be made
            return Refused(
                RefusalClass.INTERNAL, "", f"O papel não pôde ser montado ({type(error).__name__})."
            )
        outcome = self._machine.print(rendered.payload)
        if isinstance(outcome, Done):
            return Done(replace(outcome.answer, lost=rendered.lost))
        return outcome


class CapturePrinter(DocumentPrinter):
    """The printer of training mode: a file of the exact bytes per job."""

    def __init__(self, folder: Path, name: str, columns: int) -> None:
        super().__init__(Capture(folder), profile(name), columns)


def connect(settings: PrinterSettings, folder: Path, deadlines: Deadlines | None = None) -> DocumentPrinter:
    """Build the printer of the config; nothing is opened yet. `folder` keeps training's papers.

    For the print worker only: its transports may import python-escpos, which takes half a second.
    """
    if settings.transport == "capture":
        return CapturePrinter(folder, settings.profile, settings.columns)
    made_for = profile(settings.profile).on(settings.code_page)
    device = Device(
        _transport(settings),
        made_for,
        deadlines,
        standing_word=settings.trust == "person",
        doubtful=True,
    )
    return DocumentPrinter(device, made_for, settings.columns)


def _transport(settings: PrinterSettings) -> Transport:
    from pos_tui.printing import files, spoolers, transports, usb

    match settings.transport:
        case "network":
            return transports.Tcp(settings.host, settings.port)
        case "file":
            return files.DeviceFile(settings.path)
        case "serial":
            return files.Serial(settings.path, settings.baud, settings.flow)
        case "usb":
            return usb.Usb(settings.vendor, settings.product)
        case "cups":
            return spoolers.Cups(settings.queue)
        case "windows":
            return spoolers.Windows(settings.queue)
    raise AssertionError(f"no printer behind transport {settings.transport!r}")
