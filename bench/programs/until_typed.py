"""Runs a program until the key that was typed before its start is on the screen, then ends: for instructions.

`python -m bench.programs.until_typed blank|till`. Everything that starts behind the first paint is cut off
there, so that what is counted is the way to a screen that can be typed into.
"""

import os
import sys
from typing import Any

from textual.app import App

KEY = "x"


def watch(app: App[Any], shown: str) -> None:
    """End the process at the first paint that holds the typed key."""
    paint = app._display

    def display(screen: Any, renderable: Any) -> None:
        paint(screen, renderable)
        strips = app.screen._compositor.render_strips()
        if any(f"{KEY}" in strip.text and shown in strip.text for strip in strips):
            app._driver.flush() if app._driver else None
            os._exit(0)

    app._display = display  # type: ignore[method-assign]


def main() -> None:
    """Run the program named."""
    if sys.argv[1] == "blank":
        from bench.programs.blank import Blank

        blank = Blank()
        watch(blank, "")
        blank.run(mouse=False)
    else:
        from pos_tui.app import PosApp
        from pos_tui.config import load
        from pos_tui.opening import Opening
        from pos_tui.widgets.theme import prepare

        config = load(None)
        prepare(os.environ)
        app = PosApp(Opening(config))
        watch(app, "Buscar cliente")
        app.run(mouse=False)


if __name__ == "__main__":
    main()
