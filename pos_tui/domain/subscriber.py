"""A subscriber of an internet provider at the counter: contracts, bills, notes, tickets, and the gates.

Source: seed 4 (Central do Assinante V3) and facts/cards-and-isp.md E.2. Dates are local days, instants aware
UTC, money centavos.
"""

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum

from msgspec import Struct, field

from pos_tui.domain.values import replace


class ContractState(StrEnum):
    """Where a plan stands."""

    ACTIVE = "active"
    SUSPENDED = "suspended"
    CANCELLED = "cancelled"
    UNKNOWN = "unknown"
    """A word no table lists."""


CONTRACT_WORDS = {
    ContractState.ACTIVE: "ativo",
    ContractState.SUSPENDED: "suspenso",
    ContractState.CANCELLED: "cancelado",
    ContractState.UNKNOWN: "situação desconhecida",
}


class Contract(Struct, frozen=True):
    """One plan of a subscriber."""

    id: str
    """What the provider knows it by."""
    plan: str
    state: ContractState
    terminals: tuple[str, ...] = ()
    """Voice terminals: phone numbers or account codes."""
    logins: tuple[str, ...] = ()
    """RADIUS logins."""

    @property
    def words(self) -> str:
        """Plan and state, as the list says it."""
        return f"{self.id} {self.plan} ({CONTRACT_WORDS[self.state]})"


class Subscriber(Struct, frozen=True):
    """Somebody who came to the counter."""

    id: str
    """What the provider knows them by."""
    name: str
    document: str = ""
    """CPF or CNPJ, bare."""
    phone: str = ""
    contracts: tuple[Contract, ...] = ()

    def contract(self, key: str) -> Contract | None:
        """Return one contract."""
        return next((contract for contract in self.contracts if contract.id == key), None)

    def with_state(self, key: str, state: ContractState) -> "Subscriber":
        """Return the same with one contract in another state."""
        contracts = (replace(one, state=state) if one.id == key else one for one in self.contracts)
        return replace(self, contracts=tuple(contracts))


class BillState(StrEnum):
    """Where a bill stands at the provider."""

    OPEN = "open"
    SETTLED = "settled"
    CANCELLED = "cancelled"


BILL_WORDS = {
    BillState.OPEN: "em aberto",
    BillState.SETTLED: "baixada",
    BillState.CANCELLED: "cancelada",
}


class Charge(StrEnum):
    """How a bill is collected: only a slip can be reprinted (E.2)."""

    SLIP = "slip"
    DIRECT_DEBIT = "direct_debit"
    CARD = "card"
    TELEPHONE = "telephone"


class Bill(Struct, frozen=True):
    """A conta a receber of the provider."""

    id: str
    due: date | None
    amount: int
    """What is to be paid today, as the provider tells: interest and fine are its own sums, never ours."""
    state: BillState
    face: int = 0
    """What it was at first; 0 when not told."""
    number: str = ""
    our_number: str = ""
    description: str = ""
    contract: str = ""
    charge: Charge = Charge.SLIP
    paid_on: date | None = None
    paid: int = 0
    how: str = ""
    """How it was paid, in the provider's words."""

    def overdue(self, today: date) -> bool:
        """Whether it is open past its day."""
        return self.state is BillState.OPEN and self.due is not None and self.due < today


class SecondCopy(Struct, frozen=True):
    """What a bill can be paid with, as the provider sends it now."""

    line: str = ""
    """Linha digitável, as sent; its digits are judged by `domain.boleto`."""
    pix: str = ""
    due: date | None = None
    amount: int = 0
    """0 when the provider tells none: the bill's own holds."""
    beneficiary: str = ""
    beneficiary_document: str = ""
    pdf: bytes = b""
    link: str = ""


class Note(Struct, frozen=True):
    """A fiscal note in the list."""

    id: str
    model: str
    number: str
    key: str
    """44 characters, or the 32 of an older note."""
    issued: date | None
    amount: int
    series: str = ""
    status: str = ""


class Ticket(Struct, frozen=True):
    """An atendimento."""

    id: str
    protocol: str
    opened: datetime
    description: str
    kind: str
    status: str
    contacts: tuple[str, ...] = ()
    """The first is the one that counts (seed 4)."""
    closed: datetime | None = None
    solution: str = ""

    @property
    def open(self) -> bool:
        """Whether nobody has closed it."""
        return self.closed is None


class TicketEvent(Struct, frozen=True):
    """One entry of an atendimento's history."""

    at: datetime
    author: str
    text: str


class Dossier(Struct, frozen=True):
    """Everything a book holds of one subscriber."""

    subscriber: Subscriber
    bills: tuple[Bill, ...] = ()
    copies: Mapping[str, SecondCopy] = field(default_factory=dict)
    """By bill."""
    notes: tuple[Note, ...] = ()
    files: Mapping[str, bytes] = field(default_factory=dict)
    """The XML of each note, by note, byte for byte."""
    tickets: tuple[Ticket, ...] = ()
    events: Mapping[str, tuple[TicketEvent, ...]] = field(default_factory=dict)
    """By ticket."""


class CreditValue(Struct, frozen=True):
    """One of the configured values of credit: what it costs, and how many SMS it gives."""

    amount: int
    messages: int


# What can be done


class Feature(StrEnum):
    """The menus of seed 4, and receiving a bill."""

    CALLS = "calls"
    CONNECTIONS = "connections"
    FINANCIAL = "financial"
    NOTES = "notes"
    SECOND_COPY = "second_copy"
    RECEIVE = "receive"
    CARD = "card"
    ENABLE = "enable"
    TICKETS = "tickets"
    CREDIT = "credit"


FEATURE_WORDS = {
    Feature.CALLS: "Extrato de ligação",
    Feature.CONNECTIONS: "Extrato de conexões",
    Feature.FINANCIAL: "Extrato financeiro",
    Feature.NOTES: "Nota fiscal",
    Feature.SECOND_COPY: "Segunda via de boleto",
    Feature.RECEIVE: "Receber conta",
    Feature.CARD: "Cartão de crédito",
    Feature.ENABLE: "Habilitação provisória",
    Feature.TICKETS: "Atendimentos",
    Feature.CREDIT: "Compra de crédito",
}

ACTIVE_ONLY = frozenset({Feature.CALLS, Feature.FINANCIAL, Feature.CREDIT})
"""Exclusive to enabled plans (E.2); everything else works whatever the plan's state."""

_STILL = "Segunda via, Receber conta e Habilitação provisória continuam disponíveis."


def qualifies(feature: Feature, contract: Contract) -> bool:
    """Whether a feature can be used with a contract."""
    if feature in ACTIVE_ONLY and contract.state is not ContractState.ACTIVE:
        return False
    match feature:
        case Feature.CALLS:
            return bool(contract.terminals)
        case Feature.CONNECTIONS:
            return bool(contract.logins)
        case Feature.ENABLE:
            return contract.state is ContractState.SUSPENDED
        case _:
            return True


def contracts_for(feature: Feature, subscriber: Subscriber) -> tuple[Contract, ...]:
    """Return the contracts that a feature can be used with."""
    return tuple(contract for contract in subscriber.contracts if qualifies(feature, contract))


def why_not(feature: Feature, subscriber: Subscriber) -> str | None:
    """Say why a feature is off for a subscriber, as a whole sentence, or None when it is on (E.2)."""
    if feature not in _ASKS_A_CONTRACT or contracts_for(feature, subscriber):
        return None
    active = any(contract.state is ContractState.ACTIVE for contract in subscriber.contracts)
    words = FEATURE_WORDS[feature]
    match feature:
        case Feature.CONNECTIONS:
            return "Nenhum plano deste assinante tem login de RADIUS."
        case Feature.ENABLE:
            return "Nenhum plano deste assinante está suspenso: não há o que habilitar."
        case Feature.CALLS if active or not any(one.terminals for one in subscriber.contracts):
            return "Nenhum plano ativo deste assinante tem terminal de voz."
        case _:
            return f"{words}: só com plano ativo. {_STILL}"


_ASKS_A_CONTRACT = ACTIVE_ONLY | {Feature.CONNECTIONS, Feature.ENABLE}


NOT_PRINTED = {
    Charge.DIRECT_DEBIT: "Esta conta é de débito automático: não tem boleto.",
    Charge.CARD: "Esta conta é cobrada no cartão: não tem boleto.",
    Charge.TELEPHONE: "Esta conta sai na fatura de telefone: não tem boleto.",
}


def why_not_reprint(bill: Bill, today: date, most_days: int) -> str | None:
    """Say why a bill has no second copy, or None. An overdue one is asked of the provider anew.

    Args:
        most_days: How far ahead a bill may fall due, *máximo de dias para impressão*; 0 for no limit.
    """
    if bill.state is not BillState.OPEN:
        return f"Esta conta está {BILL_WORDS[bill.state]}: não há o que pagar."
    if bill.charge in NOT_PRINTED:
        return NOT_PRINTED[bill.charge]
    if most_days and bill.due is not None and (bill.due - today).days > most_days:
        return f"Esta conta vence daqui a mais de {most_days} dias: o boleto ainda não pode ser impresso."
    return None
