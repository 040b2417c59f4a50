"""Orders as the platform would tell them, for tests of rules."""

from pos_tui.domain.order import (
    DeliveryState,
    Order,
    OrderItem,
    OrderState,
    PaymentState,
    PayMethod,
)
from pos_tui.domain.values import replace

PLAIN = Order(
    remote_id="1",
    number="1001",
    state=OrderState.OPEN,
    payment=PaymentState.PENDING,
    delivery=DeliveryState.UNFULFILLED,
    method=PayMethod.MANUAL,
    method_name="Depósito",
    created_at=1_780_000_000_000,
    updated_at=1_780_000_000_000,
    customer="Joana Prado",
    document="52998224725",
    email="joana@example.com",
    phone="",
    address=("Rua 14 de Julho 100",),
    items=(OrderItem("1", "CAM", "Camiseta", 2, 5990), OrderItem("2", "", "Adesivo", 5, 425)),
    subtotal=14105,
    discount=0,
    freight=1850,
    tax=0,
    total=15955,
    shipping="PAC",
)


def order(**changes: object) -> Order:
    """An order that differs in some fields."""
    return replace(PLAIN, **changes)  # type: ignore[arg-type]
