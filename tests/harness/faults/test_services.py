"""Services that a test breaks: what is done to the stack, what the timeline tells, and that all is mended."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from duologue.errors import StackError, UsageError
from duologue.faults import LANE, Services
from duologue.stack import Choice, Stack, StackDefinition, acquire, release
from duologue.timeline import Timeline
from tests.harness.stack.conftest import define, processes, run_id
from tests.harness.stack.tiny import get, service

__all__ = ["define", "processes", "run_id"]

SHORT_S = 0.5


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """A SQLite file in WAL mode with a table."""
    path = tmp_path / "data.db"
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("CREATE TABLE lines (line TEXT)")
    connection.close()
    return path


@pytest.fixture
def stack(define: Callable[..., StackDefinition], processes: Choice, run_id: str, database: Path) -> Iterator[Stack]:
    """A backend with a database, up."""
    definition = define(service("backend", store=str(database)))
    try:
        yield acquire(definition, processes, run_id=run_id)
    finally:
        release(definition.root, run_id)


@pytest.fixture
def timeline() -> Timeline:
    """What the faults tell."""
    return Timeline()


@pytest.fixture
def services(stack: Stack, timeline: Timeline) -> Services:
    """Those of the test's own stack."""
    return Services(stack, timeline, own=True)


def told(timeline: Timeline) -> list[tuple[str, bool]]:
    """What stands in the lane of the faults."""
    return [(event.text, event.data["undoes"]) for event in timeline if event.lane == LANE]


@pytest.mark.parametrize("verb", ["stop", "kill"])
def test_a_service_that_was_ended_runs_again_at_its_address_when_the_test_ends(
    services: Services, stack: Stack, timeline: Timeline, verb: str
) -> None:
    url = stack.url("backend")
    getattr(services, verb)("backend")
    with pytest.raises(ConnectionRefusedError):
        get(url)

    services.mend()

    assert get(url)
    assert told(timeline) == [(f"{verb}s backend", False), ("starts backend", True)]


def test_a_paused_service_is_silent_until_the_test_ends(services: Services, stack: Stack) -> None:
    services.pause("backend")
    with pytest.raises(TimeoutError):
        get(stack.url("backend"), timeout_s=SHORT_S)

    services.mend()

    assert get(stack.url("backend"))


def test_a_service_cut_off_cannot_write_until_the_test_ends(services: Services, database: Path) -> None:
    services.cut_off("backend")
    other = sqlite3.connect(database, timeout=SHORT_S)
    with pytest.raises(sqlite3.OperationalError, match="locked"):
        other.execute("INSERT INTO lines VALUES ('lost')")

    services.mend()

    other.execute("INSERT INTO lines VALUES ('kept')")
    assert other.execute("SELECT line FROM lines").fetchall() == [("kept",)]
    other.close()


def test_what_a_test_mended_itself_is_left_alone(services: Services, timeline: Timeline) -> None:
    services.restart("backend")

    services.mend()

    assert told(timeline) == [("stops backend", False), ("starts backend", True)]


def test_a_stack_that_is_gone_needs_no_mending(services: Services, stack: Stack) -> None:
    services.pause("backend")
    stack.down()

    services.mend()

    with pytest.raises(StackError):
        services.stop("backend")


def test_everybodys_stack_is_not_broken(stack: Stack, timeline: Timeline) -> None:
    everybodys = Services(stack, timeline, own=False)

    with pytest.raises(UsageError, match="own_stack"):
        everybodys.kill("backend")

    assert get(stack.url("backend"))
    assert not told(timeline)


def test_a_service_without_a_database_cannot_be_cut_off_from_it(
    define: Callable[..., StackDefinition], processes: Choice, run_id: str, timeline: Timeline
) -> None:
    definition = define(service("backend"))
    try:
        services = Services(acquire(definition, processes, run_id=run_id), timeline, own=True)
        with pytest.raises(StackError, match="names no store"):
            services.cut_off("backend")
    finally:
        release(definition.root, run_id)


@pytest.mark.parametrize("verb", ["cut_off", "fill_disk"])
def test_a_service_that_does_not_exist_is_one_clear_error(services: Services, verb: str) -> None:
    with pytest.raises(StackError, match=r"no service 'bakend'[\s\S]*backend"):
        getattr(services, verb)("bakend")
