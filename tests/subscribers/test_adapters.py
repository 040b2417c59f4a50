"""Every adapter against the sandbox: the same desk, whatever the ERP, and every way it can fail."""

import pytest

from pos_tui.domain.boleto import read
from pos_tui.domain.brcode import parse
from pos_tui.domain.outcome import Done, NotSent, RefusalClass, Refused, Uncertain
from pos_tui.domain.subscriber import Bill, BillState, Charge, Contract, ContractState, Feature
from pos_tui.domain.usage import Period, SessionState
from pos_tui.providers.subscribers.base import Access, CounterPayment, PaidWith, SearchBy
from tests.sandbox import SandboxControl
from tests.subscribers.kits import JOSE, Kit, done, hour, kit, rbx, sgp, today

FAILING = ("reset", "lost", "truncated", "bad_gateway", "garbage", "empty", "html")
SUSPENDED = Contract("102", "Fibra 100", ContractState.SUSPENDED, (), ("jose.chacara",))
WEEK = Period(hour(-7), hour(1))


@pytest.fixture(params=["rbx", "sgp"])
def erp(request: pytest.FixtureRequest, sandbox: SandboxControl) -> Kit:
    return kit(request.param, sandbox.url)


def test_bills_are_open_or_settled(erp: Kit) -> None:
    bills = done(erp.provider.open_bills(erp.jose))
    assert [bill.id for bill in bills] == ["1001", "1004", "1002", "1003"]
    overdue = bills[0]
    assert (overdue.face, overdue.amount, overdue.overdue(today())) == (12990, 14280, True)
    assert bills[1].charge is Charge.DIRECT_DEBIT
    (settled,) = done(erp.provider.settled_bills(erp.jose))
    assert (settled.id, settled.state, settled.paid) == ("1000", BillState.SETTLED, 12990)
    assert done(erp.provider.settled_bills(erp.maria)) == ()


def test_a_second_copy_has_line_and_pix(erp: Kit) -> None:
    bill = done(erp.provider.open_bills(erp.jose))[2]
    copy = done(erp.provider.second_copy(erp.jose, bill))
    boleto = read(copy.line, today())
    assert (boleto.amount, boleto.due, boleto.warnings) == (bill.amount, bill.due, ())
    assert parse(copy.pix).url == "pix.treinamento.example/cobv/1002"


def test_an_overdue_bill_has_the_new_slip_of_the_provider(erp: Kit) -> None:
    bill = done(erp.provider.open_bills(erp.jose))[0]
    boleto = read(done(erp.provider.second_copy(erp.jose, bill)).line, today())
    assert boleto.amount == bill.amount
    assert boleto.due is not None and boleto.due >= today()


def test_a_bill_without_slip_is_refused(erp: Kit) -> None:
    bill = next(one for one in done(erp.provider.open_bills(erp.jose)) if one.id == "1004")
    assert isinstance(erp.provider.second_copy(erp.jose, bill), Refused)


def test_connections_tell_open_from_stale(erp: Kit) -> None:
    sessions = done(erp.provider.sessions(erp.jose, WEEK))
    states = {session.login: session.state(hour()) for session in sessions if session.end is None}
    assert states["jose.silva"] is SessionState.OPEN
    assert states.get("jose.chacara", SessionState.STALE) is SessionState.STALE
    closed = next(session for session in sessions if session.end)
    assert (closed.download, closed.cause) == (2_400_000_000, "User-Request")


def test_notes_of_both_ages(erp: Kit) -> None:
    notes = done(erp.provider.notes(erp.jose))
    assert [(note.model, len(note.key)) for note in notes] == [("62", 44), ("21", 32)]


def test_tickets_and_their_history(erp: Kit) -> None:
    newest, oldest = done(erp.provider.tickets(erp.jose))
    assert (newest.protocol, newest.open, oldest.open) == ("20260001", True, False)
    assert oldest.contacts[0] == "José da Silva"
    assert [event.author for event in done(erp.provider.history(erp.jose, newest))] == ["Suporte", "Campo"]
    assert done(erp.provider.tickets(erp.maria)) == ()


def test_no_password_gets_through(erp: Kit) -> None:
    provider, who = erp.provider, erp.jose
    bills = done(provider.open_bills(who))
    told = [
        repr(provider.contracts(who, ())),
        repr(bills),
        repr(provider.sessions(who, WEEK)),
        repr(provider.notes(who)),
        repr(provider.tickets(who)),
        repr(provider.find(SearchBy.DOCUMENT, JOSE)),
        repr(provider.second_copy(who, bills[0])),
        repr(who),
        repr(provider),
    ]
    text = " ".join(told)
    assert "segredo" not in text and "nao-mostrar" not in text and "'1234'" not in text


@pytest.mark.parametrize("kind", FAILING)
def test_a_question_that_fails_is_never_an_empty_list(erp: Kit, sandbox: SandboxControl, kind: str) -> None:
    sandbox.fault(kind, "status", times=None)
    for ask in (erp.provider.open_bills, erp.provider.notes, erp.provider.tickets):
        assert isinstance(ask(erp.jose), Uncertain | NotSent | Refused)


@pytest.mark.parametrize("kind", FAILING)
def test_an_enabling_whose_answer_is_lost_is_uncertain(sandbox: SandboxControl, kind: str) -> None:
    """The effect may have happened, and the adapter does not repeat it."""
    for name in ("rbx", "sgp"):
        sandbox.reset()
        sandbox.fault(kind, "reserve")
        erp = kit(name, sandbox.url)
        bill = Bill("1001", today(), 100, BillState.OPEN)
        assert isinstance(erp.provider.enable(erp.jose, SUSPENDED, bill, today()), Uncertain)
        assert sandbox.ledger().count("credited") == (0 if kind == "reset" else 1)


def payment(amount: int = 14280) -> CounterPayment:
    return CounterPayment(amount, today(), PaidWith.CREDIT, "NSU 998", "123456", 2, "Visa")


# RBX's own


def test_rbx_settles_a_bill_once(sandbox: SandboxControl) -> None:
    provider, who = rbx(sandbox.url), Access("10", JOSE)
    bill = done(provider.open_bills(who))[0]
    settled = done(provider.settle(who, bill, payment()))
    assert settled.protocol
    assert sandbox.ledger().credits["conta/1001"] == (1, 14280)
    assert "1001" not in [one.id for one in done(provider.open_bills(who))]
    assert "1001" in [one.id for one in done(provider.settled_bills(who))]
    again = provider.settle(who, bill, payment())
    assert isinstance(again, Refused) and "baixado" in again.text


@pytest.mark.parametrize("kind", [*FAILING, "wrong_key", "unknown_word"])
def test_rbx_never_takes_a_doubtful_answer_for_settled(sandbox: SandboxControl, kind: str) -> None:
    provider, who = rbx(sandbox.url), Access("10", JOSE)
    bill = done(provider.open_bills(who))[0]
    sandbox.fault(kind, "confirm")
    assert isinstance(provider.settle(who, bill, payment()), Uncertain)
    assert sandbox.ledger().count("credited") == (0 if kind == "reset" else 1)


def test_rbx_says_what_is_wrong_with_the_key(sandbox: SandboxControl) -> None:
    answer = rbx(sandbox.url, key="outra").open_bills(Access("10"))
    assert isinstance(answer, Refused)
    assert (answer.reason, answer.code) == (RefusalClass.STORE_ACCOUNT, "97")


def test_rbx_lets_a_subscriber_identify_themselves(sandbox: SandboxControl) -> None:
    provider = rbx(sandbox.url)
    assert done(provider.enter(JOSE, "1234")).id == "10"
    refused = provider.enter(JOSE, "errada")
    assert isinstance(refused, Refused) and refused.code == "10"


@pytest.mark.parametrize("key", ["", "0", "10 OR 1=1", "10'", "-1", "1e3", "１０", "9" * 11])
def test_rbx_sends_no_filter_but_of_whole_numbers(sandbox: SandboxControl, key: str) -> None:
    provider = rbx(sandbox.url)
    sandbox.fault("down", times=None)  # nothing is sent at all, so no fault is met
    for ask in (provider.settled_bills, provider.tickets, provider.open_bills, provider.notes):
        answer = ask(Access(key))
        assert isinstance(answer, Refused) and answer.reason is RefusalClass.INTERNAL


def test_rbx_enables_by_notice_or_unblocks(sandbox: SandboxControl) -> None:
    who, bill = Access("10", JOSE), Bill("1001", today(), 100, BillState.OPEN)
    notice = rbx(sandbox.url)
    assert done(notice.enable(who, SUSPENDED, bill, today())).protocol
    again = notice.enable(who, SUSPENDED, bill, today())
    assert isinstance(again, Refused) and again.code == "21"
    unblock = rbx(sandbox.url, unblock=True)
    assert "desbloqueado" in done(unblock.enable(who, SUSPENDED, None, today())).text
    again = unblock.enable(who, SUSPENDED, None, today())
    assert isinstance(again, Refused) and again.code == "10"


# SGP's own


@pytest.mark.parametrize(
    ("by", "text"),
    [
        (SearchBy.DOCUMENT, JOSE),
        (SearchBy.NAME, "aparecido da"),
        (SearchBy.PHONE, "67999990010"),
        (SearchBy.CONTRACT, "102"),
    ],
)
def test_sgp_finds_by_everything(sandbox: SandboxControl, by: SearchBy, text: str) -> None:
    (jose,) = done(sgp(sandbox.url).find(by, text))
    assert (jose.id, jose.phone) == (JOSE, "67999990010")
    assert [(one.id, one.state) for one in jose.contracts] == [
        ("101", ContractState.ACTIVE),
        ("102", ContractState.SUSPENDED),
    ]


def test_sgp_promises_until_the_quota_is_used(sandbox: SandboxControl) -> None:
    erp = kit("sgp", sandbox.url)
    granted = done(erp.provider.enable(erp.jose, SUSPENDED, None, today()))
    assert granted.days == 3 and granted.protocol
    assert "jose.chacara" not in granted.text
    assert done(erp.provider.state_of(erp.jose, SUSPENDED)) is ContractState.ACTIVE
    refused = erp.provider.enable(erp.maria, Contract("121", "x", ContractState.SUSPENDED), None, today())
    assert isinstance(refused, Refused) and "quantidade permitida" in refused.text


def test_sgp_refuses_a_wrong_password_or_token(sandbox: SandboxControl) -> None:
    wrong = sgp(sandbox.url).open_bills(Access(JOSE, JOSE, "errada"))
    assert isinstance(wrong, Refused) and "senha" in wrong.text
    token = sgp(sandbox.url, token="outro").find(SearchBy.DOCUMENT, JOSE)
    assert isinstance(token, Refused) and token.reason is RefusalClass.STORE_ACCOUNT


def test_sgp_hands_out_the_xml_byte_for_byte(sandbox: SandboxControl) -> None:
    erp = kit("sgp", sandbox.url)
    note, old = done(erp.provider.notes(erp.jose))
    file = done(erp.provider.note_file(erp.jose, note))
    assert file.content.startswith(b'<?xml version="1.0"') and note.key.encode() in file.content
    assert file.name == f"{note.key}.xml"
    assert isinstance(erp.provider.note_file(erp.jose, old), Refused)


def test_hostile_names_arrive_harmless(sandbox: SandboxControl) -> None:
    (gone,) = done(sgp(sandbox.url).find(SearchBy.CONTRACT, "131"))
    assert gone.name.startswith("Robert'); DROP TABLE clientes;-- [bold]")
    assert gone.name.isprintable()


def test_what_an_erp_lacks_is_said(erp: Kit) -> None:
    assert "CDR" in erp.provider.lacks[Feature.CALLS]
    if erp.provider.name == "sgp":
        assert "baixa" in erp.provider.lacks[Feature.RECEIVE]
    else:
        assert "XML" in erp.provider.lacks_xml
    assert isinstance(erp.provider.calls(erp.jose, "1", WEEK), Refused)
    assert not isinstance(erp.provider.calls(erp.jose, "1", WEEK), Done)
