"""What all expectations share: the place from where they look, the wait, and the text of a failure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from functools import wraps
from typing import ParamSpec, TypeVar, cast

from duologue.app import Chat, ChatRow
from duologue.errors import ExpectationFailed, Symptom, UnknownVerdict, VacuousExpectation, VerdictError
from duologue.journey import frames_of
from duologue.people.message import Message
from duologue.people.user import User
from duologue.taps import RECEIVED
from duologue.timeline import Cursor, Event, Timeline, clock

P = ParamSpec("P")
T = TypeVar("T")

# Delivery takes milliseconds; this is for a machine whose cores are all busy. A true expectation never waits for it.
EXPECT_TIMEOUT_S = 10.0


_OTHER_VERDICTS: Mapping[type[VerdictError], str] = {VacuousExpectation: "vacuous", UnknownVerdict: "unknown"}


def _noting(method: Callable[P, T]) -> Callable[P, T]:
    """Let a failure carry what the expectation was about, for the diagnosis."""

    @wraps(method)
    def expecting(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return method(*args, **kwargs)
        except VerdictError as error:
            if error.symptom is None:
                subject, *about = args
                chat = next((_chat_of(it) for it in about if isinstance(it, Chat | Message)), "")
                rest = tuple(it.text if isinstance(it, Message) else it for it in about if not isinstance(it, Chat))
                window = cast("Expectations", subject).source
                kind = _OTHER_VERDICTS.get(type(error), method.__name__)
                error.symptom = Symptom(kind, window, chat, rest[0] if len(rest) == 1 else rest)
            raise

    return expecting


def _chat_of(about: Chat | Message) -> str:
    return about.chat.id if isinstance(about, Message) else about.id


class Expectations:
    """Looks at what one source (a window, a service) brought after `since`; by default after the last action."""

    def __init_subclass__(cls) -> None:
        for name, method in list(vars(cls).items()):
            if name.startswith(("to_", "never_to_", "not_to_")):
                setattr(cls, name, _noting(method))

    @property
    def source(self) -> str:
        """The window or service that is looked at."""
        return self._source

    def __init__(self, timeline: Timeline, source: str, since: Cursor | Message | None, timeout_s: float) -> None:
        self._timeline, self._source, self._timeout_s = timeline, source, timeout_s
        self._since = since.cursor if isinstance(since, Message) else since or timeline.last_action

    def _events(self, kind: str | Set[str], where: Callable[[Event], bool] | None = None) -> list[Event]:
        return self._timeline.find(kind=kind, source=self._source, since=self._since, where=where)

    def _first(self, kind: str, holds: Callable[[Event], bool]) -> Callable[[], Event | None]:
        """A check for `_wait`: the first event that holds. Each is looked at once, however often the wait wakes."""
        looked_at = 0

        def check() -> Event | None:
            nonlocal looked_at
            new = self._events(kind)[looked_at:]
            looked_at += len(new)
            return next(filter(holds, new), None)

        return check

    def _wait(self, check: Callable[[], T | None], expected: str, seen: Callable[[], str], remedy: str = "") -> T:
        result = self._timeline.wait_for(check, self._timeout_s)
        if result is None:
            raise ExpectationFailed(
                f"{self._source}: expected {expected} within {self._timeout_s:g} s", seen=seen(), remedy=remedy
            )
        return result

    def _fail(self, expected: str, seen: str) -> None:
        raise ExpectationFailed(f"{self._source}: expected {expected}", seen=seen)

    def _listing(self, events: Iterable[Event], nothing: str) -> str:
        lines = [f"\n        {event}" for event in events]
        return "".join(lines[-25:]) or nothing


class WindowExpectations(Expectations):
    """Expectations about one window of a user."""

    def __init__(self, user: User, since: Cursor | Message | None, timeout_s: float) -> None:
        super().__init__(user.timeline, user.window, since, timeout_s)
        self._user = user

    # ---- the states of the chat list ----------------------------------------------------------------------
    def _list_before(self) -> tuple[ChatRow, ...]:
        if self._timeline.last(kind="view:chats", source=self._source, before=self._since) is None:
            raise UnknownVerdict(
                f"{self._source}: no chat list had been seen before the action",
                remedy="sign the user in first; does the adapter's row selector fit?",
            )
        return self._user.chats_at(self._since)

    def _list_states(self) -> list[tuple[float, tuple[ChatRow, ...]]]:
        return [(event.at, self._rows(event)) for event in self._events("view:chats")]

    def _rows(self, event: Event) -> tuple[ChatRow, ...]:
        return self._user.app.chat_rows(event.data["rows"])

    def _states_seen(self, before: Sequence[ChatRow] = ()) -> str:
        def line(rows: Sequence[ChatRow]) -> str:
            return (
                "  ".join(
                    f"{row.key}:{row.name!r} unread {row.unread} {row.preview[:30]!r}{' (open)' if row.is_open else ''}"
                    for row in rows
                )
                or "(empty)"
            )

        states = [f"\n        {clock(at)}  {line(rows)}" for at, rows in self._list_states()]
        return f"\n        before        {line(before)}" + (
            "".join(states[-12:]) or "\n        no change of the list after the action"
        )

    # ---- until --------------------------------------------------------------------------------------------
    def _wait_until(self, until: Message) -> None:
        """Wait for a later message: what the same sender sent before it has come by then, or never will."""
        arrived = self._timeline.wait_for(lambda: self._arrived(until) or None, self._timeout_s)
        if arrived is None:
            unknown = UnknownVerdict(
                f"{self._source}: {until.text!r}, which ends the window of observation, did not arrive "
                f"within {self._timeout_s:g} s",
                seen=self._states_seen() + self._listing(self._events(RECEIVED), ""),
            )
            unknown.symptom = Symptom("unknown", self._source, until.chat.id, until.text)
            raise unknown

    def _arrived(self, message: Message) -> bool:
        """Whether the window shows it, in the open chat or as a preview, or else a frame brought and a badge counts it.

        An earlier message of the same text is not this one.
        """
        user, capabilities = self._user, self._user.app.capabilities
        twins = [(sent.text, sent.chat.id) for sent in user.cast.sent if sent.cursor.index <= message.cursor.index]
        before = sum(user.app.seen_message(row).text == message.text for row in user.view("messages", message.cursor))
        shown = sum(seen.text == message.text for seen in user.messages)
        if shown > before or (shown and shown >= twins.count((message.text, message.chat.id))):
            return True
        row_before = self._row(user.chats_at(message.cursor), message.chat)
        if capabilities.previews and not (row_before and row_before.previews(message.text)):
            states = self._timeline.find(kind="view:chats", source=self._source, since=message.cursor)
            rows = [self._row(self._rows(event), message.chat) for event in states]
            return any(row is not None and row.previews(message.text) for row in rows)
        witnesses: list[bool] = []
        if capabilities.frames:
            witnesses.append(bool(frames_of(message, user)))
        if capabilities.unread == "number" and message.sender != user.name:
            row = self._row(user.chats, message.chat)
            counted_before = (row_before.unread or 0) if row_before else 0
            witnesses.append(row is not None and (row.unread or 0) > counted_before)
        return bool(witnesses) and all(witnesses)

    def _row(self, rows: Sequence[ChatRow], chat: Chat) -> ChatRow | None:
        key = self._user.key(chat)
        return next((row for row in rows if row.key == key), None)
