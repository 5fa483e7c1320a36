"""A test's timeline as data: what the windows of user1 and user2 and the backend would have brought."""

from __future__ import annotations

from typing import Any

from duologue.app import Chat
from duologue.diagnosis import Finding
from duologue.journey import Hop, Journey
from duologue.people import Message
from duologue.report import Redactor, Story
from duologue.report.records import Record, records
from duologue.timeline import Cursor, Event

BEGIN = 1_700_000_000.0
NOBODY = Redactor()


def event(after_ms: float, source: str, kind: str, text: str = "", **data: Any) -> Event:
    """What was seen so many milliseconds after the begin; users are lanes, all other sources are the server's."""
    lane = source.partition("/")[0]
    return Event(
        BEGIN + after_ms / 1000, lane if lane.startswith(("user", "harness")) else "server", kind, text, data, source
    )


def view(after_ms: float, source: str, name: str, *rows: str) -> Event:
    """A new state of a view with these texts."""
    return event(after_ms, source, f"view:{name}", name, name=name, rows=tuple({"text": row} for row in rows))


def many_events(count: int) -> Story:
    """A test that saw so many console lines, in two windows and the backend."""
    sources = ("user1", "backend", "user2")
    return story(
        *(event(n * 1.7, sources[n % 3], "console", f"line {n}", level="log", args=[f"line {n}"]) for n in range(count))
    )


def kept(*events: Event) -> list[Record]:
    """As records; no account's secrets are known."""
    return records(events, NOBODY)


def journey(text: str, *reached: tuple[str, str, float], missing: tuple[str, str] | None = None) -> Journey:
    """A message from user1 to user2 that reached (hop, source, ms) and missed (hop, source)."""
    hops = [Hop(name, "reached", source, source, BEGIN + ms / 1000) for name, source, ms in reached]
    if missing:
        hops.append(Hop(missing[0], "missing", missing[1], missing[1]))
    chat = Chat("7", (), {})
    return Journey(Message(text, chat, "user1", Cursor(0, BEGIN), "user1"), "user2", tuple(hops))


EVENTS = (
    event(0, "harness", "action", "makes a chat of user1, user2"),
    event(1, "user1", "action", "sends 'hello' to chat 7"),
    event(
        40,
        "user1",
        "request",
        "POST http://127.0.0.1:8000/api/chats/7/messages",
        id=1,
        method="POST",
        url="http://127.0.0.1:8000/api/chats/7/messages",
    ),
    event(45, "backend", "log", "INFO:     stored"),
    event(47, "user1", "response", "201 POST http://127.0.0.1:8000/api/chats/7/messages", id=1, status=201, ms=7.0),
    event(50, "user2", "ws_received", '{"type":"new_message","text":"hello"}', socket=1),
    view(52, "user2", "chats", "user1 hello"),
    event(2052, "user2", "page_error", "TypeError: x is undefined", stack=""),
)
LOST = journey("hello", ("typed", "user1", 1), ("requested", "user1", 40), missing=("notified", "backend"))
FINDING = Finding("not-notified", "product", "notified", "stored, never told", "tell the manager", 90, EVENTS[3:4])


def story(*events: Event, **more: Any) -> Story:
    """A failed test that saw these events; by default the ones above, a message lost and its cause."""
    texts: dict[str, Any] = {"test": "tests/test_x.py::test_y", "outcome": "failed", "failure": "it did not come"}
    lost = {} if events else {"journeys": (LOST,), "findings": (FINDING,)}
    return Story(records=kept(*(events or EVENTS)), **{**texts, **lost, **more})
