"""Atendimentos: each filter of seed 4 by itself, on what every ERP of the sandbox tells."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from pos_tui.domain.subscriber import Ticket
from pos_tui.services.subscribers import TicketFilter
from pos_tui.till import Till
from tests.sandbox import SandboxControl
from tests.subscribers.desk import PROVIDERS, desk_till, visit


def listed(till: Till, chosen: TicketFilter) -> list[str]:
    questions = till.centre.questions
    return [one.protocol for one in questions.tickets(visit(till.centre)) if questions.is_listed(one, chosen)]


@pytest.mark.parametrize("provider", PROVIDERS)
def test_each_filter_narrows_the_list(provider: str, tmp_path: Path, sandbox: SandboxControl) -> None:
    with desk_till(tmp_path, sandbox, provider) as till:
        found = till.centre.questions.tickets(visit(till.centre))
        latest, older = found[0], found[-1]
        assert latest.opened > older.opened
        everything = [one.protocol for one in found]
        assert listed(till, TicketFilter()) == everything
        only = [latest.protocol]
        assert listed(till, TicketFilter("protocol", latest.protocol)) == only
        assert listed(till, TicketFilter("description", latest.description.upper())) == only
        assert listed(till, TicketFilter("protocol", latest.description)) == []
        assert latest.protocol in listed(till, TicketFilter("kind", latest.kind))
        assert latest.protocol in listed(till, TicketFilter(status=latest.status.upper()))
        assert listed(till, TicketFilter(status="nenhum")) == []
        day = local_day(till, latest)
        assert latest.protocol in listed(till, TicketFilter(since=day, until=day))
        assert latest.protocol not in listed(till, TicketFilter(until=day - timedelta(days=1)))
        assert listed(till, TicketFilter(since=day + timedelta(days=1))) == []


def local_day(till: Till, ticket: Ticket) -> date:
    return ticket.opened.astimezone(till.context.zone).date()


def test_of_several_contacts_the_first_is_looked_at(tmp_path: Path, sandbox: SandboxControl) -> None:
    with desk_till(tmp_path, sandbox, "local") as till:
        questions = till.centre.questions
        (both,) = [one for one in questions.tickets(visit(till.centre)) if len(one.contacts) > 1]
        first, second = both.contacts[:2]
        assert questions.is_listed(both, TicketFilter(contact=first.split()[0].upper()))
        assert not questions.is_listed(both, TicketFilter(contact=second))
        assert questions.is_listed(both, TicketFilter())
