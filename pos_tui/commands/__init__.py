"""The one registry of what a person can do: keys, label, tooltip and help of every command.

Footer, F1, the command palette and `docs/keys.md` are made from it; no screen keeps a key of its own. Keys
are data, so that a preset can move them. Every essential command has a second key, since terminals eat F1,
F10 and F11. A desk's table is imported when the desk is first opened: the start does not pay for it.
"""

from importlib import import_module

from pos_tui.commands.command import Command as Command
from pos_tui.commands.command import Place as Place
from pos_tui.commands.command import key_words as key_words

_TABLES = {
    Place.ANYWHERE: "everywhere",
    Place.START: "sale",
    Place.RECHARGE: "sale",
    Place.PAYMENT: "sale",
    Place.SALES: "sale",
    Place.CONFIRMATION: "sale",
    Place.CASH: "cash",
    Place.CLOSINGS: "cash",
    Place.PEOPLE: "people",
    Place.OVERSIGHT: "oversight",
    Place.TILLS: "oversight",
    Place.TRAIL: "oversight",
    Place.PRIVACY: "care",
    Place.DOCTOR: "care",
    Place.ITEMS: "items",
    Place.CATALOGUE: "items",
    Place.OS: "recurring",
    Place.BALANCE: "balance",
    Place.TEF: "tef",
    Place.REPORTS: "reports",
    Place.REPORT: "reports",
    Place.SETUP: "settings",
    Place.SETTINGS: "settings",
    Place.ORDERS: "orders",
    Place.ORDER: "orders",
    Place.PRACTICE: "practice",
    Place.SUBSCRIBERS: "subscriber",
    Place.SUBSCRIBER: "subscriber",
    Place.EXTRACT: "subscriber",
    Place.BILLS: "subscriber",
    Place.SLIP: "subscriber",
    Place.NOTES: "subscriber",
    Place.TICKETS: "subscriber",
    Place.CREDIT: "subscriber",
    Place.REQUESTS: "subscriber",
    Place.CARDS: "cards",
    Place.CARD_PAIR: "cards",
}
"""In which module of this folder the commands of a place stand."""

TABS = frozenset({Place.START, Place.RECHARGE, Place.PAYMENT, Place.SALES})
"""The sale's own places. Every other one covers the sale."""


def own(place: Place) -> list[Command]:
    """Return the commands of a place itself."""
    table: tuple[Command, ...] = import_module(f"pos_tui.commands.{_TABLES[place]}").COMMANDS
    return [command for command in table if command.place is place]


def of_place(place: Place) -> list[Command]:
    """Return the commands that work in a place: its own first, then those that work anywhere.

    What works anywhere waits behind whatever covers the sale, and gives way where its keys do something else.
    """
    mine = own(place)
    taken = {key for command in mine for key in command.keys}
    anywhere = own(Place.ANYWHERE) if place in TABS else []
    return mine + [command for command in anywhere if not taken & set(command.keys)]
