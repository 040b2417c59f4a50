"""A TEF manager to practise with: its own process, working on the two folders of a till.

    python -m pos_tui.providers.sandbox.tef --req DIR --resp DIR --ledger FILE

It speaks INTPOS as real managers do, keeps a book of what customers paid, refuses what the book forbids, and
misbehaves on demand (see `tef_scenarios`). Source: facts/payments.md §2.
"""

import argparse
import os
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import NoReturn

from pos_tui.providers.sandbox import TEF_READY
from pos_tui.providers.sandbox import tef_answers as answers
from pos_tui.providers.sandbox.tef_ledger import Entry, EntryState, IllegalMove, TefLedger
from pos_tui.providers.sandbox.tef_scenarios import Scenario, choose
from pos_tui.providers.tef import fields as f
from pos_tui.providers.tef import folders
from pos_tui.providers.tef.codec import IntposError, IntposFile, encode
from pos_tui.providers.tef.fields import MANDATORY, STATUS_ONLY, Command
from pos_tui.providers.tef.folders import REPLY, REQUEST, STATUS

CRASHED = 70
"""Exit code of a crash that a scenario asked for."""
TAKEN = "intpos.tak"
"""A request that the till can no longer take back."""


class Manager:
    """Takes one request at a time."""

    def __init__(
        self,
        requests: Path,
        responses: Path,
        ledger: TefLedger,
        control: Path,
        ended: threading.Event,
        poll: float,
    ) -> None:
        self._requests = requests
        self._responses = responses
        self._ledger = ledger
        self._control = control
        self._ended = ended
        self._poll = poll
        self._unanswered: IntposFile | None = None
        ledger.undo_undelivered()

    def run(self) -> None:
        """Serve requests until told to end."""
        while not self._ended.wait(self._poll):
            self.step()

    def step(self) -> None:
        """Look once, and serve the request that lies there to its end."""
        seen = self._read(REQUEST)
        if seen is None:
            return
        command, request = seen
        scenario = choose(self._control, command, request.money(f.AMOUNT))
        if scenario is Scenario.IGNORE:
            self._until_gone(self._requests, REQUEST)
            return
        _crash_at(scenario, Scenario.CRASH_BEFORE_TAKING)
        # Under a name of its own first: what lies there now may be another request than the one just read.
        if not folders.rename(self._requests, REQUEST, TAKEN):
            return  # the till took it back first
        taken = self._read(TAKEN)
        folders.remove(self._requests, TAKEN)
        if taken is None:
            return
        if (taken[0], taken[1].operation) != (command, request.operation):
            command, request = taken
            scenario = choose(self._control, command, request.money(f.AMOUNT))
        _crash_at(scenario, Scenario.CRASH_BEFORE_STATUS)
        self._serve(command, request, scenario)

    def _pause(self, polls: int) -> None:
        self._ended.wait(polls * self._poll)

    def _until_gone(self, folder: Path, name: str) -> None:
        while folders.find(folder, name) is not None and not self._ended.is_set():
            self._pause(1)

    def _read(self, name: str) -> tuple[Command, IntposFile] | None:
        """Read a request; None while there is none. One that makes no sense is noted and taken away."""
        try:
            request = folders.read(self._requests, name)
            if request is None or request.operation is None:
                return None
            return Command(request.command), request
        except (IntposError, ValueError):
            folders.remove(self._requests, name)
            self._ledger.incident("pedido ilegível")
            return None

    def _serve(self, command: Command, request: IntposFile, scenario: Scenario) -> None:
        missing = [field for field in MANDATORY[command] if not request.has(field)]
        if missing:
            self._ledger.incident(f"{command} sem os campos {missing}")
            return
        if command in STATUS_ONLY and not self._settle(command, request, scenario):
            return
        if scenario is Scenario.NO_STATUS:
            return
        self._say_taken(command, request, scenario)
        _crash_at(scenario, Scenario.CRASH_AFTER_STATUS)
        if command in STATUS_ONLY:
            return
        if scenario is Scenario.SILENT:
            self._unanswered = request if command is Command.CRT else None
            return
        if scenario is Scenario.DELAY:
            self._pause(20)
        self._reply(command, request, scenario)

    def _say_taken(self, command: Command, request: IntposFile, scenario: Scenario) -> None:
        number = request.operation or 0
        if scenario is Scenario.WRONG_STATUS:
            other = encode({f.COMMAND: command.value, f.NUMBER: str(number + 1)})
            folders.publish(self._responses, STATUS, other)
            self._pause(4)
        folders.publish(self._responses, STATUS, encode({f.COMMAND: command.value, f.NUMBER: str(number)}))

    def _settle(self, command: Command, request: IntposFile, scenario: Scenario) -> bool:
        """Carry out CNF and NCN; what the book forbids is written down and not acknowledged."""
        if command is Command.ATV:
            return True
        state = EntryState.CONFIRMED if command is Command.CNF else EntryState.UNDONE
        try:
            self._ledger.settle(request.text(f.CONTROL), state)
        except IllegalMove:
            return False
        _crash_at(scenario, Scenario.CRASH_BEFORE_REPLY)
        return True

    def _reply(self, command: Command, request: IntposFile, scenario: Scenario) -> None:
        values, entry = self._answer(command, request, scenario)
        _crash_at(scenario, Scenario.CRASH_BEFORE_REPLY)
        named: answers.Fields = {f.COMMAND: command.value, f.NUMBER: str(request.operation), **values}
        if scenario is Scenario.STRANGER:
            nobodys = {f.NUMBER: f"9{request.operation:08}", f.CONTROL: "CTRL.NINGUEM", f.CONFIRMATION: "1"}
            self._answer_first(named | nobodys)
        if scenario is Scenario.OLDER and self._unanswered is not None:
            older, self._unanswered = self._unanswered, None
            told, sold = self._sale(older, Scenario.APPROVE, again=True)
            self._answer_first({f.COMMAND: Command.CRT.value, f.NUMBER: str(older.operation), **told})
            if sold is not None:
                self._ledger.deliver(sold.nsu)
        data = encode(named)
        if scenario is Scenario.PUNCTUATED:
            data = answers.punctuated(data)
        if scenario is Scenario.GARBAGE:
            data = data.replace(b"003-000 = ", b"003-000 = R$ ")
        if self._write_reply(data, scenario) and entry is not None:
            self._ledger.deliver(entry.nsu)
        _crash_at(scenario, Scenario.CRASH_AFTER_REPLY)

    def _answer_first(self, values: answers.Fields) -> None:
        folders.publish(self._responses, REPLY, encode(values))
        self._until_gone(self._responses, REPLY)

    def _write_reply(self, data: bytes, scenario: Scenario) -> bool:
        """Put the reply into the till's folder; False when it stops half-way for good."""
        if scenario in (Scenario.TRUNCATED, Scenario.SLOW_WRITE, Scenario.CRASH_INSIDE_REPLY):
            (self._responses / REPLY).write_bytes(data[: len(data) // 2])
            _crash_at(scenario, Scenario.CRASH_INSIDE_REPLY)
            self._pause(4)
        if scenario is Scenario.TRUNCATED:
            return False
        folders.publish(self._responses, REPLY, data)
        return True

    def _answer(
        self, command: Command, request: IntposFile, scenario: Scenario
    ) -> tuple[answers.Fields, Entry | None]:
        if scenario is Scenario.DENY:
            return answers.no("51", "SALDO INSUFICIENTE"), None
        if scenario is Scenario.ERROR:
            return answers.no("99", "ERRO NO SISTEMA"), None
        if scenario is Scenario.GAVE_UP:
            return answers.no("FF", "OPERACAO CANCELADA"), None
        match command:
            case Command.CRT:
                return self._sale(request, scenario)
            case Command.CNC:
                return self._cancelling(request, scenario)
            case Command.CDP:
                return answers.document(request), None
            case _:
                # The manager's menu is where a person lets go what the till never heard of.
                self._ledger.undo_undelivered()
                return answers.report(self._ledger.effect), None

    def _sale(
        self, request: IntposFile, scenario: Scenario, again: bool = False
    ) -> tuple[answers.Fields, Entry | None]:
        if self._ledger.pending() is not None and not again:
            self._ledger.incident(f"venda {request.operation} com operação pendente")
            return answers.no("90", "HA TRANSACAO PENDENTE"), None
        amounts = answers.Amounts.of(request.money(f.AMOUNT) or 0, scenario)
        final = scenario in (Scenario.FINAL, Scenario.NO_RECEIPTS)
        now = datetime.now(UTC).astimezone()
        date, time = now.strftime("%d%m%Y"), now.strftime("%H%M%S")
        entry = self._ledger.authorise(request.operation or 0, amounts.total, date, time, final)
        values = answers.yes(entry, scenario, "TRANSACAO APROVADA")
        values |= {field: str(amount) for field, amount in amounts.told.items()}
        values |= {f.OPERATION: "1", f.CARD_KIND: request.text(f.CARD_KIND).replace("0", "1") or "1"}
        values |= {f.FINANCING: request.text(f.FINANCING).replace("0", "1") or "1"}
        return values | answers.echoed(request, f.DOCUMENT, f.INSTALMENTS), entry

    def _cancelling(self, request: IntposFile, scenario: Scenario) -> tuple[answers.Fields, Entry | None]:
        amount, nsu = request.money(f.AMOUNT) or 0, request.text(f.NSU)
        named = request.text(f.RECEIPT_DATE), request.text(f.RECEIPT_TIME)
        if self._ledger.sale_to_cancel(nsu, amount, *named) is None:
            return answers.no("12", "VENDA NAO ENCONTRADA OU JA CANCELADA"), None
        final = scenario in (Scenario.FINAL, Scenario.NO_RECEIPTS)
        entry = self._ledger.authorise(request.operation or 0, amount, *named, final, cancels=nsu)
        values = answers.yes(entry, scenario, "CANCELAMENTO APROVADO")
        return values | {f.OPERATION: "51", f.ORIGINAL_NSU: nsu}, entry


def _crash_at(scenario: Scenario, point: Scenario) -> None:
    if scenario is point:
        _crash()


def _crash() -> NoReturn:
    # As a power cut would: nothing is flushed, no handler runs.
    os._exit(CRASHED)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="sandbox-tef", description="Gerenciador TEF de treinamento.")
    parser.add_argument("--req", type=Path, required=True, help="pasta em que o caixa grava os pedidos")
    parser.add_argument("--resp", type=Path, required=True, help="pasta em que o caixa lê as respostas")
    parser.add_argument("--ledger", type=Path, required=True, help="livro do gerenciador (JSON)")
    parser.add_argument("--control", type=Path, help="cenários, um 'COMANDO cenário' por linha")
    parser.add_argument("--poll", type=float, default=0.25, help="segundos entre duas olhadas na pasta")
    parser.add_argument(
        "--exit-with-parent", action="store_true", help="encerra quando a entrada padrão fecha"
    )
    return parser.parse_args()


def main() -> None:
    """Serve until the process is ended or, when asked, the end of standard input."""
    given = _arguments()
    for folder in (given.req, given.resp):
        folder.mkdir(parents=True, exist_ok=True)
    control = given.control or given.ledger.with_suffix(".control")
    ended = threading.Event()
    manager = Manager(given.req, given.resp, TefLedger(given.ledger), control, ended, given.poll)
    if given.exit_with_parent:
        threading.Thread(target=_end_with_input, args=(ended,), daemon=True).start()
    sys.stdout.write(f"{TEF_READY}\n")
    sys.stdout.flush()
    manager.run()


def _end_with_input(ended: threading.Event) -> None:
    # Not through sys.stdin, whose lock the interpreter wants back when it ends.
    while os.read(0, 1024):
        pass
    ended.set()


if __name__ == "__main__":
    main()
