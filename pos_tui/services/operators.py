"""Operators: number and PIN, lock-out, roles (issue 6, facts/pos-and-faults.md §7).

A PIN is kept as argon2id over an HMAC with a pepper that is not in the database: a stolen database alone lets
nobody try the few thousand PINs there are.
"""

import functools
import hashlib
import hmac
import secrets
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from pos_tui.domain.card import refuse_pan
from pos_tui.domain.errors import Conflict, FieldError, RuleError
from pos_tui.domain.journal import Field
from pos_tui.domain.people import (
    LOCK_TRIES,
    Action,
    Operator,
    Role,
    check_pin,
    lock_ms,
    why_not_name,
    why_not_try,
)
from pos_tui.domain.text import clean, fold
from pos_tui.services.context import Context
from pos_tui.services.guard import Approval, Guard
from pos_tui.services.journal import Event
from pos_tui.store import operators
from pos_tui.store.database import Transaction
from pos_tui.store.ids import new_key
from pos_tui.store.models import OperatorRow

if TYPE_CHECKING:
    from argon2 import PasswordHasher

WRONG = "Número ou PIN errado."
"""The same words whichever is wrong."""
NOBODY = "0" * 32
"""Stands for the operator of a number that nobody has, so that a guess costs as long as a wrong PIN."""


class Operators:
    """The people of one store."""

    def __init__(self, context: Context, guard: Guard, pepper: Callable[[], str]) -> None:
        """`pepper` is read when a PIN is first looked at."""
        self._context = context
        self._store = context.store
        self._guard = guard
        self._pepper = functools.cache(pepper)

    # Reading

    def any(self) -> bool:
        """Say whether anybody is registered."""
        with self._store.reading() as tx:
            return operators.any_of(tx)

    def all(self) -> list[Operator]:
        """Return everybody, by number."""
        with self._store.reading() as tx:
            return operators.all_of(tx)

    def get(self, key: str) -> Operator:
        """Return one person. Raises RuleError when there is none."""
        with self._store.reading() as tx:
            found = operators.get(tx, key)
        if found is None:
            raise RuleError("Operador não encontrado.")
        return found

    # Coming in

    def authenticate(self, number: int, pin: str) -> Operator:
        """Return who this is. The try is counted before the PIN is looked at, so that no crash gives it back.

        Takes as long for a number that nobody has. It costs 20 ms and more: not for the screen's thread.

        Raises:
            RuleError: wrong, switched off, or locked; the message says until when.
        """
        found, secret = self._count_try(number)
        right = self._verify(secret, found.id if found else NOBODY, pin)
        if found is None or not right:
            self._trace_wrong(found, number)
            raise RuleError(self._words_after(found))
        self._forget_failures(found)
        return self.get(found.id)

    def enter(self, number: int, pin: str) -> Operator:
        """Log in at this till. Raises as `authenticate`."""
        operator = self.authenticate(number, pin)
        self._write_event(operator.id, operator.name, "entered", {"number": operator.number})
        self._guard.operator = operator
        return operator

    def leave(self, why: str) -> None:
        """Lock the screen: nobody is at the till until somebody enters."""
        operator, self._guard.operator = self._guard.operator, None
        if operator is not None:
            self._write_event(operator.id, operator.name, "left", {"why": why})

    def approve(self, action: Action, subject: str, number: int, pin: str, reason: str, who: str) -> Approval:
        """Let a second person approve one action of the one logged in.

        Raises:
            RuleError: wrong PIN, the same person, or one who may not approve it.
            FieldError: on `reason`.
        """
        supervisor = self.authenticate(number, pin)
        if self._guard.operator is not None and supervisor.id == self._guard.operator.id:
            raise RuleError("Quem pede não autoriza a si mesmo: chame outra pessoa.")
        approval = self._guard.approve(action, subject, supervisor, reason)
        data: dict[str, Field] = {"action": action.value, "asked_by": who, "reason": approval.reason}
        self._write_event(subject or supervisor.id, supervisor.name, "approved", data)
        return approval

    def still_here(self) -> bool:
        """Say whether the person logged in may stay: somebody may have been switched off at another till."""
        operator = self._guard.operator
        return operator is None or self.get(operator.id).active

    # Managing

    def create_first(self, name: str, pin: str) -> Operator:
        """Register the first supervisor of a store that has nobody. Raises RuleError when it has somebody."""
        return self._create(1, name, Role.SUPERVISOR, pin, name, first=True)

    def create(
        self, number: int, name: str, role: Role, pin: str, who: str, approval: Approval | None = None
    ) -> Operator:
        """Register somebody.

        Raises:
            FieldError: on `number`, `name` or `pin`.
            NeedsApproval: the person here may not do it alone.
        """
        self._check_new(number, name, role, pin)
        trace = self._guard.allow(Action.MANAGE_PEOPLE, "", approval)
        return self._create(number, name, role, pin, who, trace=trace)

    def set_pin(self, key: str, pin: str, who: str, approval: Approval | None = None) -> None:
        """Give somebody a new PIN, which also ends a lock-out."""
        operator = self.get(key)
        check_pin(pin, operator.role)
        self._manage(operator, "pin", who, approval, pin_hash=self._hash(key, pin), **_FREE)

    def set_active(self, key: str, active: bool, who: str, approval: Approval | None = None) -> None:
        """Switch somebody off, or on again.

        Raises:
            RuleError: the last active supervisor cannot be switched off.
        """
        if not active:  # told before anybody is asked to approve it
            _check_supervised(one for one in self.all() if one.id != key)
        self._manage(self.get(key), "on" if active else "off", who, approval, active=active)

    def release(self, key: str, who: str, approval: Approval | None = None) -> None:
        """End a lock-out."""
        self._manage(self.get(key), "released", who, approval, **_FREE)

    def start_over(self, pin: str, who: str) -> Operator:
        """Where the pepper is lost: give the first active supervisor a new PIN, and take all others' away.

        They get new ones from that supervisor. It is for who may touch the till's files, and is journaled.

        Raises:
            FieldError: on `pin`.
            RuleError: nobody is registered.
        """
        people = self.all()
        boss = next((one for one in people if one.active and one.role is Role.SUPERVISOR), None)
        if boss is None:
            raise RuleError("Não há operadores: o primeiro supervisor se cadastra ao abrir o caixa.")
        check_pin(pin, boss.role)
        hashed = self._hash(boss.id, pin)

        def work(tx: Transaction) -> None:
            for one in people:
                _change(tx, one, pin_hash=hashed if one.id == boss.id else "", **_FREE)
            data: dict[str, Field] = {"number": boss.number, "name": boss.name}
            self._context.journal.note(tx, Event("operator", boss.id, who, data), "pins_lost")

        self._store.write(work)
        return boss

    # Inside

    def _create(
        self,
        number: int,
        name: str,
        role: Role,
        pin: str,
        who: str,
        first: bool = False,
        trace: dict[str, Field] | None = None,
    ) -> Operator:
        name = self._check_new(number, name, role, pin)
        key = new_key()
        hashed = self._hash(key, pin)

        def work(tx: Transaction) -> None:
            if first and operators.any_of(tx):
                raise RuleError("Já há operadores cadastrados: entre com seu número e PIN.")
            tx.insert(
                OperatorRow, id=key, number=number, name=name, folded=fold(name), role=role,
                pin_hash=hashed, created_at=self._context.now(),
            )  # fmt: skip
            data: dict[str, Field] = {"number": number, "name": name, "role": role.value, **(trace or {})}
            self._context.journal.note(tx, Event("operator", key, who, data), "created")

        self._store.write(work)
        return self.get(key)

    def _check_new(self, number: int, name: str, role: Role, pin: str) -> str:
        name = clean(refuse_pan("name", name), 40)
        if unfit := why_not_name(name):
            raise FieldError("name", unfit)
        if not 1 <= number <= 9999:
            raise FieldError("number", "O número vai de 1 a 9999.")
        for other in self.all():
            if other.number == number:
                raise FieldError("number", f"O número {number} já é de {other.name}.")
            if fold(other.name) == fold(name):
                raise FieldError("name", "Já há um operador com este nome: use também o sobrenome.")
        check_pin(pin, role)
        return name

    def _manage(
        self, operator: Operator, name: str, who: str, approval: Approval | None, **values: object
    ) -> None:
        trace = self._guard.allow(Action.MANAGE_PEOPLE, operator.id, approval)

        def work(tx: Transaction) -> None:
            fresh = operators.get(tx, operator.id)
            assert fresh is not None, "operators are never deleted"
            _change(tx, fresh, **values)
            _check_supervised(operators.all_of(tx))
            data: dict[str, Field] = {"number": operator.number, "name": operator.name, **trace}
            self._context.journal.note(tx, Event("operator", operator.id, who, data), name)

        self._store.write(work)

    def _count_try(self, number: int) -> tuple[Operator | None, str]:
        """Count a try and commit it. Raises RuleError while the person is locked out or switched off."""
        now = self._context.now()

        def work(tx: Transaction) -> tuple[Operator | None, str]:
            found = operators.by_number(tx, number)
            if found is None:
                return None, ""
            operator, secret = found
            reason = why_not_try(operator, now)
            if reason is not None:
                raise RuleError(reason)
            failures = operator.failures + 1
            _change(tx, operator, failures=failures, locked_until=now + lock_ms(failures))
            return operator, secret

        return self._store.write(work)

    def _forget_failures(self, operator: Operator) -> None:
        def work(tx: Transaction) -> None:
            fresh = operators.get(tx, operator.id)
            assert fresh is not None, "operators are never deleted"
            if not fresh.active:
                raise RuleError("Operador desativado. Chame um supervisor.")
            _change(tx, fresh, **_FREE)

        self._store.write(work)

    def _trace_wrong(self, operator: Operator | None, number: int) -> None:
        failures = operator.failures + 1 if operator else 0
        if operator is None or failures > 1:
            # One slip of a finger is nobody's business; a second in a row is.
            subject = operator.id if operator else NOBODY
            name = "locked" if failures >= LOCK_TRIES else "wrong_pin"
            self._write_event(subject, f"nº {number}", name, {"number": number, "failures": failures})

    def _words_after(self, operator: Operator | None) -> str:
        if operator is None:
            return WRONG
        return f"{WRONG} {why_not_try(self.get(operator.id), self._context.now()) or ''}".strip()

    def _write_event(self, subject: str, who: str, name: str, data: dict[str, Field]) -> None:
        event = Event("operator", subject, who, data)
        self._store.write(lambda tx: self._context.journal.note(tx, event, name))

    # Hashing

    @functools.cached_property
    def _hasher(self) -> "PasswordHasher":
        """OWASP's least: 19 MiB, two passes, one lane; more is too heavy for an old till."""
        from argon2 import PasswordHasher, Type

        return PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1, type=Type.ID)

    @functools.cached_property
    def _nobody(self) -> str:
        return self._hash(NOBODY, secrets.token_hex(8))

    def _peppered(self, key: str, pin: str) -> str:
        """The key binds a hash to its person: a hash copied to another row is worth nothing."""
        text = f"{key}:{pin}".encode()
        return hmac.new(self._pepper().encode(), text, hashlib.sha256).hexdigest()

    def _hash(self, key: str, pin: str) -> str:
        return self._hasher.hash(self._peppered(key, pin))

    def _verify(self, hashed: str, key: str, pin: str) -> bool:
        from argon2.exceptions import InvalidHashError, VerificationError

        try:
            return self._hasher.verify(hashed or self._nobody, self._peppered(key, pin))
        except (VerificationError, InvalidHashError):
            return False


def _check_supervised(people: Iterable[Operator]) -> None:
    """Raise RuleError when nobody is left who may manage people."""
    if not any(one.active and one.role is Role.SUPERVISOR for one in people):
        raise RuleError("É o último supervisor ativo: cadastre outro antes de desativá-lo.")


def _change(tx: Transaction, operator: Operator, **values: object) -> None:
    if not tx.claim(OperatorRow, operator.id, operator.version, **values):
        raise Conflict("O cadastro deste operador mudou neste instante em outro caixa. Tente de novo.")


_FREE: dict[str, object] = {"failures": 0, "locked_until": None}
