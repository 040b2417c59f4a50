"""Personal data of customers: what an erasure takes and what the law keeps (LGPD, Lei 13.709/2018).

The sale stays: it is the store's own book. Name, phone and e-mail go. CPF or CNPJ stays only while a fiscal
note (NF) that names it may be asked for: art. 16, I allows it, and the tax authority has five years,
counted from the first day of the year after the sale (CTN art. 173, I, and art. 195, sole paragraph).
"""

from datetime import date

ANONYMOUS = "Titular anonimizado"
"""Stands where the name stood."""
FISCAL_YEARS = 5


def fiscal_end(day: date) -> date:
    """Return the first day on which nobody may ask for a fiscal note of `day` any more."""
    return date(day.year + 1 + FISCAL_YEARS, 1, 1)


def kept_until(last_note: date | None, today: date) -> date | None:
    """Return until when the document of somebody must stay, None when it may go today."""
    if last_note is None:
        return None
    end = fiscal_end(last_note)
    return end if end > today else None
