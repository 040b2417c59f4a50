"""The catalogue: found by what a scanner or a person types, changed by supervisors, imported whole or not."""

import pytest

from pos_tui.domain.errors import Conflict, FieldError, RuleError
from pos_tui.domain.item import ItemKind
from pos_tui.domain.values import replace
from pos_tui.services.products import PAGE, Imported
from pos_tui.till import Till
from tests.items.goods import COMB, SHAMPOO, stock
from tests.tills import SELLER


@pytest.mark.parametrize(
    ("typed", "codes"),
    [
        ("7891000100103", ["SH10"]),
        ("sh10", ["SH10"]),
        ("xam neu", ["SH10"]),
        ("XAMPÚ", ["SH10"]),
        ("p", ["PE01"]),
        ("%", []),
        ("", []),
    ],
)
def test_what_is_typed_finds_it(till: Till, typed: str, codes: list[str]) -> None:
    stock(till)
    assert [product.code for product in till.products.find(typed)] == codes


def test_a_changed_name_is_found_by_its_new_words_only(till: Till) -> None:
    shampoo = stock(till)["SH10"]
    till.products.change(replace(shampoo, name="Sabonete"), SELLER)
    assert till.products.find("xampu") == []
    assert [product.id for product in till.products.find("sabo")] == [shampoo.id]
    with pytest.raises(Conflict):
        till.products.change(replace(shampoo, name="Outro"), SELLER)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"code": ""}, "code"),
        ({"code": "A B"}, "code"),
        ({"code": "pe01"}, "code"),
        ({"barcode": "7891000200209"}, "barcode"),
        ({"barcode": "1 2"}, "barcode"),
        ({"name": "x"}, "name"),
        ({"price": 0}, "price"),
        ({"kind": ItemKind.BILL}, "kind"),
    ],
)
def test_a_wrong_field_is_named(till: Till, change: dict[str, object], field: str) -> None:
    stock(till)
    fresh = replace(SHAMPOO, **{"code": "NOVO", "barcode": ""} | change)  # type: ignore[arg-type]
    with pytest.raises(FieldError) as error:
        till.products.add(fresh, SELLER)
    assert error.value.field == field


def test_pages_go_by_name_both_ways(till: Till) -> None:
    for number in range(PAGE + 5):
        till.products.add(replace(COMB, code=f"C{number}", barcode="", name=f"Item {number:03}"), SELLER)
    first = till.products.page()
    rest = till.products.page(first[-1])
    assert [product.name for product in (*first, *rest)] == [f"Item {n:03}" for n in range(PAGE + 5)]
    assert till.products.page(rest[0], earlier=True) == first


FILE = """codigo;barras;nome;preco;tipo
SH10;7891000100103;Xampu novo;25,00;produto
UNHA;;Manicure;35,00;Serviço
"""


def test_a_file_adds_and_changes_by_code(till: Till) -> None:
    stock(till)
    assert till.products.import_csv(FILE, SELLER) == Imported(added=1, changed=1)
    (shampoo,) = till.products.find("7891000100103")
    assert (shampoo.name, shampoo.price) == ("Xampu novo", 2500)
    (nails,) = till.products.find("unha")
    assert nails.kind is ItemKind.SERVICE
    assert till.context.journal.verify() is None


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("nome;preco\nX;1\n", "falta codigo"),
        (FILE + "A1;;Nada;12.50;produto\n", "Linha 4: o preço"),
        (FILE + "A1;;Coisa;1,00;outro\n", "Linha 4: Escolha serviço ou produto."),
        (FILE + "A1;7891000200209;Coisa;1,00;\n", "Linha 4: O código de barras já é de Pente"),
    ],
)
def test_a_wrong_line_is_named_and_nothing_is_taken(till: Till, text: str, says: str) -> None:
    stock(till)
    with pytest.raises(RuleError, match=says):
        till.products.import_csv(text, SELLER)
    assert till.products.find("manicure") == []
