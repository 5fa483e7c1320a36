"""Expectations about the WebSocket of a window or of a protocol user: frames, opening, closing."""

from __future__ import annotations

import re

from duologue.app import ChatApp
from duologue.errors import UnknownVerdict
from duologue.expect.base import Expectations
from duologue.lines import Line
from duologue.people.asked import unanswered
from duologue.people.message import Message
from duologue.taps import CLOSED, CONNECTION, OPENED, RECEIVED
from duologue.timeline import Cursor, Event, Timeline


class SocketExpectations(Expectations):
    """What the transport brings after an action."""

    _app: ChatApp

    def to_receive(self, message: Message | str) -> Event:
        """A frame brings this message."""
        return self._wait(
            lambda: next(iter(self._frames_with(message)), None),
            f"a frame with the message {str(message)!r}",
            self._frames_seen,
        )

    def to_receive_once(self, message: Message | str, *, until: Message) -> None:
        """Exactly one frame brings this message before a later one comes."""
        self._wait_for_frame_of(until)
        if (count := len(self._frames_with(message))) != 1:
            self._fail(f"one frame with the message {str(message)!r}", f"{count}: {self._frames_seen()}")

    def never_to_receive(self, text: str, *, until: Message) -> None:
        """No frame brings the text before a later message comes."""
        self._wait_for_frame_of(until)
        if found := self._events(RECEIVED, lambda event: text in event.text):
            self._fail(f"no frame with {text!r}", self._listing(found, ""))

    def to_receive_frame(self, pattern: Line) -> Event:
        """A frame equal to a string as a whole, or in which a pattern is found."""
        return self._wait(
            lambda: next(iter(self._events(RECEIVED, lambda event: _holds(pattern, event.text))), None),
            f"a frame {pattern!r}",
            self._frames_seen,
        )

    def to_have_opened_socket(self) -> Event:
        """A WebSocket was opened; the event's text is its URL."""
        return self._wait(
            lambda: next(iter(self._events(OPENED)), None), "a WebSocket to be opened", self._sockets_seen
        )

    def to_have_closed_socket(self, code: int | None = None, reason: str | None = None) -> Event:
        """A WebSocket was closed, with this code and reason where given.

        A page that goes elsewhere takes its sockets along, and nobody is left to tell of it but the next document.
        """

        def closed() -> Event | None:
            for event in self._events(CLOSED):
                if code in (None, event.data["code"]) and reason in (None, event.data["reason"]):
                    return event
            # The document that a cursor such as `loaded_at` points to is where the looking begins.
            left = next(iter(self._events("document", lambda event: event.at > self._since.at)), None)
            before = [
                event
                for event in self._timeline.find(kind=CONNECTION | RECEIVED, source=self._source)
                if left and event.at < left.at
            ]
            had_one = before and before[-1].kind in OPENED | RECEIVED
            return left if had_one and code is None and reason is None else None

        return self._wait(
            closed, f"the WebSocket to close with {code or 'any code'} {reason or ''}".rstrip(), self._sockets_seen
        )

    def to_have_failed_request(self) -> Event:
        """A request of the page got no answer, as while `user.link` is cut."""
        return self._wait(
            lambda: next(iter(self._events("request_failed")), None),
            "a request to fail",
            lambda: self._listing(self._events({"request", "response"}), "no request at all after the action"),
        )

    def to_have_no_request_open(self) -> None:
        """All that the page's present document asked until now was answered, or has failed; its polls may go on."""
        loaded, now = self._timeline.cursor_of_last(kind="document", source=self._source), self._timeline.cursor()

        def still_open() -> list[Event]:
            asked = unanswered(self._timeline, self._app, self._source, loaded)
            return [event for event in asked if event.at <= now.at]

        self._wait(
            lambda: None if still_open() else True, "no request to be open", lambda: self._listing(still_open(), "")
        )

    def _wait_for_frame_of(self, until: Message) -> None:
        if self._timeline.wait_for(lambda: self._frames_with(until) or None, self._timeout_s) is None:
            raise UnknownVerdict(
                f"{self._source}: no frame with {until.text!r}, which ends the window of observation, came "
                f"within {self._timeout_s:g} s",
                seen=self._frames_seen(),
            )

    def _frames_with(self, message: Message | str) -> list[Event]:
        chat = message.chat.id if isinstance(message, Message) else None

        def carries(event: Event) -> bool:
            return any(
                seen.text == str(message) and (chat is None or seen.chat in ("", chat))
                for seen in self._app.frame_messages(event.text)
            )

        return self._events(RECEIVED, carries)

    def _frames_seen(self) -> str:
        return self._listing(self._events(RECEIVED), "no frame at all after the action") + self._sockets_seen()

    def _sockets_seen(self) -> str:
        events = self._timeline.find(kind=CONNECTION, source=self._source)
        return "\n        its sockets: " + self._listing(events, "none was ever opened")


class ProtocolExpectations(SocketExpectations):
    """Expectations about a protocol user."""

    def __init__(
        self, timeline: Timeline, source: str, app: ChatApp, since: Cursor | Message | None, timeout_s: float
    ) -> None:
        super().__init__(timeline, source, since, timeout_s)
        self._app = app


def _holds(pattern: Line, text: str) -> bool:
    return text == pattern if isinstance(pattern, str) else re.search(pattern, text) is not None
