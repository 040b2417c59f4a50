"""Notifications over HTTP: kept once, acknowledged after the commit, and then asked about.

A notice moves nothing by itself: the provider is asked, exactly as polling does. TLS is the business of the
proxy in front; the server listens on this machine unless told otherwise.
"""

import hmac
import logging
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from pos_tui.domain.errors import PosError
from pos_tui.domain.notices import Notice
from pos_tui.providers.recurring.asaas_notice import NAME, TOKEN_HEADER, read_notice
from pos_tui.services.recurring_watch import NOTICE, Watch
from pos_tui.store.database import Store

log = logging.getLogger(__name__)

MOST = 64 * 1024
"""Bytes of a notice; the longest known one has 4 kB."""
PATH = "/asaas"
HEALTH = "/health"


class Receiver:
    """Keeps notices, and asks about them in one thread of its own."""

    def __init__(self, store: Store, watch: Watch, token: Callable[[], str]) -> None:
        self._store = store
        self._watch = watch
        self._token = token
        self._wake = threading.Event()
        self._stopped = False

    def app(self) -> Starlette:
        """The two addresses."""
        routes = [Route(PATH, self._receive, methods=["POST"]), Route(HEALTH, _health, methods=["GET"])]
        return Starlette(routes=routes, lifespan=self._living)

    async def _receive(self, request: Request) -> Response:
        """200 only when the notice is on the disk; anything else is sent again by the platform."""
        # Headers come as Latin-1, whatever their bytes were.
        told = request.headers.get(TOKEN_HEADER, "").encode("latin-1")
        if not hmac.compare_digest(told, self._token().encode()):
            return PlainTextResponse("token", 401)
        body = await _body(request)
        if body is None:
            return PlainTextResponse("body too long", 413)
        notice = read_notice(body)
        if notice is None:
            return PlainTextResponse("not a notice", 400)
        try:
            await run_in_threadpool(self._keep, notice)
        except PosError as error:
            log.warning("notice %s: %s", notice.id, error.message)
            return PlainTextResponse("not kept", 503)
        return PlainTextResponse("ok")

    def _keep(self, notice: Notice) -> None:
        try:
            fresh = self._watch.note(notice, NAME)
        finally:
            self._store.close()
        if fresh:
            self._wake.set()

    @asynccontextmanager
    async def _living(self, app: Starlette) -> AsyncIterator[None]:
        thread = threading.Thread(target=self._work, name="receiver", daemon=True)
        thread.start()
        try:
            yield
        finally:
            self._stopped = True
            self._wake.set()
            await run_in_threadpool(thread.join, 5.0)

    def _work(self) -> None:
        while not self._stopped:
            try:
                self._watch.round(NOTICE)
                pause = self._watch.sleep_seconds()
            except PosError as error:
                log.warning("round: %s", error.message)
                pause = 5.0
            self._wake.wait(pause)
            self._wake.clear()
        self._store.close()


async def _body(request: Request) -> bytes | None:
    """Read as much as a notice may have; None for more."""
    length = request.headers.get("content-length", "")
    if length.isdecimal() and int(length) > MOST:
        return None
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > MOST:
            return None
    return body


async def _health(request: Request) -> Response:
    return PlainTextResponse("ok")
