"""What runs behind the screen ends with it, though a till is closed while it is still starting."""

import contextlib
import threading

import pytest

from pos_tui.domain.errors import PosError
from pos_tui.services.running import Ends, Loop
from pos_tui.services.sweeping import Sweep
from pos_tui.till import Till
from tests.tills import SELLER

PATIENCE = 30.0


def test_stopped_before_it_began_it_never_begins() -> None:
    begun = threading.Event()
    loop = Loop("test", begun.set)
    loop.stop(PATIENCE)
    loop.start()
    assert not loop.alive and not begun.is_set()


def test_stopped_amid_its_beginning_it_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    begun = threading.Event()
    failed: list[RuntimeError] = []

    def work() -> None:
        begun.set()
        loop.over.wait(PATIENCE)

    def stop() -> None:
        try:
            loop.stop(PATIENCE)
        except RuntimeError as error:
            failed.append(error)

    loop = Loop("test", work)
    stopping = threading.Thread(target=stop)
    begin = threading.Thread.start

    def begin_late(thread: threading.Thread) -> None:
        monkeypatch.undo()
        stopping.start()
        assert loop.over.wait(PATIENCE)
        begin(thread)

    monkeypatch.setattr(threading.Thread, "start", begin_late)
    loop.start()
    stopping.join(PATIENCE)
    assert begun.is_set() and not failed and not loop.alive


def test_ends_come_newest_first_and_one_that_fails_keeps_none_from_coming() -> None:
    told: list[str] = []

    def fail() -> None:
        raise OSError("gone")

    ends = Ends()
    for end in (lambda: told.append("first"), fail, lambda: told.append("last")):
        ends.add(end)
    with pytest.raises(OSError, match="gone"):
        ends.close()
    assert told == ["last", "first"]
    ends.close()
    assert told == ["last", "first"], "each once"


def test_what_begins_after_the_end_is_ended_at_once() -> None:
    told: list[str] = []
    ends = Ends()
    ends.close()
    ends.add(lambda: told.append("late"))
    assert told == ["late"]


def test_a_till_closed_while_it_starts_leaves_nothing_running(
    till: Till, monkeypatch: pytest.MonkeyPatch
) -> None:
    def sweep(who: str) -> Sweep:
        till.close()
        return Sweep(0, 0, ())

    monkeypatch.setattr(till.sweeper, "sweep", sweep)
    with contextlib.suppress(PosError):
        till.start(SELLER)
    assert not till.rounds._loop.alive and not till.upkeep._loop.alive
    assert "rounds" not in {thread.name for thread in threading.enumerate()}
