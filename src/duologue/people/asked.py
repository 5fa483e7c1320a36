"""What a window asked and has no answer to yet."""

from __future__ import annotations

from duologue.app import ChatApp
from duologue.timeline import Cursor, Event, Timeline


def unanswered(timeline: Timeline, app: ChatApp, window: str, since: Cursor) -> list[Event]:
    """The window's requests after `since` that were neither answered nor failed; polls wait for news, and are none."""
    seen = timeline.find(kind={"request", "response", "request_failed"}, source=window, since=since)
    ended = {event.data["id"] for event in seen if event.kind != "request"}
    polls = app.poll_patterns()
    return [
        event
        for event in seen
        if event.kind == "request"
        and event.data["id"] not in ended
        and not any(poll.fullmatch(event.text) for poll in polls)
    ]
