"""`User`: one window of a person. Verbs act in its page; what they did stands on the timeline."""

from __future__ import annotations

import json
from collections.abc import Callable, Generator
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from playwright.sync_api import Error, Page

from duologue.app import Account, Chat, ChatApp, ChatRow, SeenMessage
from duologue.errors import AdapterError, ExpectationFailed
from duologue.people.message import Message
from duologue.people.surroundings import Surroundings
from duologue.taps.view import State
from duologue.timeline import Cursor, Timeline

if TYPE_CHECKING:
    from duologue.people.cast import Cast

T = TypeVar("T")

# Long enough for a page on a machine whose cores are all busy; waits end with their event, not with this.
PATIENCE_S = 15.0
_NETWORK_CHANGED = "net::ERR_NETWORK_CHANGED"
_HIDE = """hidden => {
    for (const [name, value] of [['hidden', hidden], ['visibilityState', hidden ? 'hidden' : 'visible']])
        Object.defineProperty(document, name, {configurable: true, get: () => value});
    document.dispatchEvent(new Event('visibilitychange'));
}"""

# A document without an origin (an error page of the browser) has no storage.
_FILL_STORAGE = """entries => {
    if (window !== top || origin === 'null') return;
    for (const [key, value] of Object.entries(entries)) localStorage.setItem(key, value);
}"""


class User(Surroundings):
    """A person at one window: `user1`, or another tab or device of the same person (`user1/tab2`, `user1/device2`)."""

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
        """Whether the page shows that it is up; what reads nothing may say so, what is missing cannot."""
        shown = bool(self.view("connection")) and not self.view("loading")
        return shown and self.app.is_connected(self.sign("connection"))

    @property
    def loaded_at(self) -> Cursor:
        """The place where this window's present document began: what follows was read afresh."""
        return self.timeline.cursor_of_last(kind="document", source=self.window)

    def key(self, chat: Chat) -> str:
        """The key of the chat's row in this person's list."""
        return self.app.row_key(chat, self.account)

    # ---- coming and going --------------------------------------------------------------------------------
    def sign_in(self) -> None:
        """Sign in without the form (the browser's storage holds the session), and wait until the list is live."""
        storage = self.app.storage(self.account)
        if not storage:
            self.sign_in_by_form()
            return
        fill = f"({_FILL_STORAGE})({json.dumps(dict(storage))})"

        def navigate(**kwargs: Any) -> None:
            with self.page.add_init_script(fill):  # for this one document: what the page changes later stays
                self.page.goto(self.app.home_path, **kwargs)

        self._load(navigate, "signs in")

    def sign_in_by_form(self, *, connects: bool = True) -> None:
        """Sign in as a person does; `connects=False` where the chat is expected to refuse."""
        with self._acting("signs in by the form") as since:
            self.app.sign_in(self.page, self.account)
        if connects:
            self.wait_until_connected(since)

    def sign_out(self) -> None:
        """Sign out, as a person does."""
        with self._acting("signs out"):
            self.app.sign_out(self.page)
            if form := self.app.form:
                self.page.locator(form.username).wait_for()

    def leave(self) -> None:
        """Leave the chat for an empty page, the window still open and the person still signed in."""
        with self._acting("leaves the page"):
            self.page.goto("about:blank")

    def come_back(self) -> None:
        """Open the chat again in the same window."""
        self._load(partial(self.page.goto, self.app.home_path), "comes back to the page")

    def reload(self, *, connects: bool = True) -> None:
        """Reload the page and wait until the list is live again; `connects=False` where it cannot be."""
        self._load(self.page.reload, "reloads", connects=connects)

    def reload_without_cache(self) -> None:
        """DevTools' "Empty cache and hard reload"."""
        if self.page.context.browser and self.page.context.browser.browser_type.name == "chromium":
            session: Any = self.context.new_cdp_session(self.page)
            session.send("Network.clearBrowserCache")
            session.detach()
        with self._acting("empties the cache and reloads") as since:
            self.page.evaluate("location.reload(true)")  # the argument is Firefox's own; the others ignore it
        self.wait_until_connected(since)

    def wait_until_connected(self, since: Cursor | None = None) -> None:
        """Wait until the page says that it is connected, in a document that came after `since`.

        Raises ExpectationFailed when it does not, at once when the sign-in form says why it refuses.
        """

        def outcome() -> Literal["connected", "network changed", "refused"] | None:
            fresh = self.timeline.find(kind="view:connection", source=self.window, since=since)
            if fresh and self.is_connected:
                return "connected"
            refused = self.timeline.find(kind="view:refusal", source=self.window, since=since)
            if refused and self.sign("refusal"):
                return "refused"
            return "network changed" if self._network_changed(since) else None

        if not self.app.connection:
            self.page.locator(self.app.chats.row).first.wait_for()
            return
        result = self.timeline.wait_for(outcome, PATIENCE_S)
        if result == "refused":
            raise ExpectationFailed(
                f"{self.window} was not let in as {self.account.username}",
                seen=f"{self.sign('refusal')!r} at {self.page.url}",
                remedy="is it the right account, with the right password, on this stack?",
            )
        if result == "network changed":
            self._load(self.page.reload, "loads again, because a network of this machine came or went")
        elif result is None:
            raise ExpectationFailed(
                f"{self.window} did not connect within {PATIENCE_S:g} s",
                seen=f"connection {self.sign('connection')!r} at {self.page.url}{self._last_events()}",
                remedy="the guide's causes: token, origin, backend, address (see the events above)",
            )

    def _load(self, navigate: Callable[..., object], text: str, *, connects: bool = True) -> None:
        """Navigate and wait until the list is live, if it can be."""
        with self._acting(text) as since:
            self._navigate(navigate)
            if not self.app.capabilities.stays_signed_in:
                self.app.sign_in(self.page, self.account)
        if connects:
            self.wait_until_connected(since)
        else:
            self._wait(lambda: self.timeline.find(kind="document", source=self.window, since=since) or None, "the page")

    def _navigate(self, navigate: Callable[..., object]) -> None:
        """To the page's first bytes; again where an interface of this machine came or went meanwhile."""
        for again in (True, True, False):
            try:
                navigate(wait_until="commit")
            except Error as error:
                # The page that Chromium shows instead may interrupt the next navigation.
                if not again or not any(sign in error.message for sign in (_NETWORK_CHANGED, "chrome-error://")):
                    raise
            else:
                return

    def _network_changed(self, since: Cursor | None) -> bool:
        """Whether the browser dropped one of the document's own files because an interface came or went.

        Chromium does that to every request under way when a container starts beside it. No chat can help it.
        """
        events = self.timeline.find(source=self.window, since=since)
        return any(event.kind == "resource_failed" for event in events) and any(
            _NETWORK_CHANGED in event.text for event in events
        )

    def new_tab(self) -> User:
        """Another tab of the same browser, signed in like this one."""
        return self.cast.new_tab(self)

    def new_device(self) -> User:
        """Another browser of the same person, signed in."""
        return self.cast.new_device(self)

    def close(self) -> None:
        """Close this window."""
        with self._acting("closes the window"):
            self.page.close()

    def hide(self) -> None:
        """The window goes to the background (`document.hidden`), as when another tab is looked at."""
        with self._acting("hides the window"):
            self.page.evaluate(_HIDE, True)

    def show(self) -> None:
        """The window comes back to the front."""
        with self._acting("shows the window"):
            self.page.evaluate(_HIDE, False)

    # ---- chatting ------------------------------------------------------------------------------------------
    def open_chat(self, chat: Chat) -> None:
        """Open a chat from the list, and wait until it is the open one."""
        key = self.key(chat)
        with self._acting(f"opens chat {chat}") as self.opened_at:
            self.app.open_chat(self.page, key)
        self._wait(lambda: self.is_open(chat) or None, f"chat {chat} to be open")

    def leave_chat(self, chat: Chat, back_to: str | None = None) -> None:
        """Leave a chat that the page opened by itself, for the one that was open before (its key) or for none."""
        self._wait(lambda: self.is_open(chat) or None, f"chat {chat} to open by itself")
        with self._acting(f"leaves chat {chat}"):
            if back_to is None:
                self.app.leave_chat(self.page)
            else:
                self.app.open_chat(self.page, back_to)
        self._wait(lambda: None if self.is_open(chat) else True, f"chat {chat} to be left")

    @property
    def looks(self) -> bool:
        """Whether the window is there, and shows the chat."""
        return not self.page.is_closed() and self.page.url != "about:blank"

    def is_open(self, chat: Chat) -> bool:
        """Whether the list shows this chat as the open one."""
        key = self.key(chat)
        return any(row.is_open and row.key == key for row in self.chats)

    def send(self, chat: Chat, text: str) -> Message:
        """Type a message into the chat (opened first unless it is open) and send it; does not wait for it to arrive."""
        if not self.is_open(chat):
            self.open_chat(chat)
        with self._acting(f"sends {text!r} to chat {chat}") as since:
            self.app.send(self.page, text)
        message = Message(text, chat, self.name, since, self.window)
        self.cast.sent.append(message)
        return message

    def type(self, text: str) -> None:
        """Type into the composer of the open chat, key by key, without sending."""
        with self._acting(f"types {text!r}"):
            self.page.locator(self.app.composer).press_sequentially(text)

    def edit(self, message: Message, text: str) -> Message:
        """Give one's own message another text."""
        with self._acting(f"edits {message.text!r} to {text!r}") as since:
            self.app.edit(self.page, self._shown(message).id, text)
        return Message(text, message.chat, self.name, since, self.window)

    def delete(self, message: Message) -> None:
        """Delete one's own message."""
        with self._acting(f"deletes {message.text!r}"):
            self.app.delete(self.page, self._shown(message).id)

    def _shown(self, message: Message) -> SeenMessage:
        def shown_with_id() -> SeenMessage | None:
            return next((seen for seen in self.messages if seen.text == message.text and seen.id), None)

        return self._wait(shown_with_id, f"message {message.text!r} to be shown with its id")

    # ---- inner ---------------------------------------------------------------------------------------------
    def _wait(self, check: Callable[[], T | None], what: str) -> T:
        result = self.timeline.wait_for(check, PATIENCE_S)
        if result is None:
            chats = ", ".join(f"{row.key} {row.name!r}" for row in self.chats) or "an empty list"
            raise ExpectationFailed(
                f"{self.window} waited {PATIENCE_S:g} s for {what}", seen=f"chats: {chats}{self._last_events()}"
            )
        return result

    @contextmanager
    def _acting(self, text: str) -> Generator[Cursor]:
        cursor = self.timeline.act(self.name, text, source=self.window)
        try:
            yield cursor
        except Error as error:
            raise AdapterError(
                f"{self.window} could not do: {text}",
                seen=f"{error.message.splitlines()[0]}{self._last_events()}",
                remedy="does the selector in the adapter fit the page? is the element covered or disabled?",
            ) from error

    def _last_events(self, count: int = 6) -> str:
        return "".join(f"\n        {event}" for event in self.timeline.find(source=self.window)[-count:])
