"""`Cast`: the people of one test, each with an account of its own and a browser context of its own."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from typing import Any

from playwright.sync_api import BrowserContext, Page

from duologue.app import Account, Chat, ChatApi, ChatApp
from duologue.errors import ExpectationFailed, Symptom
from duologue.faults import Frames, Link
from duologue.loop import Loop
from duologue.people.message import Message
from duologue.people.protocol import ProtocolUser
from duologue.people.user import User
from duologue.taps import PageTap
from duologue.timeline import Timeline

PASSWORD = "correct horse battery"
Person = User | ProtocolUser


class Cast:
    """Makes users, gives each a window with its taps, and knows all of them.

    `new_context(**kwargs)` is pytest-playwright's; `named(context, name)` is told whose it is, for artifacts.
    """

    def __init__(
        self,
        app: ChatApp,
        api: ChatApi,
        timeline: Timeline,
        loop: Loop,
        new_context: Callable[..., BrowserContext],
        named: Callable[[BrowserContext, str], None],
        *,
        own_links: bool = False,
        own_frames: bool = False,
    ) -> None:
        self.app, self.api, self.timeline, self.loop = app, api, timeline, loop
        self._new_context, self._named, self._own_links, self._own_frames = new_context, named, own_links, own_frames
        self.links: dict[BrowserContext, Link] = {}
        self.frames: dict[BrowserContext, Frames] = {}
        self.users: dict[str, User] = {}
        self.sent: list[Message] = []
        self.chats: dict[str, Chat] = {}
        """By id; with the members that the test last gave them."""
        self._windows: dict[Page, str] = {}
        # Names of this test alone, so that tests share a stack without seeing each other.
        self.mark = secrets.token_hex(4)
        self.accounts: list[Account] = []

    # ---- accounts and chats ----------------------------------------------------------------------------------
    def account(self, name: str, display_name: str | None = None) -> Account:
        """A new account; its username bears the test's mark."""
        username = f"{name}_{self.mark}{len(self.accounts) + 1}"
        self.accounts.append(self.api.create_account(username, display_name or name.capitalize(), PASSWORD))
        return self.accounts[-1]

    def chat(self, creator: Person | Account, *members: Person | Account, name: str | None = None) -> Chat:
        """A new chat made over the API, there in the list of every member who has a window open."""
        accounts = [_account(member) for member in (creator, *members)]
        self.timeline.act("harness", f"makes a chat of {', '.join(account.username for account in accounts)}")
        lookers = [user for user in self.users.values() if user.account in accounts and user.looks]
        were_open = [next((row.key for row in user.chats if row.is_open), None) for user in lookers]
        chat = self.api.create_chat(accounts[0], accounts[1:], name)
        self.chats[chat.id] = chat
        if not self.app.capabilities.new_chats_live:
            self.loop.together(*[user.reload for user in lookers])
        for user, was_open in zip(lookers, were_open, strict=True):
            self._wait_for_row(user, chat)
            if self.app.capabilities.new_chats_open in ("all", "groups" if name else "all"):
                user.leave_chat(chat, was_open)
        return chat

    def _wait_for_row(self, user: User, chat: Chat) -> None:
        key = user.key(chat)
        # Some products greet in a new chat, or mark an invitation: what the API saw read is read in the page later.
        read = (0,) if self.app.capabilities.promised("unread=number") else (0, None)
        is_new = self.api.makes_chats

        def is_there() -> bool | None:
            return any(row.key == key and (row.unread in read or not is_new) for row in user.chats) or None

        if self.timeline.wait_for(is_there, self.app.patience_s) is None:
            remedy = (
                f"does the adapter's row_key give what a row's key reads there? it gives {key!r}; where a new chat is "
                "listed after a reload alone: new_chats_live=False; once something was said: let `create_chat` say it"
            )
            if row := next((row for row in user.chats if row.key == key), None):
                remedy = (
                    f"it is there and counts {row.unread} (who joined, the invitation?): let `create_chat` read it for "
                    "each member; does the page learn of that?"
                )
            failure = ExpectationFailed(
                f"chat {chat} never came into the list of {user.window}{' with nothing unread' if is_new else ''}",
                seen=f"the list: {[(row.key, row.unread) for row in user.chats]}",
                remedy=remedy,
            )
            failure.symptom = Symptom("to_list", user.window, chat.id)
            raise failure

    # ---- people ------------------------------------------------------------------------------------------------
    def people(self, names: Sequence[str], display_names: Sequence[str | None] = ()) -> list[User]:
        """People who are signed in, each at a window of their own; all at the same time."""
        shown = [*display_names, *[None] * (len(names) - len(display_names))]
        users = self._newcomers(names, shown)
        self.loop.together(*[user.sign_in for user in users])
        return users

    def visitor(self, name: str, display_name: str | None = None, **context_args: Any) -> User:
        """Somebody with an account and an empty window, who has not signed in."""
        return self._newcomers([name], [display_name], **context_args)[0]

    def _newcomers(self, names: Sequence[str], shown: Sequence[str | None], **context_args: Any) -> list[User]:
        contexts = [self._context(name, name, **context_args) for name in names]

        def accounts() -> list[Account]:
            return [self.account(name, display_name) for name, display_name in zip(names, shown, strict=True)]

        # The browser makes the pages while the server makes the accounts.
        *pages, made = self.together(*[context.new_page for context in contexts], accounts)
        return [self._user(name, name, account, page) for name, account, page in zip(names, made, pages, strict=True)]

    def new_tab(self, user: User) -> User:
        """Another tab in the user's browser."""
        window = self._free_name(user.name, "tab")
        # Its first document tells of itself before `new_page` returns.
        user.context.once("page", lambda page: self._windows.update({page: window}))
        tab = self._user(user.name, window, user.account, user.context.new_page())
        tab.come_back()
        return tab

    def new_device(self, user: User) -> User:
        """Another browser of the same person, who signs in there by the form: its session is one of its own."""
        window = self._free_name(user.name, "device")
        device = self._user(user.name, window, user.account, self._context(user.name, window).new_page())
        if self.app.form:
            device.sign_in_by_form()
        else:
            device.sign_in()
        return device

    def _context(self, name: str, window: str, **kwargs: Any) -> BrowserContext:
        """A browser with its tap; `window` is the name of its first one, and of those that the page opens."""
        if self._own_links:
            link = Link(self.timeline, window)
            context = self._new_context(proxy=link.proxy, **kwargs)
            self.links[context] = link
        else:
            context = self._new_context(**kwargs)
        if self._own_frames:  # before the tap, which then sees the frames as the page does
            self.frames[context] = Frames(context, self.timeline, window)
        patterns = [poll.pattern for poll in self.app.poll_patterns()]
        PageTap(context, self.timeline, name, self.app.views(), lambda page: self._windows.get(page, window), patterns)
        self._named(context, window)
        return context

    def close(self) -> None:
        """End the users' links."""
        for link in self.links.values():
            link.close()

    def _user(self, name: str, window: str, account: Account, page: Page) -> User:
        self._windows[page] = window
        user = self.users[window] = User(self, name, window, account, page)
        return user

    def _free_name(self, name: str, what: str) -> str:
        count = sum(1 for window in self.users if window.startswith(f"{name}/{what}"))
        return f"{name}/{what}{count + 2}"

    # ---- at the same time ---------------------------------------------------------------------------------------
    def together(self, *actions: Callable[[], Any]) -> list[Any]:
        """Do all actions at the same time: `together(lambda: user1.send(…), lambda: user2.send(…))`."""
        return self.loop.together(*actions)


def _account(who: Person | Account) -> Account:
    return who if isinstance(who, Account) else who.account
