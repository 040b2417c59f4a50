"""How the fields of a form become lines."""

from collections.abc import Sequence

from rich.cells import cell_len
from rich.style import Style

from pos_tui.widgets.fields import ChoiceField, Field, NoteField, TextField
from pos_tui.widgets.lines import Line, fit, wrap
from pos_tui.widgets.theme import BOLD, CURSOR, DIM, ERROR, PLAIN

_SIGN = 2
_GAP = 2


def label_width(fields: Sequence[Field], width: int) -> int:
    """Return how many cells the labels get: the longest, but never more than 45 % of the window."""
    longest = max((cell_len(field.label) for field in fields), default=0)
    return max(1, min(longest, width * 45 // 100))


def field_lines(field: Field, active: bool, labels: int, width: int) -> list[Line]:
    """Draw one field: its line, its options while it is active, and what there is to say about it."""
    room = max(1, width - _SIGN - labels - _GAP)
    sign = ">" if active else "!" if field.error else " "
    style = BOLD if active else PLAIN if field.enabled else DIM
    label = (f"{sign} {fit(field.label, labels)}{' ' * _GAP}", style)
    indent = (" " * (_SIGN + labels + _GAP), PLAIN)
    if isinstance(field, NoteField):
        texts = wrap(field.text, room)
        return [(indent if n else label, (text, PLAIN)) for n, text in enumerate(texts)]
    lines: list[Line] = [(label, *_value(field, active, room))]
    if active and isinstance(field, ChoiceField):
        lines += _options(field, _SIGN + labels + _GAP, width)
    if wrong := field.error or (field.alarm() if active else ""):
        lines += [(indent, (text, ERROR)) for text in wrap(f"! {wrong}", room)]
    elif active and (remark := field.remark()):
        lines += [(indent, (text, DIM)) for text in wrap(remark, room)]
    return lines


def _value(field: Field, active: bool, room: int) -> Line:
    if isinstance(field, ChoiceField):
        text = field.picked.label if field.picked else "(escolha)" if active else ""
        return ((fit(text, min(cell_len(text), room)), PLAIN),)
    assert isinstance(field, TextField)
    text, cursor = field.shown()
    if not active:
        return ((fit(text, min(cell_len(text), room)), PLAIN if field.enabled else DIM),)
    # Brackets show how far the field reaches where colours cannot. One cell more, for the cursor.
    width = max(1, min(room - 2, max(field.max_length, cell_len(text)) + 1))
    start = _first_shown(text, cursor, width)
    before, under, after = text[start:cursor], _cluster(text, cursor), text[cursor:]
    after = after[len(under) :]
    rest = max(0, width - cell_len(before) - max(1, cell_len(under)))
    return (("[", PLAIN), (before, PLAIN), (under or " ", CURSOR), (fit(after, rest), PLAIN), ("]", PLAIN))


def _first_shown(text: str, cursor: int, width: int) -> int:
    """Return from which character a text is shown so that the cursor is inside its field."""
    start = 0
    while start < cursor and cell_len(text[start:cursor]) + max(1, cell_len(_cluster(text, cursor))) > width:
        start += 1
    return start


def _cluster(text: str, index: int) -> str:
    """Return the character at an index with the accents that combine with it."""
    end = index + 1
    while end < len(text) and cell_len(text[end]) == 0:
        end += 1
    return text[index:end]


def _options(field: ChoiceField, column: int, width: int) -> list[Line]:
    """Draw the options below the value; further left where that would cut one of them."""
    texts: list[tuple[str, Style]] = []
    first = field.page * field.page_size
    for index, option in field.visible():
        mark = "*" if option is field.picked else " "
        text = f"{index - first + 1}{mark}{option.label}"
        style = CURSOR if index == field.highlight else PLAIN if option.enabled else DIM
        texts.append((text if option.enabled else f"({text})", style))
    if field.pages > 1:
        texts.append((f"0 mais opções (página {field.page + 1} de {field.pages})", DIM))
    longest = max((cell_len(text) for text, _ in texts), default=0)
    left = max(_SIGN + _GAP, min(column, width - longest))
    room = max(1, width - left)
    return [((" " * left, PLAIN), (fit(text, room), style)) for text, style in texts]
