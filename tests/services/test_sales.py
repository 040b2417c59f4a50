"""A sale is paid in full or not saved; its papers are rows of the same commit."""

from pathlib import Path

import pytest

from pos_tui.domain.card import Brand, CardDetails, CardKind
from pos_tui.domain.customer import Customer
from pos_tui.domain.errors import Conflict, FieldError, RuleError
from pos_tui.domain.payment import Method
from pos_tui.domain.sale import SaleFilter, SaleState
from pos_tui.domain.spool import JobState
from pos_tui.services.printer import CapturePrinter
from pos_tui.settings.printer import PrinterSettings
from pos_tui.till import Till
from tests.sandbox import SandboxControl
from tests.tills import SELLER, add, new_sale, open_till, pay_and_save, settings

CARD = CardDetails(CardKind.CREDIT, Brand.VISA, nsu="123456", instalments=2, authorisation="A1B2C3")


def test_half_paid_is_not_saved(till: Till) -> None:
    sale = new_sale(till)
    add(till, sale, 1500)
    sale = till.sales.add_payment(till.sales.get(sale.id), Method.CASH, 1000)
    with pytest.raises(RuleError, match="5,00"):
        till.sales.save(sale)
    assert till.sales.get(sale.id).state is SaleState.OPEN


def test_several_forms_and_change(till: Till) -> None:
    sale = new_sale(till)
    add(till, sale, 6000)
    sale = till.sales.add_payment(till.sales.get(sale.id), Method.CARD, 2000, CARD)
    with pytest.raises(FieldError, match="dá troco"):
        till.sales.add_payment(sale, Method.PIX_STATIC, 4001)
    sale = till.sales.add_payment(sale, Method.CASH, 5000)
    sale = till.sales.save(sale)
    assert (sale.state, sale.total, sale.change, sale.number) == (SaleState.SAVED, 6000, 1000, 1)


def test_numbers_run_without_gaps_from_the_configured_one(till: Till) -> None:
    numbers = []
    for _ in range(3):
        sale = new_sale(till)
        topup = add(till, sale)
        numbers.append(pay_and_save(till, sale).number)
        till.topups.confirm(topup.id, SELLER)
    assert numbers == [1, 2, 3]


def test_saving_twice_saves_once(till: Till) -> None:
    sale = new_sale(till)
    add(till, sale)
    pay_and_save(till, sale)
    with pytest.raises((Conflict, RuleError)):
        till.sales.save(sale)


def test_an_open_sale_survives_a_restart(till: Till, tmp_path: Path, sandbox: SandboxControl) -> None:
    sale = new_sale(till)
    add(till, sale)
    till.close()
    again = open_till(tmp_path / "till", sandbox)
    found = again.sales.current("2", "Outro")
    assert (found.id, len(found.topups), found.seller) == (sale.id, 1, SELLER)
    again.close()


def test_a_sale_with_a_pending_is_not_abandoned(till: Till) -> None:
    sale = new_sale(till)
    topup = add(till, sale)
    with pytest.raises(RuleError, match="pendente"):
        till.sales.discard(till.sales.get(sale.id))
    till.topups.cancel(topup.id, "desistiu", SELLER)
    till.sales.discard(till.sales.get(sale.id))
    assert till.sales.current("1", SELLER).id != sale.id


def test_customer_and_list(till: Till) -> None:
    customer = till.customers.register("José [Conceição", "123.456.789-09", "(67) 99999-1111", "", SELLER)
    assert [found.name for found in till.customers.search("conce jose")] == ["José [Conceição"]
    assert till.customers.search("12345678909")[0].id == customer.id
    assert till.customers.search("6799999")[0].id == customer.id
    assert till.customers.search("%") == []
    with pytest.raises(FieldError, match="Já cadastrado"):
        till.customers.register("Outro", "12345678909", "", "", SELLER)
    sale = till.sales.set_head(new_sale(till), "1 Balcão", SELLER, customer)
    topup = add(till, sale)
    pay_and_save(till, sale)
    since, until = till.day()
    (line,) = till.sales.page(SaleFilter(since, until, text="josé"))
    assert (line.customer_name, line.pendings, line.words) == ("José [Conceição", 1, "Pendente")
    till.topups.confirm(topup.id, SELLER)
    assert till.sales.with_pendings() == []
    assert till.sales.page(SaleFilter(since, until))[0].words == "Confirmada"


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("name", ("", "", "", "")),
        ("document", ("Ana", "123.456.789-00", "", "")),
        ("phone", ("Ana", "", "1099999999", "")),
        ("email", ("Ana", "", "", "ana@")),
    ],
)
def test_registration_names_the_field(till: Till, field: str, values: tuple[str, str, str, str]) -> None:
    with pytest.raises(FieldError) as caught:
        till.customers.register(*values, SELLER)
    assert caught.value.field == field
    assert Customer("", "x").document == ""


def test_papers_belong_to_their_commit(till: Till, tmp_path: Path) -> None:
    sale = new_sale(till)
    topup = add(till, sale)
    assert till.spool.owed() == []
    pay_and_save(till, sale)
    assert [job.kind for job in till.spool.owed()] == ["drawer"]
    till.topups.confirm(topup.id, SELLER)
    assert [job.kind for job in till.spool.owed()] == ["drawer", "top_up"]
    printer = CapturePrinter(tmp_path / "papers", "epson-tm-t20", 48)
    while till.spool.print_next(printer):
        pass
    assert till.spool.owed() == []
    drawer, receipt = (path.read_bytes() for path in sorted((tmp_path / "papers").glob("*.bin")))
    kick = b"\x1bp\x00"
    assert kick in drawer and b"\x1dV" not in drawer
    assert kick not in receipt and b"67) 99999-1234" in receipt and b"TREINAMENTO" in receipt
    till.papers.reprint(till.topups.get(topup.id), SELLER)
    (job,) = till.spool.owed()
    assert (job.copy, job.state) == (1, JobState.QUEUED)
    assert "2ª VIA" in till.papers.preview(job.document)


def test_the_stores_copy_is_printed_where_it_is_wanted(tmp_path: Path, sandbox: SandboxControl) -> None:
    """Behind the client's; a repeat is a copy of the client's alone."""
    till = open_till(
        tmp_path / "store", sandbox, settings(printer=PrinterSettings(transport="capture", store_copy=True))
    )
    sale = new_sale(till)
    topup = add(till, sale)
    pay_and_save(till, sale)
    till.topups.confirm(topup.id, SELLER)
    _, client, store = till.spool.owed()
    assert "VIA DO CLIENTE" in till.papers.preview(client.document)
    assert "VIA DO ESTABELECIMENTO" in till.papers.preview(store.document)
    about = till.papers.about([client, store])
    assert about[client.id] == "venda 1, (67) 99999-1234, R$ 15,00"
    assert about[store.id] == "via do estabelecimento, venda 1, (67) 99999-1234, R$ 15,00"
    copy = till.papers.reprint(till.topups.get(topup.id), SELLER)
    assert copy.copy.value == "VIA DO CLIENTE"
    till.close()


def test_card_sales_keep_the_drawer_shut(till: Till) -> None:
    sale = new_sale(till)
    add(till, sale)
    till.sales.save(till.sales.add_payment(till.sales.get(sale.id), Method.CARD, 1500, CARD))
    assert till.spool.owed() == []


def test_the_chain_is_whole_and_tells_where_it_is_not(till: Till) -> None:
    sale = new_sale(till)
    add(till, sale)
    pay_and_save(till, sale)
    assert till.context.journal.verify() is None
    db = till.context.store.db
    db.execute_sql("UPDATE journal SET who = 'ninguém' WHERE seq = 3")  # type: ignore[no-untyped-call]
    assert till.context.journal.verify(whole=True) == 3


def test_a_check_goes_on_from_the_last_one_and_misses_no_lost_row(till: Till) -> None:
    sale = new_sale(till)
    add(till, sale)
    assert till.context.journal.verify() is None
    pay_and_save(till, sale)
    db = till.context.store.db
    last = till.context.store.db.execute_sql("SELECT max(seq) FROM journal").fetchone()[0]  # type: ignore[no-untyped-call]
    db.execute_sql(f"DELETE FROM journal WHERE seq = {last - 1}")  # type: ignore[no-untyped-call]
    assert till.context.journal.verify() == last


def test_a_journal_cut_off_behind_the_last_check_is_told(till: Till) -> None:
    sale = new_sale(till)
    add(till, sale)
    assert till.context.journal.verify() is None
    till.context.store.db.execute_sql("DELETE FROM journal WHERE seq > 1")  # type: ignore[no-untyped-call]
    assert till.context.journal.verify() is not None


def test_a_saved_sale_is_never_given_up(till: Till) -> None:
    """As when it is saved while giving it up still waits for the provider."""
    sale = new_sale(till)
    topup = add(till, sale)
    till.topups.cancel(topup.id, "desistiu", SELLER)
    add(till, sale, 6000, "67999995678")
    saved = pay_and_save(till, sale)
    till.topups.confirm(saved.pendings[0].id, SELLER)
    with pytest.raises(Conflict, match="já foi salva"):
        till.sales.discard(sale)
    assert till.sales.get(sale.id).state is SaleState.SAVED
