"""Coming and going: a window signs in, loads the chat, leaves it, is hidden and closed."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Any, Literal

from playwright.sync_api import Error

from duologue.errors import ExpectationFailed
from duologue.people.window import Window
from duologue.taps import RECEIVED
from duologue.timeline import Cursor

BY_FORM = "signs in by the form"
SHOWS = "shows the window"
_NETWORK_CHANGED = "net::ERR_NETWORK_CHANGED"
# The page that Chromium shows instead interrupts the next navigation, or is not there yet when that begins.
_SIGNS_OF_A_CHANGED_NETWORK = (_NETWORK_CHANGED, "chrome-error://", "Not attached to an active page")
# It comes within 0.1 s on a machine whose cores are all busy; where it was there before, nothing more comes.
INSTEAD_S = 1.0
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


class Loading(Window):
    """The part of a `User` that brings the page there and away; each load ends when the list is live."""

    def sign_in(self) -> None:
        """Sign in without the form where the adapter knows how, and wait until the list is live."""
        storage = self.app.storage(self.account)
        with self._explained("sign in by a request"):
            is_in = self.app.sign_in_by_request(self.context.request, self.account)
        if not storage and not is_in:
            self.sign_in_by_form()
            return
        fill = f"({_FILL_STORAGE})({json.dumps(dict(storage))})"

        def navigate(**kwargs: Any) -> None:
            with self.page.add_init_script(fill):  # for this one document: what the page changes later stays
                self.page.goto(self.app.home_path, **kwargs)

        self._load(navigate, "signs in")

    def sign_in_by_form(self, *, connects: bool = True) -> None:
        """Sign in as a person does; `connects=False` where the chat is expected to refuse."""
        with self._acting(BY_FORM) as since:
            self._navigate(self._by_form)
        if connects:
            self.wait_until_connected(since)

    def _by_form(self, **_: Any) -> None:
        self.app.sign_in(self.page, self.account)

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
        """Wait until the page says that it is connected after `since`; where it never says so see `is_connected`.

        Raises ExpectationFailed when it does not, at once when the sign-in form says why it refuses.
        """

        def outcome() -> Literal["connected", "network changed", "refused"] | None:
            fresh = self.timeline.find(kind=f"view:{sign}", source=self.window, since=since)
            if fresh and self.is_connected:
                return "connected"
            refused = self.timeline.find(kind="view:refusal", source=self.window, since=since)
            if refused and self.sign("refusal"):
                return "refused"
            return "network changed" if self._network_changed(since) else None

        sign = "connection" if self.app.connection else "chats"
        result = self.timeline.wait_for(outcome, self.app.patience_s)
        if result == "refused":
            raise ExpectationFailed(
                f"{self.window} was not let in as {self.account.username}",
                seen=f"{self.sign('refusal')!r} at {self.page.url}",
                remedy="is it the right account, with the right password, on this stack?",
            )
        if result == "network changed":
            self._load(self.page.reload, "loads again, because a network of this machine came or went")
        elif result is None:
            seen = f"no chat ({self.app.chats.row} matches nothing), and nothing over a connection"
            remedy = "is it the token, the origin, the backend or an address? see the events above"
            if self.app.connection:
                seen = f"connection {self.sign('connection')!r}"
            elif self.timeline.find(kind=RECEIVED, source=self.window, since=self.loaded_at):
                seen = f"no chat ({self.app.chats.row} matches nothing), and of its connection the handshake alone"
                remedy = (
                    "give ChatApp.connection something that is there once somebody is in, also without any chat; does "
                    "it begin by polling, as socket.io's does? then ChatApp.polls names those requests"
                )
            raise ExpectationFailed(
                f"{self.window} did not connect within {self.app.patience_s:g} s",
                seen=f"{seen} at {self.page.url}{self._last_events()}",
                remedy=remedy,
            )

    def _load(self, navigate: Callable[..., object], text: str, *, connects: bool = True) -> None:
        """Navigate and wait until the list is live, if it can be."""
        with self._acting(text) as since:
            self._navigate(navigate)
            if not self.app.capabilities.stays_signed_in:
                self._navigate(self._by_form)
        if connects:
            self.wait_until_connected(since)
        else:
            self._wait(lambda: self.timeline.find(kind="document", source=self.window, since=since) or None, "the page")

    def _navigate(self, navigate: Callable[..., object]) -> None:
        """To the page's first bytes; again where an interface of this machine came or went meanwhile."""
        for again in (True, True, True, False):
            begun = self.timeline.cursor()
            try:
                navigate(wait_until="commit")
            except Error as error:
                if not again or not any(sign in error.message for sign in _SIGNS_OF_A_CHANGED_NETWORK):
                    raise
            else:
                return
            # Until the page that came instead is there: what is begun before is refused at once, all times over.
            documents = partial(self.timeline.find, kind="document", source=self.window, since=begun)
            self.timeline.wait_for(lambda documents=documents: documents() or None, INSTEAD_S)
            with suppress(Error):
                self.page.wait_for_load_state("domcontentloaded")

    def _network_changed(self, since: Cursor | None) -> bool:
        """Whether the browser dropped one of the document's own files because an interface came or went.

        Chromium does that to every request under way when a container starts beside it. No chat can help it.
        """
        events = self.timeline.find(source=self.window, since=since)
        return any(event.kind == "resource_failed" for event in events) and any(
            _NETWORK_CHANGED in event.text for event in events
        )

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
        with self._acting(SHOWS):
            self.page.evaluate(_HIDE, False)
