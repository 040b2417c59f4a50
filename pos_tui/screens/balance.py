"""Saldo e margem, for the supervisor."""

from pos_tui.domain.instants import show_second
from pos_tui.domain.money import format_brl
from pos_tui.services.offers import catalogue_age
from pos_tui.till import Till


def balance_lines(till: Till) -> list[str]:
    """Ask for the balance and reckon today's margin.

    Raises:
        PosError: the provider did not tell.
    """
    balance = till.offers.balance()
    at = show_second(till.context.now(), till.context.zone)
    sold, cost, unknown = till.reports.margin(*till.day())
    lines = [
        f"Saldo disponível na operadora: {format_brl(balance.available)} (lido às {at}).",
        f"Limite de crédito: {format_brl(balance.limit)}.",
        "",
        f"Recargas confirmadas nas vendas de hoje: {format_brl(sold)}.",
        f"Custo conhecido: {format_brl(cost)}. Margem: {format_brl(sold - unknown - cost)}.",
    ]
    if unknown:
        lines.append(f"Sem custo informado pela operadora, fora da margem: {format_brl(unknown)}.")
    known = till.offers.known
    if known is not None:
        lines.append(f"Valores: {catalogue_age(known.read_at, till.context)}.")
    return lines
