"""Training's card reconciliation: folders of its own, and a conciliator that answers each remessa.

Never the store's folders: what training read there would be missing in the real reconciliation.
"""

import os
from pathlib import Path

from pos_tui.domain.errors import PosError
from pos_tui.domain.reconciliation import Acquirer
from pos_tui.domain.values import replace
from pos_tui.services.files import appearing
from pos_tui.settings.statements import StatementSettings

CODE = "999000111"
"""The store's code at the pretended acquirer."""
_REMESSA, _RETURN = "REMESSA-", "RETORNO-"


def folder_of(data: Path) -> Path:
    """Return where training keeps remessas, returns and what is to go wrong."""
    return data / "cartoes-treinamento"


def control_of(data: Path) -> Path:
    """Return the file of the faults that wait: one a line."""
    return folder_of(data) / "falhas.control"


def practice_settings(told: StatementSettings, data: Path) -> StatementSettings:
    """Return a store's settings with everything of the outside pretended."""
    place = folder_of(data)
    return replace(
        told,
        layout="teiacard",
        acquirer=Acquirer.STONE.value,
        establishment=CODE,
        inbox=str(place / "retorno"),
        outbox=str(place / "remessa"),
    )


class PracticeConciliator:
    """Answers what lies in the outbox and was not answered yet."""

    def __init__(self, settings: StatementSettings, control: Path) -> None:
        self._inbox, self._outbox = Path(settings.inbox), Path(settings.outbox)
        self._control = control

    def deliver(self) -> None:
        """Put the answers into the inbox, as whole files that have lain there for a while.

        Raises:
            PosError: a folder cannot be used.
        """
        try:
            for path in sorted(self._outbox.glob(f"{_REMESSA}*")):
                self._answer(path)
        except OSError as error:
            raise PosError(f"A conciliadora de treinamento não respondeu ({error.strerror}).") from error

    def _answer(self, remessa: Path) -> None:
        from pos_tui.providers.sandbox.conciliator import Fault, answer, lines_of

        answered = self._outbox / "respondidas"
        answered.mkdir(exist_ok=True, mode=0o700)
        self._inbox.mkdir(parents=True, exist_ok=True, mode=0o700)
        faults = [Fault(name) for name in waiting(self._control)]
        records = answer(lines_of(remessa.read_text("ascii")), faults)
        with appearing(self._inbox / remessa.name.replace(_REMESSA, _RETURN)) as part:
            part.write_text("".join(f"{record}\r\n" for record in records), "ascii")
            os.utime(part, (0, 0))
        keep(self._control, [fault.value for fault in faults])
        remessa.replace(answered / remessa.name)


def waiting(control: Path) -> list[str]:
    """Return the lines of a control file that have words."""
    try:
        return [line for line in control.read_text("utf-8").splitlines() if line.strip()]
    except FileNotFoundError:
        return []


def keep(control: Path, lines: list[str]) -> None:
    """Write a control file. Raises OSError."""
    control.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with appearing(control) as part:
        part.write_text("".join(f"{line}\n" for line in lines), "utf-8")
