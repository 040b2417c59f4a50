"""The files of Stone."""

from datetime import timedelta

from tests.statements.writers.record import (
    File,
    Happened,
    Listed,
    card_of,
    hour_of,
    parts_of,
)


def stone(file: File) -> bytes:
    """XML v2: captures with their disputes, and payments."""
    when = f"{file.day + timedelta(days=1):%Y%m%d}050000"
    out = [
        '<?xml version="1.0" encoding="utf-8"?>',
        "<Conciliation>",
        "<Header>",
        f"<GenerationDateTime>{when}</GenerationDateTime>",
        f"<StoneCode>{file.establishment}</StoneCode>",
        "<LayoutVersion>2.2</LayoutVersion>",
        "<FileId>202611240000000000000001</FileId>",
        f"<ReferenceDate>{file.day:%Y%m%d}</ReferenceDate>",
        "</Header>",
        "<FinancialTransactions>",
    ]
    disputes = {"cancelled", "chargeback", "chargeback_reversed"}
    for sale in file.sales:
        out += _stone_sale(sale, captured=True)
    for one in file.events:
        if one.what in disputes:
            out += _stone_sale(one.sale, captured=False, one=one)
    out += ["</FinancialTransactions>", "<FinancialTransactionsAccounts>"]
    for one in file.events:
        if one.what not in disputes:
            out += _stone_account(one)
    count = len(file.sales) + len(file.events)
    out += [
        "</FinancialTransactionsAccounts>",
        "<FinancialEvents><Event><EventId>1</EventId><Description>Aluguel</Description></Event></FinancialEvents>",
        "<Trailer>",
        f"<CapturedTransactionsQuantity>{count}</CapturedTransactionsQuantity>",
        "</Trailer>",
        "</Conciliation>",
    ]
    return ("\n".join(out) + "\n").encode()


def _money(centavos: int) -> str:
    return f"{centavos // 100}.{centavos % 100:02d}"


_STONE_BRANDS = {"visa": 1, "mastercard": 2, "elo": 171, "": 0}
_STONE_KINDS = {"debit": 1, "credit": 2, "voucher": 3}


def _stone_sale(sale: Listed, captured: bool, one: Happened | None = None) -> list[str]:
    when = f"{sale.day:%Y%m%d}{hour_of(sale.minute)}"
    out = [
        "<Transaction>",
        f"<Events><Captures>{int(captured)}</Captures></Events>",
        f"<AcquirerTransactionKey>{sale.nsu}</AcquirerTransactionKey>",
        f"<AuthorizationDateTime>{when}</AuthorizationDateTime>",
        f"<CaptureLocalDateTime>{when}</CaptureLocalDateTime>",
        f"<AccountType>{_STONE_KINDS[sale.modality]}</AccountType>",
        f"<InstallmentType>{2 if sale.instalments > 1 else 1}</InstallmentType>",
        f"<NumberOfInstallments>{sale.instalments}</NumberOfInstallments>",
        f"<AuthorizedAmount>{_money(sale.amount)}</AuthorizedAmount>",
        f"<CapturedAmount>{_money(sale.amount)}</CapturedAmount>",
        f"<IssuerAuthorizationCode>{sale.authorisation}</IssuerAuthorizationCode>",
        f"<BrandId>{_STONE_BRANDS[sale.brand]}</BrandId>",
        f"<CardNumber>{card_of(sale, 16)}</CardNumber>",
        f"<Poi><PoiType>3</PoiType><SerialNumber>{sale.terminal}</SerialNumber></Poi>",
    ]
    if one is not None and one.what == "cancelled":
        out += [
            "<Cancellations><Cancellation>",
            f"<CancellationDateTime>{one.day:%Y%m%d}120000</CancellationDateTime>",
            f"<ReturnedAmount>{_money(sale.amount)}</ReturnedAmount>",
            "</Cancellation></Cancellations>",
        ]
    out.append("<Installments>")
    for number, gross, fee in parts_of(sale):
        out += [
            "<Installment>",
            f"<InstallmentNumber>{number}</InstallmentNumber>",
            f"<GrossAmount>{_money(gross)}0000</GrossAmount>",
            f"<NetAmount>{_money(gross - fee)}0000</NetAmount>",
            *(_dispute(one, gross) if one is not None and number == 1 else []),
            "</Installment>",
        ]
    return [*out, "</Installments>", "</Transaction>"]


def _dispute(one: Happened, gross: int) -> list[str]:
    tag = {"chargeback": "Chargeback", "chargeback_reversed": "ChargebackRefund"}.get(one.what)
    day = f"{one.day:%Y%m%d}"
    return [f"<{tag}><Id>1</Id><Amount>{_money(gross)}</Amount><Date>{day}</Date></{tag}>"] if tag else []


def _stone_account(one: Happened) -> list[str]:
    sale = one.sale
    out = [
        "<Transaction>",
        f"<AcquirerTransactionKey>{sale.nsu}</AcquirerTransactionKey>",
        f"<NumberOfInstallments>{sale.instalments}</NumberOfInstallments>",
    ]
    if one.what == "refunded":
        out += [
            "<Cancellations><Cancellation><Billing>",
            f"<ChargedAmount>{_money(sale.amount)}</ChargedAmount>",
            f"<ChargeDate>{one.day:%Y%m%d}</ChargeDate>",
            "</Billing></Cancellation></Cancellations>",
        ]
        return [*out, "</Transaction>"]
    out.append("<Installments>")
    for number, gross, fee in parts_of(sale):
        early = "<AdvanceRateAmount>0.10</AdvanceRateAmount>" if one.what == "settled_early" else ""
        short = one.short if number == 1 else 0
        out.append(
            f"<Installment><InstallmentNumber>{number}</InstallmentNumber><GrossAmount>{_money(gross)}"
            f"</GrossAmount><NetAmount>{_money(gross - fee - short)}</NetAmount>{early}"
            f"<PaymentDate>{one.day:%Y%m%d}</PaymentDate></Installment>"
        )
    return [*out, "</Installments>", "</Transaction>"]
