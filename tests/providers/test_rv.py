"""RV's wire format: what is sent, what is believed, and the mistakes others made with it.

Each negative test names the known bug it guards against (facts/topup.md §2.10 and §17).
"""

from urllib.parse import parse_qs

import pytest

from pos_tui.domain.outcome import Done, NotSent, RefusalClass, Refused, Uncertain
from pos_tui.domain.phone import Mobile
from pos_tui.domain.topup import Balance, Offer, RemoteWord, ReserveRequest, Standing
from pos_tui.providers.base import ReserveRef
from pos_tui.providers.topup.codes import RV
from pos_tui.providers.topup.rv import RvProvider
from tests.providers import kits
from tests.providers.canned import CannedServer
from tests.sandbox import SandboxControl

REF = ReserveRef("101", "1686085733")
RESERVED = """<reenvio>0</reenvio><codigo>101</codigo><cod_online>1686085733</cod_online>
<produto>1488</produto><preco>14.475</preco><face>15.00</face><vencimento>2019-04-10</vencimento><pago>0</pago><ddd>67</ddd>
<fone>999998888</fone><mensagem>Promo\xe7\xe3o&#8238;&#133; \n aqui</mensagem><nsu>610761</nsu>
<dataRV>2019-03-26 10:00:00</dataRV>"""
DECIDED = "<codigo>101</codigo><cod_online>1686085733</cod_online><cod_retorno>{}</cod_retorno>"
STATUS = "<codigo>101</codigo><status>{}</status>"


def request(**changes: object) -> ReserveRequest:
    base: dict[str, object] = {
        "key": "101",
        "line": Mobile("67", "999998888"),
        "operator": "2088",
        "product": "1488",
        "face": 1500,
        "terminal": "PDV-1",
        "seller": "José & Cia",
    }
    return ReserveRequest(**(base | changes))  # type: ignore[arg-type]


def answer(operation: str, content: str) -> bytes:
    text = (
        f"<cellcard><versao>3.94</versao><codigoTransacao>{operation}</codigoTransacao>{content}</cellcard>"
    )
    return f'<?xml version="1.0" encoding="ISO-8859-1"?>{text}'.encode("iso-8859-1", "replace")


def error(code: str) -> bytes:
    return answer("0", f"<erro><codigo>{code}</codigo><mensagem>M\xe1 not\xedcia</mensagem></erro>")


@pytest.fixture
def rv(canned: CannedServer) -> RvProvider:
    return RvProvider(canned.url, "loja 1", "usuario", lambda: "s&nha")


def sent(canned: CannedServer) -> dict[str, str]:
    fields = parse_qs(canned.bodies[-1].decode("ascii"), encoding="iso-8859-1", strict_parsing=True)
    return {name: values[0] for name, values in fields.items()}


COMMON = {
    "loja_primaria": "loja 1",
    "nome_primario": "usuario",
    "senha_primaria": "s&nha",
    "versao": "3.94",
}


def test_a_reserve_sends_each_field_in_its_own_place(rv: RvProvider, canned: CannedServer) -> None:
    """The SDK sends operation 3 instead of 5, and the value as the terminal."""
    canned.will_say(answer("5", RESERVED))
    rv.reserve(request())
    assert canned.heads[0].startswith(b"POST / HTTP/1.1\r\n")
    assert b"application/x-www-form-urlencoded" in canned.heads[0]
    assert sent(canned) == COMMON | {
        "codigo_transacao": "5",
        "compra": "101",
        "produto": "1488",
        "ddd": "67",
        "fone": "999998888",
        "id_terminal": "PDV-1",
        "usuario_local": "José & Cia",
    }


def test_only_a_free_value_is_sent(rv: RvProvider, canned: CannedServer) -> None:
    canned.will_say(answer("5", RESERVED))
    rv.reserve(request(variable=True))
    assert sent(canned)["valor"] == "15.00"


def test_a_reserve_is_read_whole_and_clean(rv: RvProvider, canned: CannedServer) -> None:
    """`vencimento` is the day the store pays, not the day the reserve dies."""
    canned.will_say(answer("5", RESERVED))
    assert rv.reserve(request()) == Done(
        Standing(
            "101",
            RemoteWord.RESERVED,
            provider_ref="1686085733",
            nsu="610761",
            line="67999998888",
            face=1500,
            cost=1448,
            expires_at=None,
            message="Promoção aqui",
        )
    )


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("<codigo>101</codigo>", "<codigo>102</codigo>"),
        ("<codigo>101</codigo>", ""),
        ("<codigo>101</codigo>", "<codigo>101</codigo><codigo>101</codigo>"),
        ("<ddd>67</ddd>", "<ddd>24</ddd>"),
        ("<fone>999998888</fone>", "<fone>999998889</fone>"),
        ("<fone>999998888</fone>", ""),
        ("<face>15.00</face>", "<face>150.00</face>"),
        ("<face>15.00</face>", "<face>15,00</face>"),
        ("<face>15.00</face>", ""),
        ("<face>15.00</face>", "<face>NaN</face>"),
    ],
)
def test_a_reserve_of_something_else_is_not_believed(
    rv: RvProvider, canned: CannedServer, wrong: str, right: str
) -> None:
    canned.will_say(answer("5", RESERVED.replace(wrong, right)))
    assert isinstance(rv.reserve(request()), Uncertain)


@pytest.mark.parametrize("key", ["", "0", "0101", "1234567890", "a1", "-1", "1e3", "\u0661"])
def test_a_key_that_rv_cannot_hold_is_never_sent(rv: RvProvider, canned: CannedServer, key: str) -> None:
    outcomes = [
        rv.reserve(request(key=key)),
        rv.confirm(ReserveRef(key)),
        rv.cancel(ReserveRef(key)),
        rv.status(ReserveRef(key)),
    ]
    for outcome in outcomes:
        assert isinstance(outcome, Refused)
        assert outcome.reason is RefusalClass.INTERNAL
    assert not canned.bodies


def test_decisions_carry_our_key_and_their_number(rv: RvProvider, canned: CannedServer) -> None:
    canned.will_say(answer("7", DECIDED.format("0")))
    confirmed = rv.confirm(REF)
    assert sent(canned) == COMMON | {"codigo_transacao": "7", "compra": "101", "cod_retorno": "0"}
    assert isinstance(confirmed, Done)
    assert confirmed.answer.word is RemoteWord.CONFIRMED
    canned.answers.clear()
    canned.will_say(answer("7", DECIDED.format("1")))
    cancelled = rv.cancel(REF)
    assert sent(canned) == COMMON | {"codigo_transacao": "7", "compra": "101", "cod_retorno": "1"}
    assert isinstance(cancelled, Done)
    assert cancelled.answer.word is RemoteWord.CANCELLED


def test_a_refused_confirm_is_not_a_success(rv: RvProvider, canned: CannedServer) -> None:
    """§17 e: a POS read `<codigo>` wherever it stood, so error 13 looked like an echo, and it printed."""
    canned.will_say(error("13"))
    assert rv.confirm(REF) == Refused(RefusalClass.EXPIRED, "13", "Má notícia")


def test_an_error_that_equals_our_key_is_not_an_echo(rv: RvProvider, canned: CannedServer) -> None:
    """§17 e once more: purchase number 13, error 13."""
    canned.will_say(error("13"))
    assert isinstance(rv.confirm(ReserveRef("13")), Refused)
    assert isinstance(rv.cancel(ReserveRef("13")), Refused)


def test_a_successful_cancel_is_a_success(rv: RvProvider, canned: CannedServer) -> None:
    """§17 e: the same test turned round sent every successful cancel into an error box."""
    canned.will_say(answer("7", DECIDED.format("1")))
    assert isinstance(rv.cancel(REF), Done)


def test_a_lost_confirm_is_never_followed_by_a_cancel(canned: CannedServer, sandbox: SandboxControl) -> None:
    """§17 d: a POS answered any exception while confirming with a cancel."""
    provider = kits.rv(sandbox.url)
    held = kits.done(provider.reserve(request(product="V1500")))
    sandbox.fault("lost", "confirm")
    assert isinstance(provider.confirm(ReserveRef("101", held.provider_ref)), Uncertain)
    ledger = sandbox.ledger()
    assert ledger.count("cancelled") == 0
    assert ledger.credits == {"67999998888": (1, 1500)}


def test_already_confirmed_is_what_was_asked_for(rv: RvProvider, canned: CannedServer) -> None:
    canned.will_say(error("17"))
    done = Done(Standing("101", RemoteWord.CONFIRMED, "1686085733"))
    assert rv.confirm(REF) == done
    assert rv.cancel(REF) == done, "too late to cancel: the line has its credit"
    assert rv.status(REF) == done


def test_the_answer_to_the_opposite_decision_proves_nothing(rv: RvProvider, canned: CannedServer) -> None:
    canned.will_say(answer("7", DECIDED.format("1")))
    assert isinstance(rv.confirm(REF), Uncertain)


def test_another_number_of_theirs_is_another_purchase(rv: RvProvider, canned: CannedServer) -> None:
    canned.will_say(answer("7", DECIDED.format("0").replace("1686085733", "9")))
    assert isinstance(rv.confirm(REF), Uncertain)


@pytest.mark.parametrize("code", sorted(RV))
def test_every_code_of_the_table(rv: RvProvider, canned: CannedServer, code: str) -> None:
    canned.will_say(error(code))
    outcome = rv.reserve(request())
    reason = RV[code].reason
    if reason is None:
        assert isinstance(outcome, Uncertain)
    else:
        assert outcome == Refused(reason, code, "Má notícia")


def test_the_simulator_numbers_give_their_errors(sandbox: SandboxControl) -> None:
    """DDD 99, 99999-00NN (facts/topup.md §3.4)."""
    provider = kits.rv(sandbox.url)
    for code in (2, 3, 4, 5, 6, 7, 11, 13, 14):
        outcome = provider.reserve(request(line=Mobile("99", f"9999900{code:02d}"), product="V1500"))
        reason = RV[str(code)].reason
        assert isinstance(outcome, Uncertain) if reason is None else isinstance(outcome, Refused)
        if isinstance(outcome, Refused):
            assert (outcome.reason, outcome.code) == (reason, str(code))
    assert sandbox.ledger().rows == []


def test_a_code_that_no_table_lists(rv: RvProvider, canned: CannedServer) -> None:
    """The SDK dies of it. It may mean that nothing happened, or not: only a question may say no."""
    canned.will_say(error("99"))
    for effect in (rv.reserve(request()), rv.confirm(REF), rv.cancel(REF)):
        assert isinstance(effect, Uncertain)
        assert "99" in effect.why
    unknown = Refused(RefusalClass.UNKNOWN, "99", "Má notícia")
    assert [rv.status(REF), rv.offers(), rv.pendings(), rv.balance()] == [unknown] * 4


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("PENDENTE", RemoteWord.RESERVED),
        ("Confirmada", RemoteWord.CONFIRMED),
        ("CANCELADA", RemoteWord.CANCELLED),
        ("EXPIRADA", RemoteWord.EXPIRED),
    ],
)
def test_status_words(rv: RvProvider, canned: CannedServer, word: str, expected: RemoteWord) -> None:
    canned.will_say(answer("6", STATUS.format(word)))
    outcome = rv.status(REF)
    assert isinstance(outcome, Done)
    assert outcome.answer.word is expected
    assert sent(canned) == COMMON | {
        "codigo_transacao": "6",
        "compra": "101",
        "cod_online": "1686085733",
    }


def test_a_status_by_our_key_alone(rv: RvProvider, canned: CannedServer) -> None:
    canned.will_say(error("14"))
    assert rv.status(ReserveRef("101")) == Done(Standing("101", RemoteWord.ABSENT))
    assert sent(canned) == COMMON | {"codigo_transacao": "6", "compra": "101"}


def test_an_expired_purchase_is_an_answer_to_a_question(rv: RvProvider, canned: CannedServer) -> None:
    canned.will_say(error("13"))
    assert rv.status(REF) == Done(Standing("101", RemoteWord.EXPIRED, "1686085733"))


@pytest.mark.parametrize("word", ["", "OK", "CONFIRMADAS", "0", "CONFIRMADA PARCIAL"])
def test_an_unknown_status_word_proves_nothing(rv: RvProvider, canned: CannedServer, word: str) -> None:
    """And no other operation is tried behind the caller's back."""
    canned.will_say(answer("6", STATUS.format(word)))
    assert isinstance(rv.status(REF), Uncertain)
    assert len(canned.bodies) == 1


@pytest.mark.parametrize("status", ["500 Oops", "502 Bad Gateway", "503 Busy"])
def test_a_failing_server_proves_nothing_whatever_it_says(
    rv: RvProvider, canned: CannedServer, status: str
) -> None:
    canned.will_say(answer("7", DECIDED.format("0")), status)
    assert isinstance(rv.confirm(REF), Uncertain)


def test_the_http_status_alone_refuses_nothing(rv: RvProvider, canned: CannedServer) -> None:
    canned.will_say(b"<html><body>Not found</body></html>", "404 Not Found")
    assert isinstance(rv.reserve(request()), Uncertain)
    canned.answers.clear()
    canned.will_say(error("2"), "400 Bad Request")
    assert isinstance(rv.reserve(request()), Refused)


@pytest.mark.parametrize(
    "body",
    [
        answer("3", RESERVED),
        answer("0", RESERVED),
        answer("5", RESERVED + "<erro><codigo>2</codigo></erro>"),
        answer("0", "<erro><mensagem>sem c\xf3digo</mensagem></erro>"),
        answer("5", RESERVED).replace(b"cellcard", b"outro"),
        b'{"codigoTransacao": 5}',
    ],
    ids=["another operation", "zero without error", "both", "no number", "another root", "json"],
)
def test_an_answer_that_contradicts_itself_proves_nothing(
    rv: RvProvider, canned: CannedServer, body: bytes
) -> None:
    canned.will_say(body)
    assert isinstance(rv.reserve(request()), Uncertain)


def test_balance(rv: RvProvider, canned: CannedServer) -> None:
    content = "<limite_credito>1000.00</limite_credito><limite_disponivel>48.25</limite_disponivel>"
    canned.will_say(answer("9", content + "<antecipado>0.00</antecipado><valor_aberto>951.75</valor_aberto>"))
    assert rv.balance() == Done(Balance(100_000, 4825))
    canned.answers.clear()
    canned.will_say(answer("9", "<limite_credito>muito</limite_credito>"))
    assert isinstance(rv.balance(), Uncertain)


def test_pendings(rv: RvProvider, canned: CannedServer) -> None:
    entry = f"<pendente>{RESERVED}</pendente>"
    canned.will_say(answer("8", f"<pendentes><qtdPendentes>1</qtdPendentes>{entry}</pendentes>"))
    outcome = rv.pendings()
    assert isinstance(outcome, Done)
    assert [(row.key, row.face, row.word) for row in outcome.answer] == [("101", 1500, RemoteWord.RESERVED)]
    for content in ("", f"<pendentes><qtdPendentes>2</qtdPendentes>{entry}</pendentes>"):
        canned.answers.clear()
        canned.will_say(answer("8", content))
        assert isinstance(rv.pendings(), Uncertain), "a list that is not whole is no list"


def product(code: str, **changes: str) -> str:
    fields = {
        "codigoProduto": code,
        "nomeProduto": f"VIVO {code}",
        "precocompraProduto": "14.475",
        "precovendaProduto": "15.00",
        "validadeProduto": "30",
        "modeloRecarga": "ONLINE",
        "valorMinimoProduto": "0.00",
        "valorMaximoProduto": "0.00",
        "valorIncrementoProduto": "0.00",
        "precoVariavelProduto": "0",
    } | changes
    return "<produto>" + "".join(f"<{tag}>{text}</{tag}>" for tag, text in fields.items()) + "</produto>"


def operator(code: str, products: str, ufs: str = "MS RJ") -> str:
    states = "".join(f"<estadoOperadora>{uf}</estadoOperadora>" for uf in ufs.split())
    return (
        f"<operadora><codigoOperadora>{code}</codigoOperadora><nomeOperadora>Op {code}</nomeOperadora>"
        f"<estadosAtuantes><qtdEstadosOperadora>2</qtdEstadosOperadora>{states}</estadosAtuantes>"
        f"<produtos><qtdProdutos>1</qtdProdutos>{products}</produtos></operadora>"
    )


def offers_of(rv: RvProvider, canned: CannedServer, operators: str) -> tuple[Offer, ...]:
    canned.will_say(answer("1", f"<operadoras>{operators}</operadoras>"))
    outcome = rv.offers()
    assert isinstance(outcome, Done)
    return outcome.answer


def test_every_operator_and_product_is_kept(rv: RvProvider, canned: CannedServer) -> None:
    """The SDK keeps only the last operator; and a list of one is a list too."""
    offers = offers_of(rv, canned, operator("1", product("A") + product("B")) + operator("2", product("C")))
    assert [(offer.operator, offer.product) for offer in offers] == [("1", "A"), ("1", "B"), ("2", "C")]
    assert offers[0] == Offer(
        "1", "Op 1", "A", "VIVO A", 1500, cost=1448, validity_days=30, ufs=frozenset({"MS", "RJ"})
    )


def test_a_validity_of_zero_was_not_told(rv: RvProvider, canned: CannedServer) -> None:
    (offer,) = offers_of(rv, canned, operator("1", product("A", validadeProduto="0")))
    assert offer.validity_days is None


def test_a_free_value(rv: RvProvider, canned: CannedServer) -> None:
    limits = {"valorMinimoProduto": "10.00", "valorMaximoProduto": "300.00", "valorIncrementoProduto": "5.00"}
    (offer,) = offers_of(
        rv, canned, operator("1", product("1180", precoVariavelProduto="1", precovendaProduto="0", **limits))
    )
    assert (offer.face, offer.minimum, offer.maximum, offer.step) == (0, 1000, 30000, 500)


def test_states_of_a_product_narrow_those_of_its_operator(rv: RvProvider, canned: CannedServer) -> None:
    states = "<qtdEstadosProduto>1</qtdEstadosProduto><estadoProduto>MS</estadoProduto>"
    (offer,) = offers_of(rv, canned, operator("1", product("A", estadosProdutoPin=states)))
    assert offer.ufs == {"MS"}


@pytest.mark.parametrize(
    "broken",
    [
        {"modeloRecarga": "PIN"},
        {"precovendaProduto": "15.005"},
        {"precovendaProduto": "0.00"},
        {"precovendaProduto": "-15.00"},
        {"precovendaProduto": "quinze"},
        {"codigoProduto": ""},
        {"precoVariavelProduto": "1", "valorMinimoProduto": "20.00", "valorMaximoProduto": "10.00"},
    ],
)
def test_what_cannot_be_sold_is_left_out(
    rv: RvProvider, canned: CannedServer, broken: dict[str, str]
) -> None:
    offers = offers_of(rv, canned, operator("1", product("A", **broken) + product("B")))
    assert [offer.product for offer in offers] == ["B"]


def test_the_sandbox_sells_what_the_seed_shows(sandbox: SandboxControl) -> None:
    outcome = kits.rv(sandbox.url).offers()
    assert isinstance(outcome, Done)
    vivo = [offer for offer in outcome.answer if offer.operator_name == "Vivo"]
    for uf in ("MS", "RJ"):
        assert {400, 499, 1500, 6000} <= {offer.face for offer in vivo if uf in offer.ufs}
    assert [offer.product for offer in vivo if offer.face == 0] == ["1180"]
    assert all(offer.validity_days is None for offer in outcome.answer if offer.operator_name == "TIM")
    assert not any("PIN" in offer.name for offer in outcome.answer)


def test_the_pending_limit_is_lifted_by_deciding(sandbox: SandboxControl) -> None:
    provider = kits.rv(sandbox.url)
    sandbox.settings(cap=2)
    for key in ("1", "2"):
        kits.done(provider.reserve(request(key=key, product="V1500")))
    third = request(key="3", product="V1500")
    refused = provider.reserve(third)
    assert isinstance(refused, Refused)
    assert (refused.reason, refused.code) == (RefusalClass.PENDING_LIMIT, "6")
    kits.done(provider.confirm(ReserveRef("1")))
    kits.done(provider.reserve(third))


@pytest.mark.parametrize(
    ("face", "ok"), [(1000, True), (1500, True), (30_000, True), (900, False), (1501, False), (30_500, False)]
)
def test_a_free_value_within_its_bounds(sandbox: SandboxControl, face: int, ok: bool) -> None:
    outcome = kits.rv(sandbox.url).reserve(request(product="1180", face=face, variable=True))
    assert isinstance(outcome, Done if ok else Refused)


def test_a_wrong_password_is_the_manager_s_affair(sandbox: SandboxControl) -> None:
    provider = RvProvider(f"{sandbox.url}/integracao_xml.php", "TREINAMENTO", "treino", lambda: "errada")
    outcome = provider.reserve(request())
    assert isinstance(outcome, Refused)
    assert (outcome.reason, outcome.code) == (RefusalClass.STORE_ACCOUNT, "5")


def test_the_password_is_never_shown() -> None:
    provider = RvProvider("https://rv.example", "loja", "usuario", lambda: "segredo")
    assert "segredo" not in repr(provider) + repr(vars(provider))


def test_an_unreachable_provider_was_sent_nothing() -> None:
    provider = RvProvider("https://127.0.0.1:1", "loja", "usuario", lambda: "segredo")
    outcome = provider.confirm(REF)
    assert isinstance(outcome, NotSent)
    assert "segredo" not in outcome.why
