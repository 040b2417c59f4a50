"""`pos-tui report NAME --from D --to D [--csv FILE|--print]`."""

import argparse
import sys
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from pathlib import Path

from pos_tui.arguments import parser
from pos_tui.config import load
from pos_tui.domain.errors import StoreError
from pos_tui.domain.instants import to_ms
from pos_tui.exits import Exit
from pos_tui.reports.report import as_csv, as_lines
from pos_tui.reports.topups import StatusFilter, TopUpFilter
from pos_tui.till import Till


def read_day(text: str) -> date:
    """Read `18/05/2021` or `2021-05-18`. Raises ValueError."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return datetime.strptime(text, "%d/%m/%Y").date()  # noqa: DTZ007  a day has no zone


def _options(argv: Sequence[str]) -> argparse.Namespace:
    asked = parser("report", "Relatórios do caixa.")
    asked.add_argument("name", choices=["recargas"], help="qual relatório")
    day = {"metavar": "DIA", "required": True, "type": _day}
    asked.add_argument("--from", dest="since", help="primeiro dia: 01/05/2021 ou 2021-05-01", **day)  # type: ignore[arg-type]
    asked.add_argument("--to", dest="until", help="último dia, incluído", **day)  # type: ignore[arg-type]
    asked.add_argument("--status", choices=[status.value for status in StatusFilter], default="todas")
    asked.add_argument("--seller", metavar="NOME", default="", help="só deste vendedor")
    asked.add_argument("--branch", metavar="NOME", default="", help="só desta filial")
    where = asked.add_mutually_exclusive_group()
    where.add_argument("--csv", type=Path, metavar="ARQUIVO", help="grava em CSV (separado por ;)")
    where.add_argument("--print", action="store_true", help="imprime no caixa")
    return asked.parse_args(argv)


def _day(text: str) -> date:
    try:
        return read_day(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} não é um dia: use dd/mm/aaaa") from None


def main(argv: Sequence[str], config: Path | None) -> int:
    """Make the report.

    Raises:
        PosError: it could not be read, written or printed.
    """
    options = _options(argv)
    till = Till.beside(load(config))
    try:
        zone = till.context.zone
        since = datetime.combine(options.since, datetime.min.time(), zone)
        until = datetime.combine(options.until + timedelta(days=1), datetime.min.time(), zone)
        status = StatusFilter(options.status)
        chosen = TopUpFilter(to_ms(since), to_ms(until), status, options.seller, options.branch)
        report = till.reports.topups(chosen)
        if options.print:
            till.reports.print(report)
            sys.stdout.write("Relatório na fila de impressão do caixa.\n")
        elif options.csv:
            _write(options.csv, as_csv(report))
        else:
            sys.stdout.write("\n".join(as_lines(report)) + "\n")
    finally:
        till.close()
    return Exit.OK


def _write(path: Path, text: str) -> None:
    try:
        # With its mark a spreadsheet reads the accents.
        path.write_text(text, "utf-8-sig", newline="")
    except OSError as error:
        raise StoreError(f"{path} não pôde ser gravado ({error.strerror}). Escolha outro lugar.") from error
