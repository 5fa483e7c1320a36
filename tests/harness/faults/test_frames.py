"""Each fault of a frame is real: the page gets what the fault left, on every engine."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page

from duologue.faults import LANE, Frames
from duologue.taps import PageTap
from duologue.timeline import Timeline
from tests.harness.faults.conftest import Echo
from tests.harness.faults.test_link import OPEN, SOON_S


@pytest.fixture
def context(new_context: Callable[..., BrowserContext], echo: Echo) -> BrowserContext:
    """A browser without a link."""
    return new_context(base_url=f"http://127.0.0.1:{echo.port}")


@pytest.fixture
def frames(context: BrowserContext, timeline: Timeline) -> Frames:
    """The frames of its sockets."""
    return Frames(context, timeline, "ann")


@pytest.fixture
def page(context: BrowserContext, frames: Frames, timeline: Timeline, echo: Echo) -> Page:
    """A page with an open socket, and a tap in it."""
    del frames
    PageTap(context, timeline, "ann", {}, lambda _: "ann")
    page = context.new_page()
    page.goto("/")
    page.evaluate(OPEN, echo.port)
    return page


@pytest.fixture
def echoes(page: Page, timeline: Timeline) -> Callable[..., list[str]]:
    """`echoes("a", "b")`: sends these and a last one, and returns what came back before the last one did."""

    def send(*texts: str) -> list[str]:
        page.evaluate("texts => texts.forEach(text => ws.send(text))", [*texts, "last"])

        def received() -> list[str] | None:
            got = [event.text for event in timeline.find(kind="ws_received")]
            return got if "last" in got else None

        got = timeline.wait_for(received, SOON_S)
        assert got, "the last frame never came back"
        return [text for text in got if text != "last"]

    return send


def test_without_a_fault_every_frame_comes_as_it_is(echoes: Callable[..., list[str]]) -> None:
    assert echoes("one", "two", "three") == ["one", "two", "three"]


def test_a_lost_frame_never_comes(
    frames: Frames, echoes: Callable[..., list[str]], timeline: Timeline, echo: Echo
) -> None:
    fault = frames.lose("^t", nth=2)

    assert echoes("one", "two", "three", "four") == ["one", "two", "four"]
    assert fault.struck == ["three"]
    assert "three" in echo.got, "it was lost on the way down"
    assert "loses ann's frame down: three" in [event.text for event in timeline if event.lane == LANE]


def test_a_frame_lost_upwards_never_reaches_the_server(
    frames: Frames, echoes: Callable[..., list[str]], echo: Echo
) -> None:
    fault = frames.lose("two", way="up")

    assert echoes("one", "two", "three") == ["one", "three"]
    assert fault.struck == ["two"]
    assert "two" not in echo.got


def test_a_repeated_frame_comes_twice(frames: Frames, echoes: Callable[..., list[str]]) -> None:
    frames.repeat("two")

    assert echoes("one", "two", "three") == ["one", "two", "two", "three"]


def test_a_swapped_frame_comes_after_the_next_one(frames: Frames, echoes: Callable[..., list[str]]) -> None:
    frames.swap("one")

    assert echoes("one", "two", "three") == ["two", "one", "three"]


def test_a_swapped_frame_waits_for_the_one_that_it_is_swapped_with(
    frames: Frames, echoes: Callable[..., list[str]]
) -> None:
    frames.swap("one", past="three")

    assert echoes("one", "two", "three", "four") == ["two", "three", "one", "four"]


def test_a_delayed_frame_comes_when_it_is_released(
    frames: Frames, echoes: Callable[..., list[str]], timeline: Timeline
) -> None:
    frames.delay("one")
    assert echoes("one", "two") == ["two"]

    frames.release()

    assert timeline.wait_for(
        lambda: timeline.find(kind="ws_received", where=lambda it: it.text == "one") or None, SOON_S
    )


def test_a_corrupted_frame_is_shorter(frames: Frames, echoes: Callable[..., list[str]]) -> None:
    frames.corrupt("two")

    assert echoes("one", "two two", "three") == ["one", "two ", "three"]


def test_a_socket_closes_with_the_code_instead_of_a_frame(frames: Frames, page: Page, timeline: Timeline) -> None:
    frames.close("two", 4001, "enough")

    page.evaluate("ws.send('one'); ws.send('two')")

    closed = timeline.wait_for(lambda: next(iter(timeline.find(kind="ws_closed")), None), SOON_S)
    assert closed
    assert (closed.data["code"], closed.data["reason"]) == (4001, "enough")
    assert [event.text for event in timeline.find(kind="ws_received")] == ["one"]
