"""Receipts in a group: read is what all the others have read."""

from __future__ import annotations

import pytest

from duologue import expect
from duologue.people import Chats, User

pytestmark = pytest.mark.e2e


def test_a_message_in_a_group_is_read_once_the_last_of_them_has_read_it(
    user1: User, user2: User, user3: User, chats: Chats
) -> None:
    group, elsewhere = chats.group(user1, user2, user3, name="All of us"), chats.direct(user1, user2)
    message = user1.send(group, "Everybody, please")
    expect(user2, since=message).to_have_unread(group, 1)
    user2.open_chat(group)
    expect(user2, since=user2.opened_at).to_have_read(group)

    fence = user2.send(elsewhere, "I have read it")
    expect(user1, since=message).never_to_have_status(message, user1.app.read_status, until=fence)

    user3.open_chat(group)
    expect(user1, since=message).to_have_status(message, user1.app.read_status)
