"""Writes `docs/topup-errors.md`: every code of every provider, its class, the words and the way on."""

import argparse
from collections.abc import Iterator
from pathlib import Path

from pos_tui.domain.outcome import RefusalClass
from pos_tui.providers.topup.codes import TABLES
from pos_tui.services.guidance import BROKEN_SERVICE, BY_CLASS, CUT_OFF, NOT_LEFT, Advice, advise

HEAD = """# Erros de recarga

Gerada de `pos_tui/providers/topup/codes.py` e `pos_tui/services/guidance.py` por `make errors`.

A classe decide o que o caixa pode fazer; o código só escolhe as palavras. Um código que não está aqui nunca
vira sucesso nem recusa: em reserva, confirmação e cancelamento fica *Pendente [verificar]* e é consultado.
"""


def error_page() -> str:
    """Return the whole page."""
    return "\n".join([HEAD, *_classes(), *_providers()])


def _classes() -> Iterator[str]:
    yield from ("## Classes", "", "| classe | erro | o que fazer | leva a |", "|---|---|---|---|")
    for reason, advice in BY_CLASS.items():
        yield _row(f"`{reason.value}`", *_cells(advice))
    yield _row("resposta que não se entende", *_cells(BROKEN_SERVICE))
    yield _row("sem classe, ou conexão perdida depois do envio", *_cells(CUT_OFF))
    yield _row("conexão falhou antes do envio", *_cells(NOT_LEFT))
    yield ""


def _providers() -> Iterator[str]:
    for table, codes in TABLES.items():
        yield from (f"## {table}", "", "| código | significado | classe | erro | o que fazer | leva a |")
        yield "|---|---|---|---|---|---|"
        provider = table.partition(" ")[0]
        for code, meaning in codes.items():
            advice = advise(provider, meaning.reason, code)
            yield _row(f"`{code}`", meaning.words, _class_name(meaning.reason), *_cells(advice))
        yield ""


def _class_name(reason: RefusalClass | None) -> str:
    return f"`{reason.value}`" if reason is not None else "incerto"


def _cells(advice: Advice) -> tuple[str, str, str]:
    return advice.error, advice.action, advice.leads_to.value


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def main() -> int:
    """Write or check the page: `python -m pos_tui.services.error_page [--check] FILE`."""
    parser = argparse.ArgumentParser()
    parser.add_argument("file", type=Path)
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    if not options.check:
        options.file.write_text(error_page(), "utf-8")
        return 0
    return 0 if options.file.read_text("utf-8") == error_page() else 1


if __name__ == "__main__":
    raise SystemExit(main())
