"""The page by which a person finds the printer's profile: rulers, code pages, QR, bars, cut and drawer."""

from collections.abc import Iterator

from pos_tui.printing.layout import CONDENSED
from pos_tui.printing.profiles import Profile
from pos_tui.printing.receipt import Block, Itf, Kind, PageSample, QrCode, Receipt, Rule, Size, Text, Verbatim
from pos_tui.printing.slips.common import title

QR_TEXT = "pos-tui: teste de impressora"
BARS = "0123456789" * 4 + "0123"


def test_page(profile: Profile, *, drawer: bool = True) -> Receipt:
    """Return the page. Print it at 48 columns: on narrower paper the longer rulers break, and show it."""
    blocks = (
        title("TESTE DE IMPRESSORA"),
        Text(f"Perfil: {profile.label}"),
        Rule(),
        Text("1. Largura: qual é a última régua que cabe em uma linha só?", bold=True),
        *(Verbatim((ruler(columns),)) for columns in CONDENSED),
        Rule(),
        Text("2. Acentos: esta linha está certa? ãõç áéíóú âêô ªº§ R$ 1,00", bold=True),
        Text("Se não estiver, anote o número da linha que está certa:"),
        *_pages(profile),
        Rule(),
        Text("3. Letras:", bold=True),
        Text("negrito", bold=True),
        Text("altas", size=Size.TALL),
        Text("grandes", size=Size.BIG),
        Rule(),
        Text("4. O código QR aparece e a câmera o lê?", bold=True),
        QrCode(QR_TEXT),
        Text("5. As barras aparecem inteiras?", bold=True),
        Itf(BARS),
        Rule(),
        Text("6. O papel foi cortado abaixo desta linha?", bold=True),
        *((Text("7. A gaveta abriu?", bold=True),) if drawer else ()),
    )
    return Receipt(Kind.TEST, blocks, drawer=drawer)


def ruler(columns: int) -> str:
    """Return a line of exactly so many characters that ends in its own number."""
    marks = "".join(str(place // 10) if place % 10 == 0 else "." for place in range(1, columns + 1))
    return marks[:-3] + f">{columns}"


def _pages(profile: Profile) -> Iterator[Block]:
    yield PageSample(profile.page, profile.codec)
    for codec, page in profile.pages.items():
        yield PageSample(page, codec)
