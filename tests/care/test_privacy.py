"""LGPD: what is told to a person, what is taken away, what the law keeps (issue 6)."""

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from peewee import BigIntegerField, IntegerField, Model

from pos_tui.domain.customer import CONSUMER, Customer
from pos_tui.domain.errors import FieldError, RuleError
from pos_tui.domain.instants import from_ms
from pos_tui.domain.people import NeedsApproval
from pos_tui.domain.privacy import ANONYMOUS, fiscal_end, kept_until
from pos_tui.domain.sale import Sale
from pos_tui.services.customers import Customers
from pos_tui.store.ids import new_key
from pos_tui.store.models.orders import OrderRow
from pos_tui.store.models.recurring import AttemptRow
from pos_tui.store.models.subscribers import CreditRow, SubscriberActionRow, SubscriberRow
from pos_tui.till import Till
from tests.people.staff import ANA, ANA_PIN, BOSS, hire
from tests.people.test_boards import approve, enter, open_desk
from tests.screens.desk import at_desk
from tests.tills import SELLER, Watch, add, new_sale, pay_and_save

CPF, MASKED = "52998224725", "***.982.247-**"
NAME, PHONE, EMAIL = "Joana Conceição", "67999995678", "joana@exemplo.com.br"
DAY = 24 * 3600


def register(customers: Customers, name: str = NAME, document: str = CPF) -> Customer:
    return customers.register(name, document, PHONE, EMAIL, SELLER)


def buy(till: Till, person: Customer, invoice: str = "", confirm: bool = True) -> Sale:
    """Sell a top-up to somebody; the paper of it is printed, or given up."""
    sale = till.sales.set_head(new_sale(till), "1 Balcão", SELLER, person)
    topup = add(till, sale, line=PHONE)
    sale = pay_and_save(till, sale)
    if confirm:
        till.topups.confirm(topup.id, SELLER)
    if invoice:
        till.sales.set_invoice(till.sales.get(sale.id), invoice)
    return till.sales.get(sale.id)


def print_all(till: Till, folder: Path) -> None:
    from pos_tui.services.printer import CapturePrinter

    printer = CapturePrinter(folder, "epson-tm-t20", 48)
    while till.spool.print_next(printer):
        pass


def everything(till: Till) -> str:
    """Every text of every table."""

    def all_of(sql: str) -> list[tuple[object, ...]]:
        return list(till.context.store.db.execute_sql(sql).fetchall())  # type: ignore[no-untyped-call]

    rows = [all_of(f'SELECT * FROM "{table}"') for table in till.context.store.db.get_tables()]
    return json.dumps(rows, ensure_ascii=False, default=str)


def test_the_law_counts_from_the_first_day_of_the_next_year() -> None:
    assert fiscal_end(date(2026, 3, 1)) == date(2032, 1, 1)
    assert kept_until(date(2020, 12, 31), date(2025, 12, 31)) == date(2026, 1, 1)
    assert kept_until(date(2020, 12, 31), date(2026, 1, 1)) is None
    assert kept_until(None, date(2026, 1, 1)) is None


def test_the_export_tells_everything_and_is_closed_to_others(till: Till) -> None:
    person = register(till.customers)
    buy(till, person, invoice="NF 123")
    path = till.privacy.export(person, BOSS)
    assert path.stat().st_mode & 0o077 == 0 and path.parent.stat().st_mode & 0o077 == 0
    assert CPF not in path.name and "joana" not in path.name.lower()
    told = json.loads(path.read_text("utf-8"))
    assert told["titular"] | {"cadastro em": ""} == {
        "nome": NAME, "documento": CPF, "telefone": PHONE, "e-mail": EMAIL, "cadastro em": "",
    }  # fmt: skip
    (sale,) = told["vendas"]
    assert (sale["número"], sale["nota fiscal"], sale["total"]) == (1, "NF 123", "R$ 15,00")
    assert "Confirmada" in sale["recargas"][0] and "Dinheiro" in sale["pagamentos"][0]
    assert "Confirmada" in told["recargas na linha"][0]
    assert any(NAME in line for paper in told["papéis guardados"] for line in paper["texto"])
    assert len(told["o que foi feito com o cadastro"]) == 1
    again = json.loads(till.privacy.export(person, BOSS).read_text("utf-8"))
    assert "dados entregues ao titular" in again["o que foi feito com o cadastro"][1]


def test_erasing_leaves_the_sales_and_nothing_of_the_person(till: Till, tmp_path: Path) -> None:
    person = register(till.customers)
    sale = buy(till, person)
    other = register(till.customers, "Joana Conceição Lima", "11144477735")
    print_all(till, tmp_path)
    done = till.privacy.erase(person, "pedido no balcão", BOSS)
    assert (done.sales, done.document_until) == (1, None)
    left = everything(till)
    assert CPF not in left and f'"{NAME}"' not in left
    kept = till.sales.get(sale.id)
    assert (kept.customer_name, kept.total, kept.number) == (ANONYMOUS, sale.total, sale.number)
    assert till.customers.search(CPF) == [] and till.customers.search("joana") == [other]
    assert till.context.journal.verify(whole=True) is None
    assert register(till.customers).id != person.id, "the same person may come back"
    with pytest.raises(RuleError, match="já foi anonimizado"):
        till.privacy.erase(person, "pedido no balcão", BOSS)


def test_a_fiscal_note_keeps_the_document_for_as_long_as_the_law(
    till: Till, tmp_path: Path, watch: Watch
) -> None:
    person = register(till.customers)
    buy(till, person, invoice="NF 123")
    print_all(till, tmp_path)
    done = till.privacy.erase(person, "pedido no balcão", BOSS)
    year = datetime.now(UTC).year
    assert done.document_until == date(year + 6, 1, 1)
    assert CPF in everything(till) and till.customers.search(CPF) == [], "kept, and no longer used"
    till.privacy.expire(0)
    assert CPF in everything(till)
    watch.advance((6 * 366) * DAY)
    till.privacy.expire(0)
    assert CPF not in everything(till)


def test_what_is_unfinished_is_finished_first(till: Till, tmp_path: Path) -> None:
    person = register(till.customers)
    sale = till.sales.set_head(new_sale(till), "1 Balcão", SELLER, person)
    with pytest.raises(RuleError, match="venda em andamento"):
        till.privacy.erase(person, "pedido no balcão", BOSS)
    topup = add(till, sale, line=PHONE)
    pay_and_save(till, sale)
    with pytest.raises(RuleError, match="sem fim"):
        till.privacy.erase(person, "pedido no balcão", BOSS)
    till.topups.confirm(topup.id, SELLER)
    with pytest.raises(RuleError, match="impressora ainda deve"):
        till.privacy.erase(person, "pedido no balcão", BOSS)
    print_all(till, tmp_path)
    with pytest.raises(FieldError):
        till.privacy.erase(person, " ", BOSS)
    assert till.privacy.erase(person, "pedido no balcão", BOSS).sales == 1


def test_money_owed_to_somebody_is_given_back_first(till: Till, tmp_path: Path) -> None:
    till.cash.open(0, SELLER)
    person = register(till.customers)
    sale = buy(till, person, confirm=False)
    till.topups.cancel(sale.topups[0].id, "desistiu da linha", SELLER)
    print_all(till, tmp_path)
    with pytest.raises(RuleError, match="ainda deve dinheiro"):
        till.privacy.erase(person, "pedido no balcão", BOSS)


def test_who_has_not_come_for_long_is_forgotten(till: Till, tmp_path: Path, watch: Watch) -> None:
    gone, regular = register(till.customers), register(till.customers, "Pedro Assis", "11144477735")
    buy(till, gone)
    print_all(till, tmp_path)
    assert till.privacy.expire(30) == 0
    watch.advance(31 * DAY)
    buy(till, regular)
    unfinished = register(till.customers, "Rita Moura", "39053344705")
    buy(till, unfinished, confirm=False)
    print_all(till, tmp_path)
    assert till.privacy.expire(0) == 0, "0 never does it by itself"
    assert till.privacy.expire(30) == 1
    assert till.customers.search("joana") == [] and till.customers.search("pedro") == [regular]
    watch.advance(31 * DAY)
    print_all(till, tmp_path)
    assert till.privacy.expire(30) == 1 and till.customers.search("rita") == [unfinished]
    event = till.context.store.db.execute_sql(  # type: ignore[no-untyped-call]
        f"SELECT who, event FROM journal WHERE subject = '{gone.id}' ORDER BY id DESC LIMIT 1"
    ).fetchone()
    assert event == ("sistema", "expired")


def test_many_are_forgotten_page_by_page(till: Till, watch: Watch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pos_tui.services.privacy.PAGE", 3)
    for number in range(8):
        register(till.customers, f"Pessoa Número {chr(65 + number)}", "")
    watch.advance(31 * DAY)
    assert till.privacy.expire(30) == 8 and till.privacy.expire(30) == 0


def test_a_cashier_needs_a_supervisor_each_time(till: Till) -> None:
    person = register(till.customers)
    hire(till)
    till.operators.enter(2, ANA_PIN)
    for act in (till.privacy.export, lambda who, by: till.privacy.erase(who, "pedido no balcão", by)):
        with pytest.raises(NeedsApproval):
            act(person, ANA)
    assert till.customers.search("joana") == [person]


def put(till: Till, model: type[Model], **values: object) -> str:
    """Insert a row of another capability, as it leaves it; what is not said is empty."""
    blank: dict[str, object] = {}
    for name, field in model._meta.fields.items():
        if not field.null and field.default is None:
            blank[name] = 0 if isinstance(field, IntegerField | BigIntegerField) else ""
    row = blank | {"id": new_key(), "created_at": till.context.now()} | values
    till.context.store.write(lambda tx: tx.insert(model, **row))
    return str(row["id"])


def test_what_other_desks_keep_is_told_and_forgotten(till: Till, tmp_path: Path) -> None:
    person = register(till.customers)
    sale = buy(till, person)
    print_all(till, tmp_path)
    named = {"subscriber_name": NAME, "document": CPF}
    put(till, SubscriberActionRow, kind="settle", about="Fatura 77", state="done", bill=f'"{NAME}"', **named)
    put(till, CreditRow, number=1, plan="SMS 100", state="released", **named)
    attempt = put(till, AttemptRow, sale_id=sale.id, count=12, total=9990, state="waiting", open_since=1)
    put(
        till, OrderRow, remote_id="9", state="open", payment="approved", delivery="shipped",
        method="pix", search=f"1001 joana {CPF}", told="{}",
    )  # fmt: skip
    told = json.loads(till.privacy.export(person, BOSS).read_text("utf-8"))
    assert "12 x" in told["pagamentos recorrentes"][0]
    assert ["Fatura 77" in line or "SMS 100" in line for line in told["central do assinante"]] == [True, True]
    assert told["pedidos da loja virtual"][0]["situação"] == "Aberto, Aprovado, Enviado"
    with pytest.raises(RuleError, match="cobrança recorrente em aberto"):
        till.privacy.erase(person, "pedido no balcão", BOSS)
    paid = AttemptRow.update(state="paid", open_since=None).where(AttemptRow.id == attempt)
    till.context.store.write(lambda tx: tx.run(paid))
    till.privacy.erase(person, "pedido no balcão", BOSS)
    order = f"1001 joana {CPF}"
    left = everything(till)
    assert f'"{NAME}"' not in left and NAME not in left.replace(order, "")
    assert left.count(CPF) == 1 and order in left, "the platform owns its orders"


def test_who_never_registered_is_found_by_line_or_document(till: Till, tmp_path: Path) -> None:
    sale = new_sale(till)
    add(till, sale, line=PHONE)
    assert till.privacy.find("67 99999-1111") == [] and till.privacy.find("529.982.247-25") == []
    (line,) = till.privacy.find("67 99999-5678")
    assert (line.id, line.phone, sale.customer_id) == ("", PHONE, None)
    told = json.loads(till.privacy.export(line, BOSS).read_text("utf-8"))
    assert "R$ 15,00: Pendente" in told["recargas na linha"][0]
    assert told["vendas"] == [] and told["o que foi feito com o cadastro"] == []
    put(till, SubscriberActionRow, kind="settle", state="done", subscriber_name=NAME, document=CPF)
    (known,) = till.privacy.find("529.982.247-25")
    till.privacy.erase(known, "pedido no balcão", BOSS)
    left = everything(till)
    assert CPF not in left and NAME not in left and till.privacy.find(CPF) == []


@pytest.mark.parametrize(
    ("model", "values", "why"),
    [
        (SubscriberActionRow, {"kind": "settle", "state": "uncertain", "open_since": 1}, "pedido ao ERP"),
        (CreditRow, {"state": "paid"}, "crédito de SMS comprado"),
    ],
)
def test_what_another_desk_has_not_finished_is_finished_first(
    till: Till, model: type[Model], values: dict[str, object], why: str
) -> None:
    person = register(till.customers)
    put(till, model, subscriber_name=NAME, document=CPF, **values)
    with pytest.raises(RuleError, match=why):
        till.privacy.erase(person, "pedido no balcão", BOSS)


def test_a_subscriber_of_the_store_is_kept_by_the_contract(till: Till, watch: Watch) -> None:
    person = register(till.customers)
    row = {"id": "S1", "name": NAME, "document": CPF, "phone": PHONE}
    till.context.store.write(lambda tx: tx.insert(SubscriberRow, **row))
    with pytest.raises(RuleError, match="é assinante"):
        till.privacy.erase(person, "pedido no balcão", BOSS)
    watch.advance(60 * DAY)
    assert till.privacy.expire(30) == 0


SIZES = [(80, 24), (40, 12)]


@pytest.mark.parametrize("size", SIZES)
async def test_the_desk_exports_and_forgets(till: Till, size: tuple[int, int]) -> None:
    register(till.customers)
    async with at_desk(till, size) as desk:
        await open_desk(desk, "privacy")
        await desk.see("Procurar titular")
        await desk.press(*"joana", "enter")
        await desk.see("Titular de dados", "Joana")
        assert CPF not in desk.words()
        await desk.press("f9")
        await desk.see("Dados gravados", "Só este usuário pode ler.")
        await desk.press("escape", "f8")
        await desk.see("Anonimizar esta pessoa?")
        await desk.press("enter", "f8")
        await desk.see("Anonimizar esta pessoa?")
        await desk.press("a")
        await desk.see("Por que anonimizar?")
        await desk.press(*"pedido no balcão", "enter")
        await desk.see("Anonimizado: o cadastro")
        await desk.press("f6", *"joana", "enter")
        await desk.see("Ninguém encontrado.")
    assert till.customers.search("joana") == []


async def test_a_cashier_opens_the_desk_with_a_supervisor(till: Till) -> None:
    register(till.customers)
    hire(till)
    async with at_desk(till) as desk:
        await enter(desk, "2", ANA_PIN)
        await open_desk(desk, "privacy")
        await desk.see("Autorizar: tratar os dados")
        await desk.press("escape")
        await desk.see("Sem autorização: nada foi feito.")
        await desk.press("f6")
        await desk.see("tratados por supervisores")
        await desk.press("escape")
        await open_desk(desk, "privacy")
        await approve(desk)
        await desk.see("Procurar titular")


async def test_a_cpf_is_masked_on_every_screen_and_paper_of_a_sale(till: Till, tmp_path: Path) -> None:
    """The whole flow of a registered customer, at the real screens."""
    register(till.customers)
    async with at_desk(till) as desk:
        seen = []
        for keys, words in (
            ([*"joana", "enter"], MASKED),
            (["1"], "Cliente: Joana"),
            (["f2"], "Joana"),
            (["f4"], "Lista de vendas"),
            (["f12"], "Menu"),
        ):
            await desk.press(*keys)
            await desk.see(words)
            seen.append(desk.words())
    sale = buy(till, Customer(till.customers.search("joana")[0].id, NAME))
    papers = [till.papers.preview(job.document) for job in till.spool.owed()]
    assert papers and any(NAME in paper for paper in papers)
    journal = till.context.store.db.execute_sql("SELECT data FROM journal").fetchall()  # type: ignore[no-untyped-call]
    for text in (*seen, *papers, str(journal)):
        assert CPF not in text and "529.982.247-25" not in text
    assert sale.customer_name == NAME != CONSUMER and from_ms(sale.opened_at).tzinfo is UTC
