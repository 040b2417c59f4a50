"""Who may do what at the counter, how PINs must be, and how wrong ones lock.

Source: facts/pos-and-faults.md §7. The table is the whole rule: nothing else in the house asks for a role.
"""

import itertools
from enum import StrEnum

from msgspec import Struct

from pos_tui.domain.card import refuse_pan
from pos_tui.domain.errors import FieldError, RuleError
from pos_tui.domain.text import clean


class Role(StrEnum):
    """What a person is at the counter."""

    CASHIER = "cashier"
    SUPERVISOR = "supervisor"


ROLE_WORDS = {Role.CASHIER: "Operador de caixa", Role.SUPERVISOR: "Supervisor"}


class Action(StrEnum):
    """What a role may or may not do by itself."""

    SELL = "sell"
    CONFIRM = "confirm"
    CANCEL_OWN = "cancel_own"
    CANCEL_OTHERS = "cancel_others"
    SETTLE_PAPER = "settle_paper"
    CASH_OPEN = "cash_open"
    CASH_SUPPLY = "cash_supply"
    CASH_WITHDRAW = "cash_withdraw"
    CASH_READ = "cash_read"
    CASH_READ_BLIND = "cash_read_blind"
    CASH_CLOSE = "cash_close"
    CASH_CLOSE_CARRYING = "cash_close_carrying"
    REFUND = "refund"
    RULE_PAYMENT = "rule_payment"
    OVERSEE = "oversee"
    READ_TRAIL = "read_trail"
    MANAGE_PEOPLE = "manage_people"
    HANDLE_DATA = "handle_data"
    DIAGNOSE = "diagnose"
    MANAGE_CATALOGUE = "manage_catalogue"
    READ_REPORTS = "read_reports"
    CONFIGURE = "configure"


_BOTH = frozenset(Role)
_SUPERVISOR = frozenset({Role.SUPERVISOR})

ALLOWED: dict[Action, frozenset[Role]] = {
    Action.SELL: _BOTH,
    Action.CONFIRM: _BOTH,
    Action.CANCEL_OWN: _BOTH,
    Action.CANCEL_OTHERS: _SUPERVISOR,
    # Printers that tell nothing ask this after every paper: a supervisor for each would stop the counter.
    Action.SETTLE_PAPER: _BOTH,
    Action.CASH_OPEN: _BOTH,
    Action.CASH_SUPPLY: _BOTH,
    Action.CASH_WITHDRAW: _SUPERVISOR,
    Action.CASH_READ: _BOTH,
    Action.CASH_READ_BLIND: _SUPERVISOR,
    Action.CASH_CLOSE: _BOTH,
    Action.CASH_CLOSE_CARRYING: _SUPERVISOR,
    Action.REFUND: _SUPERVISOR,
    Action.RULE_PAYMENT: _SUPERVISOR,
    Action.OVERSEE: _SUPERVISOR,
    Action.READ_TRAIL: _SUPERVISOR,
    Action.MANAGE_PEOPLE: _SUPERVISOR,
    Action.HANDLE_DATA: _SUPERVISOR,
    Action.DIAGNOSE: _SUPERVISOR,
    Action.MANAGE_CATALOGUE: _SUPERVISOR,
    Action.READ_REPORTS: _SUPERVISOR,
    Action.CONFIGURE: _SUPERVISOR,
}
"""The role table. What a role may not do, a second person of a role that may can approve, once."""

ACTION_WORDS = {
    Action.SELL: "vender",
    Action.CONFIRM: "confirmar recarga",
    Action.CANCEL_OWN: "cancelar recarga da própria venda",
    Action.CANCEL_OTHERS: "cancelar recarga da venda de outra pessoa",
    Action.SETTLE_PAPER: "responder se um papel saiu",
    Action.CASH_OPEN: "abrir o caixa",
    Action.CASH_SUPPLY: "suprimento",
    Action.CASH_WITHDRAW: "sangria",
    Action.CASH_READ: "leitura X",
    Action.CASH_READ_BLIND: "leitura X com fechamento às cegas",
    Action.CASH_CLOSE: "fechar o caixa",
    Action.CASH_CLOSE_CARRYING: "fechar o caixa com pendências",
    Action.REFUND: "devolver dinheiro",
    Action.RULE_PAYMENT: "decidir um pagamento incerto",
    Action.OVERSEE: "ver as pendências de todos os caixas",
    Action.READ_TRAIL: "ler a trilha de auditoria",
    Action.MANAGE_PEOPLE: "cadastrar operadores",
    Action.HANDLE_DATA: "tratar os dados de um titular",
    Action.DIAGNOSE: "ver o diagnóstico",
    Action.MANAGE_CATALOGUE: "mudar o catálogo",
    Action.READ_REPORTS: "ver comissões, fechamentos e outras unidades",
    Action.CONFIGURE: "mudar a configuração",
}


def may(role: Role, action: Action) -> bool:
    """Say whether a role may do something by itself."""
    return role in ALLOWED[action]


class Operator(Struct, frozen=True):
    """Somebody who works at the counter, as last read from the database."""

    id: str
    number: int
    name: str
    role: Role
    active: bool
    failures: int
    """Wrong PINs since the last right one."""
    locked_until: int | None
    """UTC milliseconds; while it is in the future no PIN is looked at."""
    version: int


PIN_DIGITS = {Role.CASHIER: 4, Role.SUPERVISOR: 6}
"""The least a PIN has; six for supervisors, whose PIN approves what costs money."""
MAX_PIN = 12


def why_not_name(name: str) -> str | None:
    """Why a person cannot be called so, or None."""
    return "Escreva o nome do operador." if len(name.strip()) < 3 else None


def check_pin(pin: str, role: Role) -> str:
    """Return a PIN fit for the role.

    Raises:
        FieldError: too short, not digits, or one that everybody tries first.
    """
    least = PIN_DIGITS[role]
    if not (pin.isascii() and pin.isdigit()) or not least <= len(pin) <= MAX_PIN:
        raise FieldError("pin", f"O PIN tem de {least} a {MAX_PIN} dígitos.")
    steps = {(int(b) - int(a)) % 10 for a, b in itertools.pairwise(pin)}
    if len(steps) == 1 and steps <= {0, 1, 9}:
        raise FieldError("pin", "PIN fácil demais: não use dígitos iguais nem em sequência.")
    return pin


FREE_TRIES = 4
"""Wrong PINs that cost nothing: fingers slip."""
LOCK_TRIES = 20
DAY_MS = 24 * 3_600_000


def lock_ms(failures: int) -> int:
    """Return for how long nobody may try after so many wrong PINs in a row, in milliseconds.

    15 s after the fifth, doubling up to an hour; from the twentieth on a day for each further try, so that
    a store whose only supervisor is locked out is shut out, never for ever.
    """
    if failures <= FREE_TRIES:
        return 0
    if failures >= LOCK_TRIES:
        return DAY_MS
    return min(15_000 << (failures - FREE_TRIES - 1), 3_600_000)


def why_not_try(operator: Operator, now: int) -> str | None:
    """Say why no PIN of this person is looked at now, or None."""
    left = (operator.locked_until or 0) - now
    if left <= 0:
        return None
    if operator.failures >= LOCK_TRIES:
        return "Operador bloqueado por PINs errados. Um supervisor pode liberá-lo (F12, Operadores)."
    minutes, seconds = divmod(-(-left // 1000), 60)
    wait = f"{minutes} min {seconds:02d} s" if minutes else f"{seconds} s"
    return f"Muitos PINs errados. Aguarde {wait} e tente de novo."


MIN_REASON, MAX_REASON = 5, 200


def check_reason(reason: str) -> str:
    """Return a reason that says something, and no card's number. Raises FieldError on `reason` otherwise."""
    text = clean(refuse_pan("reason", reason), MAX_REASON)
    if problem := why_not_reason(text):
        raise FieldError("reason", problem)
    return text


def why_not_reason(text: str) -> str | None:
    """Say why a reason says too little, or None when it can be kept."""
    return None if len(text.strip()) >= MIN_REASON else "Escreva o motivo, com pelo menos cinco letras."


class NeedsApproval(RuleError):
    """The person logged in may not do this alone: a supervisor approves it in place."""

    title = "Precisa de supervisor"

    def __init__(self, action: Action, subject: str) -> None:
        super().__init__(f"Para {ACTION_WORDS[action]} é preciso um supervisor: número, PIN e motivo.")
        self.action = action
        self.subject = subject
