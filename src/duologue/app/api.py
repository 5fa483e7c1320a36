"""`ChatApi`: what makes a test's accounts and chats, and is a witness beside the page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NoReturn

from duologue.app.things import Account, Chat, ChatRow, SeenMessage
from duologue.errors import AdapterError


class ChatApi:
    """Subclass it, whatever way the accounts and chats are made: HTTP, another protocol, a command of the server.

    The first two every chat needs; others belong to a capability, or serve people without a browser; one that is
    missing says so when it is asked for.
    """

    makes_chats = True
    """Whether `create_chat` makes a new chat each time; False: it finds one, in which something may be unread."""

    def create_account(self, username: str, display_name: str, password: str) -> Account:
        """A new account, able to sign in at once. The answer says what it is called where names are not free."""
        self._lacks("create_account")

    def create_chat(self, creator: Account, members: Sequence[Account], name: str | None = None) -> Chat:
        """A new chat of the creator and the members, nothing in it: a direct one, or a group when it has a name."""
        self._lacks("create_chat")

    def send(self, account: Account, chat: Chat, text: str) -> SeenMessage:
        """Send without a page (capability `api_send`)."""
        self._lacks("send", "api_send")

    def messages(self, account: Account, chat: Chat) -> list[SeenMessage]:
        """All messages of the chat, oldest first (capability `api_messages`)."""
        self._lacks("messages", "api_messages")

    def chats(self, account: Account) -> list[ChatRow]:
        """The chat list as the server keeps it, by the chats' ids, with its unread counts (capability `api_chats`)."""
        self._lacks("chats", "api_chats")

    def edit(self, account: Account, message: SeenMessage, text: str) -> None:
        """Give a message of one's own another text without a page, for people without a browser."""
        self._lacks("edit")

    def delete(self, account: Account, message: SeenMessage) -> None:
        """Delete a message of one's own without a page, for people without a browser."""
        self._lacks("delete")

    def read(self, account: Account, chat: Chat) -> None:
        """Read all of the chat without a page, for people without a browser."""
        self._lacks("read")

    def add_member(self, by: Account, chat: Chat, account: Account) -> None:
        """Take somebody into a group (capability `membership`)."""
        self._lacks("add_member", "membership")

    def remove_member(self, by: Account, chat: Chat, account: Account) -> None:
        """Take somebody out of a group (capability `removal`)."""
        self._lacks("remove_member", "removal")

    def socket_url(self, account: Account) -> str:
        """The WebSocket address that somebody signed in dials: for people without a browser, and for the diagnosis.

        Empty: nobody knows it.
        """
        return ""

    def socket_headers(self, account: Account) -> Mapping[str, str]:
        """What is sent along with it, where the address is not enough: `{"Cookie": "session=…"}`."""
        return {}

    def close(self) -> None:
        """Give connections back."""

    def _lacks(self, verb: str, capability: str = "") -> NoReturn:
        without = f", or promise Capabilities({capability}=False)" if capability else ""
        raise AdapterError(f"{type(self).__name__} cannot {verb}", remedy=f"override ChatApi.{verb}{without}")
