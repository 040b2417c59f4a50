"""Queries for the values last read from a provider."""

import json

from msgspec import to_builtins

from pos_tui.domain.topup import Offer
from pos_tui.store.database import Transaction
from pos_tui.store.models import CatalogueRow


def get(tx: Transaction, provider: str) -> tuple[tuple[Offer, ...], int] | None:
    """Return the offers last kept of a provider and when they were read, or None."""
    query = CatalogueRow.select(CatalogueRow.offers, CatalogueRow.read_at)
    row = tx.row(query.where(CatalogueRow.provider == provider))
    if row is None:
        return None
    offers = (Offer(**{**item, "ufs": frozenset(item["ufs"])}) for item in json.loads(row[0]))
    return tuple(offers), int(row[1])


def keep(tx: Transaction, provider: str, offers: tuple[Offer, ...], read_at: int) -> None:
    """Keep the offers of a provider in place of what was kept before."""
    text = json.dumps([{**to_builtins(offer), "ufs": sorted(offer.ufs)} for offer in offers])
    tx.run(CatalogueRow.delete().where(CatalogueRow.provider == provider))
    tx.insert(CatalogueRow, provider=provider, offers=text, read_at=read_at)
