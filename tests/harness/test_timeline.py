"""The timeline finds what came after a place, and a wait ends with the event that it waits for."""

from __future__ import annotations

import threading
import time

import pytest

from duologue.timeline import CLOCK_TOLERANCE_S, Cursor, Event, Timeline, clock

NOW = time.time()


def event(text: str, *, at: float = NOW, kind: str = "console", source: str = "user1") -> Event:
    """Something seen in a window."""
    return Event(at, source.partition("/")[0], kind, text, {}, source)


@pytest.fixture
def timeline() -> Timeline:
    """An empty one."""
    return Timeline()


def texts(events: list[Event]) -> list[str]:
    """What they say."""
    return [event.text for event in events]


def test_events_stand_in_the_order_in_which_they_arrived(timeline: Timeline) -> None:
    timeline.append(event("second of the clock", at=NOW + 1))
    timeline.append(event("first of the clock", at=NOW))

    assert texts(list(timeline)) == ["second of the clock", "first of the clock"]
    assert len(timeline) == 2


def test_find_takes_what_fits_every_condition(timeline: Timeline) -> None:
    timeline.append(event("wanted"))
    timeline.append(event("another kind", kind="ws_open"))
    timeline.append(event("another window", source="user1/tab2"))
    timeline.append(event("another text"))

    found = timeline.find(kind="console", source="user1", where=lambda it: it.text.startswith("want"))

    assert texts(found) == ["wanted"]


def test_what_arrived_before_the_cursor_is_not_found_after_it(timeline: Timeline) -> None:
    timeline.append(event("yesterday's line", at=time.time() + 60))
    cursor = timeline.cursor()
    timeline.append(event("today's line", at=cursor.at))

    assert texts(timeline.find(since=cursor)) == ["today's line"]


def test_what_happened_earlier_and_arrived_late_is_not_after_the_cursor(timeline: Timeline) -> None:
    cursor = timeline.cursor()
    timeline.append(event("was under way", at=cursor.at - 1))
    timeline.append(event("rounded down by the page's clock", at=cursor.at - CLOCK_TOLERANCE_S / 2))

    assert texts(timeline.find(since=cursor)) == ["rounded down by the page's clock"]


def test_an_action_lies_after_its_own_cursor(timeline: Timeline) -> None:
    timeline.append(event("before"))

    cursor = timeline.act("user1", "sends 'Hi'", source="user1/tab2", chat="7")

    (action,) = timeline.find(since=cursor)
    assert (action.kind, action.lane, action.source, action.text) == ("action", "user1", "user1/tab2", "sends 'Hi'")
    assert action.data == {"chat": "7"}
    assert timeline.last_action == cursor


def test_last_is_the_newest_of_its_kind_and_source(timeline: Timeline) -> None:
    timeline.append(event("old"))
    timeline.append(event("new"))
    cursor = timeline.cursor()
    timeline.append(event("elsewhere", source="user2"))
    timeline.append(event("newest"))

    newest = timeline.last(kind="console", source="user1")
    newest_then = timeline.last(kind="console", source="user1", before=cursor)

    assert newest is not None
    assert newest_then is not None
    assert (newest.text, newest_then.text) == ("newest", "new")
    assert timeline.last(kind="console", source="user3") is None


def test_the_cursor_of_the_last_event_of_a_kind_lies_just_before_it(timeline: Timeline) -> None:
    timeline.append(event("old document", kind="document"))
    timeline.append(event("read from the old one"))
    timeline.append(event("new document", kind="document"))
    timeline.append(event("read afresh"))

    cursor = timeline.cursor_of_last(kind="document", source="user1")

    assert texts(timeline.find(since=cursor)) == ["new document", "read afresh"]
    assert timeline.cursor_of_last(kind="document", source="user2") == Cursor(0, 0.0)


def test_a_wait_ends_at_once_when_another_thread_appends(timeline: Timeline) -> None:
    timer = threading.Timer(0.1, lambda: timeline.append(event("at last", at=time.time())))
    timer.start()

    seen = timeline.wait_for(lambda: next(iter(timeline.find(kind="console")), None), timeout_s=30)
    late_s = time.time() - seen.at if seen else None

    timer.join()
    assert late_s is not None, "the wait must see the event, not its own end"
    assert late_s < 5, "a wait that polled or slept through would take far longer than a wake"


def test_events_that_do_not_fit_do_not_end_a_wait(timeline: Timeline) -> None:
    def append_three() -> None:
        for text in ("one", "two", "three"):
            timeline.append(event(text))

    thread = threading.Thread(target=append_three)
    thread.start()
    seen = timeline.wait_for(lambda: next(iter(timeline.find(where=lambda it: it.text == "three")), None), 30)
    thread.join()

    assert seen is not None
    assert seen.text == "three"


def test_a_wait_for_what_never_comes_ends_with_nothing_after_its_time(timeline: Timeline) -> None:
    begin = time.monotonic()

    seen = timeline.wait_for(lambda: None, timeout_s=0.05)

    assert seen is None
    assert time.monotonic() - begin >= 0.05


def test_what_is_there_already_needs_no_wait(timeline: Timeline) -> None:
    timeline.append(event("there"))

    assert timeline.wait_for(lambda: len(timeline) or None, timeout_s=0) == 1


def test_an_event_reads_as_one_short_line() -> None:
    shown = str(event("one\ntwo" + "x" * 500, at=0.25, source="user1/tab2"))

    assert "\n" not in shown
    assert len(shown) < 220
    assert clock(0.25) in shown
    assert "user1/tab2" in shown
    assert "one⏎two" in shown
