"""The desk on its own book with FreeRADIUS's and Asterisk's tables in a real PostgreSQL."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest

from pos_tui.domain.errors import RuleError
from pos_tui.domain.subscriber import Feature
from pos_tui.domain.usage import Period, SessionState
from pos_tui.domain.values import replace
from pos_tui.providers.sandbox.subscribers import people
from pos_tui.services.subscriber_book import keep
from pos_tui.settings.subscribers import RecordsSettings, SubscribersSettings
from pos_tui.till import Till
from tests import postgres
from tests.postgres import Postgres
from tests.subscribers import usage_schema as schema
from tests.subscribers.desk import visit
from tests.tills import settings

pytestmark = postgres.needed()
TERMINAL = "6733210010"
HOUR = timedelta(hours=1)


@pytest.fixture(scope="module")
def server() -> Iterator[Postgres]:
    now = datetime.now(UTC)
    with postgres.running() as running:
        with psycopg.connect(running.url) as connection:
            connection.execute(schema.RADACCT.encode())
            connection.execute(schema.ASTERISK.encode())
            for key, start, updated, stop in (
                ("open", now - 2 * HOUR, now, None),
                ("stale", now - 40 * HOUR, now - 39 * HOUR, None),
                ("across", now - 100 * HOUR, None, now - HOUR),
                ("before", now - 900 * HOUR, None, now - 800 * HOUR),
            ):
                values = (key, "jose.silva", start, updated, stop, 600, 10, 20, None)
                connection.execute(schema.SESSION.encode(), values)
            local = now.replace(tzinfo=None) - 5 * HOUR
            call = (local, "201", "33210000", 70, 61, "ANSWERED", TERMINAL)
            connection.execute(schema.CALL.encode(), call)
        yield running


@contextmanager
def production_till(folder: Path, **records: str) -> Iterator[Till]:
    """A till outside training, whose book holds the invented people: training never asks a real database."""
    desk = SubscribersSettings(provider="local", records=RecordsSettings(**records))
    config = replace(settings(subscribers=desk), source=folder / "config.toml")
    till = Till.open(config, folder=folder)
    try:
        keep(till.context, (person.dossier for person in people(till.now().date())), "importação")
        yield till
    finally:
        till.close()


def test_statements_come_from_postgresql(server: Postgres, tmp_path: Path) -> None:
    with production_till(tmp_path, url=server.url, radacct="radacct", cdr="cdr") as till:
        somebody, questions, now = visit(till.centre), till.centre.questions, datetime.now(UTC)
        week = Period(now - timedelta(days=7), now + HOUR)
        found = questions.sessions(somebody, week)
        states = [SessionState.OPEN, SessionState.STALE, SessionState.CLOSED]
        assert [one.state(now) for one in found] == states
        (call,) = questions.calls(somebody, TERMINAL, week)
        assert call.seconds == 61
        with pytest.raises(RuleError, match="não é de um plano ativo"):
            questions.calls(somebody, "6733219999", week)


def test_without_tables_the_menus_say_why(tmp_path: Path) -> None:
    """The book alone tells neither calls nor connections."""
    with production_till(tmp_path) as till:
        somebody, questions = visit(till.centre), till.centre.questions
        assert "CDR" in (questions.why_not(Feature.CALLS, somebody) or "")
        assert "radacct" in (questions.why_not(Feature.CONNECTIONS, somebody) or "")


def test_a_database_that_is_away_is_no_empty_statement(tmp_path: Path) -> None:
    nowhere = f"sqlite:///{tmp_path / 'none.db'}"
    with production_till(tmp_path, url=nowhere, radacct="radacct", cdr="cdr") as till:
        now = datetime.now(UTC)
        with pytest.raises(RuleError, match="não respondeu"):
            till.centre.questions.sessions(visit(till.centre), Period(now - HOUR, now))
