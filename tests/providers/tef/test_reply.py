"""A reply says what was debited, whether it must be confirmed, and what to print."""

import pytest

from pos_tui.domain.card import Brand, CardDetails, CardKind
from pos_tui.domain.payment import Method, PaymentState, PaymentWord
from pos_tui.domain.tally import PaidLine, Tally
from pos_tui.providers.tef.codec import Malformed, decode
from pos_tui.providers.tef.reply import TefReply, printed_copies, read_reply, reply_of

SINGLE = '028-000 = 2\n029-001 = "LOJA"\n029-002 = "  UNICA"\n'
REDUCED = '710-000 = 1\n711-001 = "REDUZIDA"\n'
CLIENT = '712-000 = 1\n713-001 = "CLIENTE"\n'
MERCHANT = '714-000 = 1\n715-001 = "LOJISTA"\n'


def reply(body: str = "", command: str = "CRT", amount: str = "003-000 = 4170\n") -> TefReply:
    head = f"000-000 = {command}\n001-000 = 7\n009-000 = 0\n{amount}"
    return reply_of(decode(f"{head}{body}999-999 = 0\n".encode("latin-1")))


@pytest.mark.parametrize(
    ("body", "amount", "worth", "discount"),
    [
        ("", 4170, 4170, 0),
        ("707-000 = 4170\n743-000 = 1170\n", 3000, 3000, 0),
        ("707-000 = 4170\n708-000 = 2000\n", 6170, 4170, 0),
        ("707-000 = 4170\n709-000 = 170\n", 4000, 4000, 170),
        ("707-000 = 4170\n744-000 = 4370\n", 4370, 4370, -200),
        ("707-000 = 4170\n744-000 = 4370\n708-000 = 1000\n709-000 = 70\n743-000 = 300\n", 5000, 4000, -130),
    ],
)
def test_what_the_line_is_worth(body: str, amount: int, worth: int, discount: int) -> None:
    found = reply(body, amount=f"003-000 = {amount}\n")
    assert (found.toward_sale, found.discount) == (worth, discount)
    line = PaidLine(Method.TEF, worth, PaymentState.APPROVED, discount=discount, cash_out=found.cash_out)
    assert Tally(4170, (line,)).missing == found.still_due
    assert Tally(4170, (line,)).excess == 0


@pytest.mark.parametrize(
    ("body", "needed"),
    [
        ("729-000 = 1\n" + SINGLE, False),
        ("729-000 = 2\n", True),
        (SINGLE, True),
        ("", False),
        ("028-000 = 0\n", False),
        (CLIENT, True),
    ],
)
def test_whether_it_must_be_confirmed(body: str, needed: bool) -> None:
    found = reply(body)
    assert found.needs_confirmation is needed
    assert found.word is (PaymentWord.APPROVED if needed else PaymentWord.CONFIRMED)


def test_words_of_other_replies() -> None:
    assert reply("729-000 = 1\n", command="CNC").word is PaymentWord.REFUNDED
    refused = reply_of(decode(b"000-000 = CRT\n001-000 = 7\n009-000 = 51\n729-000 = 2\n999-999 = 0\n"))
    assert refused.word is PaymentWord.REFUSED
    assert not refused.needs_confirmation


@pytest.mark.parametrize(
    ("body", "client", "merchant"),
    [
        (SINGLE, ("LOJA", "  UNICA"), ("LOJA", "  UNICA")),
        (SINGLE + REDUCED + CLIENT + MERCHANT, ("REDUZIDA",), ("LOJISTA",)),
        (SINGLE + CLIENT + "737-000 = 1\n", ("CLIENTE",), ()),
        (SINGLE + CLIENT + "737-000 = 2\n", (), ("LOJA", "  UNICA")),
        (SINGLE + "737-000 = 0\n", (), ()),
        ('028-000 = 0\n710-000 = 0\n711-001 = "x"\n', (), ()),
        ("", (), ()),
    ],
)
def test_copies_of_a_sale(body: str, client: tuple[str, ...], merchant: tuple[str, ...]) -> None:
    assert printed_copies(reply(body)) == (client, merchant)


def test_copies_of_other_operations_and_of_carbon_paper() -> None:
    whole = SINGLE + REDUCED + CLIENT + MERCHANT
    assert printed_copies(reply(whole, command="CNC")) == (("CLIENTE",), ("LOJISTA",))
    assert printed_copies(reply(whole), double_sheet=True) == (("LOJA", "  UNICA"), ())


@pytest.mark.parametrize(
    ("body", "card"),
    [
        (
            "012-000 = 99\n013-000 = A1\n018-000 = 03\n731-000 = 1\n"
            "748-000 = VISA\n740-000 = 4111********1111\n",
            CardDetails(CardKind.CREDIT, Brand.VISA, "99", 3, "A1", "1111"),
        ),
        ("731-000 = 02\n040-000 = MAESTRO\n", CardDetails(CardKind.DEBIT, Brand.MASTERCARD, "")),
        (
            "731-000 = 3\n040-000 = ALELO\n742-000 = Alimentacao\n",
            CardDetails(CardKind.FOOD_VOUCHER, Brand.OTHER, ""),
        ),
        (
            "011-000 = 20\n010-001 = REDE\n010-003 = ELO\n010-005 = 4321\n",
            CardDetails(CardKind.DEBIT, Brand.ELO, "", last_four="4321"),
        ),
        ("731-000 = 0\n", None),
    ],
)
def test_the_card(body: str, card: CardDetails | None) -> None:
    assert reply(body).card == card


def test_a_stored_reply_is_read_back_whole() -> None:
    found = reply(SINGLE + "027-000 = A.b/C 12\n030-000 = N\xc3O RETIRE\n739-000 = 048\n")
    assert read_reply(found.raw) == found
    assert found.settlement.control == "A.b/C 12"
    assert found.settlement.network_index == "048"


def test_a_manager_that_forgets_to_mask_the_card_leaves_no_number_here() -> None:
    found = reply("731-000 = 1\n740-000 = 4111111111111111\n")
    assert "4111111111111111" not in found.raw
    assert read_reply(found.raw).card == CardDetails(CardKind.CREDIT, Brand.OTHER, "", last_four="1111")


@pytest.mark.parametrize("body", ["707-000 = x\n", "737-000 = y\n"])
def test_a_field_that_makes_no_sense_is_told(body: str) -> None:
    with pytest.raises(Malformed, match="Inconsistência no campo 7"):
        reply(body)
    with pytest.raises(Malformed, match="003"):
        reply(amount="")
    with pytest.raises(Malformed, match="000"):
        reply(command="XYZ")
