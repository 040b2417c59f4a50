"""Filters that several reports share."""

from pos_tui.domain.reconciliation import ACQUIRER_WORDS
from pos_tui.reports.definition import Choice, Filter
from pos_tui.store import reports, values

SELLER = Filter("seller", "Vendedor", found=values.each_seller)
BRANCH = Filter("branch", "Filial", found=values.each_branch)
TILL = Filter("till", "Caixa nº", found=reports.tills, number=True)
ACQUIRER = Filter(
    "acquirer", "Adquirente", tuple(Choice(one.value, words) for one, words in ACQUIRER_WORDS.items())
)
