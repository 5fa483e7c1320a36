"""Unread counts are exact, kept by the server, and the same in every tab."""

from __future__ import annotations

import pytest


def unread(account, chat: int) -> int:
    [count] = [row["unread_count"] for row in account.chats() if row["id"] == chat]
    assert account.chat(chat)["unread_count"] == count
    return count


def test_each_unread_message_counts_once_live_and_after_a_reload(accounts):
    ann, bob = accounts(2)
    chat, tab = ann.chat_with(bob), bob.socket()
    assert unread(bob, chat) == 0

    for _ in range(3):
        ann.send(chat)

    assert [frame["unread_count"] for frame in tab.so_far("new_message")] == [1, 2, 3]
    assert unread(bob, chat) == 3


def test_own_messages_never_count_also_in_the_senders_other_tab(accounts):
    ann, bob = accounts(2)
    chat, other_tab = ann.chat_with(bob), ann.socket()
    bob.send(chat)
    ann.send(chat)

    assert [frame["unread_count"] for frame in other_tab.so_far("new_message")] == [1, 1]
    assert unread(ann, chat) == 1


def test_read_messages_are_not_counted_again_with_the_next_one(accounts):
    ann, bob = accounts(2)
    chat, tab = ann.chat_with(bob), bob.socket()
    last = [ann.send(chat) for _ in range(5)][-1]
    bob.read(chat, last["seq"])
    assert unread(bob, chat) == 0

    ann.send(chat)

    assert tab.so_far("new_message")[-1]["unread_count"] == 1
    assert unread(bob, chat) == 1


def test_reading_in_one_tab_clears_it_in_all_and_shows_the_sender_a_receipt(accounts):
    ann, bob = accounts(2)
    chat = ann.chat_with(bob)
    message = ann.send(chat)
    bobs_other_tab, anns_tab = bob.socket(), ann.socket()

    answer = bob.read(chat, message["seq"])

    receipt = bobs_other_tab.until("read")
    assert (answer["unread_count"], receipt["unread_count"]) == (0, 0)
    seen_by_ann = anns_tab.until("read")
    assert (seen_by_ann["user_id"], seen_by_ann["last_read_seq"]) == (bob.id, message["seq"])
    assert "unread_count" not in seen_by_ann, "bob's count is nobody else's business"
    assert {member["id"]: member["last_read_seq"] for member in ann.chat(chat)["members"]}[bob.id] == message["seq"]


def test_reading_half_of_them_leaves_the_other_half(accounts):
    ann, bob = accounts(2)
    chat = ann.chat_with(bob)
    sent = [ann.send(chat) for _ in range(4)]

    assert bob.read(chat, sent[1]["seq"])["unread_count"] == 2
    assert unread(bob, chat) == 2


def test_reading_one_chat_touches_no_other(accounts):
    ann, bob, eve = accounts(3)
    with_ann, with_eve = ann.chat_with(bob), eve.chat_with(bob)
    message = ann.send(with_ann)
    eve.send(with_eve)

    bob.read(with_ann, message["seq"])

    assert (unread(bob, with_ann), unread(bob, with_eve)) == (0, 1)


def test_reading_for_oneself_reads_for_nobody_else(accounts):
    ann, bob, eve = accounts(3)
    chat = ann.chat_with(bob, eve, name="three")
    message = ann.send(chat)

    bob.read(chat, message["seq"])

    assert (unread(bob, chat), unread(eve, chat)) == (0, 1)


def test_a_receipt_goes_never_backwards(accounts):
    ann, bob = accounts(2)
    chat = ann.chat_with(bob)
    first, second = ann.send(chat), ann.send(chat)
    bob.read(chat, second["seq"])
    tab = ann.socket()

    late = bob.read(chat, first["seq"])

    assert (late["last_read_seq"], late["unread_count"]) == (second["seq"], 0)
    assert tab.so_far("read") == []


def test_a_receipt_beyond_the_last_message_does_not_read_the_next_one(accounts):
    ann, bob = accounts(2)
    chat = ann.chat_with(bob)
    last = ann.send(chat)

    assert bob.read(chat, last["seq"] + 1000)["last_read_seq"] == last["seq"]
    ann.send(chat)

    assert unread(bob, chat) == 1


def test_a_receipt_in_an_empty_chat_changes_nothing(accounts):
    ann, bob = accounts(2)
    chat = ann.chat_with(bob)

    assert bob.read(chat, 10**9)["last_read_seq"] == 0


@pytest.mark.parametrize(("read_first", "left"), [(0, 2), (1, 2), (2, 1), (3, 0)])
def test_deleting_lowers_the_count_of_those_who_had_not_read_it_and_never_below_zero(accounts, read_first, left):
    ann, bob = accounts(2)
    chat = ann.chat_with(bob)
    sent = [ann.send(chat) for _ in range(3)]
    if read_first:
        bob.read(chat, sent[read_first - 1]["seq"])
    tab = bob.socket()

    ann.http.delete(f"/messages/{sent[0]['id']}").raise_for_status()

    assert tab.until("message_deleted")["unread_count"] == left
    assert unread(bob, chat) == left


def test_editing_an_unread_message_does_not_count_it_again(accounts):
    ann, bob = accounts(2)
    chat = ann.chat_with(bob)
    message = ann.send(chat)

    ann.http.patch(f"/messages/{message['id']}", json={"content": "better"}).raise_for_status()

    assert unread(bob, chat) == 1


def test_whoever_joins_late_starts_at_zero(accounts):
    ann, bob, eve = accounts(3)
    chat = ann.chat_with(bob, name="late")
    ann.send(chat)
    tab = eve.socket()

    ann.http.post(f"/chats/{chat}/members", json={"user_id": eve.id}).raise_for_status()
    ann.send(chat)

    assert tab.until("chat_created")["chat"]["unread_count"] == 0
    assert tab.until("new_message")["unread_count"] == 1
    assert unread(eve, chat) == 1
