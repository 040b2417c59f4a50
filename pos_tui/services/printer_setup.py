"""Finding the printer with the person before it: print the test page, ask what is on it, keep the answers.

The terminal's `print-test` and the screen ask the same questions; only this module knows them.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import cast

from msgspec import Struct

from pos_tui.config import load
from pos_tui.domain.outcome import Done, NotSent, Outcome, Refused, Uncertain
from pos_tui.domain.values import replace
from pos_tui.printing.device import Printed
from pos_tui.printing.profiles import PROFILES, Cut, Profile, profile
from pos_tui.printing.slips.testpage import test_page
from pos_tui.services.config_file import Setting, write
from pos_tui.services.printer import connect
from pos_tui.settings.printer import KEYS, PrinterSettings

WIDEST = 48
"""The test page is always this wide: on narrower paper its rulers break, and show how narrow it is."""

YES_NO = (("S", "Sim"), ("N", "Não"))

TRANSPORT_LABELS = {
    "network": "Rede (TCP, porta 9100)",
    "usb": "USB direto (dois números do lsusb)",
    "file": "Arquivo de dispositivo (/dev/usb/lp0)",
    "serial": "Porta serial",
    "cups": "Fila do CUPS (Linux)",
    "windows": "Impressora do Windows",
}
KEY_LABELS = {
    "host": "Endereço",
    "port": "Porta",
    "path": "Dispositivo",
    "baud": "Velocidade",
    "flow": "Fluxo",
    "vendor": "Fabricante",
    "product": "Produto",
    "queue": "Fila",
}
KEY_HINTS = {
    "host": "como 192.168.0.50; está na página de autoteste dela",
    "port": "9100 em quase toda impressora",
    "path": "como /dev/usb/lp0 ou /dev/ttyUSB0",
    "baud": "9600 se ninguém a mudou",
    "flow": "rtscts, xonxoff ou none",
    "vendor": "hexadecimal, como 04b8: o primeiro número do lsusb",
    "product": "hexadecimal, como 0e15: o segundo número do lsusb",
    "queue": "o nome da fila ou da impressora no sistema",
}
HEXADECIMAL = ("vendor", "product")
NUMBERS = ("port", "baud")

TRUST = (
    "Esta impressora não confirma que imprimiu. Todo papel que ela receber inteiro, sem falha à vista, pode "
    "contar como impresso? (N: o caixa pergunta de cada papel se saiu.)"
)
_ADVICE = {
    "accents": "Acentos errados: a impressora está em outro modo ou com outra página de código.",
    "qr": "Sem QR: ela não o desenha sozinha.",
    "bars": "Barras cortadas: confira a largura da bobina.",
    "cut": "Sem corte: ela não tem guilhotina, ou o comando é outro.",
    "drawer": "A gaveta não abriu: confira o cabo; o comando também pode ser outro.",
}


class Ask(Struct, frozen=True):
    """One question about the test page."""

    name: str
    text: str
    answers: tuple[tuple[str, str], ...] = YES_NO
    """Key and label of each."""


def read_key(key: str, typed: str) -> str | int:
    """Read a value as typed. Raises ValueError when a number is wanted and it is none."""
    if key in HEXADECIMAL:
        return int(typed, 16)
    return int(typed) if key in NUMBERS else typed


def print_test_page(settings: PrinterSettings, folder: Path, *, drawer: bool) -> Outcome[Printed]:
    """Print the page. The standing word is left aside: whether the printer proves anything is to be seen."""
    page = test_page(profile(settings.profile), drawer=drawer)
    return connect(replace(settings, columns=WIDEST, trust="printer"), folder).print(page.to_json())


def why_not_printed(outcome: Outcome[Printed]) -> str | None:
    """Say why the page certainly did not come out, or None when it may have."""
    match outcome:
        case NotSent(why):
            return why
        case Refused():
            return outcome.text
        case _:
            return None


class Interview:
    """Asks about one test page. `ask` gives the next question until it gives None; then `settings` hold."""

    def __init__(
        self,
        settings: PrinterSettings,
        outcome: Outcome[Printed],
        *,
        drawer: bool,
        tried: tuple[str, ...] = (),
    ) -> None:
        """`tried` are the profiles of earlier pages: none of them is proposed again."""
        self.settings = replace(settings, trust="printer")
        self.usable = isinstance(outcome, Done)
        """Whether the page came out well enough to keep the settings."""
        self.again = False
        """Whether a page with the proposed profile is wanted."""
        self.wrong: list[str] = []
        self.tried = (*tried, settings.profile)
        self._asks = self._questions(outcome, drawer)
        self._now = next(self._asks, None)

    def ask(self) -> Ask | None:
        """Return the question that waits, or None."""
        return self._now

    def answer(self, key: str) -> None:
        """Take the answer to the question that waits; `key` is one of its keys, in either case."""
        assert self._now is not None
        self._take(self._now.name, key.upper())
        self._now = next(self._asks, None)

    def _questions(self, outcome: Outcome[Printed], drawer: bool) -> Iterator[Ask]:
        """Later questions hang on earlier answers: each is made only when the one before was taken."""
        made_for = profile(self.settings.profile)
        if isinstance(outcome, Uncertain):
            yield Ask("came_out", f"{outcome.why} O papel de teste saiu inteiro?")
        if not self.usable:
            return
        if isinstance(outcome, Uncertain):
            yield Ask("trust", TRUST)
        yield Ask("columns", "1. Qual é a última régua que cabe em uma linha só?", _rulers(made_for))
        yield Ask("accents", "2. A linha de acentos está certa (ãõç áéíóú âêô)?", _pages(made_for))
        yield Ask("qr", "4. O código QR aparece, e a câmera do celular o lê?")
        yield Ask("bars", "5. As barras aparecem inteiras?")
        if made_for.cut is not Cut.NONE:
            yield Ask("cut", "6. O papel foi cortado?")
        if drawer and made_for.drawer:
            yield Ask("drawer", "7. A gaveta abriu?")
        other = next_profile(made_for, self.wrong, self.tried)
        if self.wrong and other is not None:
            yield Ask("other", f"{advice(self.wrong)} Tentar com o perfil «{other.label}»?")
        elif self.wrong:
            yield Ask("keep", f"{advice(self.wrong)} Nenhum outro perfil serve. Gravar assim mesmo?")

    def _take(self, name: str, key: str) -> None:
        yes = key == "S"
        match name:
            case "came_out" | "keep":
                self.usable = yes
            case "trust":
                self.settings = replace(self.settings, trust="person" if yes else "printer")
            case "columns":
                self.settings = replace(self.settings, columns=_columns(profile(self.settings.profile), key))
            case "accents" if key.isdecimal():
                page = profile(self.settings.profile).choices[int(key) - 1]
                self.settings = replace(self.settings, code_page=page)
            case "other":
                self._other(yes)
            case _ if not yes:
                self.wrong.append(name)

    def _other(self, yes: bool) -> None:
        other = next_profile(profile(self.settings.profile), self.wrong, self.tried)
        if yes and other is not None:
            self.again = True
            self.settings = replace(self.settings, profile=other.name, columns=other.columns, code_page="")


def advice(wrong: list[str]) -> str:
    """Say what the wrong things may mean."""
    return " ".join(_ADVICE[name] for name in wrong)


def next_profile(now: Profile, wrong: list[str], tried: tuple[str, ...]) -> Profile | None:
    """Return the profile most like `now` that does what went wrong in another way, or None."""
    fits = [
        other
        for other in PROFILES.values()
        if other.name not in tried and wrong and all(_differs(name, now, other) for name in wrong)
    ]
    return max(fits, key=lambda other: _likeness(now, other), default=None)


def _differs(name: str, now: Profile, other: Profile) -> bool:
    match name:
        case "accents":
            return (other.language, other.page, other.codec) != (now.language, now.page, now.codec)
        case "qr":
            return (other.qr, other.language) != (now.qr, now.language)
        case "cut":
            return (other.cut, other.language) != (now.cut, now.language)
        case "drawer":
            return other.language is not now.language
        case _:
            return other.dots(other.columns) != now.dots(now.columns)


def _likeness(now: Profile, other: Profile) -> int:
    same = ("language", "page", "codec", "cut", "qr", "status", "dpi", "papers")
    return sum(getattr(now, name) == getattr(other, name) for name in same)


def _rulers(made_for: Profile) -> tuple[tuple[str, str], ...]:
    return tuple((str(n), f"{columns} colunas") for n, columns in enumerate(sorted(made_for.papers), 1))


def _pages(made_for: Profile) -> tuple[tuple[str, str], ...]:
    others = tuple(
        (str(n), f"Não: a certa é a linha {made_for.pages[codec]} {codec}")
        for n, codec in enumerate(made_for.choices, 1)
    )
    return (("S", "Sim"), *others, ("N", "Não, nenhuma está")) if others else YES_NO


def _columns(made_for: Profile, key: str) -> int:
    return sorted(made_for.papers)[int(key) - 1]


def save(path: Path, settings: PrinterSettings) -> None:
    """Write `[printer]` into the config file; everything else in it stays as it is.

    Raises:
        ConfigError: the file would not be valid, or cannot be written; it is left alone.
    """
    import tomlkit

    values: dict[str, Setting] = {}
    for key in ("transport", *KEYS[settings.transport], "profile", "columns", "trust"):
        value = getattr(settings, key)
        hexadecimal = key in HEXADECIMAL
        values[f"printer.{key}"] = cast(int, tomlkit.value(f"0x{value:04x}")) if hexadecimal else value
    if settings.code_page or (path.exists() and load(path).printer.code_page):
        values["printer.code_page"] = settings.code_page
    write(path, values)
