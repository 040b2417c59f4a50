"""The order desk's service on the practice shop: journal, re-reading, doubt, two tills (issue 10)."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from pos_tui.domain.errors import Conflict, RuleError
from pos_tui.domain.order import DeliveryState, OrderState, PaymentState, PayMethod, Shipment, Source
from pos_tui.domain.order_invoice import NO_INVOICE
from pos_tui.domain.order_kept import KeptOrder, OrderFilter
from pos_tui.domain.order_rules import NOT_BY_HAND, Demand, OrderAction
from pos_tui.domain.values import replace
from pos_tui.services.order_papers import OrderPaper
from pos_tui.services.orders import IGNORED
from pos_tui.settings.printer import PrinterSettings
from pos_tui.store.models import JournalRow
from pos_tui.till import Till
from tests.sandbox import SandboxControl
from tests.tills import SELLER, Watch, open_till, settings

A = OrderAction
PARCEL = Shipment("PAC", "AA123456785BR")
OTHER = "Israel Veiga"


@pytest.fixture
def shop(till: Till) -> Till:
    """A till that has read the shop."""
    till.orders.refresh()
    return till


def all_orders(till: Till, **wanted: object) -> list[KeptOrder]:
    now = till.context.now()
    chosen = OrderFilter(now - 30 * 86_400_000, now + 1, **wanted)  # type: ignore[arg-type]
    return till.orders.book.page(chosen)


def order(till: Till, number: str) -> KeptOrder:
    (found,) = [kept for kept in all_orders(till) if kept.told.number == number]
    return found


def effects(sandbox: SandboxControl) -> list[tuple[str, str]]:
    return [(key, move) for key, move in sandbox.shop()["effects"]]


def history(till: Till, kept: KeptOrder) -> list[tuple[str, str, Source]]:
    return [(step.what, step.who, step.source) for step in till.orders.book.history(kept)]


def test_the_list_is_filtered_here(shop: Till) -> None:
    assert len(all_orders(shop)) == 10
    assert [kept.told.number for kept in all_orders(shop, payment=PaymentState.DENIED)] == ["1009"]
    assert [k.told.number for k in all_orders(shop, delivery=DeliveryState.INVOICED)] == ["1006"]
    manual = {kept.told.number for kept in all_orders(shop, method=PayMethod.MANUAL)}
    assert manual == {"1001", "1006", "1010"}


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1007", "1007"),
        ("ANTONIO", "1001 1005 1009"),
        ("529.982.247-25", "1004 1008"),
        ("11.222.333/0001-81", "1002 1006 1010"),
        ("GAR-az", "1004 1009"),
        ("1206", "1006"),
        ("aa123456785br", "1007 1008"),
        ("nada disto", ""),
    ],
)
def test_the_list_is_searched(shop: Till, text: str, number: str) -> None:
    assert sorted(kept.told.number for kept in all_orders(shop, text=text)) == number.split()


def test_pages_of_the_list_meet(shop: Till, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pos_tui.services.order_book.PAGE", 4)
    now = shop.context.now()
    chosen = OrderFilter(now - 30 * 86_400_000, now + 1)
    first = shop.orders.book.page(chosen)
    second = shop.orders.book.page(chosen, first[-1])
    assert len({kept.id for kept in (*first, *second)}) == 8
    back = shop.orders.book.page(chosen, second[0], newer=True)
    assert [kept.id for kept in back] == [kept.id for kept in first]


def test_the_whole_path_leaves_a_history_and_a_chain(shop: Till, sandbox: SandboxControl) -> None:
    key = order(shop, "1001").id
    for demand in (
        Demand(A.APPROVE),
        Demand(A.RELEASE),
        Demand(A.INVOICE, invoice=NO_INVOICE),
        Demand(A.SHIP, shipment=PARCEL),
        Demand(A.DELIVER),
    ):
        assert shop.orders.act(key, demand, SELLER).done
    moves = ["approved", "attended", "invoiced", "shipped", "delivered"]
    assert effects(sandbox) == [("1", move) for move in moves]
    ours = [what for what, who, source in history(shop, order(shop, "1001")) if source is Source.OPERATOR]
    assert ours == [
        "Marcado como entregue", "Despachado", "Faturado", "Liberado para faturamento", "Pagamento aprovado",
    ]  # fmt: skip
    told = {source for _, _, source in history(shop, order(shop, "1001"))}
    assert told == {Source.OPERATOR, Source.API, Source.CUSTOMER}
    assert shop.context.journal.verify(whole=True) is None


def test_guards_send_nothing(shop: Till, sandbox: SandboxControl) -> None:
    for number, demand, why in [
        ("1003", Demand(A.APPROVE), NOT_BY_HAND),
        ("1003", Demand(A.CANCEL), NOT_BY_HAND),
        ("1001", Demand(A.RELEASE), "só depois de aprovado"),
        ("1002", Demand(A.INVOICE, invoice=NO_INVOICE), "fatura-se depois de liberar"),
        ("1008", Demand(A.SHIP, shipment=Shipment("PAC", "AA100833276BR")), "não há como voltar"),
    ]:
        with pytest.raises(RuleError, match=why[:40]):
            shop.orders.act(order(shop, number).id, demand, SELLER)
    assert effects(sandbox) == []


def test_short_lines_keep_an_order_back(shop: Till, sandbox: SandboxControl) -> None:
    kept = order(shop, "1004")
    with pytest.raises(RuleError, match=r"Falta no estoque: GAR-AZ Garrafa térmica: pedido 3, há 1\."):
        shop.orders.act(kept.id, Demand(A.RELEASE), SELLER, shop.orders.stock(kept.id))
    assert effects(sandbox) == []
    assert shop.orders.act(kept.id, Demand(A.RELEASE), SELLER, {"1": 3, "2": 2}).done


def test_a_200_that_changed_nothing_is_told(shop: Till, sandbox: SandboxControl) -> None:
    kept = order(shop, "1002")
    sandbox.fault("ignored", "move")
    acted = shop.orders.act(kept.id, Demand(A.RELEASE), SELLER)
    assert not acted.done and IGNORED in acted.words
    after = order(shop, "1002")
    assert not after.doubtful and after.notice == IGNORED and after.why_not(A.RELEASE) is None
    assert history(shop, after)[0] == ("Liberar para faturamento: não foi feito", SELLER, Source.OPERATOR)


@pytest.mark.parametrize("fault", ["lost", "bad_gateway", "garbage", "html", "truncated"])
def test_a_lost_answer_is_settled_by_reading_again(shop: Till, sandbox: SandboxControl, fault: str) -> None:
    sandbox.fault(fault, "move")
    assert shop.orders.act(order(shop, "1002").id, Demand(A.RELEASE), SELLER).done
    assert effects(sandbox) == [("2", "attended")]


def test_when_neither_answers_the_order_stays_in_doubt_until_read(
    shop: Till, sandbox: SandboxControl
) -> None:
    kept = order(shop, "1002")
    shop.orders.read(kept.id)
    sandbox.fault("lost", "move")
    # The first reading comes before the move: only the one after it is lost.
    original = shop.orders._connect().order
    reads = iter([original(kept.told.remote_id)])

    def once(remote_id: str) -> object:
        try:
            return next(reads)
        except StopIteration:
            sandbox.fault("bad_gateway", "order")
            return original(remote_id)

    shop.orders._connect().order = once  # type: ignore[method-assign,assignment]
    acted = shop.orders.act(kept.id, Demand(A.RELEASE), SELLER)
    assert not acted.done and "não se sabe" in acted.words
    doubtful = order(shop, "1002")
    assert doubtful.doubtful and "[verificar]" in doubtful.notice
    assert "F5" in str(doubtful.why_not(A.INVOICE))
    shop.orders._connect().order = original  # type: ignore[method-assign]
    settled = shop.orders.read(kept.id)
    assert not settled.doubtful and settled.told.delivery is DeliveryState.ATTENDED
    assert ("Liberado para faturamento", SELLER, Source.OPERATOR) in history(shop, settled)
    assert effects(sandbox) == [("2", "attended")]


def test_a_move_that_never_happened_may_be_done_again(shop: Till, sandbox: SandboxControl) -> None:
    kept = order(shop, "1002")
    sandbox.fault("down", "move")
    acted = shop.orders.act(kept.id, Demand(A.RELEASE), SELLER)
    assert not acted.done and order(shop, "1002").doubtful
    settled = shop.orders.read(kept.id)
    assert not settled.doubtful and "Pode ser feito de novo" in settled.notice
    assert shop.orders.act(kept.id, Demand(A.RELEASE), SELLER).done
    assert effects(sandbox) == [("2", "attended")]


def test_a_token_that_ends_midway_changes_nothing(shop: Till, sandbox: SandboxControl) -> None:
    sandbox.fault("unauthorized", "move")
    acted = shop.orders.act(order(shop, "1002").id, Demand(A.RELEASE), SELLER)
    assert not acted.done and "token" in acted.words and effects(sandbox) == []


def test_the_list_survives_a_token_that_ends_and_a_limit(
    till: Till, sandbox: SandboxControl, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pos_tui.providers.orders.dooca.LIMIT", 4)
    sandbox.fault("throttled", "orders", seconds=1)
    assert till.orders.refresh().read == 10
    sandbox.fault("throttled", "orders", seconds=300)
    assert "300 segundos" in till.orders.refresh().words
    sandbox.fault("shifted", "orders")
    sandbox.fault("unauthorized", "orders")
    halted = till.orders.refresh()
    assert halted.read == 4 and "token" in halted.words
    assert len(all_orders(till)) == 11


def test_a_page_that_shifts_loses_no_order(
    till: Till, sandbox: SandboxControl, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pos_tui.providers.orders.dooca.LIMIT", 3)
    sandbox.fault("shifted", "orders", times=6)
    till.orders.refresh()
    numbers = [each["code"] for each in sandbox.shop()["orders"]]
    assert sorted(kept.told.number for kept in all_orders(till)) == sorted(numbers)


def test_the_remote_side_wins_and_a_forbidden_jump_is_shown(shop: Till, sandbox: SandboxControl) -> None:
    sandbox.change_order("7", payment_status="chargeback")
    sandbox.change_order("8", fulfillment_status="shipped", who="admin")
    shop.orders.refresh()
    charged, back = order(shop, "1007"), order(shop, "1008")
    assert charged.told.payment is PaymentState.CHARGEBACK
    assert "contestado com o pedido já enviado" in charged.notice
    assert back.told.delivery is DeliveryState.SHIPPED and "de Entregue a Enviado" in back.notice
    assert ("Mudança inesperada na plataforma", "sistema", Source.SYSTEM) in history(shop, back)


def test_what_the_erp_did_is_seen_and_told(shop: Till, sandbox: SandboxControl) -> None:
    sandbox.change_order("5", fulfillment_status="invoiced", who="erp")
    shop.orders.refresh()
    kept = order(shop, "1005")
    assert kept.told.delivery is DeliveryState.INVOICED and kept.notice == ""
    assert ("Faturado", "ERP da loja", Source.ERP) in history(shop, kept)


@pytest.fixture
def second(tmp_path: Path, sandbox: SandboxControl, watch: Watch) -> Iterator[Till]:
    """Another till of the same store, on the same database."""
    config = settings()
    config = replace(config, till=replace(config.till, number=2))
    opened = open_till(tmp_path / "till", sandbox, config, clock=watch)
    yield opened
    opened.close()


def test_two_tills_one_acts_the_other_is_told(shop: Till, second: Till, sandbox: SandboxControl) -> None:
    key = order(shop, "1002").id
    assert shop.orders.act(key, Demand(A.RELEASE), SELLER).done
    with pytest.raises(Conflict, match=f"já foi feito por {SELLER}"):
        second.orders.act(key, Demand(A.RELEASE), OTHER)
    assert effects(sandbox) == [("2", "attended")]


def test_two_tills_at_the_same_moment(shop: Till, second: Till, sandbox: SandboxControl) -> None:
    """The second asks while the first one's request is on its way."""
    key = order(shop, "1002").id
    provider = shop.orders._connect()
    perform = provider.perform
    told: list[str] = []

    def interrupted(*arguments: object) -> object:
        with pytest.raises(Conflict) as conflict:
            second.orders.act(key, Demand(A.RELEASE), OTHER)
        told.append(conflict.value.message)
        return perform(*arguments)  # type: ignore[arg-type]

    provider.perform = interrupted  # type: ignore[method-assign,assignment]
    assert shop.orders.act(key, Demand(A.RELEASE), SELLER).done
    assert told == [f"{SELLER} está cuidando deste pedido agora. Nada foi enviado daqui."]
    assert effects(sandbox) == [("2", "attended")]


def test_two_shops_worth_of_tills_without_a_common_database(
    shop: Till, sandbox: SandboxControl, tmp_path: Path
) -> None:
    far = open_till(tmp_path / "far", sandbox)
    far.orders.refresh()
    assert shop.orders.act(order(shop, "1002").id, Demand(A.RELEASE), SELLER).done
    with pytest.raises(Conflict, match="já foi feito"):
        far.orders.act(order(far, "1002").id, Demand(A.RELEASE), OTHER)
    far.close()


def test_many_at_once_each_with_its_result(shop: Till, sandbox: SandboxControl) -> None:
    keys = [order(shop, number).id for number in ("1002", "1004", "1010", "1003")]
    done = shop.orders.each(keys, {key: Demand(A.RELEASE) for key in keys}, SELLER, stock=True)
    assert [(acted.number, acted.done) for acted in done] == [
        ("1002", True), ("1004", False), ("1010", True), ("1003", False),
    ]  # fmt: skip
    assert "Falta no estoque" in done[1].words and "aprovado" in done[3].words
    assert effects(sandbox) == [("2", "attended"), ("10", "attended")]


@pytest.mark.parametrize("call", ["order", "stock", "move"])
def test_many_at_once_wait_out_a_limit(shop: Till, sandbox: SandboxControl, call: str) -> None:
    keys = [order(shop, number).id for number in ("1002", "1010")]
    sandbox.fault("throttled", call, seconds=1)
    done = shop.orders.each(keys, {key: Demand(A.RELEASE) for key in keys}, SELLER, stock=True)
    assert [acted.done for acted in done] == [True, True]
    assert effects(sandbox) == [("2", "attended"), ("10", "attended")]


def test_a_limit_right_after_the_move_leaves_no_doubt(shop: Till, sandbox: SandboxControl) -> None:
    key = order(shop, "1002").id
    provider = shop.orders._connect()
    perform = provider.perform

    def limited(*arguments: object) -> object:
        written = perform(*arguments)  # type: ignore[arg-type]
        sandbox.fault("throttled", "order", seconds=1)
        return written

    provider.perform = limited  # type: ignore[method-assign,assignment]
    assert shop.orders.act(key, Demand(A.RELEASE), SELLER).done
    assert not order(shop, "1002").doubtful and effects(sandbox) == [("2", "attended")]


def test_a_long_limit_is_told_and_nothing_moves(shop: Till, sandbox: SandboxControl) -> None:
    sandbox.fault("throttled", "move", seconds=300)
    acted = shop.orders.act(order(shop, "1002").id, Demand(A.RELEASE), SELLER)
    assert not acted.done and "300 segundos" in acted.words and effects(sandbox) == []


def test_an_order_nobody_can_read_hides_no_other(shop: Till, sandbox: SandboxControl) -> None:
    """One bad row stays bad for days: those that left the list are read all the same."""
    sandbox.change_order("6", total="muito")
    sandbox.change_order("1", payment_status="approved")
    found = shop.orders.refresh(days=1)
    assert "1006 não pôde ser lido" in " ".join(found.problems)
    assert order(shop, "1001").told.payment is PaymentState.APPROVED


def test_an_order_that_leaves_the_list_is_read_by_itself(
    shop: Till, sandbox: SandboxControl, watch: Watch
) -> None:
    watch.advance(40 * 86_400)
    sandbox.change_order("1", payment_status="approved")
    assert shop.orders.refresh(days=1).read > 0
    assert shop.orders.book.get(next(iter(_by_number(shop, "1001")))).told.payment is PaymentState.APPROVED


def _by_number(till: Till, number: str) -> list[str]:
    now = till.context.now()
    return [kept.id for kept in till.orders.book.page(OrderFilter(0, now, text=number))]


def test_cancelling_a_deposit(shop: Till, sandbox: SandboxControl) -> None:
    assert shop.orders.act(order(shop, "1001").id, Demand(A.CANCEL), SELLER).done
    kept = order(shop, "1001")
    assert kept.told.state is OrderState.CANCELED and kept.told.badges[0] == "Cancelado"


def test_every_write_is_in_the_journal(shop: Till) -> None:
    shop.orders.act(order(shop, "1002").id, Demand(A.RELEASE), SELLER)
    with shop.context.store.reading() as tx:
        lines = tx.rows(
            JournalRow.select(JournalRow.kind, JournalRow.event, JournalRow.who).order_by(JournalRow.seq)
        )
    assert lines == [("order.release", "intent", SELLER), ("order.release", "outcome", SELLER)]


def test_without_a_printer_no_paper_is_promised(tmp_path: Path, sandbox: SandboxControl) -> None:
    till = open_till(tmp_path / "bare", sandbox, settings(printer=PrinterSettings(transport="none")))
    till.orders.refresh()
    kept = order(till, "1004")
    before = history(till, kept)
    with pytest.raises(RuleError, match="não tem impressora"):
        till.order_papers.print(OrderPaper.PICKING, [kept.id], SELLER)
    assert history(till, kept) == before
    till.close()
