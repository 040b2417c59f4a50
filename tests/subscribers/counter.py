"""The subscriber desk, reached and used by keys."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from pos_tui.till import Till
from tests.sandbox import SandboxControl
from tests.screens.desk import Desk, at_desk
from tests.subscribers.desk import desk_till


@asynccontextmanager
async def at_counter(
    folder: Path,
    sandbox: SandboxControl,
    provider: str,
    size: tuple[int, int] = (80, 24),
    enabling: str = "unblock",
) -> AsyncIterator[tuple[Desk, Till]]:
    """The app on the subscriber desk."""
    with desk_till(folder, sandbox, provider, enabling=enabling) as till:
        async with at_desk(till, size) as desk:
            await desk.press("f12")
            await desk.see("Mesas")
            await choose_desk(desk)
            await desk.see("Assinante")
            yield desk, till


async def choose_desk(desk: Desk) -> None:
    """Find the desk in F12's list, on whichever page it stands."""
    for _ in range(4):
        for line in desk.lines():
            if "Central do assinante" in line:
                digit = next(char for char in line if char.isdigit())
                await desk.press(digit)
                return
        await desk.press("0")
    raise AssertionError("\n".join(desk.lines()))


async def open_somebody(desk: Desk, provider: str, text: str = "jose aparecido", name: str = "José") -> None:
    """Search, choose the first, and give the password where one is wanted."""
    await desk.type(text, "enter")
    await desk.see(name)
    await desk.until(lambda: type(desk.app.focused).__name__ == "LineList", "the list")
    await desk.press("enter")
    if provider == "sgp":
        await desk.see("Senha do assinante")
        await desk.type("1234", "enter")
    await desk.see("Extrato de ligação")


def papers(till: Till, kind: str) -> list[str]:
    """What was queued of a kind, as text."""
    from pos_tui.store.models import PrintJobRow

    with till.context.store.reading() as tx:
        rows = tx.rows(PrintJobRow.select(PrintJobRow.document).where(PrintJobRow.kind == kind))
    return [till.papers.preview(row[0]) for row in rows]
