"""A scene without a browser: two people, one chat, and what their taps, the server and the probes reported."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from duologue.app import Account, Capabilities, Chat, ChatApp, ChatList, Lines, MessageList, SeenMessage
from duologue.diagnosis import Evidence
from duologue.errors import ExpectationFailed, Symptom
from duologue.journey import journey
from duologue.people import Message, User
from duologue.taps import Field
from duologue.timeline import Cursor, Event, Timeline

API = "http://127.0.0.1:8800/api"
SOCKET = "ws://127.0.0.1:8800/live"


class SceneApp(ChatApp):
    """A chat whose frames are JSON."""

    def frame_message(self, frame: str) -> SeenMessage | None:
        """Every frame is a message."""
        data = json.loads(frame)
        return SeenMessage(data["text"], data.get("id", "m1"), chat=data["chat"], unread=data.get("unread"))


APP = SceneApp(
    name="scene",
    chats=ChatList(row="li", key=Field(attribute="key"), name=Field(), unread=Field(), preview=Field()),
    messages=MessageList(row="p", text=Field()),
    composer="textarea",
    connection="i",
    connected="^connected",
    lines=Lines(
        request="POST {any}/chats/{chat}/messages",
        notified="told {user} of chat {chat}",
        notifying="telling chat {chat}",
        console="news in {chat}",
        read="POST {any}/chats/{chat}/read",
        refresh="POST {any}/refresh",
    ),
    capabilities=Capabilities(requests=True),
)


class SceneUser(User):
    """A `User` but for its page."""

    def __init__(self, cast: Any, name: str) -> None:
        self.cast, self.name, self.window = cast, name, name
        self.account = Account(name, "secret", name.capitalize(), id=name[-1])
        self.opened_at = Cursor(0, 0.0)


@dataclass
class Stage:
    """What rules ask of a cast."""

    app: ChatApp
    timeline: Timeline
    users: dict[str, User] = field(default_factory=dict)
    sent: list[Message] = field(default_factory=list)
    chats: dict[str, Chat] = field(default_factory=dict)
    accounts: list[Account] = field(default_factory=list)


class Scene:
    """Time goes on by ten milliseconds with each event; `wait` lets more of it pass."""

    def __init__(self) -> None:
        self.timeline = Timeline()
        self.cast: Any = Stage(APP, self.timeline)
        self.user1, self.user2 = SceneUser(self.cast, "user1"), SceneUser(self.cast, "user2")
        self.cast.users = {"user1": self.user1, "user2": self.user2}
        self.chat = Chat("7", (self.user1.account, self.user2.account), {})
        self.cast.chats = {"7": self.chat}
        self.cast.accounts = list(self.chat.members)
        self.now = 1000.0

    # ---- what happens ---------------------------------------------------------------------------------------------
    def sees(self, source: str, kind: str, text: str = "", **data: Any) -> Event:
        """Anything, in the lane of a user, the server or the harness."""
        self.now += 0.01
        event = Event(self.now, source, kind, text, data, source)
        self.timeline.append(event)
        return event

    def breaks(self, text: str, of: str, *, undoes: bool = False) -> None:
        """The test itself breaks or mends something."""
        self.now += 0.01
        self.timeline.append(Event(self.now, "faults", "action", text, {"undoes": undoes}, of))

    def wait(self, seconds: float) -> None:
        """Time passes and nothing happens."""
        self.now += seconds

    def connects(self, who: str, url: str = f"{SOCKET}?token=good") -> None:
        """A window opens its socket."""
        self.sees(who, "ws_connecting", url, socket=1)
        self.sees(who, "ws_open", url, socket=1)

    def closes(self, who: str, code: int, reason: str = "") -> None:
        """A window's socket closes."""
        self.sees(who, "ws_closed", f"{code} {reason}".strip(), code=code, reason=reason, socket=1)

    def lists(self, who: str, unread: int = 0, preview: str = "", key: str = "7", *, is_open: bool = False) -> None:
        """A window shows its list."""
        row = {"key": key, "unread": str(unread), "preview": preview, "is_open": "" if is_open else None}
        self.sees(who, "view:chats", "chats", name="chats", rows=(row,))

    def opens(self, who: str) -> None:
        """A window shows the chat, with nothing in it."""
        self.lists(who, is_open=True)
        self.sees(who, "view:messages", "messages", name="messages", rows=())

    def sends(self, text: str = "Hello", who: str = "user1") -> Message:
        """Somebody types a message."""
        cursor = Cursor(len(self.timeline), self.now)
        self.sees(who, "action", f"sends {text!r} to chat 7")
        message = Message(text, self.chat, who, cursor, who)
        self.cast.sent.append(message)
        return message

    def requests(self, status: int | None = 201) -> None:
        """user1's page posts it; the server answers with the status, or not at all."""
        url = f"{API}/chats/7/messages"
        self.sees("user1", "request", f"POST {url}", id=1, method="POST", url=url)
        if status:
            self.sees("user1", "response", f"{status} POST {url}", id=1, method="POST", url=url, status=status)

    def notifies(self, *user_ids: str) -> None:
        """The server logs that it tells members; all of them by default."""
        for user_id in user_ids or ("1", "2"):
            self.sees("backend", "log", f"told {user_id} of chat 7")

    def delivers(
        self,
        text: str = "Hello",
        who: str = "user2",
        chat: str = "7",
        message_id: str = "m1",
        unread: int | None = None,
    ) -> None:
        """A frame brings a message."""
        frame = {"text": text, "chat": chat, "id": message_id, "unread": unread}
        self.sees(who, "ws_received", json.dumps(frame), socket=1)

    def page_state(self, who: str, url: str = "http://h/", **found: Any) -> None:
        """What is found in a page once the test has failed."""
        state = {"keys": [], "tokens": [], "scripts": [], "served": [], "changed": [], "worker": "", "hidden": False}
        self.sees(who, "page_state", url, **(state | found))

    def service(self, name: str, state: str, code: int | None = None, lines: Sequence[str] = ()) -> None:
        """What became of a service."""
        text = f"{name} {state}" + ("" if code is None else f" with code {code}")
        self.sees(name, "service", text, state=state, code=code, lines=list(lines))

    def probes(
        self, state: str = "answers", unread: int = 0, messages: Sequence[str] = (), chats: Sequence[str] = ("7",)
    ) -> None:
        """What is found once the test has failed."""
        self.sees("api", "probe", f"the API {state}", state=state, url=API)
        self.sees("machine", "probe", "load 1 on 2 cores", load=1.0, cores=2)
        for who in ("user1", "user2"):
            if state == "answers":
                self.sees(who, "api_chats", "", unread={**dict.fromkeys(chats, 0), "7": unread})
        if messages:
            self.sees("chat 7", "api_messages", "", chat="7", texts=list(messages))

    # ---- what is asked ----------------------------------------------------------------------------------------------
    def evidence(self, symptom: Symptom | None = None, error: Exception | None = None) -> Evidence:
        """All of it."""
        if symptom:
            error = ExpectationFailed("it did not come true")
            error.symptom = symptom
        users = (self.user1, self.user2)
        ways = tuple(journey(message, user) for message in self.cast.sent for user in users)
        return Evidence(self.cast, API, {"user1": SOCKET, "user2": SOCKET}, ways, error)


def connected_scene() -> Scene:
    """Both are connected and see their list."""
    scene = Scene()
    for who in ("user1", "user2"):
        scene.connects(who)
        scene.lists(who)
    return scene
