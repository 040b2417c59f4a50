"""RBX to practise with: both versions of its web services over the sandbox's ledger (D.3).

It is as strict as the real one about filters: what is not one of the few it knows is error 165.
"""

import base64
import json
import re
from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone

from pos_tui.domain.subscriber import Bill, BillState, ContractState, SecondCopy, Ticket
from pos_tui.domain.usage import Session, SessionState
from pos_tui.providers.amounts import reais
from pos_tui.providers.sandbox import KEY
from pos_tui.providers.sandbox.central import Central
from pos_tui.providers.sandbox.dialect import Desk, Reply, Request
from pos_tui.providers.sandbox.subscribers import Person

WIRE = "rbx"
V1 = "/rbx/routerbox/ws/rbx_server_json.php"
V2 = "/rbx/routerbox/ws_json/ws_json.php"
BASE = "/rbx"
ZONE = timezone(timedelta(hours=-4))
"""The invented provider keeps Campo Grande's time."""
_FILTERS = {
    "ConsultaDocumentosBaixados": re.compile(r"Movimento\.Tipo='C' AND Movimento\.Cliente=([0-9]+)"),
    "ConsultaAtendimentos": re.compile(r"Atendimentos\.Cliente='([0-9]+)'"),
    "ConsultaOcorrenciasAtendimentos": re.compile(r"Atendimento = ([0-9]+)"),
}
_OPERATIONS = {
    "authentication_validation": "token",
    "document_payment": "confirm",
    "contract_unblock": "reserve",
    "send_payment_notification": "reserve",
}


class _No(Exception):
    """The service answers with an error, in HTTP 200."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code, self.text = code, text


class RbxDialect:
    """RBX over the ledger."""

    name = WIRE

    def operation(self, request: Request) -> str | None:
        """Name what is asked; every question is a `status`."""
        if request.path not in (V1, V2):
            return None
        service, _ = _service(request)
        return _OPERATIONS.get(service, "status")

    def answer(self, operation: str, request: Request, desk: Desk) -> Reply:
        """Do it; an error is an answer with status 0."""
        service, asked = _service(request)
        old = request.path == V1
        try:
            _check_key(request, asked, old)
            central = Central(desk)
            result, word = _V1[service](central, asked) if old else _V2[service](central, asked)
        except _No as no:
            return _error(no, old)
        except KeyError:
            return _error(_No("99", "Servico inexistente"), old)
        told = {"status": word or (1 if old else "1"), "result": result}
        told |= {"erro_code": "", "erro_desc": ""} if old else {"error_code": "", "error_description": ""}
        return Reply(200, json.dumps(told).encode())


def _service(request: Request) -> tuple[str, dict[str, object]]:
    try:
        body = json.loads(request.body)
        ((service, asked),) = body.items()
    except (ValueError, AttributeError):
        return "", {}
    return service, asked if isinstance(asked, dict) else {}


def _check_key(request: Request, asked: dict[str, object], old: bool) -> None:
    inner = asked.get("Autenticacao")
    given = request.headers.get("authentication_key")
    if old:
        given = inner.get("ChaveIntegracao") if isinstance(inner, dict) else None
    if given != KEY:
        raise _No("97", "Chave de integracao invalida")


def _error(no: _No, old: bool) -> Reply:
    names = ("erro_code", "erro_desc") if old else ("error_code", "error_description")
    return Reply(200, json.dumps({"status": 0, names[0]: no.code, names[1]: no.text}).encode())


Found = tuple[object, str]
"""A result, and the word that a fault says instead of status 1."""


def _whole(asked: dict[str, object], name: str) -> str:
    value = asked.get(name)
    if type(value) is not int:
        raise _No("12", f"Parametro invalido: {name}")
    return str(value)


def _person(central: Central, key: str) -> Person:
    found = central.by_id(key)
    if found is None:
        raise _No("1", "A consulta nao retornou resultados")
    return found[0]


def _filtered(service: str, asked: dict[str, object]) -> str:
    found = _FILTERS[service].fullmatch(str(asked.get("Filtro", "")))
    if found is None:
        raise _No("165", "Erro no filtro informado")
    return found[1]


def _or_nothing(rows: list[dict[str, object]]) -> Found:
    if not rows:
        raise _No("1", "A consulta nao retornou resultados")
    return rows, ""


# Version 1


def _settled(central: Central, asked: dict[str, object]) -> Found:
    person = _person(central, _filtered("ConsultaDocumentosBaixados", asked))
    rows = [_settled_row(bill) for bill in central.bills(person) if bill.state is BillState.SETTLED]
    return _or_nothing(rows)


def _settled_row(bill: Bill) -> dict[str, object]:
    return {
        "Documento": bill.id,
        "NossoNumero": bill.our_number,
        "DataVencimento": _day(bill.due),
        "DataBaixa": _day(bill.paid_on),
        "Motivo": "Recebimento",
        "FormaPagto": bill.how,
        "ValorOriginal": reais(bill.face),
        "ValorBaixado": reais(bill.paid),
    }


def _tickets(central: Central, asked: dict[str, object]) -> Found:
    person = _person(central, _filtered("ConsultaAtendimentos", asked))
    return _or_nothing([_ticket_row(ticket) for ticket in person.dossier.tickets])


def _ticket_row(ticket: Ticket) -> dict[str, object]:
    return {
        "Numero": ticket.id,
        "Protocolo": ticket.protocol,
        "Abertura_DataHora": _hour(ticket.opened),
        "Situacao_OS": ticket.status,
        "Assunto": ticket.description,
        "Tipo": ticket.kind,
        "Contato": ticket.contacts[0] if ticket.contacts else "",
        "Encerramento_DataHora": _hour(ticket.closed),
        "Solucao": ticket.solution,
        "Senha_Usuario": "nao-mostrar",
    }


def _history(central: Central, asked: dict[str, object]) -> Found:
    key = _filtered("ConsultaOcorrenciasAtendimentos", asked)
    events = [event for person, _ in central.everybody() for event in person.dossier.events.get(key, ())]
    return _or_nothing(
        [{"DataHora": _hour(event.at), "Usuario": event.author, "Descricao": event.text} for event in events]
    )


# Version 2


def _enter(central: Central, asked: dict[str, object]) -> Found:
    found = central.by_document(str(asked.get("user", "")), str(asked.get("password", "")))
    if found is None:
        raise _No("10", "Usuario ou senha invalidos")
    subscriber = found[1]
    return {"customer_id": int(subscriber.id), "customer_name": subscriber.name, "contract_status": "A"}, ""


def _unpaid(central: Central, asked: dict[str, object]) -> Found:
    person = _person(central, _whole(asked, "customer_id"))
    rows = [_open_row(bill) for bill in central.bills(person) if bill.state is BillState.OPEN]
    return _or_nothing(rows)


def _open_row(bill: Bill) -> dict[str, object]:
    kinds = {"direct_debit": "Débito automático", "card": "Cartão", "telephone": "Telefonia"}
    return {
        "id": int(bill.id),
        "due_date": _day(bill.due),
        "document_number": bill.number,
        "bank_number": bill.our_number,
        "charge_type": kinds.get(bill.charge, "Boleto"),
        "historic": bill.description,
        "value_init": reais(bill.face),
        "value_up": reais(bill.amount),
        "contracts": [bill.contract],
    }


def _billet(central: Central, asked: dict[str, object]) -> Found:
    key = _whole(asked, "document_id")
    _copy_of(central, key)
    pdf = base64.b64encode(b"%PDF-1.4\n% treinamento\n").decode()
    link = f"https://provedor.treinamento.example/boleto/{key}"
    return {"banking_billet_link": link, "banking_billet_available": 15, "banking_billet_base64": pdf}, ""


def _line(central: Central, asked: dict[str, object]) -> Found:
    return {"barcode": _copy_of(central, _whole(asked, "banking_billet_id")).line}, ""


def _pix(central: Central, asked: dict[str, object]) -> Found:
    return {"pix_copia_cola": _copy_of(central, _whole(asked, "document_id")).pix}, ""


def _copy_of(central: Central, key: str) -> SecondCopy:
    found = central.bill(key)
    copy = found[0].dossier.copies.get(key) if found else None
    if copy is None or (found and found[1].state is not BillState.OPEN):
        raise _No("14", "Documento sem boleto disponivel")
    return copy


def _extract(central: Central, asked: dict[str, object]) -> Found:
    person = _person(central, _whole(asked, "customer_id"))
    since, until = (_read_hour(asked.get(name)) for name in ("start_time", "stop_time"))
    rows = [
        _session_row(one)
        for one in person.sessions
        if one.start < until and (one.end is None or one.end >= since)
    ]
    return _or_nothing(rows)


def _session_row(one: Session) -> dict[str, object]:
    return {
        "username": one.login,
        "start_time": _hour(one.start),
        "stop_time": _hour(one.end),
        "octets_input": str(one.upload),
        "octets_output": str(one.download),
        "ipaddress": one.address,
        "mac": one.mac,
        "terminatecause": one.cause,
        "password": "segredo-pppoe",
    }


def _online(central: Central, asked: dict[str, object]) -> Found:
    person = _person(central, _whole(asked, "customer_id"))
    online = [one for one in person.sessions if one.state(central.now) is SessionState.OPEN]
    return _or_nothing([{"username": one.login} for one in online])


def _notes(central: Central, asked: dict[str, object]) -> Found:
    person = _person(central, _whole(asked, "customer_id"))
    return _or_nothing(
        [
            {
                "id": int(note.id),
                "model": note.model,
                "serial": note.series,
                "number": note.number,
                "access_key": note.key,
                "issue": _day(note.issued),
                "value": reais(note.amount),
                "status": note.status,
                "items": [],
            }
            for note in person.dossier.notes
        ]
    )


def _pay(central: Central, asked: dict[str, object]) -> Found:
    found = central.bill(_whole(asked, "document_id"))
    if found is None:
        raise _No("1", "A consulta nao retornou resultados")
    bill = found[1]
    if bill.state is not BillState.OPEN:
        raise _No("30", "Documento ja esta baixado")
    way = str(asked.get("payment_type"))
    receipt = asked.get("payment_receipt")
    number = str(receipt.get("document_number", "")) if isinstance(receipt, dict) else ""
    row = central.settle(bill, way, number, bill.amount)
    return {"document_id": central.named(row, bill), "payment_id": row.ref}, row.word


def _unblock(central: Central, asked: dict[str, object]) -> Found:
    found = central.by_id(_whole(asked, "customer_id"))
    contract = found[1].contract(_whole(asked, "contract_id")) if found else None
    if contract is None or contract.state is not ContractState.SUSPENDED:
        raise _No("10", "O contrato nao esta bloqueado")
    row = central.enable(contract.id)
    return {"message": "Contrato desbloqueado"}, row.word


def _notice(central: Central, asked: dict[str, object]) -> Found:
    row = central.notice(_whole(asked, "document_id"))
    if row is None:
        raise _No("21", "Pagamento ja informado para este documento")
    return {"ticket_id": row.ref, "message": "Aviso de pagamento registrado"}, row.word


Service = Callable[[Central, dict[str, object]], Found]
_V1: dict[str, Service] = {
    "ConsultaDocumentosBaixados": _settled,
    "ConsultaAtendimentos": _tickets,
    "ConsultaOcorrenciasAtendimentos": _history,
}
_V2: dict[str, Service] = {
    "authentication_validation": _enter,
    "get_unpaid_document": _unpaid,
    "get_banking_billet": _billet,
    "get_barcode": _line,
    "get_pix_copia_cola": _pix,
    "radius_extract": _extract,
    "get_online_customer": _online,
    "invoices_issued": _notes,
    "document_payment": _pay,
    "contract_unblock": _unblock,
    "send_payment_notification": _notice,
}


def _day(on: date | None) -> str:
    return on.isoformat() if on else "0000-00-00"


def _hour(at: datetime | None) -> str:
    return at.astimezone(ZONE).strftime("%Y-%m-%d %H:%M:%S") if at else ""


def _read_hour(value: object) -> datetime:
    try:
        return datetime.strptime(str(value), "%Y-%m-%d %H:%M:%S").replace(tzinfo=ZONE)
    except ValueError:
        raise _No("12", "Data invalida") from None
