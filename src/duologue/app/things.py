"""What a chat is made of, as every chat's adapter tells it: accounts, chats, rows of the list, messages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


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
    """A chat as the API knows it; `titles` maps a member's username to the name that this member's list shows.

    A product whose chats have no ids has names: any text that no other chat of the test has will do for `id`.
    """

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

    def previews(self, text: str) -> bool:
        """Whether the preview ends in this text: it is one line, whatever white space the text has."""
        return " ".join(self.preview.split()).endswith(" ".join(text.split()))


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
