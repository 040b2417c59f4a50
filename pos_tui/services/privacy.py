"""What a customer may ask of the store about their data: to see it, and to be forgotten (LGPD art. 18)."""

import contextlib
import json
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from msgspec import Struct

from pos_tui.domain.customer import Customer
from pos_tui.domain.documents import parse_document
from pos_tui.domain.errors import Conflict, PosError, RuleError, StoreError
from pos_tui.domain.instants import from_ms, show, to_ms
from pos_tui.domain.journal import SYSTEM, Field
from pos_tui.domain.people import Action, check_reason
from pos_tui.domain.privacy import kept_until
from pos_tui.domain.text import clean, digits
from pos_tui.domain.trail_words import EVENT_WORDS
from pos_tui.services.context import Context
from pos_tui.services.files import appearing
from pos_tui.services.guard import Approval, Guard
from pos_tui.services.journal import Event
from pos_tui.services.personal_data import KEEPERS, Told
from pos_tui.store import customers, privacy
from pos_tui.store.database import Transaction
from pos_tui.store.telling import AT_THE_SERVER

PAGE = 100
FOUND = 30
UNREGISTERED = "(sem cadastro)"
NOT_FOUND = "Este cadastro já foi anonimizado."
WHY_KEPT = "nota fiscal com este documento"


class Erased(Struct, frozen=True):
    """What an erasure did."""

    sales: int
    """Sales that lost the name."""
    document_until: date | None
    """Until when the CPF or CNPJ must stay; None when it is gone."""


class Privacy:
    """For supervisors, and for the retention job."""

    def __init__(self, context: Context, guard: Guard, folder: Path) -> None:
        """`folder` is where exports are written."""
        self._context = context
        self._store = context.store
        self._guard = guard
        self._folder = folder

    def may_handle(self, approval: Approval | None = None) -> None:
        """Raise NeedsApproval unless the person here, or an approval, lets them handle personal data."""
        self._guard.allow(Action.HANDLE_DATA, "", approval)

    def find(self, text: str) -> list[Customer]:
        """Return whom a text finds in the portfolio; else the document or line itself, if anything names it.

        Somebody who never registered may ask too: their line was topped up, the ERP was asked about them.
        """
        self._need_all()
        with self._store.reading() as tx:
            found = customers.search(tx, clean(text), FOUND)
            return found or [person for person in _unregistered(text) if self._known(tx, person)]

    def export(self, person: Customer, who: str, approval: Approval | None = None) -> Path:
        """Write everything there is about somebody into a file closed to others, and return it.

        Raises:
            NeedsApproval: the person here may not do it alone.
            StoreError: it cannot be written.
        """
        self._need_all()
        trace = self._guard.allow(Action.HANDLE_DATA, person.id, approval)
        with self._store.reading() as tx:
            told = self._about(tx, person)
        # No name and no document in the name of a file.
        key = person.id[-12:] or "sem-cadastro"
        path = self._folder / f"titular-{key}-{self._now_text('%Y%m%d-%H%M%S')}.json"
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            with appearing(path) as part:
                part.write_text(json.dumps(told, ensure_ascii=False, indent=2) + "\n", "utf-8")
        except OSError as error:
            raise StoreError(f"{path} não pôde ser gravado ({error.strerror}).") from error
        self._store.write(lambda tx: self._note(tx, person.id, who, "exported", {"file": path.name, **trace}))
        return path

    def why_not_erase(self, person: Customer) -> str | None:
        """Say why somebody cannot be forgotten now, or None."""
        with self._store.reading() as tx:
            return _why_not(tx, person)

    def erase(self, person: Customer, reason: str, who: str, approval: Approval | None = None) -> Erased:
        """Make somebody anonymous everywhere, but for what the law keeps.

        Raises:
            RuleError: something of theirs is unfinished; or Conflict: somebody was faster.
            FieldError: on `reason`.
            NeedsApproval: the person here may not do it alone.
        """
        self._need_all()
        why = check_reason(reason)
        if refused := self.why_not_erase(person):
            raise RuleError(refused)
        trace = self._guard.allow(Action.HANDLE_DATA, person.id, approval)
        return self._forget(person, who, "erased", {"reason": why, **trace})

    def expire(self, days: int) -> int:
        """Forget who bought nothing for so many days, and drop documents that the law keeps no more.

        Returns how many people were made anonymous. Whoever has something unfinished waits for the next time.
        """
        if self._store.away:
            return 0
        self._drop_documents()
        if days == 0:
            return 0
        before = to_ms(self._context.clock() - timedelta(days=days))
        edge, gone = None, 0
        while page := self._away(before, edge):
            edge = page[-1]
            gone += sum(self._expire_one(person, days) for person in page)
        return gone

    # Inside

    def _need_all(self) -> None:
        """Raise StoreError while the server is away: this till's copy does not hold all of anybody."""
        if self._store.away:
            raise StoreError(AT_THE_SERVER)

    def _known(self, tx: Transaction, person: Customer) -> bool:
        return any(keeper.tell(tx, person, self._context.zone) for keeper in KEEPERS)

    def _away(self, before: int, edge: Customer | None) -> list[Customer]:
        with self._store.reading() as tx:
            return privacy.away_since(tx, before, edge, PAGE)

    def _expire_one(self, person: Customer, days: int) -> bool:
        if self.why_not_erase(person) is not None:
            return False
        try:
            self._forget(person, SYSTEM, "expired", {"days": days})
        except PosError:
            return False
        return True

    def _forget(self, person: Customer, who: str, name: str, data: dict[str, Field]) -> Erased:
        now, today = self._context.now(), self._today()

        def work(tx: Transaction) -> Erased:
            # Once more, inside: a sale to them may have begun meanwhile.
            if refused := _why_not(tx, person):
                raise RuleError(refused)
            named = bool(person.id and person.document)
            end = self._document_end(tx, person.id, today) if named else None
            for keeper in KEEPERS:
                keeper.forget(tx, person)
            if person.id and not privacy.forget(tx, person.id, now, keep_document=end is not None):
                raise Conflict(NOT_FOUND)
            count = len(privacy.sale_ids(tx, person.id))
            kept = f"documento até {end:%d/%m/%Y} ({WHY_KEPT})" if end else "nada"
            self._note(tx, person.id, who, name, {"sales": count, "kept": kept, **data})
            return Erased(count, end)

        return self._store.write(work)

    def _drop_documents(self) -> None:
        today = self._today()

        def work(tx: Transaction) -> None:
            for key in privacy.documents_kept(tx):
                if self._document_end(tx, key, today) is None:
                    privacy.drop_document(tx, key)
                    self._note(tx, key, SYSTEM, "expired", {"kept": "nada"})

        with self._store.reading() as tx:
            due = [key for key in privacy.documents_kept(tx) if not self._document_end(tx, key, today)]
        if due:
            self._store.write(work)

    def _document_end(self, tx: Transaction, key: str, today: date) -> date | None:
        last = privacy.last_note(tx, key)
        zone = self._context.zone
        return kept_until(None if last is None else from_ms(last).astimezone(zone).date(), today)

    def _about(self, tx: Transaction, person: Customer) -> dict[str, Told]:
        zone = self._context.zone
        told: dict[str, Told] = {
            "gerado em": self._now_text("%d/%m/%Y %H:%M"),
            "controlador": self._context.branch,
            "titular": {
                "nome": person.name,
                "documento": person.document,
                "telefone": person.phone,
                "e-mail": person.email,
                "cadastro em": show(privacy.created_at(tx, person.id), zone) if person.id else "",
            },
        }
        for keeper in KEEPERS:
            told[keeper.name] = keeper.tell(tx, person, zone)
        told["o que foi feito com o cadastro"] = [
            f"{show(at, zone)} {who}: {EVENT_WORDS.get(event, event)}"
            for at, who, event in (privacy.history(tx, person.id) if person.id else ())
        ]
        return told

    def _note(self, tx: Transaction, key: str, who: str, name: str, data: dict[str, Field]) -> None:
        self._context.journal.note(tx, Event("customer", key, who, data), name)

    def _now_text(self, form: str) -> str:
        return self._context.clock().astimezone(self._context.zone).strftime(form)

    def _today(self) -> date:
        return self._context.clock().astimezone(self._context.zone).date()


def _why_not(tx: Transaction, person: Customer) -> str | None:
    return next(filter(None, (keeper.why_not(tx, person) for keeper in KEEPERS)), None)


def key_of(person: Customer) -> str:
    """Return what a list knows somebody by: who is not registered goes by what names them."""
    return person.id or person.document or person.phone


def _unregistered(text: str) -> Iterator[Customer]:
    """What a text may name of somebody who is not in the portfolio."""
    with contextlib.suppress(ValueError):
        yield Customer("", UNREGISTERED, document=parse_document(text))
    number = digits(text)
    if len(number) in (10, 11):
        yield Customer("", UNREGISTERED, phone=number)
