"""`Chats`: makes a test's chats over the API."""

from __future__ import annotations

from dataclasses import replace

from duologue.app import Chat
from duologue.people.cast import Cast, Person
from duologue.people.user import User


class Chats:
    """Makes the test's chats over the API, and waits until those who look see them."""

    def __init__(self, cast: Cast) -> None:
        self._cast = cast

    def direct(self, one: Person, other: Person) -> Chat:
        """A chat of two."""
        return self._cast.chat(one, other)

    def group(self, creator: Person, *others: Person, name: str = "Group") -> Chat:
        """A group."""
        return self._cast.chat(creator, *others, name=name)

    def add(self, chat: Chat, by: Person, newcomer: Person) -> Chat:
        """A member takes somebody into the group, over the API; returns the chat with its new members."""
        self._cast.timeline.act("harness", f"{by.name} adds {newcomer.name} to chat {chat}")
        self._cast.api.add_member(by.account, chat, newcomer.account)
        titles = {**chat.titles, newcomer.account.username: chat.titles[by.account.username]}
        chat = self._cast.chats[chat.id] = replace(chat, members=(*chat.members, newcomer.account), titles=titles)
        if self._cast.app.capabilities.new_chats_open != "none" and isinstance(newcomer, User) and newcomer.looks:
            newcomer.leave_chat(chat)
        return chat

    def remove(self, chat: Chat, by: Person, member: Person) -> None:
        """A member takes somebody out of the group, over the API."""
        self._cast.timeline.act("harness", f"{by.name} removes {member.name} from chat {chat}")
        self._cast.api.remove_member(by.account, chat, member.account)
        left = tuple(account for account in chat.members if account != member.account)
        self._cast.chats[chat.id] = replace(chat, members=left)

    def with_somebody(self, user: User) -> Chat:
        """A chat with somebody who is not at a window, so that another chat is not the only one (or not on top)."""
        return self._cast.chat(self._cast.account("somebody"), user)

    def put_elsewhere(self, user: User) -> None:
        """Open another chat where the page opens by itself what was open last: in the test's own, all would be read."""
        if self._cast.app.capabilities.opens_by_itself == "last":
            user.open_chat(self.with_somebody(user))
