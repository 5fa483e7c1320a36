"""Chats of more messages than a page of history holds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from duologue import expect
from duologue.app import ChatApi
from duologue.people import Chats, Message, User
from duologue.people.window import PATIENCE_S

pytestmark = pytest.mark.e2e

# So long is an answer held back that all fits in that is done meanwhile; then the link is restored, and it comes.
HELD_MS = 12_000


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


@pytest.mark.own_network
def test_what_changes_while_older_messages_load_is_shown_as_it_is(
    user1: User, user2: User, chats: Chats, chat_api: ChatApi, together: Callable[..., list[Any]]
) -> None:
    chat = chats.direct(user1, user2)
    user2.open_chat(chat)
    old, older = user1.send(chat, "Meet at noon"), user1.send(chat, "Never mind")
    expect(user2).to_show(older)
    texts = [chat_api.send(user2.account, chat, f"Message {number}").text for number in range(1, 81)]
    expect(user1, since=old).to_show(texts[-1])
    # What the page asks for as one scrolls, a browser asks a server of another origin's leave for; once, and not later.
    for scrolls in (True, False):
        user2.leave()
        user2.come_back()
        user2.open_chat(chat)
        expect(user2, since=user2.opened_at).to_show(texts[-1])
        if scrolls:
            user2.scroll_back()
    user2.link.delay(HELD_MS, of="requests", way="down")
    start = user2.timeline.cursor()

    def changes() -> Message:
        asked = user2.timeline.wait_for(
            lambda: user2.timeline.find(kind="request", source=user2.window, since=start) or None, PATIENCE_S
        )
        assert asked, "the page asks for older messages"
        edited = user1.edit(old, "Meet at one")
        user1.delete(older)
        expect(user2).to_receive(user1.send(chat, "Changed my mind"))
        user2.link.restore()
        return edited

    edited: Message = together(user2.scroll_back, changes)[1]

    expect(user2, since=start).to_show(edited)
    assert not {str(old), str(older)} & {seen.text for seen in user2.messages}, "as it was before the change"
