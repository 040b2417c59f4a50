"""The `[payment]` section: the methods a store takes, and their outside."""

from pathlib import Path
from typing import TYPE_CHECKING

from pos_tui.settings import Section

if TYPE_CHECKING:
    from pos_tui.config import Config

PRACTICE = "treinamento"
"""Stands for the address of a PSP in training: any address leads to the sandbox there."""

METHODS = ("cash", "card", "tef", "pix", "recurring")


class PixSettings(Section, frozen=True, kw_only=True):
    key: str = ""
    name: str = ""
    url: str = ""
    """The PSP's address before `/cob`; empty: a static QR that a person confirms."""
    token_url: str = ""
    client_id: str = ""
    certificate: str = ""
    """Path of the store's certificate (PEM), which the PSP asks for."""
    certificate_key: str = ""
    ca: str = ""
    """Path of the only authority to be believed; empty: the public ones."""
    expires_seconds: int = 600

    def problem(self) -> str | None:
        """Say what a PSP cannot be spoken to without, or None."""
        for key in ("token_url", "client_id"):
            if not getattr(self, key):
                return f"falta «payment.pix.{key}», necessária com «payment.pix.url»."
        for key in ("certificate", "certificate_key", "ca"):
            name = getattr(self, key)
            if name and not Path(name).is_file():
                return f"«payment.pix.{key}» aponta para {name}, que não existe."
        if self.expires_seconds < 60:
            return "«payment.pix.expires_seconds» deve ser pelo menos 60."
        return None


class TefSettings(Section, frozen=True, kw_only=True):
    """The two folders of a TEF manager."""

    request_dir: str = ""
    response_dir: str = ""
    company: str = "POS-TUI"
    certification: str = ""
    """Field 738, given at certification; production use is not allowed without it."""

    def problem(self) -> str | None:
        """Say what is wrong with the two folders, or None."""
        for key in ("request_dir", "response_dir"):
            folder = getattr(self, key)
            if not folder or not Path(folder).is_dir():
                return f"«payment.tef.{key}» deve ser uma pasta do TEF que exista."
        if Path(self.request_dir).resolve() == Path(self.response_dir).resolve():
            return "«payment.tef.request_dir» e «response_dir» devem ser pastas diferentes."
        return None


class PaymentSettings(Section, frozen=True, kw_only=True):
    methods: tuple[str, ...] = ("cash", "card", "pix")
    pix: PixSettings = PixSettings()
    tef: TefSettings = TefSettings()

    @property
    def asks_pix(self) -> bool:
        """Whether Pix is charged through the store's bank, which says what was paid."""
        return "pix" in self.methods and bool(self.pix.url)

    def problem(self) -> str | None:
        """Say that a method is unknown, or None."""
        for method in self.methods:
            if method not in METHODS:
                return f"«payment.methods» não conhece {method!r}. Valem: {', '.join(METHODS)}."
        return None

    def missing(self, whole: "Config") -> str | None:
        """Say what a method lacks, or None."""
        if "pix" in self.methods and not self.pix.key:
            return 'falta «payment.pix.key» (ou retire "pix" de «payment.methods»).'
        if "tef" in self.methods and (wrong := self.tef.problem()):
            return wrong
        return self.pix.problem() if self.pix.url else None
