"""The first messages of a new server: whatever it counts goes from one digit to two."""

from __future__ import annotations

import pytest

from duologue import expect
from duologue.people import Chats, User

pytestmark = [pytest.mark.e2e, pytest.mark.own_stack]


def test_chats_keep_taking_turns_on_top_while_their_numbers_grow_longer(user1: User, user2: User, chats: Chats) -> None:
    first, second = chats.direct(user1, user2), chats.group(user1, user2, name="Second")

    for number in range(1, 7):
        for chat in (first, second):
            message = user1.send(chat, f"Message {number} in chat {chat}")
            expect(user2, since=message).to_have_moved_to_top(chat)

    assert expect([user1, user2]).to_agree(first, second).counts["messages"] == 12
