"""Whom the doctor looks at: a running chat, two accounts in it, and a browser that was started for them."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable

from playwright.sync_api import Browser, BrowserContext, Error, Playwright, sync_playwright

from duologue.app import Account, Chat, ChatApi, ChatApp
from duologue.errors import BrowserError, ExpectationFailed, UsageError
from duologue.loop import Loop
from duologue.people import Cast, User
from duologue.people.browsers import launch_arguments
from duologue.people.nodelay import send_without_delay
from duologue.stack.addresses import Addresses
from duologue.timeline import Timeline

USERS = ("user1", "user2")
ANSWER_TIMEOUT_S = 5.0


@dataclass(frozen=True, slots=True)
class Credentials:
    """Name and password of somebody who exists."""

    username: str
    password: str = field(repr=False)


@runtime_checkable
class SignsIn(Protocol):
    """An adapter's API that can sign in somebody who exists; without it a given account cannot use the API."""

    def sign_in(self, username: str, password: str) -> Account:
        """A session of somebody who exists."""
        ...


class Couple(Cast):
    """A cast of two accounts that are there before their windows are: new ones, or those given."""

    def __init__(
        self,
        app: ChatApp,
        api: ChatApi,
        timeline: Timeline,
        loop: Loop,
        new_context: Callable[..., BrowserContext],
        given: Mapping[str, Credentials],
    ) -> None:
        super().__init__(app, api, timeline, loop, new_context, lambda _context, _name: None)
        self.given = given
        self._known: dict[str, Account] = {}

    def account(self, name: str, display_name: str | None = None) -> Account:
        """The account of that name, made or signed in when first asked for.

        Raises ExpectationFailed when the API refuses to make one.
        """
        if name not in self._known:
            self._known[name] = self._given(name) if name in self.given else self._new(name, display_name)
        return self._known[name]

    def _new(self, name: str, display_name: str | None) -> Account:
        try:
            return super().account(name, display_name)
        except Exception as error:  # the adapter's own client, in whatever way it fails
            raise ExpectationFailed("the API did not make an account", seen=str(error)) from error

    def _given(self, name: str) -> Account:
        who = self.given[name]
        account = Account(who.username, who.password, who.username)
        if isinstance(self.api, SignsIn):
            try:
                account = self.api.sign_in(who.username, who.password)
            except Exception as error:  # as above; the form will say why it refuses
                self.timeline.act("harness", f"could not sign in {who.username} at the API: {error}")
        self.accounts.append(account)
        return account


@dataclass(frozen=True, slots=True)
class Patient:
    """All that the checks look at."""

    addresses: Addresses
    cast: Couple

    @classmethod
    @contextmanager
    def received(
        cls, app: ChatApp, addresses: Addresses, given: Mapping[str, Credentials], browser: str, *, headed: bool
    ) -> Generator[Patient]:
        """With a browser running; it and the API's connections are closed in the end.

        Raises BrowserError when there is no such browser, UsageError when the adapter has no API.
        """
        try:
            api = app.api(addresses.api, addresses.ws)
        except NotImplementedError as error:
            raise UsageError(f"the adapter of {app.name} has no API", remedy="override ChatApp.api") from error
        with closing(api), launched(browser, headed=headed) as (playwright, started):

            def new_context(**kwargs: object) -> BrowserContext:
                arguments: dict[str, object] = {"base_url": addresses.page, **kwargs}
                context = started.new_context(**arguments)  # pyright: ignore[reportArgumentType]
                context.set_default_timeout(app.patience_s * 1000)
                return context

            loop = Loop(playwright)
            with closing(Couple(app, api, Timeline(loop), loop, new_context, given)) as cast:
                yield cls(addresses, cast)


@contextmanager
def launched(browser: str, *, headed: bool) -> Generator[tuple[Playwright, Browser]]:
    """A browser for as long as it is needed. Raises BrowserError when there is none of that name."""
    with sync_playwright() as playwright, closing(_launch(playwright, browser, headed)) as started:
        yield playwright, started


def _launch(playwright: Playwright, name: str, headed: bool) -> Browser:
    browser_type = getattr(playwright, name)
    try:
        browser: Browser = browser_type.launch(**launch_arguments(browser_type, {"headless": not headed}))
    except Error as error:
        first = error.message.splitlines()[0]
        raise BrowserError(f"{name} does not start", seen=first, remedy="without a display: no --headed") from error
    if name == "firefox":
        send_without_delay()
    return browser


def go_elsewhere(user: User, chat: Chat) -> bool:
    """A page may open by itself what was open last, where nothing is counted: another chat is opened then.

    Whether the chat is not open now.
    """
    if not user.is_open(chat):
        return True
    others = [row.key for row in user.chats if row.key != user.key(chat)]
    if others:
        with suppress(ExpectationFailed):
            user.leave_chat(chat, back_to=others[0])
            return True
    return False
