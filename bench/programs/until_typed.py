"""Runs a program until some keys are on the screen, then ends: for counting instructions.

`python -m bench.programs.until_typed blank|till KEYS`. What starts behind the first paint is cut off there,
so that what is counted is the way to a screen that can be typed into, and with more keys the echo of each.
"""

import os
import sys
from typing import Any

from textual.app import App


def watch(app: App[Any], keys: str, shown: str) -> None:
    """End the process at the first paint that holds the typed keys on the line that says `shown`."""
    paint = app._display

    def display(screen: Any, renderable: Any) -> None:
        paint(screen, renderable)
        strips = app.screen._compositor.render_strips()
        if any(keys in strip.text and shown in strip.text for strip in strips):
            app._driver.flush() if app._driver else None
            os._exit(0)

    app._display = display  # type: ignore[method-assign]


def main() -> None:
    """Run the program named."""
    name, keys = sys.argv[1:]
    if name == "blank":
        from bench.programs.blank import Blank

        blank = Blank()
        watch(blank, keys, "")
        blank.run(mouse=False)
    else:
        from pos_tui import heap
        from pos_tui.app import PosApp
        from pos_tui.config import load
        from pos_tui.opening import Opening
        from pos_tui.widgets.theme import prepare

        heap.share()
        config = load(None)
        prepare(os.environ)
        app = PosApp(Opening(config))
        watch(app, keys, "Buscar cliente")
        app.run(mouse=False)


if __name__ == "__main__":
    main()
