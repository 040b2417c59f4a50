"""Write or check the generated page of keys: `python -m pos_tui.commands [--check] FILE`."""

import argparse
from pathlib import Path

from pos_tui.commands import Place, own
from pos_tui.commands.presets import PRESETS, Keymap


def keys_page() -> str:
    """Return `docs/keys.md`."""
    lines = [
        "# Teclas",
        "",
        "Gerada de `pos_tui/commands/` por `make keys`. Enter confirma e Esc volta, sempre.",
        "",
    ]
    for place in Place:
        lines += [f"## {place.value}", "", "| tecla | outra | comando | o que faz |", "|---|---|---|---|"]
        for command in own(place):
            first, *others = command.key_words
            lines.append(f"| {first} | {' '.join(others) or '–'} | {command.label} | {command.tooltip} |")
        lines.append("")
    return "\n".join([*lines, *_presets(), ""])


def _presets() -> list[str]:
    """Return the table of the other sets of keys."""
    others = [name for name in PRESETS if name != "padrao"]
    keys = [f"f{number}" for number in range(1, 13)]
    rows = [[key.upper(), *(Keymap(PRESETS[name]).words(key.upper()) for name in others)] for key in keys]
    return [
        "## Conjuntos de teclas",
        "",
        "`[keys] preset` muda as teclas de função de lugar; o resto da tela acompanha. Onde esta página e o",
        "manual dizem a tecla da primeira coluna, aperte a do seu conjunto.",
        "",
        f"| padrao | {' | '.join(others)} |",
        "|---" * (1 + len(others)) + "|",
        *(f"| {' | '.join(row)} |" for row in rows),
    ]


def main() -> int:
    """Write the page, or say by the exit code whether it is stale."""
    parser = argparse.ArgumentParser()
    parser.add_argument("file", type=Path)
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    if not options.check:
        options.file.write_text(keys_page(), "utf-8")
        return 0
    return 0 if options.file.read_text("utf-8") == keys_page() else 1


if __name__ == "__main__":
    raise SystemExit(main())
