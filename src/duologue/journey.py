"""One message's way to one window: in go timeline and adapter, out come the hops it reached, with their times."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Set
from dataclasses import dataclass
from typing import Literal

from duologue.lines import ANYTHING, line_of
from duologue.people.message import Message
from duologue.people.user import User
from duologue.taps import OPENED, RECEIVED, SAID
from duologue.timeline import Event, clock

State = Literal["reached", "missing", "unknown"]
_SIGNS: dict[State, str] = {"reached": "✓", "missing": "✗", "unknown": "?"}
HOPS = ("typed", "requested", "stored", "notified", "frame", "console", "shown", "listed")


@dataclass(frozen=True, slots=True)
class Hop:
    """One station. `unknown` when no witness can see it, or when a later one was reached without it being seen.

    Reached with no `at`: the API has the message, and nobody saw when it was stored.
    """

    name: str
    state: State
    lane: str
    source: str
    at: float | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Journey:
    """The way of a message to a window; its hops in order, those that do not apply there left out."""

    message: Message
    window: str
    hops: tuple[Hop, ...]

    @property
    def missing(self) -> Hop | None:
        """The first hop that was not reached; None when it arrived."""
        return next((hop for hop in self.hops if hop.state == "missing"), None)

    @property
    def reached(self) -> tuple[Hop, ...]:
        """The hops that were reached."""
        return tuple(hop for hop in self.hops if hop.state == "reached")

    def ms(self, start: str = "typed", end: str = "listed") -> float | None:
        """Milliseconds from one hop to another; None where one of them was not seen."""
        at = {hop.name: hop.at for hop in self.reached}
        first, last = at.get(start), at.get(end)
        return (last - first) * 1000 if first is not None and last is not None else None

    def __str__(self) -> str:
        lines: list[str] = []
        before = None
        for hop in self.hops:
            if hop.at is None:
                lines.append(f"{_SIGNS[hop.state]} {hop.name:<10} {hop.state} ({hop.source})")
                continue
            step = f"{(hop.at - (before or hop.at)) * 1000:+.0f} ms"
            lines.append(f"✓ {hop.name:<10} {clock(hop.at)}  {step:>8}  {hop.source}")
            before = hop.at
        return f"the way of {self.message.text!r} to {self.window}:" + "".join(f"\n        {line}" for line in lines)


def journey(message: Message, user: User) -> Journey:
    """How far the message came towards a user's window, by what the timeline holds now."""
    return _Way(message, user).journey()


class _Way:
    def __init__(self, message: Message, user: User) -> None:
        self._message, self._user, self._timeline = message, user, user.timeline

    def journey(self) -> Journey:
        hops = [hop for hop in (getattr(self, f"_{name}")() for name in HOPS) if hop is not None]
        # What a page shows of an own message before it is sent is no proof that it was.
        no_proof = ("shown", "listed") if self._user.window == self._message.window else ()
        last = max(
            (index for index, hop in enumerate(hops) if hop.state == "reached" and hop.name not in no_proof), default=-1
        )
        # The open chat and the list are two views of what came: what the list shows says nothing of the chat.
        seen = [
            Hop(hop.name, "unknown", hop.lane, hop.source)
            if hop.state == "missing" and hop.name != "shown" and index < last
            else hop
            for index, hop in enumerate(hops)
        ]
        return Journey(self._message, self._user.window, tuple(seen))

    # ---- at the sender ------------------------------------------------------------------------------------
    def _typed(self) -> Hop:
        window = self._message.window
        actions = self._find("action", window, lambda event: repr(self._message.text) in event.text) if window else []
        return self._hop("typed", actions, self._message.sender, window, can_see=bool(window))

    def _request(self) -> Event | None:
        pattern = self._user.app.lines.request
        if not pattern or not self._message.window:
            return None
        line = line_of(pattern, chat=self._message.chat.id, any=ANYTHING)
        requests = self._find(SAID, self._message.window, lambda event: line.fullmatch(event.text) is not None)
        return requests[0] if requests else None

    def _requested(self) -> Hop:
        lane, window = self._message.sender, self._message.window
        if self._user.app.lines.request or not window:
            request = self._request()
            return self._hop("requested", [request] if request else [], lane, window, can_see=bool(window))
        # Nobody said how this chat sends. A frame with the text in it tells; that there is none tells too, where
        # nothing at all left the window, or where others' messages are known to leave in such frames.
        carrying = self._sent_in(self._message)
        left = self._timeline.find(kind=SAID, source=window, since=self._message.cursor)
        sees_none = not left or any(self._sent_in(other) for other in self._user.cast.sent)
        return self._hop("requested", carrying, lane, window, can_see=self._connected(window) and sees_none)

    def _sent_in(self, message: Message) -> list[Event]:
        """The WebSocket frames that took a message out of its window, as far as its text can be read in them."""
        forms = _forms(message.text)
        return self._timeline.find(
            kind="ws_sent",
            source=message.window,
            since=message.cursor,
            where=lambda event: any(form in event.text for form in forms),
        )

    def _stored(self) -> Hop:
        request = self._request()
        has_answer = request is None or request.kind == "request"  # a frame has none that could be told from others
        answers = (
            self._find(
                "response",
                self._message.window,
                lambda event: event.data["id"] == request.data["id"] and 200 <= event.data["status"] < 300,
            )
            if request and has_answer
            else []
        )
        can_see = has_answer and bool(self._user.app.lines.request and self._message.window)
        if can_see or answers:
            return self._hop("stored", answers, self._message.sender, self._message.window)
        return Hop("stored", self._recorded(), self._message.sender, "API")

    def _recorded(self) -> State:
        """By what the API told, when it was asked after the failure; it need not give back a text as it was typed."""
        told = self._timeline.find(
            kind="api_messages",
            since=self._message.cursor,
            where=lambda event: event.data["chat"] == self._message.chat.id,
        )
        if not told or self._is_changed():
            return "unknown"
        texts = told[-1].data["texts"]
        others = {other.text for other in self._user.cast.sent if other is not self._message}
        if self._message.text in texts:
            return "reached"
        return "missing" if not texts or not others.isdisjoint(texts) else "unknown"

    # ---- in the server ------------------------------------------------------------------------------------
    def _notified(self) -> Hop:
        pattern = self._user.app.lines.notified
        has_log = any(event.kind == "log" for event in self._timeline)
        if not pattern or not has_log:
            return Hop("notified", "unknown", "server", "server log")
        told = notifications(self._message, self._user, self._user.account.id)
        return self._hop("notified", told, "server", told[0].source if told else "server log")

    # ---- at the receiver ----------------------------------------------------------------------------------
    def frames(self) -> list[Event]:
        """The frames that brought the message to the window."""

        def carries(event: Event) -> bool:
            return any(
                seen.text == self._message.text and seen.chat in ("", self._message.chat.id)
                for seen in self._user.app.frame_messages(event.text)
            )

        return self._find(RECEIVED, self._user.window, carries)

    def _frame(self) -> Hop:
        window = self._user.window
        can_see = self._user.app.capabilities.frames and self._connected(window)
        return self._hop("frame", self.frames(), self._user.name, window, can_see)

    def _console(self) -> Hop | None:
        pattern = self._user.app.lines.console
        if not pattern:
            return None
        line = line_of(pattern, chat=self._message.chat.id, any=ANYTHING)

        forms = _forms(self._message.text)

        def is_ours(event: Event) -> bool:
            said = [str(argument) for argument in event.data.get("args") or ()]
            return line.fullmatch(event.text) is not None and any(form in it for form in forms for it in said)

        lines = self._find("console", self._user.window, is_ours)
        return self._hop("console", lines, self._user.name, self._user.window)

    def _shown(self) -> Hop | None:
        if not self._user.is_open(self._message.chat) or self._is_changed():
            return None
        app, text = self._user.app, self._message.text
        states = self._find(
            "view:messages",
            self._user.window,
            lambda event: any(app.seen_message(row).text == text for row in event.data["rows"]),
        )
        return self._hop("shown", states, self._user.name, self._user.window)

    def _listed(self) -> Hop:
        key, app = self._user.key(self._message.chat), self._user.app
        before = next((row for row in self._user.chats_at(self._message.cursor) if row.key == key), None)

        def tells(event: Event) -> bool:
            row = next((row for row in app.chat_rows(event.data["rows"]) if row.key == key), None)
            return row is not None and (row.previews(self._message.text) or before is None)

        states = self._find("view:chats", self._user.window, tells)
        return self._hop("listed", states, self._user.name, self._user.window, app.capabilities.previews)

    # ---- inner --------------------------------------------------------------------------------------------
    def _is_changed(self) -> bool:
        """Whether the test edited or deleted it."""
        changes = tuple(f"{verb} {self._message.text!r}" for verb in ("edits", "deletes"))
        return bool(self._timeline.find(kind="action", where=lambda event: event.text.startswith(changes)))

    def _connected(self, window: str) -> bool:
        """Whether the taps saw a connection of the window open: those of a worker that they do not see tell nothing."""
        return bool(self._timeline.find(kind=OPENED, source=window))

    def _find(self, kind: str | Set[str], source: str, where: Callable[[Event], bool]) -> list[Event]:
        return self._timeline.find(kind=kind, source=source, since=self._message.cursor, where=where)

    def _hop(self, name: str, events: list[Event], lane: str, source: str, can_see: bool = True) -> Hop:
        if events:
            return Hop(name, "reached", lane, source, events[0].at, events[0].text)
        return Hop(name, "missing" if can_see else "unknown", lane, source)


def _forms(text: str) -> set[str]:
    """As it may stand in a frame, or among the arguments of a console line: itself, in JSON, in a list of Python's."""
    return {text, json.dumps(text)[1:-1], json.dumps(text, ensure_ascii=False)[1:-1], repr(text)[1:-1]}


def notifications(message: Message, user: User, user_id: str | re.Pattern[str]) -> list[Event]:
    """The lines of the server's log that tell a member, or anybody, of something in the message's chat since then.

    Where such a line does not name the chat, the line with which the server set out to tell that chat's members does.
    """
    lines = user.app.lines
    log = user.timeline.find(kind="log", since=message.cursor)
    line = line_of(lines.notified, chat=message.chat.id, user=user_id, any=ANYTHING)
    if "{chat}" in lines.notified or not lines.notifying:
        return [event for event in log if line.fullmatch(event.text)]
    ours = line_of(lines.notifying, chat=message.chat.id, any=ANYTHING)
    anyones = line_of(lines.notifying, chat=ANYTHING, any=ANYTHING)
    is_ours, found = False, list[Event]()
    for event in log:
        if anyones.fullmatch(event.text):
            is_ours = ours.fullmatch(event.text) is not None
        elif is_ours and line.fullmatch(event.text):
            found.append(event)
    return found


def sightings(message: Message, user: User) -> list[Event]:
    """Where a message came to light at a window since it was sent, in whatever chat: in frames, messages, previews."""
    app, text = user.app, message.text
    tells: dict[str, Callable[[Event], bool]] = {
        "view:messages": lambda event: any(app.seen_message(row).text == text for row in event.data["rows"]),
        "view:chats": lambda event: any(row.previews(text) for row in app.chat_rows(event.data["rows"])),
        **dict.fromkeys(RECEIVED, lambda event: any(seen.text == text for seen in app.frame_messages(event.text))),
    }
    return user.timeline.find(
        source=user.window,
        since=message.cursor,
        where=lambda event: event.kind in tells and tells[event.kind](event),
    )


def frames_of(message: Message, user: User) -> list[Event]:
    """The frames that brought a message to a window, in order of arrival."""
    return _Way(message, user).frames()
