"""Extratos by keys on a real PostgreSQL: FreeRADIUS's connections, the calls of two exchanges (seed 4)."""

import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest

from pos_tui.domain.values import replace
from pos_tui.providers.subscribers.records import MOST
from pos_tui.services.subscriber_book import keep, read
from pos_tui.settings.subscribers import RecordsSettings, SubscribersSettings
from pos_tui.settings.topup import RvSettings, TopUpSettings
from pos_tui.till import Till
from tests import postgres
from tests.postgres import Postgres
from tests.screens.desk import Desk, at_desk
from tests.subscribers import usage_schema as schema
from tests.subscribers.counter import choose_desk, papers
from tests.tills import settings

pytestmark = postgres.needed()

NOW = datetime(2026, 11, 24, 16, tzinfo=UTC)
"""Noon in Campo Grande; calls are written as the exchange's own clock shows it."""
NOON = NOW.replace(hour=12, tzinfo=None)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
FIRST, SECOND = "6733210010", "6733210020"
TABLES = {"radacct": "radacct", "cdr": "cdr"}
SWITCH = {"radacct": "radacct", "cdr": "fs_cdr", "cdr_kind": "freeswitch"}
PIN = "864209"

BOOK = {
    "subscribers": [
        {
            "id": "10",
            "name": "José Aparecido da Silva",
            "document": "529.982.247-25",
            "contracts": [
                {
                    "id": "101",
                    "plan": "Fibra 500 + Voz",
                    "state": "ativo",
                    "terminals": [FIRST, SECOND],
                    "logins": ["jose.silva", "jose.loja"],
                }
            ],
        },
        {
            "id": "11",
            "name": "Maria sem Voz",
            "contracts": [{"id": "111", "plan": "Fibra 100", "state": "ativo", "logins": ["maria"]}],
        },
        {
            "id": "12",
            "name": "Paulo sem Login",
            "contracts": [{"id": "121", "plan": "Só voz", "state": "ativo", "terminals": ["6733210030"]}],
        },
    ]
}

SESSIONS = (
    ("open", "jose.silva", NOW - 2 * HOUR, NOW - HOUR / 12, None, 600, 10**6, 2_400_000_000, None),
    ("stale", "jose.loja", NOW - 40 * HOUR, NOW - 39 * HOUR, None, 600, 7, 8, None),
    ("closed", "jose.silva", NOW - 30 * HOUR, None, NOW - 29 * HOUR, 600, 5, 6, "User-Request"),
    ("across", "jose.silva", NOW - 100 * HOUR, None, NOW - 60 * HOUR, 600, 3, 4, "Lost-Carrier"),
    ("before", "jose.silva", NOW - 900 * HOUR, None, NOW - 800 * HOUR, 600, 1, 2, "User-Request"),
    ("other", "vizinho", NOW - 3 * HOUR, NOW, None, 600, 9, 9, None),
)
CALLS = (
    (NOON - HOUR, "201", "33210000", 70, 61, "ANSWERED", FIRST),
    (NOON - 2 * HOUR, FIRST, "011998765432", 30, 0, "NO ANSWER", ""),
    (NOON - 10 * DAY, "201", "08007771234", 40, 35, "ANSWERED", FIRST),
    (NOON - 60 * DAY, "201", "33219876", 10, 10, "ANSWERED", FIRST),
    (NOON - 3 * HOUR, SECOND, "190", 25, 20, "ANSWERED", SECOND),
    (NOON - HOUR, "6733219999", "33215555", 10, 10, "ANSWERED", "6733219999"),
)
SWITCHED = (
    (FIRST, "0015551234567", NOON - HOUR, NOON - HOUR, 61, "x"),
    (FIRST, "190", NOON - 2 * HOUR, None, 0, "x"),
)


@pytest.fixture(autouse=True)
def secret(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a till outside training cannot start without."""
    monkeypatch.setenv("POS_TUI_TOPUP_RV_PASSWORD", "segredo")


@pytest.fixture(scope="module")
def server() -> Iterator[Postgres]:
    """A server with the makers' own tables; nobody but the fixture writes there."""
    with postgres.running() as running:
        with psycopg.connect(running.url) as connection:
            for table in (schema.RADACCT, schema.ASTERISK, schema.FREESWITCH):
                connection.execute(table.encode())
            for text, rows in (
                (schema.SESSION, SESSIONS),
                (schema.CALL, CALLS),
                (schema.SWITCHED, SWITCHED),
            ):
                for row in rows:
                    connection.execute(text.encode(), row)
        yield running


@asynccontextmanager
async def at_store(
    folder: Path, url: str, tables: dict[str, str], size: tuple[int, int] = (80, 24)
) -> AsyncIterator[tuple[Desk, Till]]:
    """A store's till outside training, since training never asks a real database; the supervisor entered."""
    desk = SubscribersSettings(provider="local", records=RecordsSettings(url=url, **tables))
    nobody = f"http://127.0.0.1:{postgres._free_port()}"
    topup = TopUpSettings(rv=RvSettings(url=nobody, store="1", user="1"))
    config = replace(settings(subscribers=desk, topup=topup), source=folder / "config.toml")
    till = Till.open(config, lambda: NOW, folder)
    try:
        keep(till.context, read(json.dumps(BOOK).encode(), till.context.zone), "importação")
        till.operators.create_first("Ana Souza", PIN)
        async with at_desk(till, size) as desk_now:
            await desk_now.see("Operador nº")
            await desk_now.type("1", "enter")
            await desk_now.type(PIN, "enter")
            await desk_now.see("Bem-vindo")
            yield desk_now, till
    finally:
        till.close()


async def open_subscriber(desk: Desk, name: str) -> None:
    """F12, the desk, the name, Enter."""
    await desk.press("f12")
    await desk.see("Mesas")
    await choose_desk(desk)
    await desk.see("Assinante")
    await pick(desk, name)


async def pick(desk: Desk, name: str) -> None:
    """Search, and open the first found."""
    await desk.type(name, "enter")
    await desk.until(lambda: type(desk.app.focused).__name__ == "LineList", "the list")
    await desk.press("enter")
    await desk.see("Extrato de")


async def period(desk: Desk, since: str, until: str) -> None:
    """Type a period into its two fields; the cursor is in the first."""
    await desk.press("ctrl+u")
    await desk.type(since, "enter")
    await desk.press("ctrl+u")
    await desk.type(until, "enter")


async def test_calls_of_asterisk_by_terminal_period_and_termination(server: Postgres, tmp_path: Path) -> None:
    async with at_store(tmp_path, server.url, TABLES) as (desk, till):
        await open_subscriber(desk, "jose")
        await desk.press("1")
        await desk.see("Terminal", f"1 {FIRST}", f"2 {SECOND}", "Tipo de terminação")
        await desk.press("1")  # the terminal; the last 30 days and all terminations are chosen already
        await desk.press("enter", "enter", "1", "enter")
        await desk.see("25/10/2026 a 24/11/2026", f"Terminal: {FIRST}", "Ligações: 3", "Tempo: 00:01:36")
        assert [row.cells[:4] for row in desk.rows()] == [
            ("24/11/26 11:00", "33210000", "Fixo local", "00:01:01"),
            ("24/11/26 10:00", "011998765432", "Móvel VC3", "não atendida"),
            ("14/11/26 12:00", "08007771234", "0800", "00:00:35"),
        ]
        await desk.press("f9")
        await desk.see("na fila de impressão")
        (paper,) = papers(till, "subscriber")
        assert "EXTRATO DE LIGAÇÃO" in paper and FIRST in paper and "011998765432" in paper
        assert "33219876" not in paper, "a call of two months ago is in no statement of 30 days"
        assert "33215555" not in paper, "another's call"
        await desk.press("f6")
        await desk.see("De")
        await desk.press("1")
        await period(desk, "20/09/2026", "30/09/2026")
        await desk.press("1", "enter")
        await desk.see("20/09/2026 a 30/09/2026", "Ligações: 1", "33219876")
        await desk.press("f6")
        await desk.see("De")
        await desk.press("1", "enter", "enter")
        await desk.see("Fixo DDD (LDN)")
        await desk.press("2", "enter")
        await desk.see("Tipo de terminação: Fixo local", "Ligações: 1", "33210000")
        await desk.press("f6")
        await desk.see("De")
        await desk.press("2")
        await desk.press("enter", "enter", "1", "enter")
        await desk.see(f"Terminal: {SECOND}", "Ligações: 1", "Serviço")


async def test_calls_of_freeswitch(server: Postgres, tmp_path: Path) -> None:
    async with at_store(tmp_path, server.url, SWITCH) as (desk, _):
        await open_subscriber(desk, "jose")
        await desk.press("1")
        await desk.see("Tipo de terminação")
        await desk.press("1", "enter", "enter", "1", "enter")
        await desk.see("Ligações: 2", "0015551234567", "Internacional", "não atendida")


@pytest.mark.parametrize("size", [(80, 24), (40, 12)])
async def test_connections_of_freeradius(server: Postgres, tmp_path: Path, size: tuple[int, int]) -> None:
    async with at_store(tmp_path, server.url, TABLES, size) as (desk, till):
        await open_subscriber(desk, "jose")
        await desk.press("2")
        await desk.see("De")
        await period(desk, "21/11/2026", "24/11/2026")
        await desk.see("Conexões: 4", "Abertas agora: 1", "Sem atualização: 1")
        ends = [row.cells[1] for row in desk.rows()]
        # The last one began before the period, and the one of October is not there.
        assert ends == ["aberta", "23/11/26 07:00", "sem atualização", "22/11/26 00:00"]
        assert [row.tone for row in desk.rows()] == ["normal", "normal", "pending", "normal"]
        await desk.see("aberta", "sem atualização")
        await desk.press("f9")
        await desk.see("na fila de impressão")
        (paper,) = papers(till, "subscriber")
        assert "EXTRATO DE CONEXÕES" in paper and "21/11/2026 a 24/11/2026" in paper and "2,4 GB" in paper
        assert "aberta" in paper and "sem atualização" in paper and "vizinho" not in paper
        await desk.press("f6")
        await desk.see("De")
        await period(desk, "24/11/2026", "24/11/2026")
        await desk.see("Conexões: 2", "Abertas agora: 1")
        await desk.press("f6")
        await desk.see("De")
        await period(desk, "01/01/2025", "31/01/2025")
        await desk.see("Nada neste período.", "F6")


async def test_a_statement_is_never_cut(server: Postgres, tmp_path: Path) -> None:
    with psycopg.connect(server.url) as connection:
        row = (NOON - 200 * DAY, SECOND, "190", 1, 1, "ANSWERED", SECOND)
        connection.cursor().executemany(schema.CALL.encode(), [row] * (MOST + 1))
    async with at_store(tmp_path, server.url, TABLES) as (desk, _):
        await open_subscriber(desk, "jose")
        await desk.press("1")
        await desk.see("Tipo de terminação")
        await desk.press("2")
        await period(desk, "01/05/2026", "15/05/2026")
        await desk.press("1", "enter")
        await desk.see("mais de 1000 linhas", "período menor")
        await desk.press("f6")
        await desk.see("De")
        await desk.press("2")
        await period(desk, "01/01/2025", "15/01/2025")
        await desk.press("1", "enter")
        await desk.see("Nada neste período.")


async def test_who_has_no_terminal_or_login_is_told_so(server: Postgres, tmp_path: Path) -> None:
    async with at_store(tmp_path, server.url, TABLES) as (desk, _):
        await open_subscriber(desk, "maria")
        await desk.press("1")
        await desk.see("terminal de voz")
        await desk.press("2")
        await desk.see("De")
        await desk.press("escape", "escape", "escape", "ctrl+u")
        await pick(desk, "paulo")
        await desk.press("2")
        await desk.see("RADIUS")


async def test_a_database_that_is_away_is_told_and_asked_again(server: Postgres, tmp_path: Path) -> None:
    gone = server.url.replace(str(server.port), str(postgres._free_port()))
    async with at_store(tmp_path, gone, TABLES) as (desk, _):
        await open_subscriber(desk, "jose")
        await desk.press("2")
        await desk.see("De")
        await desk.press("enter", "enter")
        await desk.see("não respondeu", "F5 consulta de novo")
