"""Marks of unread chats, whether they tell a number or not: there once a message came, gone once it was read."""

from __future__ import annotations

import pytest

from duologue.expect import expect
from duologue.people import Chats, User

pytestmark = [pytest.mark.e2e, pytest.mark.promised("unread=number|dot")]


def test_a_message_marks_its_chat_as_unread_and_no_other(user1: User, user2: User, chats: Chats) -> None:
    chat, other = chats.direct(user1, user2), chats.with_somebody(user2)

    message = user1.send(chat, "Look here")

    expect(user2).to_mark_as_unread(chat)
    fence = user1.send(chat, "And here")
    expect(user2, since=message).to_keep_marked_as_read(other, until=fence)


def test_opening_a_chat_takes_its_mark_away(user1: User, user2: User, chats: Chats) -> None:
    chat = chats.direct(user1, user2)
    user1.send(chat, "Read me")
    expect(user2).to_mark_as_unread(chat)

    user2.open_chat(chat)

    expect(user2).to_mark_as_read(chat)
