"""What a window asked and has no answer to yet."""

from __future__ import annotations

from collections import Counter

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


def unfinished(timeline: Timeline, app: ChatApp, window: str, since: Cursor) -> list[Event]:
    """What is unanswered, and the answers that have begun and of which the end has not come.

    The browser tells of an end by its address alone: as many have ended as there were ends.
    """
    polls = app.poll_patterns()
    ends = Counter(event.data["url"] for event in timeline.find(kind="response_end", source=window, since=since))
    begun: list[Event] = []
    for event in timeline.find(kind="response", source=window, since=since):
        url = event.data["url"].partition("#")[0]
        asked = f"{event.data['method']} {url}"
        if not url.startswith("http") or any(poll.fullmatch(asked) for poll in polls):
            continue
        ends[url] -= 1
        if ends[url] < 0:
            begun.append(event)
    return unanswered(timeline, app, window, since) + begun
