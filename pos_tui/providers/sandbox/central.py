"""What the sandbox's ERPs share: the invented subscribers, with what was done to them in the ledger.

A bill settled is a purchase whose line is `conta/ID`, credited for its amount; an enabling is one of nothing
whose line is `habilitacao/CONTRACT`. So the ledger counts how often each happened, whatever was answered.
"""

from collections.abc import Iterator
from datetime import date, datetime

from pos_tui.domain.subscriber import Bill, BillState, ContractState, Subscriber
from pos_tui.domain.values import replace
from pos_tui.providers.sandbox.dialect import BRASILIA, Desk
from pos_tui.providers.sandbox.ledger import Purchase, Row, State
from pos_tui.providers.sandbox.subscribers import Person, people


class Central:
    """One ERP for one call."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.now = datetime.fromtimestamp(desk.now, BRASILIA)
        self._people = people(self.today)

    @property
    def today(self) -> date:
        """The day of the sandbox's clock."""
        return self.now.date()

    def everybody(self) -> Iterator[tuple[Person, Subscriber]]:
        """Everybody, their plans as they stand after what was enabled."""
        enabled = {row.purchase.product for row in self._done("habilitacao/")}
        for person in self._people:
            subscriber = person.dossier.subscriber
            for contract in enabled:
                if subscriber.contract(contract):
                    subscriber = subscriber.with_state(contract, ContractState.ACTIVE)
            yield person, subscriber

    def by_id(self, key: str) -> tuple[Person, Subscriber] | None:
        """Find by the ERP's number."""
        return next((found for found in self.everybody() if found[1].id == key), None)

    def by_document(self, document: str, password: str) -> tuple[Person, Subscriber] | None:
        """Find by document and password."""
        for person, subscriber in self.everybody():
            if subscriber.document == document and person.secrets["senha"] == password:
                return person, subscriber
        return None

    def bills(self, person: Person) -> list[Bill]:
        """A person's bills, those settled here among them."""
        settled = {row.purchase.line.removeprefix("conta/"): row for row in self._done("conta/")}
        return [self._as_settled(bill, settled.get(bill.id)) for bill in person.dossier.bills]

    def bill(self, key: str) -> tuple[Person, Bill] | None:
        """Find a bill."""
        for person in self._people:
            for bill in self.bills(person):
                if bill.id == key:
                    return person, bill
        return None

    def settle(self, bill: Bill, way: str, receipt: str, amount: int) -> Row:
        """Count a bill as paid."""
        key = self._new(f"conta/{bill.id}")
        self._desk.reserve(Purchase(key, f"conta/{bill.id}", way, receipt, amount, 0))
        return self._desk.confirm(key)

    def named(self, row: Row, bill: Bill) -> str:
        """The bill that an answer about a settling names: another one when a fault twisted the key."""
        truth = self._desk.rows()[-1].purchase.key
        return bill.id if row.purchase.key == truth else f"{bill.id}9"

    def promised(self, contract: str) -> int:
        """How often a plan was enabled provisionally."""
        return sum(row.purchase.product == contract for row in self._done("habilitacao/"))

    def enable(self, contract: str, about: str = "") -> Row:
        """Enable a plan."""
        key = self._new(f"habilitacao/{contract}")
        self._desk.reserve(Purchase(key, f"habilitacao/{contract}", about, contract, 0, 0))
        return self._desk.confirm(key)

    def notice(self, document: str) -> Row | None:
        """Take a payment notice; None when one was taken before."""
        if any(row.purchase.product == document for row in self._done("aviso/")):
            return None
        key = f"aviso/{document}"
        self._desk.reserve(Purchase(key, key, "aviso", document, 0, 0))
        return self._desk.confirm(key)

    def _new(self, line: str) -> str:
        """A key nobody used: real ERPs know none of ours, and would do it again."""
        return f"{line}/{len(self._desk.rows())}"

    def _done(self, line: str) -> Iterator[Row]:
        rows = (row for row in self._desk.rows() if row.state is State.CREDITED)
        return (row for row in rows if row.purchase.line.startswith(line))

    def _as_settled(self, bill: Bill, row: Row | None) -> Bill:
        if row is None:
            return bill
        paid = {"paid_on": self.today, "paid": row.purchase.face, "how": row.purchase.operator}
        return replace(bill, state=BillState.SETTLED, **paid)  # type: ignore[arg-type]
