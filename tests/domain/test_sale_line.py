"""What the list says of a sale fits the narrowest window, whatever happened to it."""

from itertools import product

import pytest

from pos_tui.domain.payment import LABELS, Decision, Method, PaymentState, waits, words
from pos_tui.domain.sale import SaleLine
from pos_tui.domain.topup import WORDS, TopUpState
from pos_tui.screens.sale_list import WIDEST

LINE = SaleLine("s", 1, 7, 0, "52 Centro", "Ana", "Consumidor", "", 1500, 0, 0, 1, "")
PAYING = [
    f"{LABELS[method]} {words(state, decision)}"
    for method, state, decision in product((Method.TEF, Method.PIX_DYNAMIC), PaymentState, Decision)
    if waits(method, state, decision)
]


@pytest.mark.parametrize("state", TopUpState)
def test_the_seeds_words_are_whole(state: TopUpState) -> None:
    line = LINE._replace(words=WORDS[state])
    assert line.situation == WORDS[state] and len(line.situation) <= WIDEST


@pytest.mark.parametrize("state", TopUpState)
def test_several_that_wait_are_counted(state: TopUpState) -> None:
    line = LINE._replace(words=WORDS[state], pendings=9, topups=9)
    assert line.situation.endswith(" 9/9") and len(line.situation) <= WIDEST
    assert ("não enviada" in line.situation) == ("não realizado" in WORDS[state])


@pytest.mark.parametrize("state", TopUpState)
def test_what_is_owed_comes_before_its_topups(state: TopUpState) -> None:
    line = LINE._replace(words=WORDS[state], owed_back=999_999)
    assert line.situation.startswith("Devolver 9.999,99 · ") and len(line.situation) <= WIDEST
    assert line._replace(words="").situation == "Devolver 9.999,99"


@pytest.mark.parametrize("state", TopUpState)
@pytest.mark.parametrize("back", ["Estornada", "Estorno parcial"])
def test_what_went_back_is_told_beside_its_topups(state: TopUpState, back: str) -> None:
    line = LINE._replace(words=WORDS[state], back=back)
    assert line.situation.startswith(f"{back} · ") and len(line.situation) <= WIDEST
    assert line._replace(topups=0).situation == back
    assert line._replace(owed_back=100).situation.startswith("Devolver")


@pytest.mark.parametrize("paying", PAYING)
def test_money_nobody_is_sure_of_comes_before_all(paying: str) -> None:
    line = LINE._replace(words="Pendente", pendings=1, owed_back=1500, paying=paying)
    assert line.situation == paying and len(paying) <= WIDEST
    assert line.waits and line._replace(pendings=0).waits
    assert not line._replace(pendings=0, paying="").waits
