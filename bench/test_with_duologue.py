"""The guide's message test by Duologue, as often as `MESSAGE_TESTS` says: one side of `bench_message_test.py`."""

from __future__ import annotations

import os
import re

import pytest

from duologue import expect, line_of
from duologue.fixtures import Chats
from duologue.people import User


@pytest.mark.parametrize("number", range(int(os.environ.get("MESSAGE_TESTS", "1"))))
def test_message(number: int, user1: User, user2: User, chats: Chats) -> None:  # noqa: ARG001 - only counts
    chat = chats.direct(user1, user2)
    chats.with_somebody(user2)

    message = user1.send(chat, "Hello, user2!")

    expect(user2).to_log_in_order(
        line_of("📨 New message in chat list: {rest}", rest=re.compile(".*")),
        f"📊 Unread count for chat {chat}: 1",
        f"⬆️ Moved chat {chat} to top",
    )
    expect(user2).to_have_moved_to_top(chat)
    expect(user2).to_have_unread(chat, 1)
    expect(user2).to_have_preview(chat, message)
