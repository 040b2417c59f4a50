"""Every flow of money that the matrix kills."""

from tests.crash.flow import Flow
from tests.crash.flows.bill import BillReceived
from tests.crash.flows.drawer import DayClosed, DrawerMoved
from tests.crash.flows.order import OrderDelivered
from tests.crash.flows.paper import PapersPrinted
from tests.crash.flows.payment import (
    CashAndMachine,
    PixLate,
    PixReturned,
    TefAbandoned,
    TefOdd,
    TefSaved,
)
from tests.crash.flows.recurring import (
    RecurringCancelled,
    RecurringLate,
    RecurringPaid,
    RecurringReturned,
)
from tests.crash.flows.topup import TopUpsSold

FLOWS: dict[str, Flow] = {
    flow.name: flow
    for flow in (
        TopUpsSold(),
        CashAndMachine(),
        TefSaved(),
        TefAbandoned(),
        TefOdd(),
        PixReturned(),
        PixLate(),
        RecurringPaid(),
        RecurringCancelled(),
        RecurringLate(),
        RecurringReturned(),
        BillReceived(),
        OrderDelivered(),
        PapersPrinted(),
        DrawerMoved(),
        DayClosed(),
    )
}
