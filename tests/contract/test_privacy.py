"""Only members get a chat's messages, typing and receipts, over REST and the socket alike."""

from __future__ import annotations

import pytest


@pytest.fixture
def outsider(accounts):
    """Eve, and a group of ann's and bob's with one message, that she knows the ids of."""
    ann, bob, eve = accounts(3)
    chat = ann.chat_with(bob, name="not for eve")
    return ann, bob, eve, chat, ann.send(chat, "secret")["id"]


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "/chats/{chat}", None),
        ("GET", "/chats/{chat}/messages", None),
        ("POST", "/chats/{chat}/messages", {"content": "let me in", "client_id": "1"}),
        ("POST", "/chats/{chat}/read", {"seq": 1}),
        ("POST", "/chats/{chat}/members", {"user_id": "EVE"}),
        ("DELETE", "/chats/{chat}/members/{eve}", None),
        ("DELETE", "/chats/{chat}/members/{ann}", None),
        ("PATCH", "/messages/{message}", {"content": "forged"}),
        ("DELETE", "/messages/{message}", None),
    ],
)
def test_an_outsider_who_knows_the_id_gets_the_same_404_as_for_no_such_thing(outsider, method, path, body):
    ann, _, eve, chat, message = outsider
    body = {"user_id": eve.id} if body == {"user_id": "EVE"} else body
    ids = {"chat": chat, "message": message, "eve": eve.id, "ann": ann.id}

    answer = eve.http.request(method, path.format(**ids), json=body)
    nowhere = eve.http.request(method, path.format(**ids | {"chat": 2**31 - 1, "message": 2**31 - 1}), json=body)

    assert (answer.status_code, answer.json()) == (nowhere.status_code, nowhere.json())
    assert answer.status_code == 404
    assert [stored["content"] for stored in ann.messages(chat)] == ["secret"]


def test_an_outsiders_socket_hears_nothing_of_a_chat(outsider):
    ann, bob, eve, chat, message = outsider
    typist, ear = ann.socket(), eve.socket()

    sent = ann.send(chat, "between us")
    ann.http.patch(f"/messages/{message}", json={"content": "edited"}).raise_for_status()
    bob.read(chat, sent["seq"])
    typist.tell(type="typing", chat_id=chat, typing=True)
    typist.so_far()
    ann.http.delete(f"/messages/{message}").raise_for_status()

    assert ear.so_far() == []
    assert chat not in [row["id"] for row in eve.chats()]


def test_typing_into_a_chat_one_is_no_member_of_is_refused_and_told_to_nobody(outsider):
    _, bob, eve, chat, _ = outsider
    ear, intruder = bob.socket(), eve.socket()

    intruder.tell(type="typing", chat_id=chat, typing=True)

    assert intruder.next()["code"] == "not_a_member"
    assert ear.so_far("typing") == []


def test_a_removed_member_hears_of_his_removal_and_then_nothing_more(outsider):
    ann, bob, _, chat, message = outsider
    typist, ear = ann.socket(), bob.socket()
    ann.http.delete(f"/chats/{chat}/members/{bob.id}").raise_for_status()

    ann.send(chat, "now that bob is gone")
    ann.http.patch(f"/messages/{message}", json={"content": "edited"}).raise_for_status()
    typist.tell(type="typing", chat_id=chat, typing=True)
    typist.so_far()

    [last] = ear.so_far()
    assert last == {"type": "member_removed", "seq": last["seq"], "chat_id": chat, "user_id": bob.id}
    assert bob.http.get(f"/chats/{chat}/messages").status_code == 404
    assert bob.http.post(f"/chats/{chat}/messages", json={"content": "x", "client_id": "x"}).status_code == 404
    assert chat not in [row["id"] for row in bob.chats()]


def test_a_removed_member_cannot_catch_up_on_the_chat_either(outsider):
    ann, bob, _, chat, _ = outsider
    cursor = bob.cursor()
    ann.send(chat, "sent while bob was a member, but away")
    ann.http.delete(f"/chats/{chat}/members/{bob.id}").raise_for_status()
    ann.send(chat, "sent after")

    assert [frame["type"] for frame in bob.sync(cursor)["events"]] == ["member_removed"]
    assert [frame["type"] for frame in bob.sync(0)["events"]] == ["member_removed"]


def test_a_removed_members_typing_ends_for_the_others(accounts):
    ann, bob, eve = accounts(3)
    chat = ann.chat_with(bob, eve, name="three")
    ear, typist = eve.socket(), bob.socket()
    typist.tell(type="typing", chat_id=chat, typing=True)
    assert ear.until("typing")["typing"]

    ann.http.delete(f"/chats/{chat}/members/{bob.id}").raise_for_status()

    assert not ear.until("typing")["typing"]


def test_only_the_sender_edits_and_deletes(outsider):
    ann, bob, _, chat, message = outsider

    assert bob.http.patch(f"/messages/{message}", json={"content": "forged"}).status_code == 403
    assert bob.http.delete(f"/messages/{message}").status_code == 403
    assert [stored["content"] for stored in ann.messages(chat)] == ["secret"]


def test_no_answer_holds_a_password_or_its_hash(accounts):
    ann, bob = accounts(2)

    answers = [ann.http.get("/users/me"), bob.http.get("/users", params={"query": ann.user["username"]})]

    for answer in answers:
        assert answer.is_success
        assert "password" not in answer.text
        assert "argon2" not in answer.text


def test_presence_is_told_to_chat_mates_only(accounts):
    ann, bob, eve = accounts(3)
    ann.chat_with(bob)
    mate, stranger = bob.socket(), eve.socket()

    ann.socket()

    assert mate.until("presence") == {"type": "presence", "user_id": ann.id, "online": True}
    assert stranger.so_far() == []
