"""Every kind of provider, each asked for one effect that costs somebody money."""

from collections.abc import Callable
from datetime import UTC, date
from typing import Any

from msgspec import Struct

from pos_tui.domain.order_rules import Demand, OrderAction
from pos_tui.domain.outcome import Outcome
from pos_tui.domain.pix import parse_key
from pos_tui.domain.subscriber import Bill, BillState, Contract, ContractState
from pos_tui.providers.http import Limits
from pos_tui.providers.orders.dooca import DoocaOrders
from pos_tui.providers.orders.medusa import MedusaOrders
from pos_tui.providers.pix.bcb import BcbPix, ChargeRequest
from pos_tui.providers.pix.charge import Merchant
from pos_tui.providers.recurring.asaas import Asaas, Plan
from pos_tui.providers.subscribers.base import Access, CounterPayment, PaidWith
from pos_tui.providers.subscribers.rbx import RbxProvider
from pos_tui.providers.subscribers.sgp import SgpProvider
from tests.orders.make import PLAIN
from tests.providers.kits import KITS, Kit

TOKEN = b'{"access_token": "abc", "token_type": "Bearer", "expires_in": 3600}'
DAY = date(2026, 11, 29)
ACCESS = Access("7", "52998224725")
BILL = Bill("1001", DAY, 14280, BillState.OPEN, number="1001")
TXID = "0192f1c411117abc8def0123456789ab"


class Family(Struct, frozen=True):
    """One kind of provider."""

    name: str
    effect: Callable[[str, Limits], Outcome[Any]]
    """Asks the server at this address for it."""
    by_token: bool = False
    """A token is fetched first."""


def _reserve(kit: Kit) -> Callable[[str, Limits], Outcome[Any]]:
    return lambda url, limits: kit.build(url, limits).reserve(kit.request())


def _pix(url: str, limits: Limits) -> Outcome[Any]:
    key, merchant = parse_key("caixa@example.com"), Merchant("Loja 52", "Campo Grande")
    bank = BcbPix(url, f"{url}/token", "loja", lambda: "x", key, merchant, limits=limits)
    return bank.create(ChargeRequest(TXID, 4170, 3600))


def _recurring(url: str, limits: Limits) -> Outcome[Any]:
    return Asaas(url, lambda: "x", limits=limits).create(Plan("ref-1", "cus_1", 1000, 4, "2026-12-10", "OS"))


def _rbx(url: str, limits: Limits) -> Outcome[Any]:
    payment = CounterPayment(14280, DAY, PaidWith.CASH, "1-1")
    return RbxProvider(url, lambda: "x", UTC, limits=limits).settle(ACCESS, BILL, payment)


def _sgp(url: str, limits: Limits) -> Outcome[Any]:
    contract = Contract("7", "Fibra", ContractState.SUSPENDED)
    return SgpProvider(url, "caixa", lambda: "x", UTC, limits=limits).enable(ACCESS, contract, None, DAY)


def _dooca(url: str, limits: Limits) -> Outcome[Any]:
    return DoocaOrders(url, lambda: "x", UTC, limits=limits).perform(PLAIN, Demand(OrderAction.APPROVE))


def _medusa(url: str, limits: Limits) -> Outcome[Any]:
    return MedusaOrders(url, lambda: "sk_1", limits=limits).perform(PLAIN, Demand(OrderAction.CANCEL))


FAMILIES = (
    *(Family(f"recarga {kit.name}", _reserve(kit), kit.name == "celcoin") for kit in KITS),
    Family("Pix", _pix, by_token=True),
    Family("recorrente", _recurring),
    Family("ERP RBX", _rbx),
    Family("ERP SGP", _sgp),
    Family("pedidos Dooca", _dooca),
    Family("pedidos Medusa", _medusa),
)
