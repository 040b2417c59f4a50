"""The invented subscribers of training: every gate, state and trap of seed 4 is met among them.

Dates hang on the day they are asked for, so that something is always overdue and something still falls due.
"""

from datetime import UTC, date, datetime, timedelta

from msgspec import Struct, field

from pos_tui.domain.boleto import bar_code, line_of
from pos_tui.domain.fiscal import check_digit
from pos_tui.domain.pix import DynamicPix
from pos_tui.domain.subscriber import (
    Bill,
    BillState,
    Charge,
    Contract,
    ContractState,
    Dossier,
    Note,
    SecondCopy,
    Subscriber,
    Ticket,
    TicketEvent,
)
from pos_tui.domain.usage import Session

PASSWORD = "1234"  # noqa: S105 - everybody's in the invented world
BENEFICIARY, CNPJ = "Provedor Treinamento", "12ABC34501DE35"
"""The invented provider; its CNPJ has letters."""
A, S, C = ContractState.ACTIVE, ContractState.SUSPENDED, ContractState.CANCELLED

HOSTILE = "Robert'); DROP TABLE clientes;-- [bold]\x1b[31mSouza\u202e"
"""A name as hostile as names come."""


class Person(Struct, frozen=True):
    """One invented subscriber."""

    dossier: Dossier
    sessions: tuple[Session, ...] = ()
    promises: int = 1
    """How often a provisional enabling is granted."""
    secrets: dict[str, str] = field(default_factory=lambda: {"senha": PASSWORD})
    """What careless ERPs put into rows."""


def people(today: date) -> tuple[Person, ...]:
    """Everybody, as things stand on a day."""
    return (_jose(today), _company(today), _suspended(today), _gone(today))


def _jose(today: date) -> Person:
    contracts = (
        Contract("101", "Fibra 500 + Voz", A, ("6733210010",), ("jose.silva",)),
        Contract("102", "Fibra 100 Chácara", S, (), ("jose.chacara",)),
    )
    bills = (
        _bill("1001", today - timedelta(15), 12990, "101", interest=1290, description="Mensalidade"),
        _bill("1002", today + timedelta(10), 12990, "101", description="Mensalidade"),
        _bill("1003", today + timedelta(40), 7990, "102", description="Mensalidade Chácara"),
        _bill(
            "1004", today + timedelta(5), 3000, "101", charge=Charge.DIRECT_DEBIT, description="Ponto extra"
        ),
        _paid("1000", today - timedelta(45), 12990, "101"),
    )
    copies = {bill.id: _copy(bill) for bill in bills if bill.state is BillState.OPEN and bill.id != "1004"}
    # What ERPs really send now and then: a line whose first field does not add up.
    copies["1003"] = SecondCopy(line=_spoilt(copies["1003"].line), pix=copies["1003"].pix)
    nfcom = _nfcom(today - timedelta(20), 321, 12990)
    notes = (
        Note("7001", "62", "321", nfcom, today - timedelta(20), 12990, "1", "Autorizada"),
        Note(
            "7000",
            "21",
            "87",
            "d41d8cd98f00b204e9800998ecf8427e",
            today - timedelta(400),
            9990,
            "U",
            "Normal",
        ),
    )
    files = {"7001": nfcom_xml(nfcom, today - timedelta(20), 321, 12990)}
    tickets, events = _tickets(today)
    person = Subscriber("10", "José Aparecido da Silva", "52998224725", "67999990010", contracts)
    dossier = Dossier(person, bills, copies, notes, files, tickets, events)
    return Person(dossier, _sessions(today), secrets={"senha": PASSWORD, "pppoe_senha": "segredo-pppoe"})


def _company(today: date) -> Person:
    contracts = (Contract("111", "Link dedicado 1 GB", A, (), ("conceicao.link",)),)
    bills = (_bill("1101", today + timedelta(3), 149900, "111", description="Link dedicado"),)
    company = Subscriber("11", "Conceição & Filhos Ltda", "11222333000181", "6733210011", contracts)
    return Person(Dossier(company, bills, {"1101": _copy(bills[0])}))


def _suspended(today: date) -> Person:
    contracts = (Contract("121", "Fibra 200 + Voz", S, ("6733210012",), ("maria.souza",)),)
    bills = (_bill("1201", today - timedelta(40), 9990, "121", interest=550, description="Mensalidade"),)
    maria = Subscriber("12", "Maria Aparecida Souza", "39053344705", "67999990012", contracts)
    return Person(Dossier(maria, bills, {"1201": _copy(bills[0])}), promises=0)


def _gone(today: date) -> Person:
    contracts = (Contract("131", "Rádio 10", C),)
    gone = Subscriber("13", HOSTILE, "11144477735", "67999990013", contracts)
    return Person(Dossier(gone))


def _bill(
    key: str,
    due: date,
    face: int,
    contract: str,
    *,
    interest: int = 0,
    charge: Charge = Charge.SLIP,
    description: str = "",
) -> Bill:
    return Bill(
        id=key,
        due=due,
        amount=face + interest,
        state=BillState.OPEN,
        face=face,
        number=f"{key}/1",
        our_number=f"00{key}",
        description=description,
        contract=contract,
        charge=charge,
    )


def _paid(key: str, due: date, face: int, contract: str) -> Bill:
    return Bill(
        id=key,
        due=due,
        amount=face,
        state=BillState.SETTLED,
        face=face,
        number=f"{key}/1",
        our_number=f"00{key}",
        description="Mensalidade",
        contract=contract,
        paid_on=due,
        paid=face,
        how="Dinheiro",
    )


def _copy(bill: Bill) -> SecondCopy:
    """A new slip: an overdue one has the provider's own sum and is good until tomorrow's tomorrow."""
    assert bill.due is not None
    due = bill.due if bill.amount == bill.face else bill.due + timedelta(60)
    line = line_of(bar_code("001", due, bill.amount, f"00000012345670{bill.id:0>9}17"))
    pix = DynamicPix(f"pix.treinamento.example/cobv/{bill.id}", "PROVEDOR TREINO", "CAMPO GRANDE").payload()
    return SecondCopy(line, pix, due, bill.amount, BENEFICIARY, CNPJ)


def _spoilt(line: str) -> str:
    return line[:9] + str((int(line[9]) + 1) % 10) + line[10:]


def _nfcom(issued: date, number: int, amount: int) -> str:
    body = f"50{issued:%y%m}{CNPJ}62001{number:09d}10{amount:07d}"
    return body + check_digit(body)


def nfcom_xml(key: str, issued: date, number: int, amount: int) -> bytes:
    """A small note of model 62, in one line as authorised notes come."""
    total = f"{amount // 100}.{amount % 100:02d}"
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<nfcomProc xmlns="http://www.portalfiscal.inf.br/nfcom" versao="1.00"><NFCom>'
        f'<infNFCom versao="1.00" Id="NFCom{key}"><ide><cUF>50</cUF><mod>62</mod><serie>1</serie>'
        f"<nNF>{number}</nNF><dhEmi>{issued:%Y-%m-%d}T08:00:00-04:00</dhEmi></ide>"
        f"<emit><CNPJ>{CNPJ}</CNPJ><xNome>{BENEFICIARY}</xNome></emit>"
        "<dest><xNome>José Aparecido da Silva</xNome><CPF>52998224725</CPF></dest>"
        "<assinante><iCodAssinante>10</iCodAssinante><nContrato>101</nContrato></assinante>"
        f'<det nItem="1"><prod><cProd>500</cProd><xProd>Fibra 500</xProd><qFaturada>1.0000</qFaturada>'
        f"<vItem>{total}</vItem><vProd>{total}</vProd></prod></det>"
        f"<total><vProd>{total}</vProd><vNF>{total}</vNF></total></infNFCom></NFCom>"
        f"<protNFCom><infProt><chNFCom>{key}</chNFCom><cStat>100</cStat></infProt></protNFCom></nfcomProc>"
    ).encode()


def _tickets(today: date) -> tuple[tuple[Ticket, ...], dict[str, tuple[TicketEvent, ...]]]:
    def at(days: int, hour: int) -> datetime:
        return datetime(today.year, today.month, today.day, hour, tzinfo=UTC) - timedelta(days)

    tickets = (
        Ticket(
            "501", "20260001", at(3, 14), "Sem conexão desde cedo", "Suporte", "Aberto", ("Maria da Silva",)
        ),
        Ticket(
            "500",
            "20250977",
            at(60, 13),
            "Mudança de endereço",
            "Comercial",
            "Encerrado",
            ("José da Silva", "Maria da Silva"),
            at(55, 18),
            "Endereço novo instalado",
        ),
    )
    events = {
        "501": (
            TicketEvent(at(3, 14), "Suporte", "Cliente informa luz vermelha na ONU"),
            TicketEvent(at(2, 12), "Campo", "Visita marcada"),
        ),
        "500": (TicketEvent(at(55, 18), "Campo", "Instalado e testado"),),
    }
    return tickets, events


def _sessions(today: date) -> tuple[Session, ...]:
    now = datetime.now(UTC)
    midnight = datetime(today.year, today.month, today.day, 4, tzinfo=UTC)
    hour = timedelta(hours=1)
    return (
        Session(
            "jose.silva",
            midnight - 3 * hour,
            midnight + hour / 2,
            None,
            None,
            120_000_000,
            2_400_000_000,
            "100.64.0.10",
            "AA:BB:CC:00:00:10",
            "User-Request",
        ),
        Session("jose.silva", now - hour, None, now, None, 9_000_000, 88_000_000, "100.64.0.11"),
        Session("jose.chacara", midnight - 50 * hour, None, midnight - 49 * hour, None, 1000, 2000),
    )
