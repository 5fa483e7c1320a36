"""`ChatApp`: all the harness must be told about one chat. Selectors and patterns are data, verbs have defaults."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from playwright.sync_api import Page
from pydantic import BaseModel, ConfigDict

from duologue.errors import AdapterError
from duologue.taps.view import Field, Row, View


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody who can sign in; `secrets` is whatever the adapter's API wants to keep (tokens, a user id)."""

    username: str
    password: str
    display_name: str
    id: str = ""
    secrets: Mapping[str, str] = field(default_factory=dict[str, str], repr=False)


@dataclass(frozen=True, slots=True)
class Chat:
    """A chat as the API knows it; `titles` maps a member's username to the name that this member's list shows."""

    id: str
    members: tuple[Account, ...]
    titles: Mapping[str, str]

    def __str__(self) -> str:
        return self.id


@dataclass(frozen=True, slots=True)
class ChatRow:
    """One row of a chat list as read; `unread` is None where the chat shows something that is no number."""

    key: str
    name: str
    unread: int | None
    preview: str
    is_open: bool = False


@dataclass(frozen=True, slots=True)
class SeenMessage:
    """A message as a witness (page, frame, API) shows it; what that witness cannot tell is empty."""

    text: str
    id: str = ""
    author: str = ""
    chat: str = ""
    status: str = ""
    edited: bool = False
    deleted: bool = False
    unread: int | None = None
    """The chat's count for whom a frame brings it to, where the frame tells one."""


class Data(BaseModel):
    """Base of an adapter's data: frozen, and a misspelt field is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class ChatList(Data):
    """Where the rows of the chat list are and what they show. `is_open` is read of the row of the chat now open."""

    row: str
    key: Field
    name: Field
    unread: Field | None = None
    preview: Field | None = None
    is_open: Field | None = None

    def view(self) -> View:
        """The view the tap watches."""
        return _view(self)


class MessageList(Data):
    """Where the messages of the open chat are and what they show."""

    row: str
    text: Field
    id: Field | None = None
    author: Field | None = None
    status: Field | None = None
    edited: Field | None = None
    deleted: Field | None = None

    def view(self) -> View:
        """The view the tap watches."""
        return _view(self)


class Form(Data):
    """The sign-in form: selectors of its two fields and its button, and of the line that says why it refused."""

    path: str
    username: str
    password: str
    submit: str
    refusal: str = ""


class Lines(Data):
    """What a message's way looks like to its witnesses, as whole lines with holes; one left empty sees nothing.

    Holes are `{chat}` and `{user}` (ids) and `{any}`. `request`: the request that sends it, `METHOD URL`. `notified`:
    the server's log when it tells a member. `notifying`: its log when it sets out to tell the chat's members, whomever
    it takes for them. `console`: the console line when the page takes it in. `read`: the request that tells the server
    that a chat was read. `refresh`: the request for a new token.
    """

    request: str = ""
    notified: str = ""
    notifying: str = ""
    console: str = ""
    read: str = ""
    refresh: str = ""


class Capabilities(Data):
    """What the product promises. A test of something it does not promise is reported "not promised"."""

    unread: Literal["number", "dot", "mentions", "none"] = "number"
    order: Literal["recency", "fixed"] = "recency"
    previews: bool = True
    groups: bool = True
    receipts: bool = False
    typing: bool = False
    presence: bool = False
    edits: bool = False
    deletions: bool = False
    several_tabs: bool = True
    several_devices: bool = True
    history: bool = True
    reconnects: bool = True
    total_unread: bool = False
    days: bool = False
    new_chats_live: bool = True
    frames: bool = True
    sign_out: bool = True

    def promised(self, name: str) -> bool:
        """Whether a test marked `promised(name)` applies; a name may demand a value: `unread=number`.

        Raises AdapterError for a capability that does not exist.
        """
        key, _, wanted = name.partition("=")
        if key not in type(self).model_fields:
            known = ", ".join(type(self).model_fields)
            raise AdapterError(f"there is no capability {key!r}", seen=name, remedy=f"one of: {known}")
        value = getattr(self, key)
        return str(value) == wanted if wanted else value not in (False, "none")


class ChatApi(Protocol):
    """The chat's API, for making a test's own accounts and chats, and as a witness beside the page."""

    def create_account(self, username: str, display_name: str, password: str) -> Account:
        """A new account, signed in."""
        ...

    def create_chat(self, creator: Account, members: Sequence[Account], name: str | None = None) -> Chat:
        """A new chat of the creator and the members: a direct one, or a group when it has a name."""
        ...

    def send(self, account: Account, chat: Chat, text: str) -> SeenMessage:
        """Send without a page."""
        ...

    def messages(self, account: Account, chat: Chat) -> list[SeenMessage]:
        """All messages of the chat, oldest first."""
        ...

    def chats(self, account: Account) -> list[ChatRow]:
        """The chat list as the server keeps it."""
        ...

    def add_member(self, by: Account, chat: Chat, account: Account) -> None:
        """Take somebody into a group."""
        ...

    def remove_member(self, by: Account, chat: Chat, account: Account) -> None:
        """Take somebody out of a group."""
        ...

    def socket_url(self, account: Account) -> str:
        """The WebSocket address that somebody signed in dials."""
        ...

    def close(self) -> None:
        """Give connections back."""
        ...


class ChatApp(Data):
    """What Duologue must know of a chat. Subclass it, give the data, override the verbs that do not fit.

    Paths are relative to the page's address. `connection` is the element that tells of the connection, `connected` the
    pattern its text matches once it is up; `loading` is there until the chat list has come. `typing` and `presence` are
    elements of the open chat, `day` is what stands above the messages of one day. `total` is an element with the number
    of all unread messages, such as `title`. `harmless` are patterns of console errors that are nobody's fault. `polls`
    are the requests that the page makes again and again for news, as lines with holes such as
    `GET {any}/sync?{any}`: their answers are frames.
    """

    name: str
    home_path: str = "/"
    chats: ChatList
    messages: MessageList
    composer: str
    send_button: str = ""
    form: Form | None = None
    connection: str = ""
    connected: str = ""
    loading: str = ""
    typing: str = ""
    typing_text: str = "{name} is typing…"
    presence: str = ""
    online_text: str = "online"
    offline_text: str = "offline"
    day: str = ""
    today_text: str = "Today"
    yesterday_text: str = "Yesterday"
    total: str = ""
    sent_status: str = "sent"
    read_status: str = "read"
    harmless: tuple[str, ...] = ()
    polls: tuple[str, ...] = ()
    lines: Lines = Lines()
    capabilities: Capabilities = Capabilities()

    # ---- what the harness reads -------------------------------------------------------------------------
    def views(self) -> dict[str, View]:
        """Everything the tap watches in a page, by name."""
        refusal = self.form.refusal if self.form else ""
        signs = {
            "connection": self.connection,
            "loading": self.loading,
            "typing": self.typing,
            "presence": self.presence,
            "refusal": refusal,
            "day": self.day,
            "total": self.total,
        }
        return {
            "chats": self.chats.view(),
            "messages": self.messages.view(),
            **{name: View(row=selector, fields={"text": Field()}) for name, selector in signs.items() if selector},
        }

    def chat_row(self, row: Row) -> ChatRow:
        """A row of the chat list as data; no badge, an empty one and "0" all are 0. Without badges nothing is known."""
        unread = (row.get("unread") or "0").strip() if self.chats.unread else ""
        return ChatRow(
            key=row.get("key") or "",
            name=row.get("name") or "",
            unread=int(unread) if unread.isdecimal() else None,
            preview=row.get("preview") or "",
            is_open=row.get("is_open") is not None,
        )

    def seen_message(self, row: Row) -> SeenMessage:
        """A message of the open chat as data."""
        return SeenMessage(
            text=row.get("text") or "",
            id=row.get("id") or "",
            author=row.get("author") or "",
            status=row.get("status") or "",
            edited=row.get("edited") is not None,
            deleted=row.get("deleted") is not None,
        )

    def total_unread(self, text: str) -> int:
        """The number of all unread messages that the text of `total` tells; default: its first number, else 0."""
        found = re.search(r"\d+", text)
        return int(found[0]) if found else 0

    def row_key(self, chat: Chat, account: Account) -> str:
        """The key that the chat's row has in this member's list; default: the chat's id."""
        del account
        return chat.id

    def frame_message(self, frame: str) -> SeenMessage | None:
        """The new message that a received frame carries; None when it carries none."""
        raise NotImplementedError(f"{self.name}: frame_message")

    def frame_messages(self, frame: str) -> Sequence[SeenMessage]:
        """All new messages that a received frame carries; to be overridden where it may carry several."""
        message = self.frame_message(frame)
        return () if message is None else (message,)

    def api(self, api_url: str, ws_url: str) -> ChatApi:
        """The chat's API at these addresses; whoever asks for it closes it."""
        raise NotImplementedError(f"{self.name}: api")

    # ---- verbs --------------------------------------------------------------------------------------------
    def storage(self, account: Account) -> Mapping[str, str]:
        """What the browser's storage of somebody signed in holds; empty: sign in by the form."""
        del account
        return {}

    def open_chat(self, page: Page, key: str) -> None:
        """Open a chat from the list."""
        self.row(page, key).click()

    def row(self, page: Page, key: str) -> Any:
        """The locator of a chat's row; needs the key to be an attribute of the row or of something in it."""
        where = self.chats.key
        if not where.attribute:
            raise AdapterError(f"{self.name}: the key of a row is no attribute", remedy="override ChatApp.row")
        own = f'[{where.attribute}="{key}"]'
        row = page.locator(self.chats.row)
        return row.and_(page.locator(own)) if not where.selector else row.filter(has=page.locator(where.selector + own))

    def send(self, page: Page, text: str) -> None:
        """Type into the composer and send."""
        composer = page.locator(self.composer)
        composer.fill(text)
        if self.send_button:
            page.locator(self.send_button).click()
        else:
            composer.press("Enter")

    def sign_in(self, page: Page, account: Account) -> None:
        """Sign in by the form, as a person would."""
        form = self.form
        if form is None:
            raise AdapterError(f"{self.name} has no sign-in form", remedy="give ChatApp.form, or override sign_in")
        if not page.locator(form.username).is_visible():
            page.goto(form.path)
        page.locator(form.username).fill(account.username)
        page.locator(form.password).fill(account.password)
        page.locator(form.submit).click()

    def sign_out(self, page: Page) -> None:
        """Sign out, as a person would."""
        raise NotImplementedError(f"{self.name}: sign_out")

    def edit(self, page: Page, message_id: str, text: str) -> None:
        """Give one's own message another text."""
        raise NotImplementedError(f"{self.name}: edit")

    def delete(self, page: Page, message_id: str) -> None:
        """Delete one's own message."""
        raise NotImplementedError(f"{self.name}: delete")

    def is_connected(self, text: str) -> bool:
        """Whether the connection's element says that it is up."""
        return re.search(self.connected, text) is not None


def _view(listing: ChatList | MessageList) -> View:
    fields = {name: getattr(listing, name) for name in type(listing).model_fields if name != "row"}
    return View(row=listing.row, fields={name: value for name, value in fields.items() if value is not None})
