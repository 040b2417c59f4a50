"""The desk's papers: statements, second copies, proofs of what was done. Made here, queued in the spool."""

from collections.abc import Sequence
from datetime import date

from msgspec import Struct

from pos_tui.domain.boleto import Boleto, BoletoError, read
from pos_tui.domain.brcode import BRCodeError
from pos_tui.domain.brcode import parse as parse_pix
from pos_tui.domain.errors import RuleError
from pos_tui.domain.instants import show
from pos_tui.domain.money import format_brl
from pos_tui.domain.subscriber import Bill, SecondCopy, Subscriber
from pos_tui.domain.subscriber_action import ActionKind, Credit, SubscriberAction
from pos_tui.domain.values import replace
from pos_tui.printing.receipt import Kind, Receipt, Table
from pos_tui.printing.slips import subscriber as slips
from pos_tui.printing.slips.boleto import BoletoSlip, boleto_receipt
from pos_tui.printing.slips.common import StoreHead
from pos_tui.services.context import Context
from pos_tui.services.papers import Letterhead
from pos_tui.services.spool import Spool
from pos_tui.services.subscribers import Visit
from pos_tui.store.database import Transaction
from pos_tui.store.ids import new_key

MOST_ROWS = 500
"""Rows of a statement on paper; a longer period is a meter of paper nobody reads."""
OVERDUE = "Conta vencida: só o provedor calcula multa e juros. Confira o valor e a data acima."


class Extract(Struct, frozen=True):
    """A statement as the screen shows it and the paper prints it; every cell is text."""

    title: str
    period: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    right: tuple[int, ...] = ()
    """Columns that stand at the right."""
    totals: tuple[tuple[str, str], ...] = ()
    filters: tuple[tuple[str, str], ...] = ()


class Slip(Struct, frozen=True):
    """A second copy with what was found out about it."""

    bill: Bill
    copy: SecondCopy
    boleto: Boleto | None
    """None when the provider's line is none."""
    pix: str
    """Empty when the provider's code is none: a wrong one is never shown."""
    warnings: tuple[str, ...]

    @property
    def due(self) -> date | None:
        """The day on the slip."""
        return self.copy.due or (self.boleto.due if self.boleto else None) or self.bill.due

    @property
    def amount(self) -> int:
        """What the slip asks for, in centavos."""
        return self.copy.amount or (self.boleto.amount if self.boleto else None) or self.bill.amount


def slip_of(bill: Bill, copy: SecondCopy, today: date) -> Slip:
    """Judge what the provider sent: what is wrong is told, and what can still be used is kept."""
    warnings: list[str] = []
    boleto, pix = None, copy.pix
    try:
        boleto = read(copy.line, bill.due or today) if copy.line else None
        warnings += boleto.warnings if boleto else ()
    except BoletoError as error:
        warnings.append(f"{error.message} Recebido: {copy.line}")
    if pix:
        try:
            parse_pix(pix)
        except BRCodeError as error:
            warnings.append(f"O Pix desta conta não será mostrado: {error.message}")
            pix = ""
    slip = Slip(bill, copy, boleto, pix, ())
    if boleto and boleto.amount and boleto.amount != slip.amount:
        warnings.append(f"O valor na linha digitável é {format_brl(boleto.amount)}: confira com o provedor.")
    if slip.due and slip.due < today:
        warnings.append("O provedor não mandou um boleto novo: o vencimento já passou. Confira com ele.")
    return replace(slip, warnings=tuple(warnings))


class SubscriberPapers:
    """Makes and queues them."""

    def __init__(self, context: Context, spool: Spool, head: Letterhead) -> None:
        self._context = context
        self._spool = spool
        self._head = head

    def statement(self, visit: Visit, report: Extract) -> Receipt:
        """A statement as paper. Raises RuleError when it is too long for one."""
        if len(report.rows) > MOST_ROWS:
            raise RuleError(
                f"O extrato tem {len(report.rows)} linhas e no papel cabem {MOST_ROWS}: "
                "escolha um período menor."
            )
        paper = slips.Statement(
            self._store(),
            _who(visit.subscriber),
            report.title,
            report.period,
            Table(report.columns, report.rows, report.right),
            report.totals,
            report.filters,
        )
        at, zone = self._context.clock(), self._context.zone
        return slips.statement_receipt(paper, at=at, tz=zone, training=self._head.training)

    def boleto(self, visit: Visit, slip: Slip, bars: bool) -> Receipt:
        """The second copy as paper. Raises RuleError when the provider sent no line that is one."""
        if slip.boleto is None:
            raise RuleError("O provedor não mandou uma linha digitável: não há boleto para imprimir.")
        today = self._context.clock().astimezone(self._context.zone).date()
        copy, due = slip.copy, slip.due
        notes = (*((OVERDUE,) if slip.bill.overdue(today) else ()), *slip.warnings)
        paper = BoletoSlip(
            store=self._store(),
            beneficiary=copy.beneficiary or self._head.name,
            beneficiary_document=copy.beneficiary_document or bare_document(self._head.cnpj),
            payer=visit.subscriber.name,
            payer_document=visit.subscriber.document,
            due=f"{due:%d/%m/%Y}" if due else "à vista",
            amount=slip.amount,
            line=slip.boleto.line,
            our_number=slip.bill.our_number,
            bar_code=slip.boleto.bar_code if bars else "",
            pix=slip.pix,
            instructions=notes,
        )
        at, zone = self._context.clock(), self._context.zone
        return boleto_receipt(paper, at=at, tz=zone, training=self._head.training)

    def protocol(
        self,
        title: str,
        subscriber: Subscriber,
        number: str,
        who: str,
        facts: Sequence[tuple[str, str]],
        note: str = "",
    ) -> Receipt:
        """The proof of something done. `facts` are labels and values."""
        paper = slips.Protocol(self._store(), _who(subscriber), title, number, who, tuple(facts), note)
        at, zone = self._context.clock(), self._context.zone
        return slips.protocol_receipt(paper, at=at, tz=zone, training=self._head.training)

    def for_action(self, tx: Transaction, action: SubscriberAction) -> None:
        """Queue the proof of a settling or enabling, in the commit that tells of it."""
        subscriber = Subscriber(action.subscriber_id, action.subscriber_name, action.document)
        settled = action.kind is ActionKind.SETTLE
        title = "RECEBIMENTO DE CONTA" if settled else "HABILITAÇÃO PROVISÓRIA"
        facts = [("Conta" if settled else "Plano", action.about if not settled else action.target)]
        if settled:
            facts.append(("Valor recebido", format_brl(action.amount)))
        number = action.protocol or action.id[-8:].upper()
        receipt = self.protocol(title, subscriber, number, action.who, facts, action.text)
        self._spool.enqueue(tx, Kind.SUBSCRIBER, receipt.to_json(), action.sale_id, action.id)

    def credit(self, visit: Visit, credit: Credit) -> Receipt:
        """The proof that credit was bought."""
        bought = show(credit.created_at, self._context.zone)
        facts = (
            ("Plano", credit.plan),
            ("Crédito", f"{credit.messages} SMS"),
            ("Valor", format_brl(credit.amount)),
            ("Vencimento", f"{credit.due_on:%d/%m/%Y}"),
            ("Comprado em", bought),
            ("Situação", credit.words),
        )
        number = f"C{credit.till}-{credit.number}"
        return self.protocol("COMPRA DE CRÉDITO", visit.subscriber, number, credit.who, facts)

    def text(self, receipt: Receipt) -> str:
        """A paper as text, as wide as the paper."""
        from pos_tui.printing.layout import as_text

        return as_text(receipt, self._head.columns)

    def queue(self, receipt: Receipt) -> None:
        """Queue a paper of its own."""
        subject = new_key()
        document = receipt.to_json()
        self._context.store.write(lambda tx: self._spool.enqueue(tx, receipt.kind, document, None, subject))
        self._spool.wake()

    def _store(self) -> StoreHead:
        return StoreHead(self._head.name, self._head.cnpj, self._head.city)


def bare_document(text: str) -> str:
    """A CNPJ without its punctuation."""
    return "".join(char for char in text if char.isalnum())


def _who(one: Subscriber) -> slips.Subscriber:
    return slips.Subscriber(one.name, one.document, ", ".join(contract.id for contract in one.contracts))
