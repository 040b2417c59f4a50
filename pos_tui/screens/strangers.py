"""Pendings at the provider that fit no sale of ours, as rows of the list of pendings."""

from pos_tui.domain.money import format_brl
from pos_tui.services.sweeping import Stranger
from pos_tui.till import Till
from pos_tui.widgets.line_list import Row

REMOTE = "remote:"
"""Begins the key of such a row."""


def stranger_row(stranger: Stranger) -> Row:
    """One row among the sales."""
    told = stranger.standing
    cells = (
        "–",
        "",
        "",
        "",
        told.line or told.key,
        "",
        stranger.short_words,
        "Ver",
    )
    return Row(f"{REMOTE}{told.key}", cells, "pending")


def stranger_words(stranger: Stranger, till: Till) -> list[str]:
    """What it is and what to do about it."""
    told, ours = stranger.standing, stranger.ours
    codes = [("Compra", told.key), ("Protocolo", told.provider_ref), ("NSU", told.nsu), ("Linha", told.line)]
    lines = [
        f"{stranger.words}.",
        " · ".join(f"{name} {code}" for name, code in codes if code),
        f"Valor: {format_brl(told.face)}." if told.face else "",
        "Ocupa uma pendência na operadora e nada foi creditado por este programa.",
    ]
    if ours is None:
        lines.append(
            "Pode ser de outro sistema da loja. Não refaça nenhuma venda por causa dela: anote os códigos e "
            "peça ao suporte que a confirme ou cancele."
        )
    else:
        sale = f"venda {ours.sale_number}" if ours.sale_number else "venda não salva"
        lines.append(f"Aqui: {ours.words}, {sale}, caixa {ours.till}. Peça ao suporte que confira.")
    lines.append("Suporte: " + " · ".join(till.config.topup.contacts) + ".")
    return [line for line in lines if line]
