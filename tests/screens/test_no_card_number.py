"""No card's number stays anywhere people write what they like (issue 4, facts/payments.md §9.21)."""

import ast
from collections.abc import Callable
from pathlib import Path

import pytest

from pos_tui.domain.errors import FieldError
from pos_tui.domain.item import ItemKind, Product
from pos_tui.domain.people import Action, Role
from pos_tui.services.refunds import Warrant
from pos_tui.store.ids import new_key
from pos_tui.store.models import JournalRow
from pos_tui.till import Till
from pos_tui.widgets.fields import DigitsField, MoneyField, TextField
from tests.sandbox import SandboxControl
from tests.screens.desk import add_topup, at_desk
from tests.tills import LINE, SELLER, add, new_sale

PAN = "4111111111111111"
"""The networks' own test number."""
SCREENS = Path(__file__).parents[2] / "pos_tui" / "screens"
MAY_HOLD_CODES = {
    # Codes with a form of their own.
    "items.py what", "order_forms.py key", "order_forms.py code", "order_codes.py key", "products.py code",
    "products.py barcode", "printer_setup.py key", "settings_entry.py entry.name", "subscriber.py user",
    # Only looked for, never kept.
    "order_filter.py text", "palette.py name", "privacy.py text", "sale_filter.py text", "start.py search",
    "subscriber.py text", "subscriber_tickets.py text", "trail.py text",
}  # fmt: skip


@pytest.mark.parametrize("typed", [PAN, f"cartão 4111 1111-1111.1111 da cliente, {LINE}"])
def test_a_free_text_field_refuses_it(typed: str) -> None:
    field = TextField("reason", "Motivo", max_length=140)
    field.set(typed)
    assert "número de cartão" in str(field.problem())
    for other in (TextField("text", "Procurar", codes=True), TextField("pin", "Senha", secret=True)):
        other.set(PAN)
        assert other.problem() is None
    for form in (DigitsField("document", "CNPJ"), MoneyField("amount", "Valor")):
        form.set(PAN)
        assert "cartão" not in str(form.problem())


def test_only_codes_and_searches_take_long_numbers() -> None:
    found = set()
    for path in SCREENS.glob("*.py"):
        for call in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(call, ast.Call) and any(word.arg == "codes" for word in call.keywords):
                name = call.args[0]
                told = str(name.value) if isinstance(name, ast.Constant) else ast.unparse(name)
                found.add(f"{path.name} {told}")
    assert found == MAY_HOLD_CODES


def services(till: Till) -> dict[str, Callable[[str], object]]:
    """What writes down a text that somebody typed."""
    sale = new_sale(till)
    topup = add(till, sale)
    till.cash.open(10_000, SELLER)

    def product(name: str) -> Product:
        return Product(new_key(), "X1", "", name, 100, ItemKind.SERVICE)

    return {
        "cancel": lambda text: till.topups.cancel(topup.id, text, SELLER),
        "customer": lambda text: till.customers.register(f"Ana {text}", "", "", "", SELLER),
        "e-mail": lambda text: till.customers.register("Ana", "", "", f"{text}@a.com.br", SELLER),
        "invoice": lambda text: till.sales.set_invoice(till.sales.get(sale.id), text),
        "operator": lambda text: till.operators.create(7, f"Ana {text}", Role.CASHIER, "2580", SELLER),
        "product": lambda text: till.products.add(product(f"Serviço {text}"), SELLER),
        "supply": lambda text: till.cash.supply(100, text, SELLER),
        "withdrawal": lambda text: till.cash.withdraw(100, text, SELLER),
        "approval": lambda text: till.guard.by_oneself(Action.REFUND, "", SELLER, text),
        "warrant": lambda text: Warrant(SELLER, "Marta", text).checked(),
        "supervisor": lambda text: Warrant(SELLER, f"Marta {text}", "motivo bom").checked(),
    }


def test_no_service_writes_it_down(till: Till, sandbox: SandboxControl) -> None:
    for name, write in services(till).items():
        with pytest.raises(FieldError, match="número de cartão"):
            write(PAN)
        assert name
    with till.context.store.reading() as tx:
        assert not [row for row in tx.rows(JournalRow.select(JournalRow.data)) if PAN in str(row)]


async def test_a_cancel_reason_with_a_card_number_is_refused_by_keys(till: Till) -> None:
    async with at_desk(till) as desk:
        await add_topup(desk, LINE, "4")
        await desk.press("f10", "1", "enter", "f10")
        await desk.see("salva.")
        await desk.press("enter")
        await desk.see("Confirmação da recarga")
        await desk.press("f8")
        await desk.type(f"cartão {PAN}", "enter")
        await desk.see("Isto parece um número de cartão inteiro.")
        await desk.press("ctrl+u")
        await desk.type("desistiu", "enter")
        await desk.see("Cancelada")
