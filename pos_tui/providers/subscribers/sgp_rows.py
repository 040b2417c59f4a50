"""SGP's rows as the desk knows them. Only the fields named here are read: rows hold passwords."""

from datetime import UTC, datetime, timedelta, tzinfo

from pos_tui.domain.subscriber import (
    Bill,
    BillState,
    Contract,
    Note,
    SecondCopy,
    Subscriber,
    Ticket,
    TicketEvent,
)
from pos_tui.domain.usage import Session
from pos_tui.domain.values import replace
from pos_tui.providers.safe_json import JsonObject
from pos_tui.providers.subscribers.reading import (
    charge_of,
    contract_state,
    count,
    day,
    document_of,
    instant,
    money,
    phone_of,
    pick,
    texts_of,
)

_SECONDS = timedelta(seconds=1)


def subscribers(found: list[JsonObject]) -> tuple[Subscriber, ...]:
    """Gather rows of contracts, or of customers with contracts, by document."""
    known: dict[str, Subscriber] = {}
    for row in found:
        document = document_of(pick(row, "cpfCnpj", "cpfcnpj", "documento"))
        key = document or pick(row, "clienteId", "cliente_id", "id")
        if not key:
            continue
        one = known.get(key) or Subscriber(
            key, pick(row, "razaoSocial", "nome"), document, phone_of(pick(row, "telefone", "celular"))
        )
        nested = row.get("contratos")
        rows = [inner for inner in nested if isinstance(inner, dict)] if isinstance(nested, list) else [row]
        known[key] = replace(one, contracts=one.contracts + contracts(rows))
    return tuple(known.values())


def contracts(found: list[JsonObject]) -> tuple[Contract, ...]:
    """Read contracts; the number stands under different names in test and collection."""
    return tuple(
        Contract(
            id=pick(row, "contratoId", "contrato", "id"),
            plan=pick(row, "servico_plano", "planointernet", "plano"),
            state=contract_state(pick(row, "contratoStatusDisplay", "status_display", "status")),
            terminals=texts_of(row.get("terminais") or row.get("telefonia")),
            logins=texts_of(row.get("servico_login") or row.get("logins")),
        )
        for row in found
        if pick(row, "contratoId", "contrato", "id")
    )


def bill(row: JsonObject, state: BillState) -> Bill | None:
    """Read a row of `titulos`; the corrected value is the ERP's, never ours."""
    key = pick(row, "id", "titulo")
    if not key:
        return None
    face = money(pick(row, "valor"))
    return Bill(
        id=key,
        due=day(pick(row, "dataVencimento", "vencimento")),
        amount=money(pick(row, "valorCorrigido", "valor_corrigido")) or face,
        state=state,
        face=face,
        number=pick(row, "numeroDocumento", "numero_documento"),
        our_number=pick(row, "nossoNumero", "nosso_numero"),
        description=pick(row, "demonstrativo", "descricao"),
        contract=pick(row, "contrato", "contratoId"),
        charge=charge_of(pick(row, "portador", "formaCobranca")),
        paid_on=day(pick(row, "dataPagamento", "data_pagamento")),
        paid=money(pick(row, "valorPago", "valor_pago")),
        how=pick(row, "formaPagamento"),
    )


def is_bill(row: JsonObject, key: str) -> bool:
    """Whether a row of `fatura2via` is of this bill."""
    return pick(row, "fatura", "id", "titulo") == key


def second_copy(row: JsonObject) -> SecondCopy:
    """Read a row of `fatura2via`."""
    return SecondCopy(
        line=pick(row, "linhadigitavel", "linhaDigitavel", "linha_digitavel"),
        pix=pick(row, "codigopix", "codigoPix"),
        due=day(pick(row, "vencimento", "vencimento_atualizado")),
        amount=money(pick(row, "valor", "valorCorrigido")),
        link=pick(row, "link"),
    )


def with_pix(slip: SecondCopy, code: str) -> SecondCopy:
    """Add the Pix code."""
    return replace(slip, pix=code)


def note(row: JsonObject, model: str) -> Note | None:
    """Read a row of `notafiscal/list` or `nfcom/list`."""
    key = pick(row, "id")
    if not key:
        return None
    return Note(
        id=key,
        model=model or pick(row, "modelo"),
        number=pick(row, "numero"),
        key="".join(pick(row, "chave", "chaveAcesso").split()),
        issued=day(pick(row, "dataEmissao", "data_emissao")),
        amount=money(pick(row, "valor", "valorTotal")),
        series=pick(row, "serie"),
        status=pick(row, "statusDisplay", "status"),
    )


def session(row: JsonObject, zone: tzinfo) -> Session | None:
    """Read a row of `extratouso`."""
    start = instant(pick(row, "inicio", "acctstarttime"), zone)
    if start is None:
        return None
    seconds = count(pick(row, "intervalo", "acctinterval"))
    return Session(
        login=pick(row, "login", "username"),
        start=start,
        end=instant(pick(row, "fim", "acctstoptime"), zone),
        updated=instant(pick(row, "atualizado", "acctupdatetime"), zone),
        interval=seconds * _SECONDS or None,
        upload=count(pick(row, "upload", "acctinputoctets")),
        download=count(pick(row, "download", "acctoutputoctets")),
        address=pick(row, "ip", "framedipaddress"),
        mac=pick(row, "mac", "callingstationid"),
        cause=pick(row, "causa", "acctterminatecause"),
    )


def is_ticket(row: JsonObject, key: str) -> bool:
    """Whether a row is this ticket."""
    return pick(row, "id", "numero") == key


def ticket(row: JsonObject, zone: tzinfo) -> Ticket | None:
    """Read a row of `chamado/list`."""
    opened = instant(pick(row, "dataAbertura", "data_cadastro", "abertura"), zone)
    key = pick(row, "id", "numero")
    if opened is None or not key:
        return None
    return Ticket(
        id=key,
        protocol=pick(row, "protocolo") or key,
        opened=opened,
        description=pick(row, "conteudo", "descricao", "assunto"),
        kind=pick(row, "tipo", "ocorrenciatipo"),
        status=pick(row, "statusDisplay", "status"),
        contacts=texts_of(row.get("contatos") or row.get("contato")),
        closed=instant(pick(row, "dataFechamento", "encerramento"), zone),
        solution=pick(row, "solucao"),
    )


def ticket_event(row: JsonObject, zone: tzinfo) -> TicketEvent | None:
    """Read one entry of a ticket."""
    at = instant(pick(row, "data", "dataHora"), zone) or datetime.fromtimestamp(0, UTC)
    return TicketEvent(at, pick(row, "usuario", "autor"), pick(row, "texto", "descricao"))
