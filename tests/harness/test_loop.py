"""Playwright's loop under a test: any thread ends a wait, actions overlap, and Ctrl-C leaves it alive."""

from __future__ import annotations

import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Playwright

from duologue.loop import Loop
from duologue.signals import interrupt_by_signals
from duologue.timeline import Event, Timeline


@pytest.fixture
def loop(playwright: Playwright) -> Loop:
    """The loop of the run's Playwright."""
    return Loop(playwright)


@pytest.fixture
def timeline(loop: Loop) -> Timeline:
    """A timeline whose waits run that loop."""
    return Timeline(loop)


def note(timeline: Timeline, text: str) -> None:
    """Put a line on the timeline."""
    timeline.append(Event(time.time(), "harness", "note", text))


def await_note(timeline: Timeline, text: str, timeout_s: float = 10) -> Event:
    """Wait for a line; an assertion fails when it does not come."""
    seen = timeline.wait_for(lambda: next(iter(timeline.find(where=lambda it: it.text == text)), None), timeout_s)
    assert seen is not None, f"{text!r} never came"
    return seen


def test_another_thread_ends_a_wait(timeline: Timeline) -> None:
    timer = threading.Timer(0.1, note, (timeline, "from a thread"))
    timer.start()

    await_note(timeline, "from a thread")

    timer.join()


def test_a_wait_that_nobody_ends_takes_its_time(loop: Loop) -> None:
    begin = time.monotonic()

    loop.wait(0.05)

    assert time.monotonic() - begin >= 0.045  # asyncio's clock is coarser than ours


def test_two_actions_are_under_way_at_the_same_time(timeline: Timeline, loop: Loop) -> None:
    def tell_and_hear(own: str, other: str) -> str:
        note(timeline, own)
        return await_note(timeline, other).text  # comes only if the other one runs meanwhile

    heard = loop.together(lambda: tell_and_hear("first", "second"), lambda: tell_and_hear("second", "first"))

    assert heard == ["second", "first"]


def test_an_error_in_one_action_is_raised_after_the_others_have_ended(timeline: Timeline, loop: Loop) -> None:
    ended: list[str] = []

    def fails() -> None:
        note(timeline, "failed")
        raise LookupError("the first one")

    def goes_on() -> None:
        await_note(timeline, "failed")
        loop.wait(0.01)
        ended.append("the second one")

    with pytest.raises(LookupError, match="the first one"):
        loop.together(fails, goes_on)
    assert ended == ["the second one"]


def test_nothing_at_the_same_time_is_nothing(loop: Loop) -> None:
    assert loop.together() == []


@pytest.fixture
def handlers() -> Iterator[None]:
    """Duologue's signal handlers; those that were there come back, and asyncio's voice, which an interrupt ends."""
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    interrupt_by_signals()
    yield
    for number, handler in before.items():
        signal.signal(number, handler)
    logging.getLogger("asyncio").disabled = False


@pytest.mark.skipif(sys.platform == "win32", reason="there os.kill ends the process without a signal")
@pytest.mark.usefixtures("handlers")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_during_a_wait_ends_the_test_and_not_the_loop(
    timeline: Timeline, loop: Loop, number: signal.Signals
) -> None:
    timer = threading.Timer(0.1, os.kill, (os.getpid(), number))
    timer.start()

    with pytest.raises(KeyboardInterrupt, match=number.name):
        loop.wait(30)

    timer.join()
    timer = threading.Timer(0.05, note, (timeline, "still alive"))
    timer.start()
    await_note(timeline, "still alive")
    timer.join()


@pytest.mark.usefixtures("handlers")
def test_a_signal_while_python_works_ends_the_test_too() -> None:
    with pytest.raises(KeyboardInterrupt, match="SIGINT"):
        signal.raise_signal(signal.SIGINT)
