"""The toy chat's adapter: an id in the row's own `id`, hidden badges, messages without ids, a form and nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import httpx
from playwright.sync_api import Page

from duologue.app import (
    Account,
    Capabilities,
    Chat,
    ChatApi,
    ChatApp,
    ChatList,
    ChatRow,
    Form,
    MessageList,
    SeenMessage,
)
from duologue.taps import Field


class ToyApi(ChatApi):
    """`ChatApi` over the toy's lines of text."""

    def __init__(self, api_url: str, ws_url: str) -> None:
        self._http, self._ws_url = httpx.Client(base_url=api_url, trust_env=False), ws_url

    def _ask(self, path: str, **query: str) -> str:
        return self._http.get(path, params=query).raise_for_status().text

    def create_account(self, username: str, display_name: str, password: str) -> Account:
        """By `/account`."""
        self._ask("/account", name=username, word=password, shown=display_name)
        return Account(username, password, display_name)

    def create_chat(self, creator: Account, members: Sequence[Account], name: str | None = None) -> Chat:
        """By `/make`."""
        everybody = (creator, *members)
        query = {"who": ",".join(account.username for account in everybody), **({"title": name} if name else {})}
        talk_id, *titles = self._ask("/make", **query).split("\n")
        return Chat(talk_id, everybody, {who.username: title for who, title in zip(everybody, titles, strict=True)})

    def send(self, account: Account, chat: Chat, text: str) -> SeenMessage:
        """By `/say`."""
        self._ask("/say", who=account.username, talk=chat.id, text=text)
        return SeenMessage(text, author=account.username, chat=chat.id)

    def messages(self, account: Account, chat: Chat) -> list[SeenMessage]:
        """By `/said`."""
        del account
        said = [line.partition("|") for line in self._ask("/said", talk=chat.id).split("\0") if line]
        return [SeenMessage(text, author=who, chat=chat.id) for who, _, text in said]

    def chats(self, account: Account) -> list[ChatRow]:
        """By `/list`."""
        rows = [line.split("|", 3) for line in self._ask("/list", who=account.username).splitlines()]
        return [ChatRow(talk_id, title, int(unread), "") for _, talk_id, unread, title in rows]

    def add_member(self, by: Account, chat: Chat, account: Account) -> None:
        """By `/add`."""
        del by
        self._ask("/add", talk=chat.id, who=account.username)

    def remove_member(self, by: Account, chat: Chat, account: Account) -> None:
        """By `/remove`."""
        del by
        self._ask("/remove", talk=chat.id, who=account.username)

    def misbehave(self, fault: str) -> None:
        """Tell the server to do something wrong from now on (server.py lists what)."""
        self._ask("/misbehave", how=fault)

    def socket_url(self, account: Account) -> str:
        """The name is in the address, and the password in none: `socket_headers`."""
        return f"{self._ws_url}/talk?{httpx.QueryParams(name=account.username)}"

    def socket_headers(self, account: Account) -> Mapping[str, str]:
        """The password, as a cookie."""
        return {"Cookie": f"word={account.password}"}

    def close(self) -> None:
        """Close the connection."""
        self._http.close()


class ToyChat(ChatApp):
    """`duologue.app.ChatApp` for the toy chat."""

    def row_key(self, chat: Chat, account: Account) -> str:
        """The row's own id."""
        del account
        return f"talk-{chat.id}"

    def row(self, page: Page, key: str) -> Any:
        """By that id."""
        return page.locator(f"#{key}")

    def frame_message(self, frame: str) -> SeenMessage | None:
        """`msg|TALK|WHO|TEXT`."""
        kind, *fields = frame.split("|", 3)
        return SeenMessage(fields[2], author=fields[1], chat=fields[0]) if kind == "msg" else None

    def api(self, api_url: str, ws_url: str) -> ToyApi:
        """Lines of text over HTTP."""
        return ToyApi(api_url, ws_url)

    def sign_out(self, page: Page) -> None:
        """By the link."""
        page.locator("#out").click()


TOY = ToyChat(
    name="toy",
    chats=ChatList(
        row="#talks > tr",
        key=Field(attribute="id"),
        name=Field(selector="th"),
        unread=Field(selector=".count", visible=True),
        preview=Field(selector=".last"),
        is_open=Field(selector=".open"),
    ),
    messages=MessageList(row="#talk > dd", text=Field(exact=True)),
    composer="#say",
    send_button="#go",
    form=Form(path="/", username="#who", password="#word", submit="#door [type=submit]", refusal="#no"),
    connection="#state",
    connected="^online$",
    capabilities=Capabilities(reconnects=False),
)
