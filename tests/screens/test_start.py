"""Início: PDV and seller, search, registration, Consumidor (issue 2)."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from pos_tui.domain.customer import CONSUMER, PORTFOLIO_REMINDER
from pos_tui.domain.sale import SaleFilter, SaleState
from pos_tui.screens.sale import SaleScreen
from pos_tui.settings.store import TillSettings
from pos_tui.till import Till
from tests.sandbox import SandboxControl
from tests.screens.desk import Desk, add_topup, at_desk, pay_cash
from tests.tills import EVER, SELLER, open_till, settings

CPF = "52998224725"
CNPJ_2026 = "12ABC34501DE35"
"""Receita Federal's own example of a CNPJ with letters."""


@pytest.fixture
def wide_till(tmp_path: Path, sandbox: SandboxControl) -> Iterator[Till]:
    """A till with two PDVs and two sellers."""
    many = TillSettings(pdvs=("1 Balcão", "2 Quiosque"), sellers=(SELLER, "Israel Veiga"))
    opened = open_till(tmp_path / "wide", sandbox, settings(till=many))
    yield opened
    opened.close()


def people(till: Till) -> None:
    """Put three customers into the portfolio."""
    till.customers.register("José da Conceição", CPF, "67999991234", "jose@example.com", SELLER)
    till.customers.register("Joana Prado", "", "1133334444", "", SELLER)
    till.customers.register("Padaria Três Irmãos", CNPJ_2026, "", "", SELLER)


async def test_pdv_and_seller_are_chosen_by_digit(wide_till: Till) -> None:
    async with at_desk(wide_till) as desk:
        await desk.press("up", "up")
        assert desk.field == "pdv"
        await desk.press("2")
        await desk.see("PDV 2 Quiosque")
        await desk.press("up")
        assert desk.field == "seller"
        await desk.press("2")
        assert desk.field == "search"
        await desk.see("| Israel Veiga |")
        await add_topup(desk, "67999991234", "4")
    sale = wide_till.sales.current("", "")
    assert (sale.pdv, sale.seller) == ("2 Quiosque", "Israel Veiga")


async def test_one_pdv_is_not_asked_for(till: Till) -> None:
    async with at_desk(till) as desk:
        assert desk.field == "search"
        assert "Balcão" in desk.words()
        assert not [line for line in desk.lines() if line.strip().startswith("PDV")]


async def test_consumer_is_the_default_and_enter_goes_on(till: Till) -> None:
    async with at_desk(till) as desk:
        assert CONSUMER in desk.line("Cliente ")
        assert PORTFOLIO_REMINDER in desk.words()
        await desk.press("enter")
        await desk.see("[2 Recarga]", "1 Vivo")


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("jose conceicao", "José da Conceição · ***.982.247-** · 67 99999-1234"),
        ("CONCEIÇÃO", "José da Conceição"),
        (CPF, "José da Conceição"),
        ("529.982.247-25", "José da Conceição"),
        ("67999991234", "José da Conceição"),
        ("(67) 99999-1234", "José da Conceição"),
        ("1133334444", "Joana Prado · 11 3333-4444"),
        (CNPJ_2026.lower(), "Padaria Três Irmãos"),
        ("tres irmaos", "Padaria Três Irmãos · 12.ABC.345/01DE-35"),
    ],
)
async def test_search_by_name_document_and_phone(till: Till, typed: str, found: str) -> None:
    people(till)
    async with at_desk(till) as desk:
        await desk.type(typed, "enter")
        await desk.see(f"1 {found}")
        assert desk.field == "found"
        await desk.press("1")
        await desk.see("[2 Recarga]", "Cliente: ")
        await desk.press("f2")
        await desk.see("Cliente " + found.partition(" · ")[0])


async def test_several_found_are_chosen_by_digit(till: Till) -> None:
    people(till)
    async with at_desk(till) as desk:
        await desk.type("jo", "enter")
        await desk.see("1 Joana Prado", "2 José da Conceição")
        await desk.press("2")
        await desk.see("Cliente: José da Conceição.")


async def test_the_customer_chosen_stays_through_every_reading(till: Till) -> None:
    people(till)
    async with at_desk(till) as desk:
        await desk.type("joana", "enter", "1")
        await desk.see("Cliente: Joana Prado.")
        await desk.press("f5")
        await desk.see("Tela atualizada.")
        await desk.press("f2")
        await desk.see("Cliente Joana Prado")
        await add_topup(desk, "67999991234", "4")
    assert till.sales.current("", "").customer_name == "Joana Prado"


async def test_f2_on_its_own_tab_lets_the_customer_go(till: Till) -> None:
    people(till)
    async with at_desk(till) as desk:
        await desk.type("joana", "enter", "1")
        await desk.press("f2")
        await desk.see(
            "Cliente Joana Prado", "Enter em branco fica com Joana Prado", f"F2 volta a {CONSUMER}."
        )
        await desk.press("f2")
        await desk.see(f"Joana Prado saiu da venda: o cliente é {CONSUMER}.", f"Cliente {CONSUMER}")
        await add_topup(desk, "67999991234", "4")
    assert till.sales.current("", "").customer_name == CONSUMER


async def test_a_sale_in_which_nothing_came_about_is_not_gone_on_with(till: Till) -> None:
    people(till)
    async with at_desk(till) as desk:
        await desk.type("joana", "enter", "1")
        # Typed wrong, or refused: the sale has its row, and nothing in it.
        screen = desk.app.screen
        assert isinstance(screen, SaleScreen)
        stored = till.sales.store(screen.sale)
        await desk.press("f2")
        await desk.see("Cliente Joana Prado")
        assert till.sales.get(stored.id).state is SaleState.DISCARDED
        await add_topup(desk, "67999991234", "4")
    sale = till.sales.current("", "")
    assert (sale.customer_name, len(sale.topups)) == ("Joana Prado", 1)
    assert sale.id != stored.id


async def test_the_next_sale_begins_with_consumer(till: Till) -> None:
    people(till)
    async with at_desk(till) as desk:
        await desk.type("joana", "enter", "1")
        await add_topup(desk, "67999991234", "4")
        await pay_cash(desk)
        await desk.press("f2")
        await desk.see(f"Cliente {CONSUMER}")
    assert [sale.customer_name for sale in till.sales.page(SaleFilter(*EVER))] == ["Joana Prado"]


async def test_nobody_found_says_what_to_do(till: Till) -> None:
    async with at_desk(till) as desk:
        await desk.type("ninguém", "enter")
        await desk.see("Ninguém encontrado. Cadastre com F6 ou apague para ficar com Consumidor.")
        assert desk.field == "search"
        assert "[ninguém" in desk.line("Buscar")


async def test_register_with_what_was_searched(till: Till) -> None:
    async with at_desk(till) as desk:
        await desk.type("Maria Luiza", "enter")
        await desk.see("Ninguém encontrado")
        await desk.press("f6")
        await desk.see("Cadastro de cliente", "[Maria Luiza", PORTFOLIO_REMINDER)
        await desk.press("enter", *CPF, "enter", *"67981112222", "enter", *"maria@example.com", "enter")
        await desk.see("[2 Recarga]", "Cliente: Maria Luiza.")
    (customer,) = till.customers.search("maria")
    assert (customer.document, customer.phone, customer.email) == (CPF, "67981112222", "maria@example.com")


async def in_registration(desk: Desk, document: str) -> None:
    """Begin to register somebody with a document."""
    await desk.press("f6", *"Loja Nova", "enter", *document)


async def test_a_cnpj_with_letters_is_taken(till: Till) -> None:
    async with at_desk(till) as desk:
        await in_registration(desk, CNPJ_2026.lower())
        await desk.press("enter", "enter", "enter")
        await desk.see("Cliente: Loja Nova.")
    assert [found.document for found in till.customers.search("loja")] == [CNPJ_2026]


@pytest.mark.parametrize(
    ("document", "told"),
    [
        ("52998224724", "CPF inválido: os dígitos verificadores não conferem."),
        ("12ABC34501DE36", "CNPJ inválido: os dígitos verificadores não conferem."),
        ("529982", "6 de 11 dígitos (CPF) ou 14 (CNPJ)."),
    ],
)
async def test_a_wrong_document_keeps_the_cursor(till: Till, document: str, told: str) -> None:
    async with at_desk(till) as desk:
        await in_registration(desk, document)
        await desk.press("enter")
        await desk.see(told)
        assert desk.field == "document"
        await desk.press("ctrl+u", *CPF, "enter", "enter", "enter")
        await desk.see("Cliente: Loja Nova.")


async def test_a_known_document_names_its_owner(till: Till) -> None:
    people(till)
    async with at_desk(till) as desk:
        await in_registration(desk, CPF)
        await desk.press("enter", "enter", "enter")
        await desk.see("Já cadastrado: José da Conceição. Busque pelo documento.")
        assert desk.field == "document"


@pytest.mark.parametrize(
    ("phone", "email", "field", "told"),
    [
        ("20999991234", "", "phone", "DDD 20 não existe."),
        ("6799999", "", "phone", "Faltam 4 dígitos"),
        ("67999991234", "maria@", "email", "E-mail incompleto"),
    ],
)
async def test_a_wrong_phone_or_mail_is_told_at_its_field(
    till: Till, phone: str, email: str, field: str, told: str
) -> None:
    async with at_desk(till) as desk:
        await in_registration(desk, CPF)
        await desk.press("enter", *phone, "enter", *email, "enter")
        await desk.see(told)
        assert desk.field == field
    assert till.customers.search("loja") == []


async def test_leaving_the_registration_keeps_what_was_typed(till: Till) -> None:
    async with at_desk(till) as desk:
        await desk.type("Maria", "f6", "escape")
        assert desk.field == "search"
        assert "[Maria" in desk.line("Buscar")


async def test_the_customer_can_still_be_named_after_the_first_topup(till: Till) -> None:
    people(till)
    async with at_desk(till) as desk:
        await add_topup(desk, "67999991234", "4")
        await desk.press("f2")
        await desk.see("A venda em andamento tem itens.")
        await desk.press("i")
        await desk.see("[1 Início]")
        await desk.type("joana", "enter", "1")
        await desk.see("Cliente: Joana Prado.", "67 99999-1234")
    sale = till.sales.current("", "")
    assert (sale.customer_name, len(sale.topups)) == ("Joana Prado", 1)


async def test_a_sale_is_abandoned_only_by_its_letter(till: Till, sandbox: SandboxControl) -> None:
    async with at_desk(till) as desk:
        await add_topup(desk, "67999991234", "4")
        await desk.press("f2", "enter")
        await desk.see("[2 Recarga]", "67 99999-1234")
        await desk.press("f2")
        await desk.type("Ana")
        await desk.see("A de novo: Abandonar a venda.")  # a name typed too early is no decision
        await desk.press("a")
        await desk.see("Venda abandonada. Comece outra.", "0 de 5 pendências")
    assert [row["state"] for row in sandbox.ledger().rows] == ["cancelled"]
