"""The yardstick: a Textual app with a header, one input and a footer."""

from textual.app import App, ComposeResult
from textual.widgets import Footer, Header, Input


class Blank(App[None]):
    """Nothing of ours."""

    def compose(self) -> ComposeResult:
        """The three widgets."""
        yield Header()
        yield Input(placeholder="Cliente")
        yield Footer()


if __name__ == "__main__":
    Blank().run(mouse=False)
