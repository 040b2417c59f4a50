"""Serves one of our apps to a browser on this machine, by textual-serve.

What textual-serve 1.1 leaves open is closed here: it takes a WebSocket from any page (a page of another site,
or one whose name was pointed at 127.0.0.1, could then type at the login), and its own page asks a font of
another host.
"""

import os
from collections.abc import Awaitable, Callable
from typing import Final

from aiohttp import web
from textual_serve.server import Server

HOST: Final = "127.0.0.1"
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class LocalServer(Server):
    """Answers only pages of its own."""

    async def _make_app(self) -> web.Application:
        app = await super()._make_app()
        app.middlewares.append(self._guard)
        return app

    async def on_startup(self, app: web.Application) -> None:
        """The command has told where it is."""

    @web.middleware
    async def _guard(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Refuse a request that another page sent, or that was sent under another name."""
        ours = f"{HOST}:{self.port}"
        if request.host != ours or request.headers.get("Origin", f"http://{ours}") != f"http://{ours}":
            raise web.HTTPForbidden(text="Abra a supervisão pelo endereço que o comando mostrou.")
        response = await handler(request)
        if not response.prepared:
            response.headers.update(_headers(ours))
        return response


def _headers(ours: str) -> dict[str, str]:
    """Nothing from elsewhere, in nobody's frame, kept nowhere."""
    policy = (
        "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; "
        f"img-src 'self' data:; connect-src 'self' ws://{ours}; frame-ancestors 'none'"
    )
    return {"Content-Security-Policy": policy, "Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}


def serve(command: str, port: int) -> None:
    """Serve the app that `command` runs, one process for each page, until SIGINT or SIGTERM."""
    os.environ.update(TERM="xterm-256color", COLORTERM="truecolor")
    LocalServer(command, host=HOST, port=port, title="pos-tui: supervisão").serve()
