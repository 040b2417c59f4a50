"""SGP to practise with: the subscriber's central and the staff's search over the sandbox's ledger (D.5).

Its rows hold what the real ones hold and nobody at a counter may see: passwords.
"""

import json
from collections.abc import Callable
from datetime import date, datetime

from pos_tui.domain.subscriber import Bill, BillState, ContractState, Subscriber
from pos_tui.domain.text import digits, fold
from pos_tui.providers.amounts import reais
from pos_tui.providers.sandbox import KEY, USER
from pos_tui.providers.sandbox.central import Central
from pos_tui.providers.sandbox.dialect import Desk, Reply, Request
from pos_tui.providers.sandbox.rbx import ZONE
from pos_tui.providers.sandbox.subscribers import Person

WIRE = "sgp"
BASE = "/sgp"
_CENTRAL, _STAFF = f"{BASE}/api/central/", f"{BASE}/api/ura/"
_WORDS = {
    ContractState.ACTIVE: "Ativo",
    ContractState.SUSPENDED: "Suspenso",
    ContractState.CANCELLED: "Cancelado",
    ContractState.UNKNOWN: "?",
}
_STATES = {"1": BillState.OPEN, "2": BillState.SETTLED, "3": BillState.CANCELLED}

Form = dict[str, str]
Told = dict[str, object]


class SgpDialect:
    """SGP over the ledger."""

    name = WIRE

    def operation(self, request: Request) -> str | None:
        """Name what is asked; every question is a `status`."""
        if request.path.startswith(_STAFF):
            return "offers"
        if request.path.startswith(_CENTRAL):
            return "reserve" if "promessapagamento" in request.path else "status"
        return None

    def answer(self, operation: str, request: Request, desk: Desk) -> Reply:
        """Do it; an error is an answer with HTTP 200."""
        form, central = request.form(), Central(desk)
        if operation == "offers":
            if (form.get("token"), form.get("app")) != (KEY, USER):
                return Reply(403, b'{"detail": "Token invalido"}')
            return _json(_find(central, request.path.removeprefix(_STAFF), form))
        found = central.by_document(form.get("cpfcnpj", ""), form.get("senha", ""))
        if found is None:
            return _json({"status": 0, "msg": "CPF/CNPJ ou senha inválidos"})
        path = request.path.removeprefix(_CENTRAL).strip("/")
        if path.startswith("nfcom/print/"):
            return _print(found[0], path.rsplit("/", 1)[1], form)
        if path.startswith("pagamento/pix/"):
            copy = found[0].dossier.copies.get(path.rsplit("/", 1)[1])
            return _json({"codigopix": copy.pix} if copy else {"status": 0, "msg": "Título não encontrado"})
        service = _SERVICES.get(path)
        return _json(service(central, *found, form)) if service else Reply(404, b"{}")


def _json(told: Told) -> Reply:
    return Reply(200, json.dumps(told).encode())


def _find(central: Central, path: str, form: Form) -> Told:
    wanted = {name: fold(value) for name, value in form.items() if name not in ("token", "app")}
    rows = []
    for person, subscriber in central.everybody():
        if _is_wanted(subscriber, wanted):
            rows += _contract_rows(person, subscriber)
    return {"contratos" if path.startswith("consulta") else "clientes": rows}


def _is_wanted(subscriber: Subscriber, wanted: dict[str, str]) -> bool:
    return any(
        (
            wanted.get("cpfcnpj") == fold(subscriber.document),
            bool(wanted.get("nome")) and wanted.get("nome", "") in fold(subscriber.name),
            bool(wanted.get("telefone")) and digits(wanted.get("telefone", "")) == subscriber.phone,
            any(contract.id == wanted.get("contrato") for contract in subscriber.contracts),
        )
    )


def _contract_rows(person: Person, subscriber: Subscriber) -> list[Told]:
    return [
        {
            "contratoId": int(contract.id),
            "clienteId": int(subscriber.id),
            "razaoSocial": subscriber.name,
            "cpfCnpj": subscriber.document,
            "telefone": subscriber.phone,
            "servico_plano": contract.plan,
            "contratoStatusDisplay": _WORDS[contract.state],
            "servico_login": ",".join(contract.logins),
            "terminais": list(contract.terminals),
            "contratoCentralSenha": person.secrets["senha"],
            "servico_senha": person.secrets.get("pppoe_senha", "segredo"),
        }
        for contract in subscriber.contracts
    ]


def _contracts(central: Central, person: Person, subscriber: Subscriber, form: Form) -> Told:
    return {"contratos": _contract_rows(person, subscriber)}


def _bills(central: Central, person: Person, subscriber: Subscriber, form: Form) -> Told:
    state = _STATES.get(form.get("status", ""))
    return {"titulos": [_bill_row(bill) for bill in central.bills(person) if bill.state is state]}


def _bill_row(bill: Bill) -> Told:
    return {
        "id": int(bill.id),
        "numeroDocumento": bill.number,
        "nossoNumero": bill.our_number,
        "demonstrativo": bill.description,
        "contrato": int(bill.contract),
        "portador": bill.charge.replace("direct_debit", "Débito automático"),
        "valor": reais(bill.face),
        "valorCorrigido": reais(bill.amount),
        "dataVencimento": _day(bill.due),
        "dataPagamento": _day(bill.paid_on),
        "valorPago": reais(bill.paid),
        "formaPagamento": bill.how,
    }


def _slip(central: Central, person: Person, subscriber: Subscriber, form: Form) -> Told:
    key = form.get("fatura", "")
    copy = person.dossier.copies.get(key)
    if copy is None:
        return {"links": []}
    row = {"fatura": int(key), "linhadigitavel": copy.line, "vencimento": _day(copy.due)}
    row |= {"valor": reais(copy.amount), "link": f"https://provedor.treinamento.example/boleto/{key}"}
    return {"links": [row]}


def _notes(model: str) -> "Service":
    def listed(central: Central, person: Person, subscriber: Subscriber, form: Form) -> Told:
        rows = [
            {
                "id": int(note.id),
                "modelo": note.model,
                "numero": note.number,
                "serie": note.series,
                "chave": note.key,
                "dataEmissao": _day(note.issued),
                "valor": reais(note.amount),
                "status": note.status,
            }
            for note in person.dossier.notes
            if (note.model == "62") == (model == "62")
        ]
        return {"nfcom" if model == "62" else "notas": rows}

    return listed


def _print(person: Person, key: str, form: Form) -> Reply:
    content = person.dossier.files.get(key)
    if content is None or form.get("tipo") != "xml":
        return _json({"status": 0, "msg": "Nota não encontrada"})
    return Reply(200, content, "application/xml")


def _usage(central: Central, person: Person, subscriber: Subscriber, form: Form) -> Told:
    month = (form.get("ano"), form.get("mes"))
    rows = []
    for one in person.sessions:
        start, end = one.start.astimezone(ZONE), (one.end or central.now).astimezone(ZONE)
        months = {(str(at.year), str(at.month)) for at in (start, end)}
        if month in months:
            told = {"login": one.login, "inicio": _hour(one.start), "fim": _hour(one.end)}
            told |= {"atualizado": _hour(one.updated), "ip": one.address, "mac": one.mac, "causa": one.cause}
            rows.append({**told, "upload": str(one.upload), "download": str(one.download)})
    return {"extrato": rows}


def _promise(central: Central, person: Person, subscriber: Subscriber, form: Form) -> Told:
    contract = subscriber.contract(form.get("contrato", ""))
    if contract is None or contract.state is not ContractState.SUSPENDED:
        return {"status": 0, "liberado": False, "msg": "O contrato não está suspenso"}
    login = contract.logins[0] if contract.logins else ""
    if central.promised(contract.id) >= person.promises:
        words = f"Login {login}: já atingiu quantidade permitida de promessas no mês"
        return {"status": 2, "liberado": False, "msg": words}
    row = central.enable(contract.id)
    liberado: object = row.word or True
    told = {"status": 1, "liberado": liberado, "liberado_dias": 3, "protocolo": row.ref}
    return {**told, "msg": f"Liberado o login {login} por 3 dias"}


def _tickets(central: Central, person: Person, subscriber: Subscriber, form: Form) -> Told:
    rows = []
    for ticket in person.dossier.tickets:
        events = person.dossier.events.get(ticket.id, ())
        entries = [{"data": _hour(one.at), "usuario": one.author, "texto": one.text} for one in events]
        told = {"id": int(ticket.id), "protocolo": ticket.protocol, "dataAbertura": _hour(ticket.opened)}
        told |= {"conteudo": ticket.description, "tipo": ticket.kind, "status": ticket.status}
        told |= {"contatos": list(ticket.contacts), "dataFechamento": _hour(ticket.closed)}
        rows.append({**told, "solucao": ticket.solution, "ocorrencias": entries})
    return {"chamados": rows}


Service = Callable[[Central, Person, Subscriber, Form], Told]
_SERVICES: dict[str, Service] = {
    "contratos": _contracts,
    "titulos": _bills,
    "fatura2via": _slip,
    "notafiscal/list": _notes(""),
    "nfcom/list": _notes("62"),
    "extratouso": _usage,
    "promessapagamento": _promise,
    "chamado/list": _tickets,
}


def _day(on: date | None) -> str:
    return on.strftime("%d/%m/%Y") if on else ""


def _hour(at: datetime | None) -> str:
    return at.astimezone(ZONE).strftime("%d/%m/%Y %H:%M:%S") if at else ""
