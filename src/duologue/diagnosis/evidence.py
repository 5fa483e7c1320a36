"""`Evidence`: all that the rules may look at, taken once when a test has failed; rules only read it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass
from math import inf
from urllib.parse import parse_qs, urlsplit

from duologue.app import Account, Chat, ChatApp
from duologue.errors import Symptom
from duologue.faults import LANE as FAULTS
from duologue.journey import Journey
from duologue.lines import ANYTHING, line_of
from duologue.people.cast import Cast
from duologue.people.user import User
from duologue.taps import CLOSED, CONNECTION, SAID
from duologue.timeline import Event

_GOES = ("signs out", "closes the window", "leaves the page")
_COMES_AND_GOES = (*_GOES, "signs in", "comes back", "reloads")


@dataclass(frozen=True, slots=True)
class Evidence:
    """The test's people and timeline (with what the probes found), the ways of its messages, and what failed."""

    cast: Cast
    api_url: str
    socket_urls: dict[str, str]
    """Per user, the address that their page ought to dial, without its query."""
    journeys: tuple[Journey, ...]
    error: BaseException | None = None

    @property
    def app(self) -> ChatApp:
        """The adapter."""
        return self.cast.app

    @property
    def symptom(self) -> Symptom:
        """What the failed expectation was about; empty when something else failed."""
        return symptom_of(self.error)

    @property
    def windows(self) -> list[User]:
        """The windows, the failed expectation's first."""
        return sorted(self.cast.users.values(), key=lambda user: user.window != self.symptom.window)

    @property
    def lost(self) -> list[Journey]:
        """The ways that ended early: the failed expectation's window first, the sender's last, new messages first."""

        def rank(way: Journey) -> tuple[bool, bool, int]:
            return way.window != self.symptom.window, way.window == way.message.window, -way.message.cursor.index

        return sorted((way for way in self.journeys if way.missing), key=rank)

    def find(
        self, kind: str | Set[str], source: str | None = None, where: Callable[[Event], bool] | None = None
    ) -> list[Event]:
        """Events of a kind, in order of arrival."""
        return self.cast.timeline.find(kind=kind, source=source, where=where)

    def probe(self, name: str) -> Event | None:
        """What a probe found (`api`, `page`, `machine`); None when it was not asked."""
        return next(iter(self.find("probe", name)), None)

    def is_harmless(self, event: Event) -> bool:
        """Whether the adapter calls such an error of a page harmless."""
        return any(re.search(pattern, event.text) for pattern in self.app.harmless)

    @property
    def api_answers(self) -> bool:
        """Whether the API answered the harness when the test had failed."""
        probe = self.probe("api")
        return probe is not None and probe.data["state"] == "answers"

    def page_state(self, window: str) -> Event | None:
        """What was found in a window's page; None when it could not be asked."""
        return next(iter(self.find("page_state", window)), None)

    def chat(self, chat_id: str) -> Chat | None:
        """A chat of this test."""
        return self.cast.chats.get(chat_id)

    def acts(self, account: Account, *words: str) -> list[Event]:
        """What a person did at any of their windows, where one of the words says it."""
        windows = self.windows_of(account)
        return self.find(
            "action", where=lambda event: event.source in windows and any(word in event.text for word in words)
        )

    def windows_of(self, account: Account) -> set[str]:
        """The names of a person's windows."""
        return {window for window, user in self.cast.users.items() if user.account == account}

    def signings(self, user: User) -> list[Event]:
        """When the person signed in or out, at any window of this browser."""
        acts = self.acts(user.account, "signs out", "signs in")
        return [act for act in acts if _browser(act.source) == _browser(user.window)]

    def has_signed_out(self, user: User) -> bool:
        """Whether the last of these was signing out."""
        acts = self.signings(user)
        return bool(acts) and acts[-1].text == "signs out"

    def has_left(self, user: User) -> bool:
        """Whether the window is closed, left, or signed out: then it need not be connected."""
        acts = self.find("action", user.window, lambda event: event.text.startswith(_COMES_AND_GOES))
        gone = bool(acts) and acts[-1].text.startswith(_GOES)
        return gone or self.has_signed_out(user) or bool(self.find("page_closed", user.window))

    def is_connected(self, window: str, at: float) -> bool:
        """Whether the last that happened to the window's sockets before a moment was no close."""
        before = [event for event in self.sockets(window) if event.at <= at]
        return not before or before[-1].kind not in CLOSED

    def refusals(self, window: str) -> list[Event]:
        """The answers 401 after which the window was granted nothing any more; one of an expired token is none."""
        answers = self.find("response", window)
        granted = max((number for number, it in enumerate(answers) if it.data["status"] < 400), default=-1)
        return [event for event in answers[granted + 1 :] if event.data["status"] == 401]

    def faults(self, window: str) -> list[Event]:
        """What the test itself broke and mended: this window's network, and any service."""
        windows = set(self.cast.users) - {window}
        return self.find("action", where=lambda event: event.lane == FAULTS and event.source not in windows)

    def in_effect(self, window: str, at: float = inf) -> list[Event]:
        """What of that was broken, and not mended yet, at a moment; by default when the test failed."""
        broken: dict[str, Event] = {}
        for event in self.faults(window):
            if event.at > at:
                break
            if event.data["undoes"]:
                broken.pop(event.source, None)
            else:
                broken[event.source] = event
        return list(broken.values())

    def receipts(self, windows: Set[str], chat_id: str, since: float) -> list[Event]:
        """What these windows told the server by of a chat that was read; nothing where no line tells that."""
        if not self.app.lines.read:
            return []
        line = line_of(self.app.lines.read, chat=chat_id, any=ANYTHING)
        said = self.find(SAID, where=lambda event: event.source in windows and event.at >= since)
        return [event for event in said if line.fullmatch(event.text)]

    def taken(self, receipts: Sequence[Event]) -> list[Event]:
        """The answers by which the server took these; a frame that left an open socket has no answer, and was taken."""
        answers = {(it.source, it.data["id"]): it for it in self.find("response") if it.data["status"] < 300}
        found = [it if it.kind == "ws_sent" else answers.get((it.source, it.data["id"])) for it in receipts]
        return [event for event in found if event]

    def has_caught_up(self, way: Journey) -> bool:
        """Whether the window's list has the newest message of the chat and the server's count, however they came."""
        user, chat = self.cast.users[way.window], way.message.chat
        key = user.key(chat)
        row = next((row for row in user.chats if row.key == key), None)
        newest = [message.text for message in self.cast.sent if message.chat.id == chat.id][-1:]
        api = next(iter(self.find("api_chats", user.window)), None)
        if row is None or api is None or not newest or not row.previews(newest[0]):
            return False
        return api.data["unread"].get(key) == row.unread

    def sockets(self, window: str) -> list[Event]:
        """What became of a window's sockets."""
        return self.cast.timeline.find(kind=CONNECTION, source=window)


def _browser(window: str) -> str:
    """A device is a browser of its own; all tabs of a person are one."""
    return window if "/device" in window else window.partition("/")[0]


def symptom_of(error: BaseException | None) -> Symptom:
    """What the failed expectation was about; empty when something else failed."""
    return getattr(error, "symptom", None) or Symptom("")


def token_of(url: str) -> str | None:
    """The token in an address' query; None when it has no such parameter."""
    values = parse_qs(urlsplit(url).query, keep_blank_values=True).get("token")
    return values[0] if values else None
