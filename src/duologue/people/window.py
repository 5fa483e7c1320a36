"""`Window`: what one window of a person shows, as its tap saw it; and what every verb of it needs."""

from __future__ import annotations

import re
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

from playwright.sync_api import Error, Page

from duologue.app import Account, Chat, ChatApp, ChatRow, SeenMessage
from duologue.errors import AdapterError, ExpectationFailed, Symptom
from duologue.taps import RECEIVED
from duologue.taps.view import State
from duologue.timeline import Cursor, Event, Timeline

if TYPE_CHECKING:
    from duologue.people.cast import Cast

T = TypeVar("T")

_STEPS = 4


# engine.io's own packets (its protocol, revision 4) and the opening of socket.io's: they come before anything is said.
_HANDSHAKE = re.compile(r"0\{.*|[236](probe)?|40(\{.*)?", re.DOTALL)


# What begins a line of Playwright's log, and the lines that only say that it tries again.
_BULLET = re.compile(r"^[\s-]*(\d+ × )?")
_AGAIN = re.compile(r"waiting \d+ms$|retrying ")


def _tells(event: Event) -> bool:
    """Whether a frame is more than what connections are made of."""
    return _HANDSHAKE.fullmatch(event.text) is None


def said_and_steps(message: str) -> tuple[str, list[str]]:
    """What Playwright says of a failure, and the steps of its log, each once: what it awaited, what was in the way."""
    said, _, log = message.partition("\nCall log:")
    steps = [_BULLET.sub("", line) for line in log.splitlines() if line.strip()]
    return said.strip(". \n"), list(dict.fromkeys(step for step in steps if not _AGAIN.match(step)))


class Window:
    """`window` is its name: the person's, or another tab or device of theirs (`user1/tab2`, `user1/device2`)."""

    def __init__(self, cast: Cast, name: str, window: str, account: Account, page: Page) -> None:
        self.cast, self.name, self.window, self.account = cast, name, window, account
        self.page, self.context = page, page.context
        self.opened_at = Cursor(0, 0.0)
        """The place just before this window last opened a chat."""

    def __repr__(self) -> str:
        return f"<User {self.window}>"

    @property
    def app(self) -> ChatApp:
        """The adapter of the chat."""
        return self.cast.app

    @property
    def timeline(self) -> Timeline:
        """The test's timeline."""
        return self.cast.timeline

    # ---- what the window shows ---------------------------------------------------------------------------
    def view(self, name: str, before: Cursor | None = None) -> State:
        """The rows of a view as the tap last saw them (or as they were at `before`)."""
        event = self.timeline.last(kind=f"view:{name}", source=self.window, before=before)
        return event.data["rows"] if event else ()

    @property
    def chats(self) -> tuple[ChatRow, ...]:
        """The chat list, as shown."""
        return self.chats_at(None)

    def chats_at(self, before: Cursor | None) -> tuple[ChatRow, ...]:
        """The chat list, as it was shown at a cursor."""
        return self.app.chat_rows(self.view("chats", before))

    @property
    def messages(self) -> tuple[SeenMessage, ...]:
        """The messages of the open chat, as shown."""
        return tuple(self.app.seen_message(row) for row in self.view("messages"))

    def sign(self, name: str) -> str:
        """The text of `connection`, `typing` or `presence` as shown; empty when it is not there."""
        rows = self.view(name)
        return (rows[0].get("text") or "") if rows else ""

    @property
    def is_connected(self) -> bool:
        """Whether the page shows that it is up; what reads nothing may say so, what is missing cannot.

        A page that never says so is up with the first chat of its list; where its person has none, with the first that
        its connection brings once the form is gone.
        """
        if not self.app.connection:
            return bool(self.view("chats")) or (not self._has_chats and self._hears)
        shown = bool(self.view("connection")) and not self.view("loading")
        return shown and self.app.is_connected(self.sign("connection"))

    @property
    def loaded_at(self) -> Cursor:
        """The place where this window's present document began: what follows was read afresh."""
        return self.timeline.cursor_of_last(kind="document", source=self.window)

    def key(self, chat: Chat) -> str:
        """The key of the chat's row in this person's list."""
        return self.app.row_key(chat, self.account)

    @property
    def looks(self) -> bool:
        """Whether the window is there, and shows the chat."""
        is_gone = self.page.is_closed() or self.timeline.find(kind="page_crashed", source=self.window)
        return not is_gone and self.page.url != "about:blank"

    def is_open(self, chat: Chat) -> bool:
        """Whether the list shows this chat as the open one."""
        key = self.key(chat)
        return any(row.is_open and row.key == key for row in self.chats)

    # ---- inner ---------------------------------------------------------------------------------------------
    @property
    def _has_chats(self) -> bool:
        """Whether a chat of this person was made here."""
        return any(self.account in chat.members for chat in self.cast.chats.values())

    @property
    def _hears(self) -> bool:
        """Whether the document's connection brought something, and no form stands there."""
        if not self.timeline.find(kind=RECEIVED, source=self.window, since=self.loaded_at, where=_tells):
            return False
        return self.app.form is None or not self.page.locator(self.app.form.username).is_visible()

    def _wait(self, check: Callable[[], T | None], what: str, symptom: Symptom | None = None) -> T:
        result = self.timeline.wait_for(check, self.app.patience_s)
        if result is None:
            chats = ", ".join(f"{row.key} {row.name!r}" for row in self.chats) or "an empty list"
            failure = ExpectationFailed(
                f"{self.window} waited {self.app.patience_s:g} s for {what}",
                seen=f"chats: {chats}{self._last_events()}",
            )
            failure.symptom = symptom
            raise failure
        return result

    @contextmanager
    def _acting(self, text: str) -> Generator[Cursor]:
        cursor = self.timeline.act(self.name, text, source=self.window)
        with self._explained(text):
            yield cursor

    @contextmanager
    def _explained(self, text: str) -> Generator[None]:
        try:
            yield
        except Error as error:
            said, steps = said_and_steps(error.message)
            raise AdapterError(
                f"{self.window} could not do: {text}",
                seen=f"{'; '.join([*said.splitlines()[:1], *steps[-_STEPS:]])}{self._last_events()}",
                remedy="does the selector in the adapter fit the page? is the element covered or disabled?",
            ) from error

    def _last_events(self, count: int = 6) -> str:
        return "".join(f"\n        {event}" for event in self.timeline.find(source=self.window)[-count:])
