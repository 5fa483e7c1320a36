"""Chats of more messages than a page of history holds."""

from __future__ import annotations

import pytest

from duologue import expect
from duologue.app import ChatApi
from duologue.people import Chats, User

pytestmark = pytest.mark.e2e


def test_opening_a_chat_reads_also_what_lies_far_above(
    user1: User, user2: User, chats: Chats, chat_api: ChatApi
) -> None:
    chat, other = chats.direct(user1, user2), chats.with_somebody(user2)
    first = user1.send(chat, "Far above")
    user1.send(chat, "As far")
    expect(user2, since=first).to_have_unread(chat, 2)
    last = [chat_api.send(user2.account, chat, f"By another program {number}").text for number in range(1, 61)][-1]
    start = user2.timeline.cursor()

    user2.open_chat(chat)
    expect(user2, since=user2.opened_at).to_show(last)
    user2.open_chat(other)

    expect(user2, since=start).to_have_read(chat)
    user2.reload()
    expect(user2, since=user2.loaded_at).to_still_have_unread(chat, 0)
