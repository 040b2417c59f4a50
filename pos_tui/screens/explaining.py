"""F1: the page about a place, made from the registry. Imported when it is first asked for."""

from collections.abc import Callable, Sequence

from pos_tui.commands import TABS, Command, Place, of_place, own
from pos_tui.widgets.guide import Entry, Guide, GuidePage, Section

Reasons = Callable[[str], str | None]


def help_page(
    place: Place, purpose: str, reasons: Reasons, contacts: Sequence[str], hint: str = ""
) -> GuidePage:
    """Return the page about a place: what it is for, its keys, what is off and why, whom to call.

    `hint` says what to type where the cursor stands.
    """
    mine = own(place)
    rest = [command for command in of_place(place) if command not in mine]
    if place not in TABS:
        # A desk covers the sale: of what works anywhere only this is left.
        rest = [command for command in own(Place.ANYWHERE) if command.id in ("help", "lock")]
    enter = () if any("enter" in command.keys for command in mine) else (Entry("Enter", "Confirma."),)
    always = (*enter, Entry("Esc", "Volta."), *_entries(rest, place, reasons))
    sections = (
        Section("Teclas daqui", _entries(mine, place, reasons)),
        Section("Desligado agora", _off([*mine, *rest], place, reasons)),
        Section("Suporte", tuple(Entry("", contact) for contact in contacts)),
        Section("Em qualquer lugar", always),
    )
    return GuidePage(Guide(f"Ajuda: {place.value}", (purpose, *((hint,) if hint else ())), sections))


def _entries(commands: Sequence[Command], place: Place, reasons: Reasons) -> tuple[Entry, ...]:
    """Keys in parentheses do nothing now, as in the footer."""
    found = []
    for command in commands:
        keys = " ou ".join(command.key_words)
        shown = f"({keys})" if reasons(command.id) else keys
        found.append(Entry(shown, f"{command.label_at(place).rstrip('.')}. {command.tooltip}"))
    return tuple(found)


def _off(commands: Sequence[Command], place: Place, reasons: Reasons) -> tuple[Entry, ...]:
    """What is off for the same reason stands together."""
    told: dict[str, list[Command]] = {}
    for command in commands:
        if reason := reasons(command.id):
            told.setdefault(reason, []).append(command)
    return tuple(
        Entry(
            ", ".join(command.key_words[0] for command in off),
            f"{', '.join(command.label_at(place) for command in off)}: {reason}",
        )
        for reason, off in told.items()
    )
