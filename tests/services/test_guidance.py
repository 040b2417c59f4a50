"""Every code of every provider leads somewhere, in the seed's words where the seed has them."""

from pathlib import Path

import pytest

from pos_tui.domain.outcome import NotSent, RefusalClass, Refused, Uncertain
from pos_tui.providers.topup.codes import TABLES
from pos_tui.providers.topup.verdict import NOT_UNDERSTOOD
from pos_tui.services.error_page import error_page
from pos_tui.services.guidance import BY_CLASS, BY_CODE, LeadsTo, advise, explain

CONTACTS = ("Conekta SAC 0800 941 4530 / 4000-1585", "Vivo GO: chat online")


def test_the_taxonomy_is_closed() -> None:
    assert set(BY_CLASS) == set(RefusalClass)
    known = {(table.partition(" ")[0], code) for table, codes in TABLES.items() for code in codes}
    assert set(BY_CODE) <= known


@pytest.mark.parametrize(
    ("provider", "outcome", "error", "leads_to"),
    [
        ("rv", Refused(RefusalClass.PENDING_LIMIT, "6", ""), "canal de conexão simultânea", "F4"),
        ("rv", Refused(RefusalClass.STORE_ACCOUNT, "22", ""), "Terminal bloqueado", "suporte"),
        ("rv", NotSent("sem rede"), "Erro de conexão", "envie de novo"),
        ("rv", Uncertain("tempo esgotado", "11"), "Erro de conexão", "F5"),
        ("celcoin", Uncertain("falha", "171"), "Erro de conexão", "F5"),
        ("rv", Refused(RefusalClass.EXPIRED, "13", ""), "Refaça transação", "refaça com E"),
        ("rv", Refused(RefusalClass.TRANSIENT, "7", ""), "Serviço indisponível", "tente de novo"),
        ("rv", Refused(RefusalClass.NOT_FOUND, "14", ""), "Venda não encontrada", "F5"),
        ("rv", NOT_UNDERSTOOD, "Erro de webservice", "F5"),
        ("dtone", Uncertain("erro", "1009001"), "Erro de webservice", "F5"),
        ("rv", Refused(RefusalClass.DATA, "8", ""), "Nenhum valor de recarga disponível", "outro DDD"),
        ("celcoin", Refused(RefusalClass.DATA, "146", ""), "Nenhum valor de recarga disponível", "outro DDD"),
    ],
)
def test_the_seeds_errors(
    provider: str, outcome: Refused | NotSent | Uncertain, error: str, leads_to: str
) -> None:
    words = explain(provider, outcome, CONTACTS)
    assert error in words and leads_to in words
    if "simultânea" not in error:
        assert CONTACTS[0] in words


def test_what_may_have_arrived_is_never_sent_again() -> None:
    for table, codes in TABLES.items():
        for code, meaning in codes.items():
            advice = advise(table.partition(" ")[0], meaning.reason, code)
            if meaning.reason is None:
                assert advice.leads_to is LeadsTo.ASK and "Não refaça" in advice.action


def test_the_page_is_up_to_date() -> None:
    page = Path(__file__).parents[2] / "docs" / "topup-errors.md"
    assert page.read_text("utf-8") == error_page()
