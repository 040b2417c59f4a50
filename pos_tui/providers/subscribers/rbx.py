"""RBX (RBXSoft ISP / RouterBox), versions 1 and 2 of its web services (facts/cards-and-isp.md D.3).

What to know of it:

* One POST per version, the service's name at the root; errors come with HTTP 200 and `status` 0.
* In version 1 "no results" is an error too (code 1): an empty list here. 97 is a wrong key.
* `Filtro` is SQL-like text. It is built from whole numbers only, in `rbx_wire.of_customer` and nowhere else.
* No service finds a customer by name, tells calls, or hands out a note's XML.
* Settling (`document_payment`) takes no key of ours: after a lost answer the bill itself is asked about.
* `contract_unblock` is a real unblock without an end. What comes nearest to the seed's *habilitação
  provisória* is the payment notice, which opens a ticket; which of both is the store's choice.

Unverified: what `issue` and `model` of `invoices_issued` mean (left out: every note of the customer), and
what `document_payment` answers beside its status.
"""

from collections.abc import Callable, Mapping
from datetime import date, tzinfo
from types import MappingProxyType

from pos_tui.domain.outcome import Done, Outcome, RefusalClass, Refused
from pos_tui.domain.subscriber import (
    Bill,
    Contract,
    ContractState,
    Feature,
    Note,
    SecondCopy,
    Subscriber,
    Ticket,
    TicketEvent,
)
from pos_tui.domain.usage import Call, Period, Session
from pos_tui.providers.amounts import reais
from pos_tui.providers.http import Limits
from pos_tui.providers.safe_json import Json
from pos_tui.providers.subscribers import rbx_rows as rows
from pos_tui.providers.subscribers.base import (
    Access,
    CounterPayment,
    Enabling,
    NoteFile,
    PaidWith,
    SearchBy,
    Settled,
)
from pos_tui.providers.subscribers.rbx_wire import NO_NUMBER, RbxWire, number, of_customer, rows_in
from pos_tui.providers.subscribers.reading import pick

NOBODY = 999_999_999
"""A customer's code that is far from being given out."""
_NO_CALLS = "O RBX não informa ligações: configure o banco de CDR em [subscribers.records]."
_WAYS = {
    PaidWith.CASH: "money",
    PaidWith.CREDIT: "credit_card_machine",
    PaidWith.DEBIT: "debit_card_machine",
}
_HOUR = "%Y-%m-%d %H:%M:%S"


class RbxProvider:
    """Speaks both versions of RBX's web services with one integration key."""

    name = "rbx"
    wants_password = False
    lacks: Mapping[Feature, str] = MappingProxyType({Feature.CALLS: _NO_CALLS})
    lacks_xml = "O RBX não entrega o XML por esta interface: baixe-o no painel do RBX."
    lacks_states = "O RBX não informa a situação dos planos: a mostrada é a do último livro importado."

    def __init__(
        self,
        url: str,
        key: Callable[[], str],
        zone: tzinfo,
        *,
        unblock: bool = False,
        limits: Limits | None = None,
    ) -> None:
        """`unblock` chooses the real unblock over the payment notice. `zone` is the ERP's local time."""
        self._wire = RbxWire(url, key, limits)
        self._zone = zone
        self._unblock = unblock
        self.needs_bill_to_enable = not unblock

    def __repr__(self) -> str:
        return f"RbxProvider({self._wire!r})"

    def knock(self) -> Outcome[None]:
        """`get_unpaid_document` of a customer that nobody is."""
        answer = self._wire.v2("get_unpaid_document", {"customer_id": NOBODY})
        return Done(None) if isinstance(answer, Done) else answer

    def find(self, by: SearchBy, text: str) -> Outcome[tuple[Subscriber, ...]]:
        """RBX lists no service for it: the store's own book of subscribers is searched."""
        return Done(())

    def enter(self, user: str, password: str) -> Outcome[Subscriber]:
        """`authentication_validation`."""
        answer = self._wire.v2("authentication_validation", {"user": user, "password": password})
        if not isinstance(answer, Done):
            return answer
        customer = _first(answer.answer)
        key = pick(customer, "customer_id")
        if number(key) is None:
            return NO_NUMBER
        return Done(Subscriber(key, pick(customer, "customer_name")))

    def contracts(self, access: Access, known: tuple[Contract, ...]) -> Outcome[tuple[Contract, ...]]:
        """RBX lists no service for it: what the book knows stands."""
        return Done(known)

    def sessions(self, access: Access, period: Period) -> Outcome[tuple[Session, ...]]:
        """`radius_extract`; a connection without an end is open only while `get_online_customer` says so."""
        customer = number(access.id)
        if customer is None:
            return NO_NUMBER
        since, until = (at.astimezone(self._zone).strftime(_HOUR) for at in (period.since, period.until))
        asked = {"customer_id": customer, "start_time": since, "stop_time": until}
        answer = rows_in(self._wire.v2("radius_extract", asked))
        if not isinstance(answer, Done):
            return answer
        online = rows_in(self._wire.v2("get_online_customer", {"customer_id": customer}))
        logins = {pick(row, "username") for row in online.answer} if isinstance(online, Done) else set()
        found = (rows.session(row, self._zone, logins) for row in answer.answer)
        return Done(tuple(sorted((one for one in found if one), key=lambda one: one.start, reverse=True)))

    def calls(self, access: Access, terminal: str, period: Period) -> Outcome[tuple[Call, ...]]:
        """Never called: see `lacks`."""
        return Refused(RefusalClass.INTERNAL, "", _NO_CALLS)

    def open_bills(self, access: Access) -> Outcome[tuple[Bill, ...]]:
        """`get_unpaid_document`."""
        customer = number(access.id)
        if customer is None:
            return NO_NUMBER
        answer = rows_in(self._wire.v2("get_unpaid_document", {"customer_id": customer}))
        if not isinstance(answer, Done):
            return answer
        found = (rows.open_bill(row) for row in answer.answer)
        return Done(tuple(sorted((bill for bill in found if bill), key=rows.by_due)))

    def settled_bills(self, access: Access) -> Outcome[tuple[Bill, ...]]:
        """`ConsultaDocumentosBaixados`."""
        customer = number(access.id)
        if customer is None:
            return NO_NUMBER
        where = of_customer("Movimento.Tipo='C' AND Movimento.Cliente={}", customer)
        answer = self._wire.v1("ConsultaDocumentosBaixados", where)
        if not isinstance(answer, Done):
            return answer
        found = (rows.settled_bill(row) for row in answer.answer)
        return Done(tuple(sorted((bill for bill in found if bill), key=rows.by_payment, reverse=True)))

    def second_copy(self, access: Access, bill: Bill) -> Outcome[SecondCopy]:
        """`get_banking_billet`, then its line and its Pix code; the Pix may be missing."""
        document = number(bill.id)
        if document is None:
            return NO_NUMBER
        billet = self._wire.v2("get_banking_billet", {"document_id": document})
        if not isinstance(billet, Done):
            return billet
        line = self._wire.v2("get_barcode", {"banking_billet_id": document})
        if not isinstance(line, Done):
            return line
        pix = self._wire.v2("get_pix_copia_cola", {"document_id": document})
        code = (
            rows.code_in(pix.answer, "pix_copia_cola", "copia_cola", "pix") if isinstance(pix, Done) else ""
        )
        return Done(
            rows.second_copy(_first(billet.answer), rows.code_in(line.answer, "barcode", "linha"), code)
        )

    def notes(self, access: Access) -> Outcome[tuple[Note, ...]]:
        """`invoices_issued`."""
        customer = number(access.id)
        if customer is None:
            return NO_NUMBER
        answer = rows_in(self._wire.v2("invoices_issued", {"customer_id": customer}))
        if not isinstance(answer, Done):
            return answer
        found = (rows.note(row) for row in answer.answer)
        return Done(tuple(sorted((note for note in found if note), key=rows.by_issue, reverse=True)))

    def note_file(self, access: Access, note: Note) -> Outcome[NoteFile]:
        """Never called: see `lacks_xml`."""
        return Refused(RefusalClass.INTERNAL, "", self.lacks_xml)

    def settle(self, access: Access, bill: Bill, payment: CounterPayment) -> Outcome[Settled]:
        """`document_payment`; unblocks the customer, as paying does at the provider."""
        document = number(bill.id)
        if document is None:
            return NO_NUMBER
        asked: dict[str, object] = {
            "document_id": document,
            "payment_type": _WAYS.get(payment.how, "money"),
            "payment_value": reais(payment.amount),
            "unblock_customer": True,
            "payment_receipt": {
                "document_number": payment.receipt,
                "authorization_number": payment.authorization,
            },
        }
        if payment.how in (PaidWith.CREDIT, PaidWith.DEBIT):
            asked |= {"payment_installments": payment.instalments, "card_brand": payment.brand}
        answer = self._wire.v2("document_payment", asked, effect=True)
        if not isinstance(answer, Done):
            return answer
        result = _first(answer.answer)
        named = pick(result, "document_id")
        if named and named != bill.id:
            return rows.wrong_bill()
        return Done(Settled(pick(result, "payment_id", "id"), payment.on))

    def enable(self, access: Access, contract: Contract, bill: Bill | None, on: date) -> Outcome[Enabling]:
        """`contract_unblock`, or `send_payment_notification` of an overdue bill."""
        customer, key = number(access.id), number(contract.id)
        if customer is None or key is None:
            return NO_NUMBER
        if self._unblock:
            asked: dict[str, object] = {"customer_id": customer, "contract_id": key}
            answer = self._wire.v2("contract_unblock", asked, effect=True)
        else:
            document = number(bill.id) if bill else None
            if document is None:
                return Refused(RefusalClass.DATA, "", "O aviso de pagamento precisa de uma conta vencida.")
            asked = {"customer_id": customer, "document_id": document, "payment_date": on.isoformat()}
            answer = self._wire.v2("send_payment_notification", asked, effect=True)
        if not isinstance(answer, Done):
            return answer
        result = _first(answer.answer)
        return Done(Enabling(pick(result, "ticket_id", "protocol"), pick(result, "message", "text")))

    def state_of(self, access: Access, contract: Contract) -> Outcome[ContractState]:
        """RBX tells a plan's state only to the subscriber's own login."""
        why = "O RBX não informa a situação do plano por esta interface: confira no painel do RBX."
        return Refused(RefusalClass.STATE, "", why)

    def tickets(self, access: Access) -> Outcome[tuple[Ticket, ...]]:
        """`ConsultaAtendimentos`."""
        customer = number(access.id)
        if customer is None:
            return NO_NUMBER
        answer = self._wire.v1("ConsultaAtendimentos", of_customer("Atendimentos.Cliente='{}'", customer))
        if not isinstance(answer, Done):
            return answer
        found = (rows.ticket(row, self._zone) for row in answer.answer)
        return Done(tuple(sorted((one for one in found if one), key=lambda one: one.opened, reverse=True)))

    def history(self, access: Access, ticket: Ticket) -> Outcome[tuple[TicketEvent, ...]]:
        """`ConsultaOcorrenciasAtendimentos`."""
        key = number(ticket.id)
        if key is None:
            return NO_NUMBER
        answer = self._wire.v1("ConsultaOcorrenciasAtendimentos", of_customer("Atendimento = {}", key))
        if not isinstance(answer, Done):
            return answer
        found = (rows.ticket_event(row, self._zone) for row in answer.answer)
        return Done(tuple(sorted((one for one in found if one), key=lambda one: one.at)))

    def close(self) -> None:
        """Let connections go."""
        self._wire.close()


def _first(value: Json) -> Json:
    """Some services answer an object, some a list of one."""
    if isinstance(value, list):
        return value[0] if value else None
    return value
