"""SGP (TSMX): the module a subscriber opens with CPF/CNPJ and password, and the staff's search (D.5).

What to know of it:

* `/api/central/` takes `cpfcnpj` and `senha` with every call, as a form; `/api/ura/` takes `token` and `app`.
* Errors come with HTTP 200; a used-up quota of *promessa de pagamento* is an ordinary answer with
  `liberado` false, and its words may hold the PPPoE login, which is taken out.
* Rows hold passwords (`senha`, `contratoCentralSenha`, PPPoE): only the fields named here are read.
* Nothing settles a bill taken at the counter: the desk says so.

Unverified: the names of most fields of the answers (the facts list endpoints and a few fields; each value is
looked for under the names that public integrators use), and the filters of `/api/ura/clientes/`.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta, tzinfo
from types import MappingProxyType
from urllib.parse import urlencode

from pos_tui.domain.fiscal import KEY_LENGTH
from pos_tui.domain.outcome import Done, NotSent, Outcome, RefusalClass, Refused, Uncertain
from pos_tui.domain.subscriber import (
    Bill,
    BillState,
    Contract,
    ContractState,
    Feature,
    Note,
    SecondCopy,
    Subscriber,
    Ticket,
    TicketEvent,
)
from pos_tui.domain.text import clean
from pos_tui.domain.usage import Call, Period, Session
from pos_tui.providers.http import Exchange, Limits, Response
from pos_tui.providers.safe_json import JsonObject, parse_json
from pos_tui.providers.subscribers import sgp_rows as rows
from pos_tui.providers.subscribers.base import (
    Access,
    CounterPayment,
    Enabling,
    NoteFile,
    SearchBy,
    Settled,
)
from pos_tui.providers.subscribers.reading import count, pick, rows_of, without

NOBODY = "0" * 11
"""A document that nobody has."""
_NO_CALLS = "O SGP não informa ligações: configure o banco de CDR em [subscribers.records]."
_NO_SETTLING = (
    "O SGP não dá baixa por esta interface: o cliente paga pela linha digitável ou pelo Pix da Segunda via."
)
_NOT_UNDERSTOOD = Uncertain("A resposta do SGP não pôde ser entendida.")
_NUMBER = re.compile(r"[1-9][0-9]{0,11}")
_NO_NUMBER = Refused(RefusalClass.INTERNAL, "", "O código deste cadastro não é um número, como o SGP pede.")
_OPEN, _PAID = "1", "2"
_FILTERS = {SearchBy.NAME: "nome", SearchBy.PHONE: "telefone", SearchBy.CONTRACT: "contrato"}
_MOST_MONTHS = 12


class SgpProvider:
    """Speaks SGP's central with the subscriber's own password; `app` and `token` are the staff's."""

    name = "sgp"
    wants_password = True
    needs_bill_to_enable = False
    lacks: Mapping[Feature, str] = MappingProxyType({Feature.CALLS: _NO_CALLS, Feature.RECEIVE: _NO_SETTLING})
    lacks_xml = ""
    lacks_states = ""

    def __init__(
        self,
        url: str,
        app: str,
        token: Callable[[], str],
        zone: tzinfo,
        *,
        limits: Limits | None = None,
    ) -> None:
        self._exchange = Exchange(url, limits)
        self._app = app
        self._token = token
        self._zone = zone

    def __repr__(self) -> str:
        return f"SgpProvider({self._exchange!r})"

    def knock(self) -> Outcome[None]:
        """`consultacliente` of a document that nobody has, with the staff's token."""
        answer = self._staff("consultacliente/", {"cpfcnpj": NOBODY})
        return Done(None) if isinstance(answer, Done) else answer

    def find(self, by: SearchBy, text: str) -> Outcome[tuple[Subscriber, ...]]:
        """`consultacliente` by document, `clientes` by anything else."""
        if by is SearchBy.DOCUMENT:
            answer = self._staff("consultacliente/", {"cpfcnpj": text})
            names: tuple[str, ...] = ("contratos",)
        else:
            answer = self._staff("clientes/", {_FILTERS[by]: text})
            names = ("clientes", "contratos")
        if not isinstance(answer, Done):
            return answer
        return Done(rows.subscribers(_listed(answer.answer, *names)))

    def enter(self, user: str, password: str) -> Outcome[Subscriber]:
        """`contratos` with the subscriber's own password."""
        access = Access("", user, password)
        answer = self._central("contratos", access)
        if not isinstance(answer, Done):
            return answer
        found = rows.subscribers(_listed(answer.answer, "contratos"))
        if not found:
            return Refused(RefusalClass.NOT_FOUND, "", "O SGP não tem contrato para este CPF/CNPJ.")
        return Done(found[0])

    def contracts(self, access: Access, known: tuple[Contract, ...]) -> Outcome[tuple[Contract, ...]]:
        """`contratos`."""
        answer = self._central("contratos", access)
        if not isinstance(answer, Done):
            return answer
        return Done(rows.contracts(_listed(answer.answer, "contratos")))

    def sessions(self, access: Access, period: Period) -> Outcome[tuple[Session, ...]]:
        """`extratouso`, month by month; what does not touch the period is left out."""
        found: list[Session] = []
        for year, month in _months(period, self._zone):
            answer = self._central("extratouso/", access, {"ano": str(year), "mes": str(month)})
            if not isinstance(answer, Done):
                return answer
            read = (rows.session(row, self._zone) for row in _listed(answer.answer, "extrato", "acessos"))
            found += [one for one in read if one and one not in found]
        overlapping = (one for one in found if one.overlaps(period))
        return Done(tuple(sorted(overlapping, key=lambda one: one.start, reverse=True)))

    def calls(self, access: Access, terminal: str, period: Period) -> Outcome[tuple[Call, ...]]:
        """Never called: see `lacks`."""
        return Refused(RefusalClass.INTERNAL, "", _NO_CALLS)

    def open_bills(self, access: Access) -> Outcome[tuple[Bill, ...]]:
        """`titulos`, status 1."""
        return self._bills(access, _OPEN, BillState.OPEN)

    def settled_bills(self, access: Access) -> Outcome[tuple[Bill, ...]]:
        """`titulos`, status 2."""
        found = self._bills(access, _PAID, BillState.SETTLED)
        if not isinstance(found, Done):
            return found
        return Done(tuple(sorted(found.answer, key=lambda one: one.paid_on or date.min, reverse=True)))

    def _bills(self, access: Access, status: str, state: BillState) -> Outcome[tuple[Bill, ...]]:
        answer = self._central("titulos/", access, {"status": status})
        if not isinstance(answer, Done):
            return answer
        found = (rows.bill(row, state) for row in _listed(answer.answer, "titulos"))
        return Done(tuple(sorted((one for one in found if one), key=lambda one: one.due or date.max)))

    def second_copy(self, access: Access, bill: Bill) -> Outcome[SecondCopy]:
        """`fatura2via`, and `pagamento/pix` where the slip brings no Pix of its own."""
        if not _NUMBER.fullmatch(bill.id):
            return _NO_NUMBER
        answer = self._central("fatura2via/", access, {"contrato": bill.contract, "fatura": bill.id})
        if not isinstance(answer, Done):
            return answer
        found = [row for row in _listed(answer.answer, "links", "faturas") if rows.is_bill(row, bill.id)]
        if not found:
            return Refused(RefusalClass.NOT_FOUND, "", "O SGP não tem boleto para esta conta.")
        slip = rows.second_copy(found[0])
        return Done(slip if slip.pix else rows.with_pix(slip, self._pix(access, bill)))

    def _pix(self, access: Access, bill: Bill) -> str:
        answer = self._central(f"pagamento/pix/{bill.id}", access)
        if not isinstance(answer, Done):
            return ""
        return pick(answer.answer, "codigopix", "codigoPix", "pix_copia_cola")

    def notes(self, access: Access) -> Outcome[tuple[Note, ...]]:
        """`notafiscal/list` and `nfcom/list`."""
        found: list[Note] = []
        for path, names, model in (
            ("notafiscal/list/", ("notas", "notasfiscais"), ""),
            ("nfcom/list", ("nfcom", "notas"), "62"),
        ):
            answer = self._central(path, access)
            if not isinstance(answer, Done):
                return answer
            found += [one for one in (rows.note(row, model) for row in _listed(answer.answer, *names)) if one]
        return Done(tuple(sorted(found, key=lambda note: note.issued or date.min, reverse=True)))

    def note_file(self, access: Access, note: Note) -> Outcome[NoteFile]:
        """`nfcom/print`, as XML; only NFCom has it."""
        if note.model != "62":
            return Refused(RefusalClass.STATE, "", "O SGP só entrega o XML de NFCom (modelo 62).")
        if not _NUMBER.fullmatch(note.id):
            return _NO_NUMBER
        answer = self._send(f"/api/central/nfcom/print/{note.id}", {**_login(access), "tipo": "xml"})
        if not isinstance(answer, Response):
            return answer
        if not answer.body.lstrip().startswith(b"<"):
            refusal = _read(answer)
            return refusal if not isinstance(refusal, Done) else _NOT_UNDERSTOOD
        name = note.key if len(note.key) == KEY_LENGTH else f"nota-{note.id}"
        return Done(NoteFile(f"{name}.xml", answer.body))

    def settle(self, access: Access, bill: Bill, payment: CounterPayment) -> Outcome[Settled]:
        """Never called: see `lacks`."""
        return Refused(RefusalClass.INTERNAL, "", _NO_SETTLING)

    def enable(self, access: Access, contract: Contract, bill: Bill | None, on: date) -> Outcome[Enabling]:
        """`promessapagamento`. Only `liberado` true is a yes."""
        if not _NUMBER.fullmatch(contract.id):
            return _NO_NUMBER
        answer = self._central("promessapagamento/", access, {"contrato": contract.id}, effect=True)
        if not isinstance(answer, Done):
            return answer
        said = answer.answer
        text = without(pick(said, "msg", "mensagem"), (*contract.logins, access.document))
        granted = said.get("liberado")
        if granted is True or pick(said, "liberado").lower() in ("true", "1"):
            return Done(Enabling(pick(said, "protocolo"), text, count(pick(said, "liberado_dias"))))
        if granted is False or pick(said, "liberado").lower() in ("false", "0"):
            words = text or "O SGP não liberou e não disse por quê."
            return Refused(RefusalClass.STATE, pick(said, "status"), words)
        return _NOT_UNDERSTOOD

    def state_of(self, access: Access, contract: Contract) -> Outcome[ContractState]:
        """`contratos` again."""
        answer = self.contracts(access, ())
        if not isinstance(answer, Done):
            return answer
        found = next((one.state for one in answer.answer if one.id == contract.id), ContractState.UNKNOWN)
        return Done(found)

    def tickets(self, access: Access) -> Outcome[tuple[Ticket, ...]]:
        """`chamado/list`."""
        answer = self._central("chamado/list/", access)
        if not isinstance(answer, Done):
            return answer
        found = (rows.ticket(row, self._zone) for row in _listed(answer.answer, "chamados"))
        return Done(tuple(sorted((one for one in found if one), key=lambda one: one.opened, reverse=True)))

    def history(self, access: Access, ticket: Ticket) -> Outcome[tuple[TicketEvent, ...]]:
        """The list brings each ticket's entries; it is asked again for the latest."""
        answer = self._central("chamado/list/", access)
        if not isinstance(answer, Done):
            return answer
        row = next((row for row in _listed(answer.answer, "chamados") if rows.is_ticket(row, ticket.id)), {})
        entries = rows_of(row.get("ocorrencias") or row.get("historico"))
        found = (rows.ticket_event(entry, self._zone) for entry in entries)
        return Done(tuple(sorted((one for one in found if one), key=lambda one: one.at)))

    def close(self) -> None:
        """Let connections go."""
        self._exchange.close()

    # The wire

    def _staff(self, path: str, asked: Mapping[str, str]) -> Outcome[JsonObject]:
        form = {"token": self._token(), "app": self._app, **asked}
        answer = self._send(f"/api/ura/{path}", form)
        return _read(answer) if isinstance(answer, Response) else answer

    def _central(
        self, path: str, access: Access, asked: Mapping[str, str] | None = None, effect: bool = False
    ) -> Outcome[JsonObject]:
        answer = self._send(f"/api/central/{path}", {**_login(access), **(asked or {})})
        return _read(answer, effect) if isinstance(answer, Response) else answer

    def _send(self, path: str, form: Mapping[str, str]) -> Response | Refused | NotSent | Uncertain:
        head = {"Content-Type": "application/x-www-form-urlencoded"}
        answer = self._exchange.send("POST", path, headers=head, body=urlencode(form).encode())
        if not isinstance(answer, Response):
            return answer
        if answer.status in (401, 403):
            return Refused(
                RefusalClass.STORE_ACCOUNT, str(answer.status), "O SGP não aceitou a senha ou a chave."
            )
        if answer.status != 200:
            return Uncertain(f"O servidor do SGP respondeu {answer.status}.", str(answer.status))
        return answer


def _login(access: Access) -> dict[str, str]:
    return {"cpfcnpj": access.document, "senha": access.password}


def _read(answer: Response, effect: bool = False) -> Outcome[JsonObject]:
    """Read an answer; `status` 0 with words is a no, save where the words are the effect's own answer."""
    said = parse_json(answer.body)
    if isinstance(said, list):
        said = {"": said}
    if not isinstance(said, dict):
        return _NOT_UNDERSTOOD
    problem = pick(said, "erro", "error", "detail") or (
        pick(said, "msg", "mensagem") if pick(said, "status") == "0" else ""
    )
    if problem and not (effect and "liberado" in said):
        return Refused(RefusalClass.UNKNOWN, pick(said, "codigo", "status"), clean(problem, 200))
    return Done(said)


def _listed(said: JsonObject, *names: str) -> list[JsonObject]:
    """Return the rows under the first of these names that holds a list; a bare list has no name."""
    for name in (*names, ""):
        if isinstance(said.get(name), list):
            return rows_of(said[name])
    return []


def _months(period: Period, zone: tzinfo) -> list[tuple[int, int]]:
    """Return the months a period touches, the latest twelve at most."""
    last: datetime = (period.until - timedelta(microseconds=1)).astimezone(zone)
    at = period.since.astimezone(zone)
    months = []
    while (at.year, at.month) <= (last.year, last.month):
        months.append((at.year, at.month))
        at = (at.replace(day=28) + timedelta(days=4)).replace(day=1)
    return months[-_MOST_MONTHS:]
