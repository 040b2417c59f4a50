"""Filters that several reports share."""

from pos_tui.reports.definition import Filter
from pos_tui.store import reports

SELLER = Filter("seller", "Vendedor", found=reports.sellers)
BRANCH = Filter("branch", "Filial", found=reports.branches)
TILL = Filter("till", "Caixa nº", found=reports.tills, number=True)
