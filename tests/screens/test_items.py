"""Items by keys: scanned in bursts, by name, several at once, removed, paid; and the catalogue's desk."""

import pytest

from pos_tui.domain.sale import SaleFilter
from pos_tui.domain.values import replace
from pos_tui.till import Till
from tests.items.goods import stock
from tests.screens.desk import at_desk
from tests.tills import EVER, add, new_sale


async def test_scans_in_one_burst_are_paid_in_few_keys(till: Till) -> None:
    stock(till)
    async with at_desk(till) as desk:
        await desk.press(
            "f9", *"7891000100103", "enter", *"3*7891000200209", "enter", *"7891000100103", "enter"
        )
        await desk.see("Xampu neutro 300 ml", "3 x Pente de madeira", "R$ 85,30")
        await desk.press("f10")
        await desk.see("[3 Pagamento]", "R$ 85,30")
        await desk.press("1", "enter", "f10")
        await desk.see("salva.", "Venda 1 salva. TREINAMENTO", "2ª via")
        await desk.press("enter")
        await desk.see("COMPROVANTE DE VENDA", "Pente de madeira")
    (line,) = till.sales.page(SaleFilter(*EVER))
    assert (line.total, line.items) == (2390 * 2 + 3 * 1250, 3)


async def test_a_name_offers_what_it_finds(till: Till) -> None:
    stock(till)
    async with at_desk(till) as desk:
        await desk.press("ctrl+b")
        await desk.type("nada disso", "enter")
        await desk.see("Nada no catálogo com este código ou nome.")
        await desk.press("ctrl+u")
        await desk.type("2*pente", "enter")
        await desk.see("2 x Pente de madeira", "R$ 25,00")
        await desk.type("c", "enter")
        await desk.see("Corte de cabelo")


async def test_several_of_a_name_are_chosen_by_number(till: Till) -> None:
    stock(till)
    shampoo = till.products.find("SH10")[0]
    async with at_desk(till) as desk:
        till.products.add(replace(shampoo, code="SH11", barcode="", name="Xampu infantil"), "Israel Veiga")
        await desk.press("f9")
        await desk.type("xampu", "enter")
        await desk.see("1 R$ 23,90 · Xampu infantil", "2 R$ 23,90 · Xampu neutro")
        await desk.press("2")
        await desk.see("Xampu neutro 300 ml: R$ 23,90.")
        assert desk.field == "what"


async def test_an_item_is_removed_by_its_number_and_esc_goes_back(till: Till) -> None:
    stock(till)
    async with at_desk(till) as desk:
        await desk.press("f9")
        await desk.press("f8")
        await desk.see("Não há item nesta venda para remover.")
        await desk.type("SH10", "enter")
        await desk.type("COR1", "enter")
        await desk.press("f8")
        await desk.see("Remover item", "1 Corte de cabelo", "2 Xampu neutro")
        await desk.press("2", "enter")
        await desk.see("Xampu neutro 300 ml: removido da venda.")
        await desk.gone("R$ 23,90")
        await desk.press("escape", "f3")
        await desk.see("Corte de cabelo", "Total: R$ 45,00")


async def test_a_new_sale_asks_before_scanned_items_are_lost(till: Till) -> None:
    stock(till)
    async with at_desk(till) as desk:
        await desk.press("f9")
        await desk.type("SH10", "enter")
        await desk.press("escape", "f2")
        await desk.see("A venda em andamento tem itens.")
        await desk.press("a", "a")
        await desk.see("Venda abandonada.")
        await desk.press("f9")
        await desk.see("Nenhum item nesta venda ainda.")


async def test_items_stand_beside_top_ups_and_survive_a_restart(till: Till) -> None:
    goods = stock(till)
    sale = new_sale(till)
    add(till, sale, 1500)
    till.items.add(sale, goods["COR1"])
    async with at_desk(till) as desk:
        await desk.see("Venda em andamento recuperada")
        await desk.press("f9")
        await desk.see("Vivo", "Corte de cabelo", "Total: R$ 60,00")


async def test_the_catalogue_is_kept_at_its_desk(till: Till) -> None:
    async with at_desk(till) as desk:
        await desk.press("f12")
        await desk.see("Catálogo de serviços e produtos")
        await desk.press(next(line for line in desk.lines() if "Catálogo de" in line).split()[0].strip(">"))
        await desk.see("Catálogo vazio.")
        await desk.press("f6")
        await desk.see("Novo item do catálogo")
        await desk.type("Corte de cabelo", "enter")
        await desk.type("cor1", "enter", "enter")
        await desk.type("45,00", "enter", "1", "enter")
        await desk.see("Corte de cabelo: gravado.", "COR1", "45,00", "Serviço")
        await desk.press("f6")
        await desk.type("Outro", "enter")
        await desk.type("COR1", "enter", "enter")
        await desk.type("1,00", "enter", "2", "enter")
        await desk.see("O código já é de Corte de cabelo.")
        await desk.press("escape", "f8")
        await desk.see("Corte de cabelo: fora de venda.")


@pytest.mark.parametrize("size", [(80, 24), (40, 12)])
async def test_it_fits_the_window(till: Till, size: tuple[int, int]) -> None:
    stock(till)
    async with at_desk(till, size) as desk:
        await desk.press("f9")
        await desk.type("SH10", "enter")
        await desk.see("Itens da venda", "Código ou nome", "R$ 23,90", "F10")
