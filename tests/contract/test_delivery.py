"""A message reaches every member's every open tab once, in one order that is the same everywhere."""

from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor


def test_a_message_reaches_every_tab_of_every_member_once_also_the_senders_own(accounts):
    ann, bob = accounts(2)
    chat = ann.chat_with(bob)
    tabs = [ann.socket(), ann.socket(), bob.socket(), bob.socket()]

    message = ann.send(chat, "are you there?")

    for tab in tabs:
        [frame] = tab.so_far("new_message")
        assert (frame["chat_id"], frame["message"]) == (chat, message)


def test_the_answer_to_a_send_is_what_the_others_get(accounts):
    ann, bob = accounts(2)
    chat, tab = ann.chat_with(bob), bob.socket()

    message = ann.send(chat, "hello", client_id="my-id")

    assert message.pop("created_at").endswith("Z")
    assert message == {
        "id": message["id"],
        "seq": message["seq"],
        "chat_id": chat,
        "sender_id": ann.id,
        "client_id": "my-id",
        "content": "hello",
        "edited_at": None,
        "deleted": False,
    }
    assert tab.until("new_message")["seq"] == message["seq"]


def test_messages_sent_at_one_instant_have_one_order_live_in_the_api_and_after_a_reload(accounts):
    ann, bob, eve = people = accounts(3)
    chat = ann.chat_with(bob, eve, name="all at once")
    tabs = [person.socket() for person in people]

    with ThreadPoolExecutor(3) as at_once:
        list(at_once.map(lambda n: people[n % 3].send(chat, f"message {n}"), range(30)))

    stored = [message["id"] for message in ann.messages(chat)]
    assert len(set(stored)) == 30
    for tab in tabs:
        frames = tab.so_far("new_message")
        assert [frame["message"]["id"] for frame in frames] == stored
        assert [frame["seq"] for frame in frames] == sorted(frame["seq"] for frame in frames)
    caught_up = eve.sync(0)["events"]
    assert [frame["message"]["id"] for frame in caught_up if frame["type"] == "new_message"] == stored


def test_a_chat_created_while_a_member_is_online_appears_live_and_its_messages_arrive(accounts):
    ann, bob = accounts(2)
    tab = bob.socket()

    chat = ann.chat_with(bob)
    ann.send(chat, "first")

    created, message = tab.until("chat_created"), tab.until("new_message")
    assert created["chat"]["id"] == chat
    assert {member["id"] for member in created["chat"]["members"]} == {ann.id, bob.id}
    assert created["chat"]["unread_count"] == 0
    assert message["message"]["content"] == "first"
    assert message["unread_count"] == 1


def test_a_direct_chat_that_exists_is_given_again_and_nobody_is_told_of_a_new_one(accounts):
    ann, bob = accounts(2)
    chat, tab = ann.chat_with(bob), ann.socket()

    again = bob.http.post("/chats", json={"member_ids": [ann.id]})

    assert (again.status_code, again.json()["id"]) == (200, chat)
    assert tab.so_far("chat_created") == []


def test_a_retry_after_a_lost_reply_is_one_message(accounts):
    ann, bob = accounts(2)
    chat, tab = ann.chat_with(bob), bob.socket()
    body = {"content": "once", "client_id": str(uuid.uuid4())}

    first = ann.http.post(f"/chats/{chat}/messages", json=body)
    retry = ann.http.post(f"/chats/{chat}/messages", json=body)

    assert (first.status_code, retry.status_code) == (201, 200)
    assert first.json() == retry.json()
    assert [frame["message"]["id"] for frame in tab.so_far("new_message")] == [first.json()["id"]]
    assert len(ann.messages(chat)) == 1


def test_retries_that_overtake_each_other_are_one_message(accounts):
    ann, bob = accounts(2)
    chat = ann.chat_with(bob)
    client_id = str(uuid.uuid4())

    with ThreadPoolExecutor(4) as at_once:
        sent = list(at_once.map(lambda _: ann.send(chat, "once", client_id), range(8)))

    assert len({message["id"] for message in sent}) == 1
    assert len(bob.messages(chat)) == 1


def test_a_client_id_used_in_another_chat_is_refused_instead_of_answered_with_that_message(accounts):
    ann, bob, eve = accounts(3)
    with_bob, with_eve = ann.chat_with(bob), ann.chat_with(eve)
    message = ann.send(with_bob, "for bob")

    answer = ann.http.post(
        f"/chats/{with_eve}/messages", json={"content": "for eve", "client_id": message["client_id"]}
    )

    assert answer.status_code == 409
    assert eve.messages(with_eve) == []


def test_two_people_may_use_the_same_client_id(accounts):
    ann, bob = accounts(2)
    chat = ann.chat_with(bob)

    ann.send(chat, "from ann", "1")
    bob.send(chat, "from bob", "1")

    assert [message["content"] for message in ann.messages(chat)] == ["from ann", "from bob"]


def test_a_message_goes_to_its_own_chat_only(accounts):
    ann, bob, eve = accounts(3)
    with_bob, with_eve = ann.chat_with(bob), ann.chat_with(eve)
    tab = eve.socket()

    ann.send(with_bob, "for bob")

    assert tab.so_far("new_message") == []
    assert eve.messages(with_eve) == []
