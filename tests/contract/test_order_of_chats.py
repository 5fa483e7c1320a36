"""Chats are ordered by their last message: a new one lifts its chat, nothing else does."""

from __future__ import annotations

import pytest


@pytest.fixture
def three_chats(accounts):
    """Bob with ann, eve and joe, oldest activity first; each chat has a message of bob's and one he has not read."""
    bob, ann, eve, joe = accounts(4)
    chats = [other.chat_with(bob) for other in (ann, eve, joe)]
    for other, chat in zip((ann, eve, joe), chats, strict=True):
        bob.send(chat)
        other.send(chat)
    assert order(bob) == chats[::-1]
    return bob, ann, chats


def order(account) -> list[int]:
    rows = account.chats()
    assert [row["activity_seq"] for row in rows] == sorted((row["activity_seq"] for row in rows), reverse=True)
    return [row["id"] for row in rows]


def test_a_new_message_moves_its_chat_to_the_top(three_chats):
    bob, ann, [lowest, middle, top] = three_chats

    message = ann.send(lowest)

    assert order(bob) == [lowest, top, middle]
    assert bob.chat(lowest)["activity_seq"] == message["seq"]
    assert bob.chat(lowest)["last_message"] == message


def test_ones_own_message_moves_the_chat_too(three_chats):
    bob, _, [lowest, middle, top] = three_chats

    bob.send(lowest)

    assert order(bob) == [lowest, top, middle]


def test_opening_and_reading_move_nothing(three_chats):
    bob, _, [lowest, middle, top] = three_chats

    last = bob.messages(lowest)[-1]
    bob.read(lowest, last["seq"])

    assert bob.chat(lowest)["unread_count"] == 0
    assert order(bob) == [top, middle, lowest]


def test_typing_moves_nothing(three_chats):
    bob, ann, [lowest, middle, top] = three_chats
    tab, typist = bob.socket(), ann.socket()

    typist.tell(type="typing", chat_id=lowest, typing=True)

    assert tab.until("typing")["chat_id"] == lowest
    assert order(bob) == [top, middle, lowest]


def test_editing_moves_nothing_and_the_preview_changes(three_chats):
    bob, ann, [lowest, middle, top] = three_chats
    last = ann.messages(lowest)[-1]

    ann.http.patch(f"/messages/{last['id']}", json={"content": "edited"}).raise_for_status()

    assert order(bob) == [top, middle, lowest]
    assert bob.chat(lowest)["last_message"]["content"] == "edited"


def test_deleting_the_last_message_moves_nothing_and_leaves_a_tombstone(three_chats):
    bob, ann, [lowest, middle, top] = three_chats
    last = ann.messages(lowest)[-1]

    ann.http.delete(f"/messages/{last['id']}").raise_for_status()

    assert order(bob) == [top, middle, lowest]
    tombstone = bob.chat(lowest)["last_message"]
    assert (tombstone["seq"], tombstone["deleted"], tombstone["content"]) == (last["seq"], True, "")


def test_a_new_chat_is_on_top_before_it_has_a_message(three_chats, accounts):
    bob, _, chats = three_chats
    [max_] = accounts(1)

    new = max_.chat_with(bob)

    assert order(bob) == [new, *chats[::-1]]
    assert bob.chat(new)["last_message"] is None


def test_a_message_of_the_same_millisecond_still_has_its_place(three_chats):
    bob, ann, [lowest, *_] = three_chats

    sent = [ann.send(lowest, str(n))["id"] for n in range(10)]

    assert [message["id"] for message in bob.messages(lowest, limit=10)] == sent
    assert bob.chat(lowest)["last_message"]["id"] == sent[-1]
