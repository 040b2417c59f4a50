"""QR codes and boleto bars as dots, for printers that cannot draw them."""

from msgspec import Struct

_QUIET = 4
"""Light modules around a QR code, as its standard asks."""

# Widths of the five elements of each digit, wide = 1 (Interleaved 2 of 5).
_ITF = ("00110", "10001", "01001", "11000", "00101", "10100", "01100", "00011", "10010", "01010")
_BAR_MM = 13.0
"""Length of each bar (the norm's height of the symbol, facts/printing.md §5)."""
_NARROW = 2
"""Dots of a narrow element; with the wide ones below, 44 digits come to the norm's 103 mm."""
_WIDE = {203: 6, 180: 5}


class Bitmap(Struct, frozen=True):
    """Black and white dots: each row is packed bits, the leftmost dot in the highest bit, 1 is black."""

    width: int
    rows: tuple[bytes, ...]

    @property
    def height(self) -> int:
        """Rows of dots."""
        return len(self.rows)


def qr_modules(data: str) -> tuple[tuple[int, ...], ...]:
    """Return the modules of a QR code with error correction M, without quiet zone; 1 is dark."""
    import segno  # late: not every paper has a code

    code = segno.make_qr(data, error="m", boost_error=False)
    return tuple(tuple(row) for row in code.matrix)


def qr_scale(modules: int, dots: int) -> int:
    """Dots of one module: large enough for cheap cameras, small enough for the paper."""
    return max(1, min(6, dots // (modules + 2 * _QUIET)))


def qr_bitmap(data: str, dots: int) -> Bitmap:
    """Draw a QR code as large as fits on `dots`, quiet zone included."""
    modules = qr_modules(data)
    scale = qr_scale(len(modules), dots)
    margin = (0,) * _QUIET
    light = (0,) * (len(modules) + 2 * _QUIET)
    framed = ([light] * _QUIET, [(*margin, *row, *margin) for row in modules], [light] * _QUIET)
    rows = [_packed(row, scale) for part in framed for row in part for _ in range(scale)]
    return Bitmap(len(light) * scale, tuple(rows))


def itf_bitmap(digits: str, dpi: int) -> Bitmap:
    """Draw the bars of a boleto along the paper: each row of dots is all bar or all space."""
    length = round(_BAR_MM * dpi / 25.4)
    bar, space = _packed((1,) * length, 1), _packed((0,) * length, 1)
    quiet = [space] * (10 * _NARROW)
    rows = list(quiet)
    for dark, dots in _itf_elements(digits, _WIDE[dpi]):
        rows += [bar if dark else space] * dots
    return Bitmap(length, tuple(rows + quiet))


def _itf_elements(digits: str, wide: int) -> list[tuple[bool, int]]:
    """Return (dark, dots) of every element: start, pairs of digits interleaved, stop."""
    dots = {"0": _NARROW, "1": wide}
    pattern = "0000"
    for bars, spaces in zip(digits[::2], digits[1::2], strict=True):
        pattern += "".join(a + b for a, b in zip(_ITF[int(bars)], _ITF[int(spaces)], strict=True))
    pattern += "100"
    return [(index % 2 == 0, dots[element]) for index, element in enumerate(pattern)]


def _packed(modules: tuple[int, ...], scale: int) -> bytes:
    """Return a row of modules as bits, left-aligned in whole bytes."""
    bits = "".join(("1" if module else "0") * scale for module in modules)
    size = (len(bits) + 7) // 8
    return int(bits.ljust(size * 8, "0"), 2).to_bytes(size)
