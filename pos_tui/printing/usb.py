"""Printers on USB, by python-escpos and pyusb, where the system makes no device file of them."""

from typing import Any

from msgspec import Struct

from pos_tui.printing import library
from pos_tui.printing.transports import Broken, Connection, Patience

_PIECE = 4096
_PRINTER_CLASS = 7
_BULK = 2
_IN = 0x80


class Usb(Struct, frozen=True):
    """A printer by the two numbers of its maker and model."""

    vendor: int
    product: int

    @property
    def name(self) -> str:
        """The numbers as `lsusb` writes them."""
        return f"USB {self.vendor:04x}:{self.product:04x}"

    @property
    def two_way(self) -> bool:
        """Printers answer here as a rule."""
        return True

    def open(self, seconds: float) -> Connection:
        """Open it. Raises OSError when it is not there, or pyusb or its driver is not installed."""
        kind = library.printers().Usb
        if not kind.is_usable():  # its objects complain on stderr as they are collected
            raise OSError("falta o pacote pyusb")
        try:
            printer = kind(self.vendor, self.product, timeout=_milliseconds(seconds))
            printer.open()
            return _Bulk(printer, *_endpoints(printer.device))
        except Exception as error:  # the library, pyusb and its driver raise errors of no common base
            raise OSError(str(error) or type(error).__name__) from error


class _Bulk:
    def __init__(self, printer: Any, out: int, back: int) -> None:
        self._printer = printer
        self._out = out
        self._back = back

    def send(self, data: bytes, seconds: float) -> None:
        """Send piece by piece, so that a failure tells how much had left."""
        patience = Patience(len(data), seconds)
        sent = 0
        while sent < len(data):
            piece = data[sent : sent + _PIECE]
            try:
                sent += int(self._printer.device.write(self._out, piece, _milliseconds(patience.left())))
            except OSError as error:  # pyusb's own is one; only a time-out says that nothing had left
                lost = 0 if _timed_out(error) else len(piece)
                raise Broken(sent + lost, str(error)) from error
            patience.progressed()

    def receive(self, seconds: float) -> bytes:
        """Return what came. A time-out of pyusb is an OSError of its own kind."""
        try:
            return bytes(self._printer.device.read(self._back, 64, _milliseconds(seconds)))
        except OSError as error:
            if _timed_out(error):
                return b""
            raise

    def close(self, seconds: float) -> None:
        """Let the device go."""
        try:
            self._printer.close()
        except Exception:  # nothing more can be done for it, and the outcome is already known
            return


def _timed_out(error: OSError) -> bool:
    """pyusb's own time-out is known by its name: it may not be installed."""
    return isinstance(error, TimeoutError) or type(error).__name__ == "USBTimeoutError"


def _milliseconds(seconds: float) -> int:
    """pyusb counts in milliseconds, and 0 means for ever."""
    return max(1, round(seconds * 1000))


def _endpoints(device: Any) -> tuple[int, int]:
    """Return the bulk endpoints out and in of the printer's interface: the library only guesses them."""
    for interface in device.get_active_configuration():
        if interface.bInterfaceClass != _PRINTER_CLASS:
            continue
        bulk = [end.bEndpointAddress for end in interface if end.bmAttributes & 3 == _BULK]
        out = [address for address in bulk if not address & _IN]
        back = [address for address in bulk if address & _IN]
        if out:
            return out[0], back[0] if back else 0
    raise OSError("o dispositivo USB não é uma impressora")
