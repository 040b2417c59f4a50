"""The remessa: new and corrected receipts of the last days, to the outbox folder, each edition once.

A file is committed whole, under its number, together with the marks on the receipts it takes; only then is it
written, by write-fsync-rename. A crash in between writes the same bytes under the same name at the next pass.
"""

from datetime import datetime, time, timedelta
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

    def send(self, who: str) -> int:
        """Send what is to be sent now; return how many receipts went.

        Raises:
            RuleError: no outbox is configured.
            StoreError: the outbox cannot be written; the next pass does.
        """
        if not self._settings.outbox:
            raise RuleError("Nenhuma pasta de saída está configurada: preencha «statements.outbox».")
        sent = self._context.store.write(lambda tx: self._commit(tx, who))
        database.step("remessa-committed")
        self._write_out()
        return sent

    def _commit(self, tx: Transaction, who: str) -> int:
        by_acquirer: dict[Acquirer, list[CardReceipt]] = {}
        for receipt in self._unsent(tx):
            by_acquirer.setdefault(receipt.acquirer, []).append(receipt)
        return sum(self._file(tx, acquirer, found, who) for acquirer, found in by_acquirer.items())

    def _unsent(self, tx: Transaction) -> list[CardReceipt]:
        first = datetime.combine(self._today(), time(), self._context.zone)
        since = to_ms(first - timedelta(days=self._settings.window_days))
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
