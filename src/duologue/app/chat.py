"""`ChatApp`: all the harness must be told about one chat. Selectors and patterns are data, verbs have defaults."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, NoReturn

from playwright.sync_api import APIRequestContext, Page

from duologue.app.api import ChatApi
from duologue.app.capabilities import Capabilities
from duologue.app.places import ChatList, Form, Lines, MessageList, Sign, sign_view
from duologue.app.things import Account, Chat, ChatRow, SeenMessage
from duologue.data import Data
from duologue.errors import AdapterError
from duologue.lines import ANYTHING, line_of
from duologue.taps.view import Field, Row, View


class ChatApp(Data):
    """What Duologue must know of a chat. Subclass it, give the data, override the verbs that do not fit.

    Paths are relative to the page's address. `connection` is the element that tells of the connection, `connected` the
    pattern its text matches once it is up; `loading` is there until the chat list has come. `typing` and `presence` are
    elements of the open chat, `day` is what stands above the messages of one day. `total` is an element with the number
    of all unread messages, such as `title`. Each of these is a selector, whose text is read, or a `Field`: an attribute
    of it, say. `harmless` are patterns of console errors that are nobody's fault;
    `patience_s` is how long a page may take to load, connect and do what is asked, on a busy machine. `polls`
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
    connection: Sign = ""
    connected: str = ""
    loading: Sign = ""
    typing: Sign = ""
    typing_text: str = "{name} is typing…"
    presence: Sign = ""
    online_text: str = "online"
    offline_text: str = "offline"
    day: Sign = ""
    today_text: str = "Today"
    yesterday_text: str = "Yesterday"
    total: Sign = ""
    sent_status: str = "sent"
    read_status: str = "read"
    harmless: tuple[str, ...] = ()
    patience_s: float = 15.0
    polls: tuple[str, ...] = ()
    lines: Lines = Lines()
    capabilities: Capabilities = Capabilities()

    # ---- what the harness reads -------------------------------------------------------------------------
    def poll_patterns(self) -> list[re.Pattern[str]]:
        """What a request for news reads like, method and URL: see `polls`."""
        return [line_of(line, any=ANYTHING) for line in self.polls]

    def views(self) -> dict[str, View]:
        """Everything the tap watches in a page, by name."""
        # Many a form has the line that refuses from the beginning, and shows it when it does.
        refusal = Field(selector=self.form.refusal, visible=True) if self.form and self.form.refusal else ""
        signs: dict[str, str | Field] = {
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
            **{name: sign_view(sign) for name, sign in signs.items() if sign},
        }

    def chat_row(self, row: Row) -> ChatRow:
        """A row of the chat list as data; no badge, an empty one and "0" all are 0. Without badges nothing is known.

        A dot tells no number: its row has None.
        """
        badge = row.get("unread")
        unread = (badge or "0").strip() if self.chats.unread else ""
        if self.capabilities.unread == "dot" and badge is not None:
            unread = ""
        return ChatRow(
            key=row.get("key") or "",
            name=row.get("name") or "",
            unread=int(unread) if unread.isdecimal() else None,
            preview=row.get("preview") or "",
            is_open=row.get("is_open") is not None,
        )

    def chat_rows(self, rows: Iterable[Row]) -> tuple[ChatRow, ...]:
        """The chat list as data: each chat once, where it comes first, also when the page repeats it.

        Rows of one chat that show different counts tell no number.
        """
        chats: dict[str, ChatRow] = {}
        for row in map(self.chat_row, rows):
            first = chats.setdefault(row.key, row)
            agreed = first.unread if first.unread == row.unread else None
            chats[row.key] = replace(first, unread=agreed, is_open=first.is_open or row.is_open)
        return tuple(chats.values())

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
        """The new message that a received frame carries; None when it carries none. Capability `frames`."""
        del frame
        return None

    def frame_messages(self, frame: str) -> Sequence[SeenMessage]:
        """All new messages that a received frame carries; to be overridden where it may carry several."""
        message = self.frame_message(frame)
        return () if message is None else (message,)

    def api(self, api_url: str, ws_url: str) -> ChatApi:
        """The chat's API at these addresses; whoever asks for it closes it."""
        raise AdapterError(f"the adapter of {self.name} has no API", remedy="override ChatApp.api")

    # ---- verbs --------------------------------------------------------------------------------------------
    def storage(self, account: Account) -> Mapping[str, str]:
        """What the browser's storage of somebody signed in holds; empty: sign in by the form."""
        del account
        return {}

    def sign_in_by_request(self, request: APIRequestContext, account: Account) -> bool:
        """Ask the chat for a session, whose cookies the browser then has; False: sign in by storage or the form.

        `request` is the window's own: addresses such as "/login" are those of the page.
        """
        del request, account
        return False

    def open_chat(self, page: Page, key: str) -> None:
        """Open a chat from the list."""
        self.row(page, key).click()

    def leave_chat(self, page: Page) -> None:
        """Go where no chat is open."""
        self._lacks("leave_chat", 'new_chats_open="none"')

    def row(self, page: Page, key: str) -> Any:
        """The locator of a chat's row, the first where the page repeats it."""
        where, row = self.chats.key, page.locator(self.chats.row)
        if not where.attribute:
            return row.filter(has=page.locator(where.selector or "*").get_by_text(key, exact=True)).first
        own = f"[{where.attribute}={json.dumps(key, ensure_ascii=False)}]"  # CSS quotes a string as JSON does
        if not where.selector:
            return row.and_(page.locator(own)).first
        return row.filter(has=page.locator(where.selector + own)).first

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
        self._lacks("sign_out", "sign_out=False")

    def edit(self, page: Page, message_id: str, text: str) -> None:
        """Give one's own message another text."""
        self._lacks("edit", "edits=False")

    def delete(self, page: Page, message_id: str) -> None:
        """Delete one's own message."""
        self._lacks("delete", "deletions=False")

    def _lacks(self, verb: str, capability: str) -> NoReturn:
        raise AdapterError(
            f"the adapter of {self.name} cannot {verb}",
            remedy=f"override ChatApp.{verb}, or promise Capabilities({capability})",
        )

    def is_connected(self, text: str) -> bool:
        """Whether the connection's element says that it is up."""
        return re.search(self.connected, text) is not None
