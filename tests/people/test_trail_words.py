"""The trail speaks Portuguese: every code that the services write down has its words (issue 6)."""

import json
import re
from pathlib import Path

import pytest

import pos_tui
from pos_tui.domain.outcome import RefusalClass
from pos_tui.domain.trail import TrailFilter, TrailLine
from pos_tui.domain.trail_words import EVENT_WORDS, KIND_WORDS, NAME_WORDS, value_words
from pos_tui.till import Till
from tests.tills import add, new_sale, pay_and_save

SERVICES = sorted((Path(pos_tui.__file__).parent / "services").glob("*.py"))
SOURCES = {path.name: path.read_text("utf-8") for path in SERVICES}


def found(pattern: str) -> dict[str, str]:
    """What a pattern finds in the services, each with the file it stands in."""
    return {
        match[1]: name for name, text in SOURCES.items() for match in re.finditer(pattern, text, re.DOTALL)
    }


def test_every_kind_has_its_words() -> None:
    kinds = found(r'\b(?:Event|_?event)\(\s*"([a-z_.]+)"') | found(r'topup_event\("([a-z_.]+)"')
    assert len(kinds) > 25 and {"payment.rule", "tef.menu", "remessa", "statement"} <= set(kinds)
    assert {kind: name for kind, name in kinds.items() if kind not in KIND_WORDS} == {}


def test_every_event_has_its_words() -> None:
    events = found(r'journal\.(?:note|change)\([^\n]*, "([a-z_ ]+)"\)')
    assert {"opened", "saved", "corrected", "linked", "read"} <= set(events)
    assert {event: name for event, name in events.items() if event not in EVENT_WORDS} == {}


def test_every_name_has_its_words() -> None:
    names = found(r'data: dict\[str, Field\] = \{"([a-z_]+)"') | found(r'^\s+data\["([a-z_]+)"\] =')
    assert {name: file for name, file in names.items() if name not in NAME_WORDS} == {}


@pytest.mark.parametrize("reason", list(RefusalClass))
def test_every_refusal_has_its_words(reason: RefusalClass) -> None:
    assert value_words("topup.reserve", "reason", reason.value) != reason.value


def line(kind: str, event: str, **data: object) -> TrailLine:
    """A line of the trail."""
    return TrailLine("1", 1, 1, 0, "Ana", kind, "x", event, json.dumps(data), "h")


def test_values_are_told_in_the_words_of_the_screens() -> None:
    told = line("print", "queued", paper="cash_out", copy=0)
    assert told.short == "Impressão: na fila · papel: Sangria ou devolução"
    told = line("operator", "approved", action="cash_withdraw", asked_by="Beto", reason="cofre")
    assert told.short == "Operador: autorizou · ação: sangria · motivo: cofre"
    assert told.people == "Ana + Beto"
    told = line("payment.charge", "outcome", method="tef", amount=1500, outcome="not_sent")
    assert told.details == ["forma: TEF", "valor: R$ 15,00", "resposta: não enviado"]
    assert "Aguardando" in line("recurring.send", "outcome", state="waiting").details[0]


def test_the_trail_is_found_by_those_words(till: Till) -> None:
    sale = new_sale(till)
    add(till, sale)
    pay_and_save(till, sale)
    found = till.audit.trail(TrailFilter(*till.day(), text="dinheiro"))
    assert found and all("forma: Dinheiro" in one.details for one in found)
    till.cash.open(10_000, "Adriana Gonçalves")
    till.cash.withdraw(3_000, "depósito no cofre", "Adriana Gonçalves")
    (one,) = till.audit.trail(TrailFilter(*till.day(), text="sangria"))
    assert one.what == "Caixa: sangria", "its slip is not looked for"
