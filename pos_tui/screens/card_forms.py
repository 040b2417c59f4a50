"""What the card desk asks, and what it tells of files."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, tzinfo

from pos_tui.domain.card_receipt import AcquirerSale, CardReceipt, Chosen, FileTold, Refused
from pos_tui.domain.errors import FieldError
from pos_tui.domain.instants import show
from pos_tui.domain.matching import Suggestion
from pos_tui.domain.money import format_money
from pos_tui.domain.people import why_not_reason
from pos_tui.domain.reconciliation import (
    ACQUIRER_WORDS,
    FEED_WORDS,
    OWNER_WORDS,
    WORDS,
    Acquirer,
    Feed,
    Owner,
    State,
    check_authorisation,
)
from pos_tui.domain.values import replace
from pos_tui.screens.days import check_day, check_order, parse_day
from pos_tui.services.card_remessa import LeftOut
from pos_tui.widgets.dialog import Answer, PromptDialog, Question
from pos_tui.widgets.fields import ChoiceField, DigitsField, Option, TextField, Value

ALL = "*"
_ACQUIRERS = tuple(one for one in Acquirer if one is not Acquirer.OTHER)


def _telling(check: Callable[[str], str]) -> Callable[[str], str | None]:
    """Say in the field what a rule has against it: what was typed stays there."""

    def problem(text: str) -> str | None:
        try:
            check(text)
        except FieldError as error:
            return error.message
        return None

    return problem


def reason_field() -> TextField:
    """Ask why."""
    hint = "Fica gravado com o seu nome."
    return TextField("reason", "Motivo", max_length=80, required=True, check=why_not_reason, hint=hint)


def filter_dialog(chosen: Chosen, branches: Iterable[str]) -> PromptDialog:
    """Ask for store, period, state and acquirer."""

    def not_before(until: str) -> str | None:
        return check_day(until) or check_order(dialog.form.text("since"), until)

    states = [State(one) for one in State if one is not State.OUTDATED]
    dialog = PromptDialog(
        "Filtrar recebimentos",
        [
            TextField("since", "De", max_length=10, required=True, check=check_day, hint="dd/mm/aaaa"),
            TextField("until", "Até", max_length=10, required=True, check=not_before, hint="dd/mm/aaaa"),
            ChoiceField("branch", "Filial", _with_all((name, name) for name in branches)),
            ChoiceField("state", "Situação", _with_all((one.value, WORDS[one]) for one in states)),
            ChoiceField(
                "acquirer", "Adquirente", _with_all((one.value, ACQUIRER_WORDS[one]) for one in Acquirer)
            ),
            ChoiceField(
                "owner",
                "Quem corrige",
                _with_all((one.value, OWNER_WORDS[one]) for one in Owner if one is not Owner.NOBODY),
            ),
        ],
    )
    dialog.form.set("since", f"{chosen.since:%d/%m/%Y}")
    dialog.form.set("until", f"{chosen.until:%d/%m/%Y}")
    for name in ("branch", "state", "acquirer", "owner"):
        dialog.form.set(name, getattr(chosen, name) or ALL)
    return dialog


def chosen_from(values: dict[str, Value], before: Chosen) -> Chosen:
    """Return what a filter dialog was answered."""
    picked = {name: str(values[name] or ALL) for name in ("branch", "state", "acquirer", "owner")}
    return replace(
        before,
        since=parse_day(str(values["since"])).date(),
        until=parse_day(str(values["until"])).date(),
        **{name: "" if value == ALL else value for name, value in picked.items()},
    )


def _with_all(options: Iterable[tuple[str, str]]) -> list[Option]:
    return [Option(ALL, "Todos"), *(Option(key, label) for key, label in options)]


def send_question(left: LeftOut) -> Question:
    """Ask whether a remessa takes what was left out too."""
    text = [
        left.words,
        "A integradora pode recusar vendas tão antigas: pergunte a ela antes de enviar todos.",
    ]
    answers = [Answer("N", "Só os novos"), Answer("T", "Todos, também os antigos")]
    return Question("Enviar a remessa", text, answers, default="N")


def codes_dialog(
    here: str, branches: Sequence[str], known: Sequence[tuple[str, Acquirer, str, str]]
) -> PromptDialog:
    """Ask for a store's code at an acquirer; what is known stands above."""
    told = [
        f"{branch} · {ACQUIRER_WORDS[acquirer]}: {code}" + (f" (grupo {group})" if group else "")
        for branch, acquirer, code, group in known
    ]
    dialog = PromptDialog(
        "Código de estabelecimento",
        [
            ChoiceField("branch", "Filial", [Option(name, name) for name in branches], required=True),
            ChoiceField(
                "acquirer",
                "Adquirente",
                [Option(one.value, ACQUIRER_WORDS[one]) for one in _ACQUIRERS],
                required=True,
            ),
            DigitsField("code", "Código", max_length=15, required=True, hint="O que a integradora forneceu."),
            DigitsField("group", "Matriz", max_length=15, hint="Se os arquivos vêm no nome da matriz."),
        ],
        told or ["Peça à integradora o código de estabelecimento de cada filial antes de prosseguir."],
    )
    if here in branches:
        dialog.form.set("branch", here)
    return dialog


def suggestion_dialog(
    title: str, found: Sequence[tuple[AcquirerSale | CardReceipt, Suggestion]]
) -> PromptDialog:
    """Ask which of the suggested ones it is, and why."""
    options = [
        Option(one.id, f"{one.day:%d/%m} {format_money(one.amount)} NSU {one.nsu or '–'}") for one, _ in found
    ]
    reasons = [f"{number}: {', '.join(one.reasons)}." for number, (_, one) in enumerate(found, 1)]
    return PromptDialog(
        "Ligar à mão",
        [
            ChoiceField("chosen", title, options, required=True),
            reason_field(),
        ],
        ["Nada se liga por semelhança: escolha pelo número só com prova.", *reasons],
    )


def correction_dialog(authorisation: str, instalments: int) -> PromptDialog:
    """Ask for the right authorization and instalments, and why."""
    dialog = PromptDialog(
        "Corrigir recebimento",
        [
            TextField(
                "authorisation",
                "Autorização",
                max_length=10,
                required=True,
                check=_telling(check_authorisation),
                hint="Como no comprovante.",
            ),
            DigitsField("instalments", "Parcelas", max_length=2, required=True),
            reason_field(),
        ],
        ["A correção faz uma versão nova, que vai na próxima remessa."],
    )
    dialog.form.set("authorisation", authorisation)
    dialog.form.set("instalments", str(instalments))
    return dialog


# Files ----------------------------------------------------------------------------------------------


def gap_line(files: Sequence[FileTold], refused: Sequence[Refused]) -> str:
    """Say the worst of the files in a line: what is missing or was refused, else the last one."""
    if not files and not refused:
        return "Arquivos: nenhum chegou ainda."
    gaps = [_gaps(one) for one in files]
    bad = [f"{_place(one)} {gap}" for one, gap in zip(files, gaps, strict=True) if gap]
    bad += [f"recusado {one.name}" for one in refused[:1]]
    if bad:
        more = f" (+{len(bad) - 2})" if len(bad) > 2 else ""
        return f"Arquivos: {'; '.join(bad[:2])}{more}. A mostra todos."
    last = max((one for one in files if one.last_made_on), key=lambda one: one.last_read_at, default=None)
    made = f", último de {last.last_made_on:%d/%m}: {_place(last)}" if last else ""
    return f"Arquivos: nenhum dia falta{made}."


def brief_gap_line(files: Sequence[FileTold], refused: Sequence[Refused]) -> str:
    """Say whether there is anything to see in the files."""
    bad = refused or any(_gaps(one) for one in files)
    return "Há arquivos faltando ou recusados: A." if bad else ""


def file_lines(files: Sequence[FileTold], refused: Sequence[Refused], zone: tzinfo) -> list[str]:
    """Tell each kind of file, those with gaps first, then what was refused and why."""
    lines = []
    for one in files:
        gap = _gaps(one)
        last = (
            f"último {one.last_name}, de {one.last_made_on:%d/%m/%Y}, lido em {show(one.last_read_at, zone)}"
            if one.last_made_on
            else "nenhum arquivo chegou em nome dele"
        )
        lines.append(f"{'! ' if gap else ''}{_place(one)}: {f'{gap}; ' if gap else ''}{last}.")
        lines += [f"  {one.last_name}: {note}" for note in one.notes]
    lines += [f"! Recusado {one.name} ({show(one.read_at, zone)}): {one.why}" for one in refused]
    return lines or ["Nenhum arquivo chegou ainda."]


def _place(one: FileTold) -> str:
    named = " ".join(part for part in (ACQUIRER_WORDS[one.acquirer], one.establishment) if part)
    return f"{named} ({FEED_WORDS[Feed(one.feed)]})"


def _gaps(one: FileTold) -> str:
    parts = []
    if one.missing_days:
        parts.append(f"falta {_days(one.missing_days)}")
    if one.missing_sequences:
        parts.append("falta a sequência " + ", ".join(map(str, one.missing_sequences)))
    return " e ".join(parts)


def _days(days: Sequence[date]) -> str:
    """Days in a row are told by the first and the last."""
    runs: list[list[date]] = []
    for day in days:
        if runs and (day - runs[-1][-1]).days == 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    told = [f"{run[0]:%d/%m} a {run[-1]:%d/%m}" if len(run) > 1 else f"{run[0]:%d/%m}" for run in runs]
    return f"o dia {told[0]}" if len(days) == 1 else f"de {', '.join(told)}"
