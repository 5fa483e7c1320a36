"""Receipts: a message is read when the other person has looked at it, and not before."""

from __future__ import annotations

import pytest

from duologue.expect import expect
from duologue.people import Chats, User

pytestmark = [pytest.mark.e2e, pytest.mark.promised("receipts")]


@pytest.mark.promised("statuses")
def test_the_sender_learns_that_a_message_was_read(user1: User, user2: User, chats: Chats) -> None:
    chat = chats.direct(user1, user2)
    message = user1.send(chat, "Seen?")
    expect(user1).to_have_status(message, user1.app.sent_status)

    user2.open_chat(chat)

    expect(user1).to_have_status(message, user1.app.read_status)


@pytest.mark.promised("unread=number|dot", "groups")
def test_a_message_nobody_opened_is_not_read(user1: User, user2: User, chats: Chats) -> None:
    chat = chats.direct(user1, user2)
    message = user1.send(chat, "Not yet")
    expect(user2).to_mark_as_unread(chat)

    fence = user2.send(chats.group(user2, user1, name="Elsewhere"), "I write, but do not read")

    expect(user1, since=message).never_to_have_status(message, user1.app.read_status, until=fence)


@pytest.mark.promised("statuses", "groups", "membership")
def test_a_newcomer_takes_no_receipt_back(user1: User, user2: User, user3: User, chats: Chats) -> None:
    group = chats.group(user1, user2, name="Growing")
    message = user1.send(group, "Seen by all of us")
    user2.open_chat(group)
    expect(user1, since=message).to_have_status(message, user1.app.read_status)
    start = user1.timeline.cursor()

    fence = user2.send(chats.add(group, user2, user3), "Welcome")

    expect(user1, since=start).never_to_have_status(message, user1.app.sent_status, until=fence)


def test_a_receipt_is_there_after_a_reload(user1: User, user2: User, chats: Chats) -> None:
    chat = chats.direct(user1, user2)
    message = user1.send(chat, "Remember that you read me")
    user2.open_chat(chat)
    expect(user1, since=message).to_have_status(message, user1.app.read_status)

    user1.reload()
    user1.open_chat(chat)

    expect(user1, since=user1.loaded_at).to_have_status(message, user1.app.read_status)
