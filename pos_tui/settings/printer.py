"""The `[printer]` section: how the printer is reached, what it is, and what counts as printed."""

from pos_tui.domain.errors import ConfigError
from pos_tui.settings import Section, choice

KEYS: dict[str, tuple[str, ...]] = {
    "network": ("host", "port"),
    "file": ("path",),
    "serial": ("path", "baud", "flow"),
    "usb": ("vendor", "product"),
    "cups": ("queue",),
    "windows": ("queue",),
    "capture": (),
    "none": (),
}
"""Every transport and the keys of its own. What has no default (empty text, 0) must be given."""

BAUDS = (1200, 2400, 4800, 9600, 19200, 38400, 57600, 115200)
FLOWS = ("rtscts", "xonxoff", "none")
TRUSTS = ("printer", "person")
_ALLOWED = {"transport": tuple(KEYS), "baud": BAUDS, "flow": FLOWS, "columns": (32, 42, 48), "trust": TRUSTS}


class PrinterSettings(Section, frozen=True, kw_only=True):
    transport: str = "none"
    """`capture` is training's printer: a file of the exact bytes per job. `none` prints nothing."""
    host: str = ""
    port: int = 9100
    path: str = ""
    """`/dev/usb/lp0` (file), `/dev/ttyUSB0` (serial)."""
    baud: int = 9600
    flow: str = "rtscts"
    vendor: int = 0
    product: int = 0
    """The two numbers of `lsusb`: 0x04b8 and 0x0e15."""
    queue: str = ""
    """The queue of CUPS, or the printer's name in Windows."""
    profile: str = "generic-80"
    columns: int = 48
    code_page: str = ""
    """Empty is the profile's own, 850; another of its pages where a person saw that only that is right."""
    trust: str = "printer"
    """`printer`: only its answer, or a person's word for each paper, makes a paper printed. `person`: the
    store's standing word does, for jobs that left whole (why, and for what: `printing/device.py`)."""
    store_copy: bool = False
    """Print the store's copy of each top-up behind the client's."""
    stale_minutes: int = 60
    """Papers that waited longer ask before they are printed, so that yesterday's queue never comes out."""

    def problem(self) -> str | None:
        """Say what no printer can work with, or None."""
        for key, values in _ALLOWED.items():
            if wrong := choice(f"printer.{key}", getattr(self, key), values):
                return wrong
        found = problem(self)
        return f"«printer.{found[0]}» {found[1]}" if found else None


def problem(settings: PrinterSettings) -> tuple[str, str] | None:
    """Return the first key that no printer can work with and what is wrong with it, or None."""
    for key in KEYS[settings.transport]:
        if not getattr(settings, key):
            return key, f'falta, necessária para transport = "{settings.transport}".'
    limits = {"port": (1, 65535), "vendor": (0, 65535), "product": (0, 65535), "stale_minutes": (1, 10080)}
    for key, (least, most) in limits.items():
        if not least <= getattr(settings, key) <= most:
            return key, f"vai de {least} a {most}, e é {getattr(settings, key)}."
    return _profile_problem(settings)


def _profile_problem(settings: PrinterSettings) -> tuple[str, str] | None:
    from pos_tui.printing.profiles import profile  # late: the till without a config file needs no table

    try:
        row = profile(settings.profile)
    except ConfigError as error:
        return "profile", f"não vale. {error.message}"
    if settings.columns not in row.papers:
        valid = ", ".join(map(str, row.papers))
        return "columns", f"é {settings.columns}. Em {settings.profile} valem: {valid}."
    if settings.code_page not in ("", row.codec, *row.choices):
        valid = ", ".join((row.codec, *row.choices))
        return "code_page", f"é {settings.code_page!r}. Em {settings.profile} valem: {valid}."
    return None
