"""A user's window without a browser: tests put on the timeline what the tap would have seen in a page."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from duologue.app import Account, Chat, ChatRow
from duologue.errors import VerdictError
from duologue.people import Message, User
from duologue.timeline import Cursor, Event, Timeline
from tests.harness.toy import TOY, ToyChat

# How long an expectation that fails is given: nothing else can come while the test itself waits in it.
AT_ONCE_S = 0.0


@dataclass
class Server:
    """What the API holds: unread counts by the key of a row."""

    unread: dict[str, int] = field(default_factory=dict)

    def chats(self, account: Account) -> list[ChatRow]:
        """As `ChatApi.chats`, the same for everybody."""
        del account
        return [ChatRow(key, "", unread, "") for key, unread in self.unread.items()]


@dataclass
class Stage:
    """What a window's `cast` is asked for."""

    app: ToyChat
    timeline: Timeline
    api: Server = field(default_factory=Server)
    sent: list[Message] = field(default_factory=list[Message])
    chats: dict[str, Chat] = field(default_factory=dict[str, Chat])


class Window(User):
    """A real `User` but for its page: all that it shows comes from the timeline."""

    def __init__(self, timeline: Timeline, name: str = "user2") -> None:
        self.cast: Any = Stage(TOY, timeline)
        self.name = self.window = name
        self.account = Account(name, "secret", name.capitalize())
        self.opened_at = Cursor(0, 0.0)

    # ---- what the tap would have reported --------------------------------------------------------------------
    def sees(self, kind: str, text: str = "", **data: Any) -> Event:
        """Anything."""
        event = Event(time.time(), self.name, kind, text, data, self.window)
        self.timeline.append(event)
        return event

    def sees_view(self, view: str, *rows: dict[str, str | None]) -> Event:
        """A new state of a view."""
        return self.sees(f"view:{view}", view, name=view, rows=rows)

    def sees_list(self, *rows: tuple[Chat, int] | tuple[Chat, int, str]) -> Event:
        """A new state of the chat list: (chat, unread, preview) from the top."""
        return self.sees_view(
            "chats",
            *(
                {
                    "key": f"talk-{chat}",
                    "name": f"Chat {chat}",
                    "unread": str(unread) if unread else None,
                    "preview": "".join(preview),
                    "is_open": None,
                }
                for chat, unread, *preview in rows
            ),
        )

    def sees_messages(self, *texts: str, **more: str) -> Event:
        """A new state of the open chat; `more` are fields of every message."""
        return self.sees_view("messages", *({"text": text, **more} for text in texts))

    def sees_sign(self, name: str, text: str) -> Event:
        """A new text of `connection`, `typing`, …; empty: it is not there."""
        return self.sees_view(name, *([{"text": text}] if text else []))

    def receives(self, chat: Chat, text: str) -> Event:
        """A frame with a message."""
        return self.sees("ws_received", f"msg|{chat}|user1|{text}")

    def sends(self, chat: Chat, text: str) -> Message:
        """The window acts: from here on expectations look."""
        return Message(text, chat, self.name, self.timeline.act(self.name, f"sends {text!r}", source=self.window))


def chat(chat_id: int) -> Chat:
    """A chat by its id."""
    return Chat(str(chat_id), (), {})


def soon(*steps: Callable[[], object]) -> threading.Timer:
    """Do these while the test waits in its expectation."""

    def run() -> None:
        for step in steps:
            step()

    timer = threading.Timer(0.03, run)
    timer.start()
    return timer


def verdict(kind: type[VerdictError], expectation: Callable[[], object], *parts: str) -> str:
    """The expectation ends with this verdict, whose text has these parts in this order; returns the text."""
    with pytest.raises(kind) as raised:
        expectation()
    assert type(raised.value) is kind
    text = str(raised.value)
    assert re.search(".*".join(map(re.escape, parts)), text, re.DOTALL), f"not all of {parts} in:\n{text}"
    return text


def stamped(event: Event, text: str) -> str:
    """As a failure shows an event's time and what was seen then."""
    from duologue.timeline import clock

    return f"{clock(event.at)}  {text}"
