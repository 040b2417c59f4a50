"""Each paper says what it must, and hides what it must."""

from datetime import datetime

import pytest

from pos_tui.domain.boleto import punctuated
from pos_tui.domain.values import replace
from pos_tui.printing.layout import CONDENSED, as_text
from pos_tui.printing.receipt import Copy, Receipt, Table
from pos_tui.printing.slips.boleto import boleto_receipt
from pos_tui.printing.slips.cash import z_reading
from pos_tui.printing.slips.common import Paid, local
from pos_tui.printing.slips.order import picking_list
from pos_tui.printing.slips.sale import sale_receipt
from pos_tui.printing.slips.testpage import ruler
from pos_tui.printing.slips.topup import top_up_receipt
from tests.printing.papers import AT, BOLETO, OPEN, ORDER, PARTIAL_SALE, PIX, TOP_UP, TZ, papers


def _words(receipt: Receipt, columns: int = 48) -> str:
    """The paper's words with the breaks and the padding taken out."""
    return " ".join(as_text(receipt, columns).split())


@pytest.mark.parametrize("columns", CONDENSED)
def test_a_top_up_says_everything(columns: int) -> None:
    words = _words(top_up_receipt(TOP_UP, tz=TZ), columns)
    for expected in (
        "VIA DO CLIENTE",
        "Loja 52 Centro",
        "CNPJ 12.345.678/0001-95",
        "Campo Grande/MS",
        "COMPROVANTE DE RECARGA DE CELULAR",
        "Venda 1-000123",
        "Data/hora 23/11/2026 13:05",
        "PDV 1",
        "Vendedor Conceição",
        "Operadora Vivo",
        "Telefone (67) 99999-8888",
        "Valor da recarga R$ 20,00",
        "Validade 30 dias",
        "NSU operadora 123456",
        "Protocolo 98765432101234567890123",
        "Dinheiro R$ 50,00",
        "Troco R$ 30,00",
        "ganhe 5 GB de internet - promoção válida",
        "RECARGA EFETUADA 20,00",
        "NÃO HÁ ESTORNO APÓS A CONFIRMAÇÃO DA RECARGA",
        "SAC da operadora: 1058",
    ):
        assert expected in words


@pytest.mark.parametrize("columns", CONDENSED)
def test_a_name_no_printer_can_spell_is_said_to_be_changed(columns: int) -> None:
    words = _words(papers()["top-up-training"], columns)
    assert "Nguyen Stefan ¤¤" in words and "Letras trocadas na impressão: 4" in words
    assert "Letras trocadas" not in _words(papers()["top-up-client"], columns)


def test_the_stores_copy_hides_what_is_the_clients() -> None:
    slip = replace(TOP_UP, pin="5566 7788")
    assert "PIN 5566 7788" in _words(top_up_receipt(slip, tz=TZ))
    store = _words(top_up_receipt(slip, tz=TZ, copy=Copy.STORE))
    assert "VIA DO ESTABELECIMENTO" in store
    assert "5566" not in store
    assert "ganhe" not in store


def test_a_reprint_names_who_when_and_which() -> None:
    words = _words(papers()["top-up-reprint"])
    assert "2ª VIA - REIMPRESSÃO Via nº 2, reimpressa em 23/11/2026 13:05 por Beatriz" in words


def test_no_paper_shows_a_cpf() -> None:
    for name, receipt in papers().items():
        assert "52998224725" not in receipt.to_json(), name
        assert "529.982.247-25" not in receipt.to_json(), name


def test_a_partial_sale_counts_what_came_about() -> None:
    words = _words(sale_receipt(PARTIAL_SALE, tz=TZ))
    assert "Situação: Cancelada" in words
    assert "RESULTADO PARCIAL: 2 de 3 itens Não realizado R$ 15,00 TOTAL R$ 50,00" in words
    assert "Troco R$ 5,00" in words
    assert "A DEVOLVER R$ 15,00" in words
    whole = replace(PARTIAL_SALE, items=PARTIAL_SALE.items[:1], paid=(Paid("Pix", 2000),), change=0)
    assert "DEVOLVER" not in _words(sale_receipt(whole, tz=TZ))
    assert "PARCIAL" not in _words(sale_receipt(whole, tz=TZ))


@pytest.mark.parametrize("columns", CONDENSED)
def test_the_line_of_a_boleto_breaks_between_its_fields(columns: int) -> None:
    fields = punctuated(BOLETO.line).split()
    assert [len(field) for field in fields] == [11, 12, 12, 1, 14]
    text = as_text(boleto_receipt(BOLETO, at=AT, tz=TZ), columns)
    assert all(field in text for field in fields)
    assert " ".join(fields) in " ".join(text.split())


def test_the_pix_of_a_boleto_is_kept_to_the_letter() -> None:
    long = PIX + "  " + "9" * 400
    text = as_text(boleto_receipt(replace(BOLETO, pix=long), at=AT, tz=TZ), 48)
    assert long.replace(" ", "") in "".join(text.split())


def test_a_boleto_of_the_wrong_length_is_refused() -> None:
    with pytest.raises(ValueError, match="47"):
        boleto_receipt(replace(BOLETO, line="123"), at=AT, tz=TZ)


def test_a_z_needs_a_closed_session() -> None:
    with pytest.raises(ValueError, match="open"):
        z_reading(OPEN, tz=TZ)
    words = _words(papers()["z"])
    assert "Dinheiro esperado R$ 380,00 Dinheiro contado R$ 379,50 Falta R$ 0,50" in words


def test_a_picking_list_adds_up_orders() -> None:
    other = replace(ORDER, number="5013", items=(replace(ORDER.items[0], quantity=3),))
    words = _words(picking_list((ORDER, other), at=AT, tz=TZ))
    assert "[ ] CAM-01 Camiseta Azul M 5 un Local: A-03" in words
    assert "Pedidos 5012, 5013" in words
    assert "49,90" not in words


def test_a_parcel_shows_no_price() -> None:
    assert "R$" not in _words(papers()["packing"])


def test_a_table_too_wide_becomes_labelled_values() -> None:
    words = as_text(papers()["statement"], 32).splitlines()
    assert "Valor                       0,30" in words
    with pytest.raises(ValueError, match="cells"):
        Table(("a", "b"), (("1",),))


@pytest.mark.parametrize("columns", CONDENSED)
def test_a_ruler_is_as_long_as_it_says(columns: int) -> None:
    assert len(ruler(columns)) == columns
    assert ruler(columns).endswith(f">{columns}")


def test_a_naive_hour_is_refused() -> None:
    with pytest.raises(ValueError, match="naive"):
        local(datetime(2026, 11, 23, 12, 0), TZ)  # noqa: DTZ001 - that is the point
