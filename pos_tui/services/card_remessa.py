"""The remessa: new and corrected receipts of the last days, to the outbox folder, each edition once.

A file is committed whole, under its number, together with the marks on the receipts it takes; only then is it
written, by write-fsync-rename. A crash in between writes the same bytes under the same name at the next pass.
"""

from datetime import date, datetime, time, timedelta
from pathlib import Path

from msgspec import Struct

from pos_tui.domain.card_receipt import CardReceipt
from pos_tui.domain.errors import RuleError, StoreError
from pos_tui.domain.instants import to_ms
from pos_tui.domain.reconciliation import ACQUIRER_WORDS, Acquirer, State
from pos_tui.services.context import Context
from pos_tui.services.files import appearing
from pos_tui.services.journal import Event
from pos_tui.settings.statements import StatementSettings
from pos_tui.store import card_receipts, database, establishments, remessas
from pos_tui.store.database import Transaction
from pos_tui.store.ids import new_key
from pos_tui.store.models.reconciliation import CardReceiptRow

_COUNTER, _DAY = "remessa", "remessa/day"
MOST = 50_000
"""Receipts in one file: the next pass takes the rest."""


class Company(Struct, frozen=True):
    """Who sends."""

    name: str
    cnpj: str


class LeftOut(Struct, frozen=True):
    """Receipts that no remessa takes by itself any more."""

    count: int
    first: date
    last: date
    """Days of the sales."""
    window_days: int

    @property
    def brief(self) -> str:
        """How many, in few words."""
        return f"{self.count} fora da remessa: E envia."

    @property
    def words(self) -> str:
        """How many, why, and what to do."""
        days = f"{self.first:%d/%m}" if self.first == self.last else f"{self.first:%d/%m} a {self.last:%d/%m}"
        return (
            f"{self.count} recebimento(s) de {days} ficaram fora da remessa: esperaram mais de "
            f"{self.window_days} dias com o programa parado. Combine com a integradora, e E os envia."
        )


class Remessas:
    """Sends what the conciliator has not seen."""

    def __init__(self, context: Context, settings: StatementSettings, company: Company) -> None:
        self._context = context
        self._settings = settings
        self._company = company

    @property
    def _in_use(self) -> bool:
        settings = self._settings
        known = bool(settings.establishment) or settings.usual is Acquirer.OTHER
        return bool(settings.inbox or settings.outbox) and not known

    def missing_codes(self) -> list[str]:
        """Return, as sentences, which stores lack a code: their receipts are neither sent nor matched."""
        with self._context.store.reading() as tx:
            lacking = establishments.without_code(tx)
            here = (self._context.branch, self._settings.usual)
            # Asked for at set-up, not only once a card was taken.
            if self._in_use and here not in lacking and not establishments.code_of(tx, *here):
                lacking.insert(0, here)
        return [
            f"Falta o código de estabelecimento da {ACQUIRER_WORDS[acquirer]} para {branch}: peça-o à "
            "integradora e cadastre-o com F9. Até lá, esses recebimentos não são enviados nem conciliados."
            for branch, acquirer in lacking
        ]

    def left_out(self) -> LeftOut | None:
        """Return what waited longer than the remessa reaches back, as after days with the till closed."""
        if not self._settings.outbox:
            return None
        with self._context.store.reading() as tx:
            found = card_receipts.left_out(tx, self._since())
        return LeftOut(*found, self._settings.window_days) if found else None

    def daily(self, who: str) -> int:
        """Send once a day, whatever the hour; return how many receipts went.

        Raises:
            StoreError: the outbox cannot be written; the next pass does.
        """
        today = self._today().date().toordinal()
        with self._context.store.reading() as tx:
            done = tx.number(_DAY) >= today
        if done:
            self._write_out()
            return 0
        sent = self.send(who)
        self._context.store.write(lambda tx: tx.keep_number(_DAY, today))
        return sent

    def send(self, who: str, *, old: bool = False) -> int:
        """Send what is to be sent now, `old` what was left out too; return how many receipts went.

        Raises:
            RuleError: no outbox is configured.
            StoreError: the outbox cannot be written; the next pass does.
        """
        if not self._settings.outbox:
            raise RuleError("Nenhuma pasta de saída está configurada: preencha «statements.outbox».")
        sent = self._context.store.write(lambda tx: self._commit(tx, who, 0 if old else self._since()))
        database.step("remessa-committed")
        self._write_out()
        return sent

    def _commit(self, tx: Transaction, who: str, since: int) -> int:
        by_acquirer: dict[Acquirer, list[CardReceipt]] = {}
        for receipt in self._unsent(tx, since):
            by_acquirer.setdefault(receipt.acquirer, []).append(receipt)
        return sum(self._file(tx, acquirer, found, who) for acquirer, found in by_acquirer.items())

    def _since(self) -> int:
        first = datetime.combine(self._today(), time(), self._context.zone)
        return to_ms(first - timedelta(days=self._settings.window_days))

    def _unsent(self, tx: Transaction, since: int) -> list[CardReceipt]:
        found: list[CardReceipt] = []
        while len(found) < MOST and (page := card_receipts.to_send(tx, since, found[-1].id if found else "")):
            found += page
        return found

    def _file(self, tx: Transaction, acquirer: Acquirer, receipts: list[CardReceipt], who: str) -> int:
        from pos_tui.providers.statements.remessa import Sender, lines

        number = tx.next_number(_COUNTER)
        taken = [one for one in receipts if self._mark(tx, one, number)]
        if not taken:
            return 0
        sender = Sender(self._company.cnpj, self._company.name, acquirer, number, self._today())
        content = "".join(f"{line}\r\n" for line in lines(sender, taken))
        name = f"REMESSA-{acquirer.value}-{number:07d}.txt"
        key, now = new_key(), self._context.now()
        remessas.insert(tx, key, number, acquirer, name, content, len(taken), now)
        data = {"number": number, "receipts": len(taken), "acquirer": acquirer.value}
        self._context.journal.note(tx, Event("remessa", key, who, data), "made")
        return len(taken)

    def _mark(self, tx: Transaction, receipt: CardReceipt, number: int) -> bool:
        """Claim an edition for a file; somebody else's correction of this very moment goes in the next."""
        changes: dict[str, object] = {"to_send_since": None, "sent_file": number}
        if receipt.state is State.TO_SEND:
            changes["state"] = State.SENT
        return tx.claim(CardReceiptRow, receipt.id, receipt.version, **changes)

    def _write_out(self) -> None:
        """Write every file that was committed and not seen on the disk."""
        with self._context.store.reading() as tx:
            waiting = remessas.unwritten(tx)
        folder = Path(self._settings.outbox)
        for key, name, content in waiting:
            try:
                folder.mkdir(parents=True, exist_ok=True, mode=0o700)
                with appearing(folder / name) as part:
                    part.write_text(content, "latin-1", newline="")
            except OSError as error:
                raise StoreError(
                    f"A remessa {name} não pôde ser gravada em {folder} ({error.strerror}): confira a pasta. "
                    "Ela continua guardada e será gravada na próxima vez."
                ) from error
            database.step("remessa-written")
            now = self._context.now()
            self._context.store.write(lambda tx, key=key, now=now: remessas.written(tx, key, now))  # type: ignore[misc]

    def _today(self) -> datetime:
        return self._context.clock().astimezone(self._context.zone)
