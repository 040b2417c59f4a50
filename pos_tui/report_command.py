"""`pos-tui report NAME --period P | --from D --to D [--csv FILE|--print]`, for each report there is."""

import argparse
import sys
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

from pos_tui.arguments import parser
from pos_tui.config import load
from pos_tui.domain.errors import RuleError
from pos_tui.exits import Exit
from pos_tui.reports.definition import Asked, Definition
from pos_tui.reports.periods import Preset, days_of, span
from pos_tui.reports.registry import REPORTS, find
from pos_tui.till import Till

EXAMPLES = """exemplos:
  pos-tui report vendas --period ontem
  pos-tui report recargas --from 01/05/2021 --to 18/05/2021 --csv maio.csv
  pos-tui report comissoes --period mes-passado --print"""


def read_day(text: str) -> date:
    """Read `18/05/2021` or `2021-05-18`. Raises ValueError."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return datetime.strptime(text, "%d/%m/%Y").date()  # noqa: DTZ007  a day has no zone


def options() -> argparse.ArgumentParser:
    """Return the parser: a sub-command for each report, with the filters it has."""
    top = parser("report", "Relatórios do caixa.", EXAMPLES)
    names = top.add_subparsers(dest="name", metavar="RELATÓRIO", required=True, title="relatórios")
    for report in REPORTS:
        _add_report(names.add_parser(report.name, help=report.about, description=report.about), report)
    return top


def _add_report(parser: argparse.ArgumentParser, report: Definition) -> None:
    day = {"metavar": "DIA", "type": _day}
    parser.add_argument("--from", dest="since", help="primeiro dia: 01/05/2021 ou 2021-05-01", **day)  # type: ignore[arg-type]
    parser.add_argument("--to", dest="until", help="último dia, incluído; sem ele, hoje", **day)  # type: ignore[arg-type]
    words = "período com nome, no lugar dos dias; sem nada, hoje"
    parser.add_argument("--period", choices=[preset.value for preset in Preset], help=words)
    for one in report.filters:
        values = [choice.key for choice in one.choices] or None
        shown = None if values else "VALOR"
        kind = _number if one.number else str
        words = f"só: {one.label.lower()}"
        parser.add_argument(f"--{one.name}", choices=values, metavar=shown, type=kind, help=words)
    where = parser.add_mutually_exclusive_group()
    where.add_argument("--csv", type=Path, metavar="ARQUIVO", help="grava em CSV (separado por ;)")
    where.add_argument("--print", action="store_true", help="imprime no caixa")


def _day(text: str) -> date:
    try:
        return read_day(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} não é um dia: use dd/mm/aaaa") from None


def _number(text: str) -> str:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r} não é um número")
    return text


def main(argv: Sequence[str], config: Path | None) -> int:
    """Make the report.

    Raises:
        PosError: it could not be read, written or printed.
    """
    chosen = options().parse_args(argv)
    report = find(chosen.name)
    till = Till.beside(load(config))
    try:
        asked = _asked(chosen, report, till)
        if chosen.print:
            till.reports.print(report, asked)
            sys.stdout.write("Relatório na fila de impressão do caixa.\n")
        elif chosen.csv:
            for _ in till.reports.write_csv(report, asked, chosen.csv):
                pass
        else:
            sys.stdout.writelines(f"{line}\n" for line in till.reports.text(report, asked))
    finally:
        till.close()
    return Exit.OK


def _asked(chosen: argparse.Namespace, report: Definition, till: Till) -> Asked:
    today = till.now().date()
    first, last = days_of(Preset(chosen.period or Preset.TODAY), today)
    if chosen.since or chosen.until:
        if chosen.period:
            raise RuleError("Escolha --period ou os dias (--from e --to), não os dois.")
        first, last = chosen.since or chosen.until, chosen.until or today
    if last < first:
        raise RuleError("O fim do período vem antes do começo.")
    values = {one.name: getattr(chosen, one.name) for one in report.filters}
    filters = {name: str(value) for name, value in values.items() if value}
    return Asked(*span(first, last, till.context.zone), filters)
