"""What the witnesses say of one count: the API, the last frame, the page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from duologue.app import Chat, ChatRow
from duologue.diagnosis.evidence import Evidence
from duologue.people.message import Message
from duologue.people.user import User
from duologue.taps import RECEIVED
from duologue.timeline import Event


@dataclass(frozen=True, slots=True)
class Count:
    """Of one chat, at one window; the API where it tells any."""

    user: User
    chat: Chat | None
    key: str
    expected: int
    api: tuple[Event, ...]
    held: int | None
    told: int | None
    frames: tuple[Event, ...]
    shown: int | None
    before: int
    reached: bool
    """Whether the window showed the expected number since the last message."""
    beyond: tuple[int, ...]
    """Numbers that the window showed on the way and that do not lie between the one before and the expected one."""

    @property
    def by_server(self) -> bool:
        """Whether the server is wrong, over REST or in its frames; else the page is."""
        told = self.told not in (None, self.expected) and self.told in (self.shown, *self.beyond)
        return told or (bool(self.api) and self.held != self.expected)

    @property
    def by_nobody_known(self) -> bool:
        """Whether it could be the server as well as the page: neither API nor frames tell what the server counts."""
        return not self.api and self.told is None

    @property
    def left(self) -> int:
        """How many are unread yet: by the server's word, or by the page's where there is none."""
        return (self.held if self.api else self.shown) or 0

    @property
    def wrong(self) -> int:
        """The wrong number."""
        numbers = (self.held, self.told, self.shown) if self.by_server else (self.shown, *self.beyond)
        return next((number for number in numbers if number not in (None, self.expected)), 0) or 0

    def __str__(self) -> str:
        told = "" if self.told is None else f", its last frame told {self.told}"
        shows = "no such chat" if self.shown is None else self.shown
        held = "holds no such chat" if self.held is None else f"holds {self.held}"
        server = f"the server {held}" if self.api else "what the server holds is not known"
        showed = f" and showed {', '.join(map(str, self.beyond))}" if self.beyond else ""
        return f"expected {self.expected}, {server}{told}, {self.user.window} shows {shows}{showed}"


def count_of(evidence: Evidence) -> Count | None:
    """What the witnesses say; None when the failed expectation was not about one chat's count."""
    symptom, api = evidence.symptom, api_of(evidence)
    user = evidence.cast.users.get(symptom.window)
    expected = 0 if symptom.kind in ("to_mark_as_read", "to_keep_marked_as_read") else symptom.expected
    if "read" not in symptom.kind or not symptom.chat or user is None or not isinstance(expected, int):
        return None
    chat = evidence.chat(symptom.chat)
    key = user.key(chat) if chat else symptom.chat
    seen = [
        (event, found)
        for event in evidence.find(RECEIVED, user.window)
        for found in evidence.app.frame_messages(event.text)
        if found.chat == symptom.chat
    ]
    deleted = max((event.at for event in deletions(evidence, user, chat)), default=0.0)
    told = [(event, found.unread) for event, found in seen if found.unread is not None and event.at > deleted]
    last = next((message for message in reversed(evidence.cast.sent) if message.chat.id == symptom.chat), None)
    before = _unread(user.chats_at(last.cursor), key) or 0 if last else 0
    least, most = sorted((before, expected))
    shown = [_unread(tuple(map(evidence.app.chat_row, event.data["rows"])), key) for event in _states(user, last)]
    beyond = dict.fromkeys(number for number in shown[:-1] if number is not None and not least <= number <= most)
    return Count(
        user=user,
        chat=chat,
        key=key,
        expected=expected,
        api=(api,) if api else (),
        held=api.data["unread"].get(key) if api else None,
        told=told[-1][1] if told else None,
        frames=tuple(event for event, _ in told),
        shown=_unread(user.chats, key),
        before=before,
        reached=expected in shown,
        beyond=tuple(beyond),
    )


def deletions(evidence: Evidence, user: User, chat: Chat | None) -> list[Event]:
    """What others deleted in a chat."""
    sent = [message for message in evidence.cast.sent if chat and message.chat.id == chat.id]
    lines = {f"deletes {message.text!r}" for message in sent if message.sender != user.name}
    return evidence.find("action", where=lambda event: event.text in lines)


def opens_chat(event: Event, chat: Chat | None) -> bool:
    """Whether somebody opened the chat by this act."""
    return chat is not None and event.text == f"opens chat {chat}"


def api_of(evidence: Evidence) -> Event | None:
    """What the API held for whoever the failed expectation was about."""
    return next(iter(evidence.find("api_chats", evidence.symptom.window)), None)


def _states(user: User, message: Message | None) -> list[Event]:
    """What the window's list went through since a message."""
    return user.timeline.find(kind="view:chats", source=user.window, since=message.cursor) if message else []


def _unread(rows: Sequence[ChatRow], key: str) -> int | None:
    return next((row.unread for row in rows if row.key == key), None)
