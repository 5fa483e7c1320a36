"""A page cannot tell whether the tap is there, and the tap sees what the page does."""

from __future__ import annotations

from collections.abc import Callable, Set
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, Playwright

from duologue.loop import Loop
from duologue.taps import CONNECTION, RECEIVED, Field, PageTap, View
from duologue.timeline import Timeline

BATTERY = Path(__file__).with_name("battery.js").read_text(encoding="utf-8")
LIST = View(row="#list > li", fields={"key": Field(attribute="data-key"), "badge": Field(selector="b", visible=True)})


@pytest.fixture
def tapped(new_context: Callable[..., BrowserContext], playwright: Playwright, echo: str) -> tuple[Page, Timeline]:
    """A page with the tap."""
    context, timeline = new_context(), Timeline(Loop(playwright))
    polls = [r"GET .*/(json|empty|events|gone|broken)(\?.*)?"]
    PageTap(context, timeline, "user1", {"list": LIST}, lambda _: "user1", polls)
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
            ws.send(1764201600000);
            await new Promise(resolve => (ws.onmessage = resolve));
            ws.close(4000, 'bye');
        }"""
    )

    closed = timeline.wait_for(lambda: timeline.find(kind="ws_closed") or None, 5)

    assert closed is not None
    assert (closed[0].data["code"], closed[0].data["reason"]) == (4000, "bye")
    assert _texts(timeline, "ws_open") == [echo.replace("http", "ws") + "/"]
    assert _texts(timeline, "ws_sent") == ["hello 👍", "[2 bytes]", "1764201600000"]
    assert _texts(timeline, "ws_received") == ["hello 👍", "[2 bytes]", "1764201600000"]
    assert [event.data.get("base64") for event in timeline.find(kind="ws_sent")] == [None, "AQI=", None]


def test_a_blob_is_reported_before_what_its_connection_does_next(tapped: tuple[Page, Timeline]) -> None:
    """The bytes of a Blob are there later than its message, here much later: the close used to overtake it."""
    page, timeline = tapped
    page.evaluate(
        """async () => {
            const read = Blob.prototype.arrayBuffer;
            let release;
            const released = new Promise(resolve => (release = resolve));
            Blob.prototype.arrayBuffer = function () { return released.then(() => read.call(this)); };
            const ws = new WebSocket(location.origin.replace('http', 'ws'));
            await new Promise(resolve => (ws.onopen = resolve));
            ws.send(new Uint8Array([1, 2]));
            await new Promise(resolve => (ws.onmessage = resolve));
            ws.send('hello');
            await new Promise(resolve => (ws.onmessage = resolve));
            ws.close(4000, 'bye');
            await new Promise(resolve => (ws.onclose = resolve));
            release();
        }"""
    )

    closed = timeline.wait_for(lambda: timeline.find(kind="ws_closed") or None, 5)

    assert closed is not None
    received = timeline.find(kind="ws_received")
    assert [event.text for event in received] == ["[2 bytes]", "hello"]
    assert received[0].at <= received[1].at <= closed[0].at, "each by the time at which it happened"


def _seen(timeline: Timeline, kinds: Set[str], count: int) -> list[tuple[str, str]]:
    """The events of these kinds, once there are so many; what is there when they do not come."""
    timeline.wait_for(lambda: True if len(timeline.find(kind=kinds)) >= count else None, 5)
    return [(event.kind, event.text) for event in timeline.find(kind=kinds)]


def test_the_answers_of_an_address_that_is_asked_for_news_are_frames(tapped: tuple[Page, Timeline], echo: str) -> None:
    page, timeline = tapped
    page.evaluate("""async () => {
        await fetch('/json?since=0');
        await (await fetch('/empty')).text();
        const xhr = new XMLHttpRequest();
        xhr.open('GET', '/json?since=1');
        xhr.responseType = 'json';
        xhr.send();
        await new Promise(resolve => (xhr.onloadend = resolve));
        await fetch('/gone');
        await fetch('/other');
        const stop = new AbortController();
        const last = fetch('/json?since=2', {signal: stop.signal}).catch(() => {});
        stop.abort('enough');
        await last;
    }""")

    assert _seen(timeline, CONNECTION | RECEIVED, 7) == [
        ("poll_connecting", f"{echo}/json?since=0"),
        ("poll_open", f"{echo}/json?since=0"),
        ("poll_received", '{"answer": 42}'),
        ("poll_received", '{"answer":42}'),
        ("poll_closed", "404 refused"),
        ("poll_connecting", f"{echo}/json?since=2"),
        ("poll_closed", "0 enough"),
    ]


def test_each_event_of_a_streamed_answer_is_a_frame(tapped: tuple[Page, Timeline], echo: str) -> None:
    page, timeline = tapped
    page.evaluate("fetch('/events').then(answer => answer.text())")

    assert _seen(timeline, CONNECTION | RECEIVED, 6) == [
        ("poll_connecting", f"{echo}/events"),
        ("poll_open", f"{echo}/events"),
        ("poll_received", "one"),
        ("poll_received", "two\nlines 👍"),
        ("poll_received", "x"),
        ("poll_closed", "0 the stream ended"),
    ]


def test_server_sent_events_are_seen_as_far_as_the_page_listens(tapped: tuple[Page, Timeline], echo: str) -> None:
    page, timeline = tapped
    page.evaluate("""async () => {
        const source = new EventSource('/events');
        source.addEventListener('other', () => {});
        await new Promise(resolve => (source.onerror = resolve));
        source.close();
    }""")

    assert _seen(timeline, CONNECTION | RECEIVED, 7) == [
        ("sse_connecting", f"{echo}/events"),
        ("sse_open", f"{echo}/events"),
        ("sse_received", "one"),
        ("sse_received", "two\nlines 👍"),
        ("sse_closed", "lost"),
        ("sse_connecting", f"{echo}/events"),
        ("sse_closed", "by the page"),
    ]


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


def test_a_text_is_read_without_what_stands_in_it_and_an_attribute_of_the_row_itself_by_a_selector(
    new_context: Callable[..., BrowserContext], playwright: Playwright, echo: str
) -> None:
    context, timeline = new_context(), Timeline(Loop(playwright))
    fields = {"text": Field(without="time, .edited", exact=True), "is_open": Field(selector=".on", attribute="class")}
    PageTap(context, timeline, "user1", {"list": View(row="#list > li", fields=fields)}, lambda _: "user1")
    page = context.new_page()
    page.goto(echo)
    page.evaluate("""document.querySelector('#list').innerHTML =
        '<li>hello <b>you</b><time>10:04</time><i class="edited">(edited)</i></li><li class="on">again</li>'""")

    states = timeline.wait_for(lambda: found if len(found := timeline.find(kind="view:list")) >= 2 else None, 5)

    assert states is not None
    rows = [{"text": "hello you", "is_open": None}, {"text": "again", "is_open": "on"}]
    assert [dict(row) for row in states[-1].data["rows"]] == rows
    assert page.locator("time").count() == 1, "the page keeps what is not read"


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


@pytest.mark.parametrize(
    "fades",
    [
        "b {opacity: 0; transition: opacity 150ms} b.shown {opacity: 1}",
        "b {opacity: 0} b.shown {animation: in 150ms forwards} @keyframes in {from {opacity: 0} to {opacity: 1}}",
    ],
    ids=["transition", "animation"],
)
def test_what_fades_in_is_seen_though_no_node_changes_any_more(tapped: tuple[Page, Timeline], fades: str) -> None:
    page, timeline = tapped
    page.add_style_tag(content=fades)
    page.evaluate("document.querySelector('#list').innerHTML = '<li data-key=a><b>3</b></li>'")

    page.evaluate("document.querySelector('b').className = 'shown'")

    def badge() -> str | None:
        states = timeline.find(kind="view:list")
        rows = states[-1].data["rows"] if states else ()
        return rows[0]["badge"] if rows else None

    assert timeline.wait_for(badge, 5) == "3"
