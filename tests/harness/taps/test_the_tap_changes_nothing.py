"""A page cannot tell whether the tap is there, and the tap sees what the page does."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, Playwright

from duologue.loop import Loop
from duologue.taps import Field, PageTap, View
from duologue.timeline import Timeline

BATTERY = Path(__file__).with_name("battery.js").read_text(encoding="utf-8")
LIST = View(row="#list > li", fields={"key": Field(attribute="data-key"), "badge": Field(selector="b", visible=True)})


@pytest.fixture
def tapped(new_context: Callable[..., BrowserContext], playwright: Playwright, echo: str) -> tuple[Page, Timeline]:
    """A page with the tap."""
    context, timeline = new_context(), Timeline(Loop(playwright))
    PageTap(context, timeline, "user1", {"list": LIST}, lambda _: "user1")
    page = context.new_page()
    page.goto(echo)
    return page, timeline


def test_a_page_finds_out_the_same_with_the_tap_and_without(
    tapped: tuple[Page, Timeline], new_context: Callable[..., BrowserContext], echo: str
) -> None:
    bare = new_context().new_page()
    bare.goto(echo)

    found = tapped[0].evaluate(BATTERY)

    assert found == bare.evaluate(BATTERY)
    assert found["close"] == [4001, "enough", True, 3], "the battery itself ran to its end"


def _texts(timeline: Timeline, kind: str) -> list[str]:
    return [event.text for event in timeline.find(kind=kind)]


def test_frames_are_seen_as_they_were_sent_and_received(tapped: tuple[Page, Timeline], echo: str) -> None:
    page, timeline = tapped
    page.evaluate(
        """async () => {
            const ws = new WebSocket(location.origin.replace('http', 'ws'));
            await new Promise(resolve => (ws.onopen = resolve));
            ws.send('hello 👍');
            await new Promise(resolve => (ws.onmessage = resolve));
            ws.send(new Uint8Array([1, 2]));
            await new Promise(resolve => (ws.onmessage = resolve));
            ws.close(4000, 'bye');
        }"""
    )

    closed = timeline.wait_for(lambda: timeline.find(kind="ws_closed") or None, 5)

    assert closed is not None
    assert (closed[0].data["code"], closed[0].data["reason"]) == (4000, "bye")
    assert _texts(timeline, "ws_open") == [echo.replace("http", "ws") + "/"]
    assert _texts(timeline, "ws_sent") == ["hello 👍", "[2 bytes]"]
    assert _texts(timeline, "ws_received") == ["hello 👍", "[2 bytes]"]
    assert [event.data.get("base64") for event in timeline.find(kind="ws_sent")] == [None, "AQI="]


def test_console_lines_read_the_same_on_every_engine(tapped: tuple[Page, Timeline]) -> None:
    page, timeline = tapped
    page.evaluate("""() => {
        console.log('📨 New message:', {chat_id: 7, message: {content: 'a "b"', tags: [1, 'x']}});
        console.warn('%cstyled', 'color: red', null, undefined, true);
        console.error(new TypeError('no such thing'));
    }""")

    lines = timeline.wait_for(lambda: lines if len(lines := timeline.find(kind="console")) == 3 else None, 5)

    assert lines is not None
    assert [(line.data["level"], line.text) for line in lines] == [
        ("log", '📨 New message: {chat_id: 7, message: {content: "a \\"b\\"", tags: [1, "x"]}}'),
        ("warn", "styled null undefined true"),
        ("error", "TypeError: no such thing"),
    ]
    assert lines[0].data["args"][1] == {"chat_id": 7, "message": {"content": 'a "b"', "tags": [1, "x"]}}


def test_errors_and_requests_of_the_page_are_seen(tapped: tuple[Page, Timeline]) -> None:
    page, timeline = tapped
    page.evaluate("""() => {
        setTimeout(() => { throw new RangeError('too far') });
        setTimeout(() => Promise.reject(new Error('nobody caught me')));
        fetch('/json', {method: 'POST'});
        const image = new Image(); image.src = '/missing.png'; document.body.append(image);
    }""")

    def all_seen() -> bool | None:
        kinds = [event.kind for event in timeline]
        return True if kinds.count("page_error") == 2 and {"response", "resource_failed"} <= set(kinds) else None

    assert timeline.wait_for(all_seen, 5), [str(event) for event in timeline]
    assert "RangeError: too far" in " ".join(_texts(timeline, "page_error"))
    assert "nobody caught me" in " ".join(_texts(timeline, "page_error"))
    assert timeline.find(kind="response")[0].data["status"] == 200
    assert timeline.find(kind="request")[0].data["method"] == "POST"


def test_each_state_of_a_list_is_seen_whole_and_once(tapped: tuple[Page, Timeline]) -> None:
    page, timeline = tapped
    page.evaluate("""async () => {
        const list = document.querySelector('#list');
        const turn = () => new Promise(resolve => setTimeout(resolve));
        list.innerHTML = '<li data-key="1">one</li><li data-key="2">two <b>3</b></li>';
        await turn();
        list.append(list.firstElementChild);
        list.querySelector('b').textContent = '4';
        await turn();
        list.setAttribute('title', 'changes nothing that is read');
        await turn();
        list.querySelector('b').style.display = 'none';
        await turn();
    }""")

    def rows(event: Any) -> list[tuple[str, str | None]]:
        return [(row["key"], row["badge"]) for row in event.data["rows"]]

    states = timeline.wait_for(lambda: found if len(found := timeline.find(kind="view:list")) >= 4 else None, 5)

    assert states is not None
    assert [rows(state) for state in states] == [
        [],
        [("1", None), ("2", "3")],
        [("2", "4"), ("1", None)],
        [("2", None), ("1", None)],
    ]
    assert [state.at for state in states] == sorted(state.at for state in states)
