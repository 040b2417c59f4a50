"""F12: operators, oversight and the trail, by keys (issue 6)."""

import asyncio
import threading

import pytest

from pos_tui.domain.journal import Field
from pos_tui.domain.payment import Decision, Method, PaymentState
from pos_tui.domain.people import Action, NeedsApproval
from pos_tui.domain.sale import PaymentLine
from pos_tui.domain.topup import TopUpState
from pos_tui.domain.trail import TrailFilter, TrailLine
from pos_tui.screens.desks import DESKS
from pos_tui.screens.oversight import age
from pos_tui.services.audit import PAGE
from pos_tui.services.guard import Approval
from pos_tui.services.journal import Event
from pos_tui.services.refunds import Warrant
from pos_tui.store import payments
from pos_tui.store.database import Transaction
from pos_tui.store.ids import new_key
from pos_tui.till import Till
from tests.people.staff import ANA, ANA_PIN, BETO, BOSS, BOSS_PIN, WHY, hire
from tests.screens.desk import Desk, at_desk
from tests.tills import SELLER, add, new_sale, pay_and_save

SIZES = [(80, 24), (40, 12)]


async def enter(desk: Desk, number: str, pin: str) -> None:
    """Log in."""
    await desk.see("Operador nº")
    await desk.press(*number, "enter", *pin, "enter")
    await desk.until(lambda: desk.app.till.guard.operator is not None, "right PIN")
    await desk.see("Início")


async def open_desk(desk: Desk, choice: str) -> None:
    """F12, down to a desk by its command's name, and Enter."""
    await desk.press("f12")
    await desk.see("Menu")
    await desk.press(*["down"] * (1 + [one.command for one in DESKS].index(choice)), "enter")


async def approve(desk: Desk) -> None:
    """The supervisor's number, PIN and reason."""
    await desk.see("Autorizar:")
    await desk.press("1", "enter", *BOSS_PIN, "enter", *WHY, "enter")


@pytest.mark.parametrize("size", SIZES)
async def test_registering_people(till: Till, size: tuple[int, int]) -> None:
    async with at_desk(till, size) as desk:
        await open_desk(desk, "people")
        await desk.see("Ninguém cadastrado.")
        await desk.press("f6")
        await desk.press(*BOSS, "enter", *BOSS_PIN, "enter", *BOSS_PIN, "enter")
        await desk.see(f"{BOSS}: cadastro feito.")
        await desk.press("escape")
        await desk.see("Agora há operadores")
        await desk.press("1", "enter", *BOSS_PIN, "enter")
        await desk.see("Bem-vindo(a)")
        await open_desk(desk, "people")
        await desk.press("f6", *ANA, "enter", "enter", "enter", *"1111", "enter")
        await desk.see("PIN fácil demais")
        await desk.press("ctrl+u", *ANA_PIN, "enter", *ANA_PIN, "enter")
        await desk.see("Ana Prado: cadastro feito.")
    assert [(one.number, one.role.value) for one in till.operators.all()] == [
        (1, "supervisor"),
        (2, "cashier"),
    ]


async def test_a_cashier_registers_with_a_supervisor_and_switches_off(till: Till) -> None:
    hire(till)
    async with at_desk(till) as desk:
        await enter(desk, "2", ANA_PIN)
        await open_desk(desk, "people")
        await desk.see("Operadores", BOSS, ANA, BETO, "Supervisor", "ativo")
        await desk.press("down", "down", "f8")
        await approve(desk)
        await desk.see(f"{BETO}: desativado.", "desativado")
        await desk.press("f9", *"8642", "enter", *"8643", "enter")
        await desk.see("Os dois PINs são diferentes")
        await desk.press("ctrl+u", *"8642", "enter")
        await approve(desk)
        await desk.see(f"{BETO}: PIN novo.")
        await desk.press("l")
        await desk.see("Autorizar:")
        await desk.press("escape")
        await desk.see("Sem autorização: nada foi feito.")
    assert [one.active for one in till.operators.all()] == [True, True, False]


@pytest.mark.parametrize("size", SIZES)
async def test_a_supervisor_acts_on_what_waits_anywhere(till: Till, size: tuple[int, int]) -> None:
    hire(till)
    sale = new_sale(till, ANA)
    topup = add(till, sale)
    pay_and_save(till, sale)
    async with at_desk(till, size) as desk:
        await enter(desk, "1", BOSS_PIN)
        await open_desk(desk, "oversight")
        await desk.see("Supervisão", "0 min", "Ana")
        await desk.see(f"Loja de treinamento: {ANA}.")
        await desk.press("enter")
        await desk.see("Confirmação da recarga")
        await desk.press("f8", *"linha errada", "enter")
        await desk.see(": cancelada.")
        await desk.press("escape")
        await desk.see("Nada pendente em nenhum caixa.")
    assert till.topups.get(topup.id).state is TopUpState.CANCELLED


async def test_a_cashier_sees_other_tills_only_with_a_supervisor(till: Till) -> None:
    hire(till)
    add(till, new_sale(till, BETO))
    async with at_desk(till) as desk:
        await enter(desk, "2", ANA_PIN)
        await open_desk(desk, "oversight")
        await desk.see("Autorizar: ver as pendências")
        await desk.press("escape")
        await desk.see("Sem autorização: nada foi feito.")
        assert "67 99999" not in desk.words()
        await desk.press("f5", "enter", "escape")
        await open_desk(desk, "oversight")
        await approve(desk)
        await desk.see("67 99999")


async def test_cancelling_for_somebody_else_asks_in_place(till: Till) -> None:
    hire(till)
    sale = new_sale(till, BETO)
    topup = add(till, sale)
    pay_and_save(till, sale)
    async with at_desk(till) as desk:
        await enter(desk, "2", ANA_PIN)
        await desk.press("f4", "enter")
        await desk.see("Confirmar a recarga de")
        await desk.press("f8", *"linha errada", "enter")
        await approve(desk)
        await desk.see(": cancelada.")
    assert not till.topups.get(topup.id).pending


def uncertain(till: Till) -> str:
    """A payment of which nobody knows the end, as a crash of an outside charge leaves it."""
    sale = new_sale(till)
    line = PaymentLine(
        new_key(), 1, Method.TEF, PaymentState.UNCERTAIN, 1500,
        decision=Decision.NONE, sale_id=sale.id, till=sale.till, open_since=till.context.now(),
    )  # fmt: skip
    till.context.store.write(lambda tx: payments.insert(tx, line))
    return line.id


async def test_an_uncertain_payment_is_ruled_with_a_reason(till: Till) -> None:
    key = uncertain(till)
    async with at_desk(till) as desk:
        await open_desk(desk, "oversight")
        await desk.see("TEF R$ 15,00: incerto [verificar]")
        await desk.press("enter")
        await desk.see("Decidir o pagamento", "Decida só com prova", "1 O cliente não foi cobrado")
        await desk.press("1", *"Marta", "enter", *"não", "enter")
        await desk.see("Escreva o motivo, com pelo menos cinco letras")
        await desk.press("ctrl+u", *"extrato da rede sem a venda", "enter")
        await desk.see("Nada pendente em nenhum caixa.")
    (line,) = till.sales.current("1", SELLER).payments
    assert (line.id, line.state) == (key, PaymentState.CANCELLED)


async def test_a_cashier_rules_only_with_a_supervisors_pin(till: Till) -> None:
    hire(till)
    key = uncertain(till)
    async with at_desk(till) as desk:
        await enter(desk, "2", ANA_PIN)
        await open_desk(desk, "oversight")
        await approve(desk)
        await desk.see("TEF R$ 15,00: incerto [verificar]")
        await desk.press("enter")
        await desk.see("Decidir o pagamento")
        await desk.press("1", "enter")
        await desk.see("Autorizar: decidir um pagamento incerto")
        await desk.press("1", "enter", *"999999", "enter", *WHY, "enter")
        await desk.see("Número ou PIN errado")
        assert till.payments.get(key).state is PaymentState.UNCERTAIN
        await desk.press(*BOSS_PIN, "enter", "enter")
        await desk.see("Nada pendente em nenhum caixa.")
    line = till.payments.get(key)
    assert (line.state, line.reason) == (PaymentState.CANCELLED, WHY)
    assert ANA in line.decided_by and BOSS in line.decided_by


def test_ruling_is_for_supervisors(till: Till) -> None:
    hire(till)
    line = till.payments.get(uncertain(till))
    till.operators.enter(2, ANA_PIN)
    with pytest.raises(NeedsApproval):
        till.refunds.rule(line, PaymentState.CONFIRMED, Warrant(ANA, BOSS, "extrato mostra"))


@pytest.mark.parametrize("size", SIZES)
async def test_the_trail_is_searched_and_opened(till: Till, size: tuple[int, int]) -> None:
    hire(till)
    till.guard.operator = till.operators.all()[1]
    till.cash.open(5_000, ANA)
    shift = till.cash.shift()
    assert shift is not None
    till.guard.operator = None
    async with at_desk(till, size) as desk:
        await enter(desk, "1", BOSS_PIN)
        await open_desk(desk, "trail")
        await desk.see("Trilha de auditoria", "Operador: en")
        assert "Impress" not in desk.words()
        await desk.press("f6", *["enter"] * 4, "2", "enter")
        await desk.see("Impress")
        await desk.press("f6", *"abertura", *["enter"] * 4, "1", "enter")
        await desk.see("com «abertura»", "Caixa: abert")
        await desk.press("enter")
        await desk.see("Linha da trilha", f"{ANA}: Caixa: abertura", "fundo: R$ 50,00")


async def test_a_key_typed_ahead_of_a_door_is_meant_for_what_is_behind_it(
    till: Till, monkeypatch: pytest.MonkeyPatch
) -> None:
    hire(till)
    async with at_desk(till) as desk:
        await enter(desk, "1", BOSS_PIN)
        allow, keys_are_in = till.guard.allow, threading.Event()

        def slow(action: Action, subject: str, approval: Approval | None = None) -> dict[str, Field]:
            keys_are_in.wait()
            return allow(action, subject, approval)

        monkeypatch.setattr(till.guard, "allow", slow)
        asyncio.get_running_loop().call_later(0.3, keys_are_in.set)
        await desk.press("ctrl+k", *"Trilha", "enter", "1", "f6")
        await desk.see("Procurar na trilha")


def test_the_trail_is_paged_and_finds_names_with_accents(till: Till) -> None:
    def fill(tx: Transaction) -> None:
        for number in range(2 * PAGE + 7):
            data = {"reason": "depósito na agência" if number == 3 else "comum", "amount": number}
            till.context.journal.note(tx, Event("cash", new_key(), SELLER, data), "withdrawal")

    till.context.store.write(fill)
    everything = TrailFilter(*till.day())
    seen = []
    page = till.audit.trail(everything)
    while page:
        seen += page
        page = till.audit.trail(everything, page[-1].id)
    assert [line.seq for line in seen] == list(range(2 * PAGE + 7, 0, -1))
    oldest = till.audit.trail(everything, None, newer=True)
    assert (oldest[-1].seq, len(oldest)) == (1, PAGE)
    (found,) = till.audit.trail(TrailFilter(*till.day(), text="agência"))
    assert found.seq == 4 and "valor: R$ 0,03" in found.details
    assert till.audit.trail(TrailFilter(*till.day(), text="100%_")) == []
    assert till.audit.trail(TrailFilter(*till.day(), till=2)) == []


async def test_commissions_take_a_supervisor(till: Till) -> None:
    hire(till)
    async with at_desk(till) as desk:
        await enter(desk, "2", ANA_PIN)
        await desk.press("ctrl+s")
        await desk.see("Relatórios")
        await desk.press("5")
        await desk.see("Autorizar: ver comissões")
        await desk.press("escape")
        await desk.see("Sem autorização")
        await desk.press("g")
        await desk.see("Este relatório é para supervisores.")
        await desk.press("escape", "5")
        await approve(desk)
        await desk.see("Comissão: 0,00")


def test_ages_are_told_in_words() -> None:
    assert [age(ms * 60_000) for ms in (-1, 0, 59, 60, 47 * 60, 48 * 60)] == [
        "0 min", "0 min", "59 min", "1 h", "47 h", "2 dias",
    ]  # fmt: skip


def test_a_line_of_the_trail_tells_which_it_was() -> None:
    line = TrailLine(
        "", 1, 1, 0, "Ana", "cash", "x", "withdrawal", '{"amount": 3000, "approved_by": "Israel"}', ""
    )
    assert line.short == "Caixa: sangria · valor: R$ 30,00"


async def test_a_new_person_is_put_right_where_it_is_typed(till: Till) -> None:
    """A PIN that everybody tries first, a name of one letter: nothing else that was typed is lost."""
    async with at_desk(till) as desk:
        await open_desk(desk, "people")
        await desk.see("Ninguém cadastrado")
        await desk.press("f6", "M", "enter", "enter", "enter")
        await desk.see("! Escreva o nome do operador.")
        await desk.press(*"arta", "enter", "enter", *"123456", "enter")
        await desk.see("! PIN fácil demais")
        await desk.press("ctrl+u", *BOSS_PIN, "enter", *BOSS_PIN, "enter")
        await desk.see("Marta: cadastro feito.")
