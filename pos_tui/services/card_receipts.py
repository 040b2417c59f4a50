"""Card and wallet receipts of the till: made with the payment's confirmation, corrected, linked by hand.

A correction makes a new edition under the same key; it is sent again and matched again at once.
"""

from collections.abc import Mapping, Sequence
from datetime import date

from pos_tui.domain.card import Brand
from pos_tui.domain.card_receipt import AcquirerSale, CardReceipt
from pos_tui.domain.errors import Conflict, RuleError
from pos_tui.domain.instants import from_ms
from pos_tui.domain.journal import Field
from pos_tui.domain.matching import FAR_DAYS, Suggestion, suggest
from pos_tui.domain.payment import Method, PaymentState
from pos_tui.domain.people import check_reason
from pos_tui.domain.reconciliation import (
    Acquirer,
    Correction,
    Modality,
    Owner,
    State,
    acquirer_of,
    check_correction,
    modality_of,
    plain_code,
    refuse_when_final,
)
from pos_tui.domain.sale import PaymentLine, Sale
from pos_tui.services.card_matching import CardMatching
from pos_tui.services.context import Context
from pos_tui.services.journal import Event
from pos_tui.settings.statements import StatementSettings
from pos_tui.store import acquirer_sales, card_links, card_receipts, establishments
from pos_tui.store.database import Transaction
from pos_tui.store.models.reconciliation import (
    AcquirerSaleRow,
    CardLinkRow,
    CardReceiptRow,
)

_CARDS = (Method.CARD, Method.TEF)


class CardReceipts:
    """The receipts of this database."""

    def __init__(self, context: Context, settings: StatementSettings, matching: CardMatching) -> None:
        self._context = context
        self._settings = settings
        self._matching = matching

    # Made with the payment

    def of_sale(self, tx: Transaction, sale: Sale) -> None:
        """Make the receipts of what the cashier vouched for, inside the commit that saves the sale."""
        for line in sale.payments:
            if line.method is Method.CARD and line.counts:
                self._make(tx, line)

    def settled(self, tx: Transaction, line: PaymentLine) -> None:
        """Make, or mark as given back, the receipt of a payment, inside the commit that settles it."""
        wallet = line.method is Method.PIX_DYNAMIC
        if line.state is PaymentState.CONFIRMED and (line.method in _CARDS or wallet):
            self._make(tx, line)
        elif line.state is PaymentState.REFUNDED:
            held = card_receipts.get(tx, line.id)
            if held is not None:
                tx.claim(CardReceiptRow, held.id, held.version, refunded=True)

    def _make(self, tx: Transaction, line: PaymentLine) -> None:
        if card_receipts.get(tx, line.id) is not None:
            return
        told, now = line.details, self._context.now()
        acquirer, modality = self._acquirer(line)
        code = establishments.code_of(tx, self._context.branch, acquirer)
        if not code and acquirer is self._settings.usual:
            code = plain_code(self._settings.establishment)
        fed = acquirer is not Acquirer.OTHER
        sends = bool(self._settings.outbox) and fed
        state = State.NO_FEED if not fed else State.TO_SEND if sends else State.WAITING
        receipt = CardReceipt(
            id=line.id,
            sale_id=line.sale_id,
            till=line.till,
            branch=self._context.branch,
            acquirer=acquirer,
            establishment=code,
            nsu=told.get("txid", "") if modality is Modality.PIX else told.get("nsu", ""),
            authorisation=told.get("authorisation", ""),
            brand=told.get("brand", "" if modality is Modality.PIX else Brand.OTHER),
            modality=modality,
            instalments=int(told.get("instalments") or 1),
            amount=line.amount,
            last_four=told.get("last_four", ""),
            terminal=told.get("terminal", "")[:18],
            sold_at=now,
            day=from_ms(now).astimezone(self._context.zone).date(),
            to_send_since=now if sends else None,
            state=state,
            owner=Owner.INTEGRATOR if state is State.NO_FEED else Owner.NOBODY,
        )
        card_receipts.insert(tx, receipt)

    def _acquirer(self, line: PaymentLine) -> tuple[Acquirer, Modality | None]:
        if line.method is Method.PIX_DYNAMIC:
            wallet = self._settings.wallet
            return (Acquirer(wallet) if wallet else Acquirer.OTHER), Modality.PIX
        network = line.details.get("network", "")
        named = acquirer_of(network) if network else None
        return named or self._settings.usual, modality_of(line.details.get("kind", ""))

    # Reading

    def get(self, key: str) -> CardReceipt:
        """Return one receipt. Raises RuleError when there is none."""
        with self._context.store.reading() as tx:
            return self._held(tx, key)

    def suggestions(self, key: str) -> list[tuple[AcquirerSale, Suggestion]]:
        """Return the acquirer's sales that may be a receipt's, likeliest first, with the reasons."""
        with self._context.store.reading() as tx:
            ours = self._held(tx, key)
            day = ours.day.toordinal()
            found = acquirer_sales.free_near(tx, ours.acquirer, day - FAR_DAYS, day + FAR_DAYS)
            # The one it was matched with and differs from: a person may accept it as it is.
            if (link := card_links.link_of(tx, key)) and (own := acquirer_sales.slip(tx, link[0])):
                found.append(own)
            at = from_ms(ours.sold_at).astimezone(self._context.zone)
            slip = card_receipts.slip(
                *(ours.id, day, ours.establishment, ours.nsu, ours.authorisation, ours.amount, ours.brand),
                *(ours.modality or "", ours.instalments, ours.last_four, ours.terminal, ours.edition),
            )._replace(minute=at.hour * 60 + at.minute)
            best = suggest(slip, found, self._settings.tolerance_cents)
            sales = [(acquirer_sales.get(tx, one.key), one) for one in best]
        return [(sale, one) for sale, one in sales if sale is not None]

    def claimants(self, key: str) -> list[tuple[CardReceipt, Suggestion]]:
        """Return the receipts that may be an acquirer's sale, likeliest first, with the reasons."""
        with self._context.store.reading() as tx:
            theirs, slip = self._listed(tx, key), acquirer_sales.slip(tx, key)
            assert slip is not None, "it was read in the same transaction"
            day = theirs.day.toordinal()
            found = card_receipts.free_near(tx, theirs.acquirer, day - FAR_DAYS, day + FAR_DAYS)
            best = suggest(slip, found, self._settings.tolerance_cents)
            receipts = [(card_receipts.get(tx, one.key), one) for one in best]
        return [(receipt, one) for receipt, one in receipts if receipt is not None]

    # Corrections

    def correct(self, key: str, wanted: Correction, who: str) -> CardReceipt:
        """Correct authorization and instalments; the new edition is sent and matched again.

        Raises:
            FieldError: on `authorisation`, `instalments` or `reason`.
            RuleError: nothing is left to correct; Conflict: somebody else was first.
        """
        with self._context.store.reading() as tx:
            before = self._held(tx, key)
        refuse_when_final(before.state)
        asked = check_correction(wanted, before.modality)
        if (asked.authorisation, asked.instalments) == (before.authorisation, before.instalments):
            raise RuleError("Nada mudou: a autorização e as parcelas já são essas.")
        self._context.store.write(lambda tx: self._correct(tx, before, asked, who))
        self._matching.run(before.day, before.day)
        return self.get(key)

    def recode(
        self, tx: Transaction, of: tuple[str, Acquirer, Sequence[str], date], code: str, who: str
    ) -> int:
        """Give a store's open receipts the code that was corrected, each as a new edition; return how many.

        `of` is the store, the acquirer, the wrong codes, and since when.
        """
        receipts = card_receipts.of_codes(tx, *of)
        for before in receipts:
            reason = f"Código de estabelecimento corrigido: {before.establishment} → {code}"
            same = Correction(before.authorisation, before.instalments, reason)
            self._correct(tx, before, same, who, establishment=code)
        return len(receipts)

    def _correct(
        self, tx: Transaction, before: CardReceipt, asked: Correction, who: str, **more: object
    ) -> None:
        now, edition = self._context.now(), before.edition + 1
        sends = bool(self._settings.outbox) and before.state is not State.NO_FEED
        changes: dict[str, object] = {
            "authorisation": asked.authorisation,
            "instalments": asked.instalments,
            "edition": edition,
            "to_send_since": now if sends else None,
            **more,
        }
        if not tx.claim(CardReceiptRow, before.id, before.version, **changes):
            raise Conflict("Outra pessoa mudou este recebimento: confira como ele está e corrija de novo.")
        if before.edition == 1:
            card_receipts.add_edition(tx, before.id, 1, before, made_at=before.sold_at)
        card_receipts.add_edition(tx, before.id, edition, asked, who, asked.reason, now)
        data: dict[str, Field] = {
            "reason": asked.reason,
            "edition": edition,
            "authorisation": f"{before.authorisation} → {asked.authorisation}",
            "instalments": f"{before.instalments} → {asked.instalments}",
        }
        self._context.journal.note(tx, Event("card_receipt", before.id, who, data), "corrected")

    # By hand

    def link(self, key: str, sale: str, who: str, reason: str) -> CardReceipt:
        """Link a receipt to an acquirer's sale by a person's word.

        Raises:
            FieldError: on `reason`. RuleError: one of them is linked. Conflict: somebody else was first.
        """
        said = check_reason(reason)
        with self._context.store.reading() as tx:
            ours, theirs = self._held(tx, key), self._listed(tx, sale)
        if ours.state in (State.RECONCILED, State.BY_HAND):
            raise RuleError("Este recebimento já está conciliado: desfaça a ligação antes.")

        def work(tx: Transaction) -> None:
            holder = card_links.linked_to(tx, sale)
            if holder not in (None, key):
                raise RuleError("Esta venda da adquirente já está ligada a outro recebimento.")
            tx.run(CardLinkRow.delete().where(CardLinkRow.receipt_id == key))
            now = self._context.now()
            tx.insert(
                CardLinkRow,
                receipt_id=key,
                sale_id=sale,
                stage=card_links.BY_HAND,
                who=who,
                reason=said,
                linked_at=now,
            )
            linked = {"state": State.BY_HAND, "owner": Owner.NOBODY}
            self._claim(tx, ours, theirs, linked | {"differences": ""}, linked)
            data: dict[str, Field] = {"sale": sale, "reason": said}
            self._context.journal.note(tx, Event("card_receipt", key, who, data), "linked")

        self._context.store.write(work)
        self._rerun(ours, theirs)
        return self.get(key)

    def undo(self, key: str, who: str, reason: str) -> CardReceipt:
        """Undo a link made by hand, else the last correction, by a new edition that says what the one before
        the last said.

        Raises:
            FieldError: on `reason`. RuleError: nothing was done by hand. Conflict: somebody else was first.
        """
        said = check_reason(reason)
        with self._context.store.reading() as tx:
            ours, link = self._held(tx, key), card_links.link_of(tx, key)
            editions = card_receipts.editions(tx, key)
            theirs = acquirer_sales.get(tx, link[0]) if link is not None else None
        if link is not None and theirs is not None and link[1] == card_links.BY_HAND:
            self._context.store.write(lambda tx: self._unlink(tx, ours, theirs, who, said))
            self._rerun(ours, theirs)
            return self.get(key)
        if len(editions) < 2:
            raise RuleError("Nada foi feito à mão neste recebimento: não há o que desfazer.")
        _, authorisation, instalments, *_ = editions[-2]
        back = Correction(authorisation, instalments, f"Desfeito: {said}")
        self._context.store.write(lambda tx: self._correct(tx, ours, back, who))
        self._matching.run(ours.day, ours.day)
        return self.get(key)

    def _unlink(self, tx: Transaction, ours: CardReceipt, theirs: AcquirerSale, who: str, said: str) -> None:
        tx.run(CardLinkRow.delete().where(CardLinkRow.receipt_id == ours.id))
        free = {"state": State.WAITING, "owner": Owner.NOBODY}
        self._claim(tx, ours, theirs, free, {"state": State.ORPHAN, "owner": Owner.CLIENT})
        data: dict[str, Field] = {"sale": theirs.id, "reason": said}
        self._context.journal.note(tx, Event("card_receipt", ours.id, who, data), "unlinked")

    def _claim(
        self,
        tx: Transaction,
        ours: CardReceipt,
        theirs: AcquirerSale,
        our_values: Mapping[str, object],
        their_values: Mapping[str, object],
    ) -> None:
        first = tx.claim(CardReceiptRow, ours.id, ours.version, **our_values)
        if not (first and tx.claim(AcquirerSaleRow, theirs.id, theirs.version, **their_values)):
            raise Conflict("Outra pessoa mudou este recebimento: confira como ele está e decida de novo.")

    def _rerun(self, ours: CardReceipt, theirs: AcquirerSale) -> None:
        first, last = sorted((ours.day, theirs.day))
        self._matching.run(first, last)

    def _held(self, tx: Transaction, key: str) -> CardReceipt:
        found = card_receipts.get(tx, key)
        if found is None:
            raise RuleError("Recebimento não encontrado.")
        return found

    def _listed(self, tx: Transaction, key: str) -> AcquirerSale:
        found = acquirer_sales.get(tx, key)
        if found is None:
            raise RuleError("Venda da adquirente não encontrada.")
        return found
