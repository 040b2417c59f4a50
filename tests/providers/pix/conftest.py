"""The till's Pix adapter against the sandbox, and against a server that says what a test wants."""

from pos_tui.domain.pix import parse_key
from pos_tui.providers.http import Limits, Trust
from pos_tui.providers.pix.bcb import BcbPix
from pos_tui.providers.pix.charge import Merchant
from pos_tui.providers.sandbox import KEY, PIX_PATH, PIX_TOKEN_PATH, USER

TXID = "0192f1c411117abc8def0123456789ab"
OTHER = "0192f1c411117abc8def0123456789ac"
AMOUNT = 4170
PIX_KEY = parse_key("caixa@example.com")


def psp(url: str, secret: str = KEY, trust: Trust | None = None) -> BcbPix:
    """An adapter for the PSP at this address."""
    return BcbPix(
        url + PIX_PATH,
        url + PIX_TOKEN_PATH,
        USER,
        lambda: secret,
        PIX_KEY,
        Merchant("Loja 52", "Campo Grande"),
        limits=Limits(deadline=20.0),
        trust=trust,
    )
