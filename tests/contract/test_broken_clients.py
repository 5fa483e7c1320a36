"""A malformed frame gets an answer, and the server goes on for everybody."""

from __future__ import annotations

import json

import pytest
from websockets.frames import Frame, Opcode


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "bad_frame"),
        ("hello", "bad_frame"),
        ("null", "bad_frame"),
        ("[]", "bad_frame"),
        ("{}", "bad_frame"),
        ('{"type": 1}', "bad_frame"),
        ("[" * 50_000, "bad_frame"),
        ('{"type": "typing"}', "bad_frame"),
        ('{"type": "typing", "chat_id": "1", "typing": true}', "bad_frame"),
        ('{"type": "typing", "chat_id": true, "typing": true}', "bad_frame"),
        ('{"type": "typing", "chat_id": 1, "typing": 1}', "bad_frame"),
        ('{"type": "typing", "chat_id": 99999999999999999999, "typing": true}', "not_a_member"),
        ('{"type": "new_message", "chat_id": 1}', "unknown_type"),
        ('{"type": "\\ud800"}', "unknown_type"),
    ],
    ids=lambda value: value[:40],
)
def test_a_malformed_frame_gets_an_error_frame_and_the_socket_stays_open(accounts, text, code):
    [ann] = accounts(1)
    tab = ann.socket()

    tab.say(text)

    error = tab.next()
    assert (error["type"], error["code"]) == ("error", code)
    assert error["detail"]
    assert tab.so_far() == []


def test_bytes_close_the_socket_with_1007_and_nobody_elses(accounts):
    ann, bob = accounts(2)
    chat, broken, ear = ann.chat_with(bob), bob.socket(), bob.socket()

    broken.say(b"\x00\x01")

    assert broken.closed()[0] == 1007
    ann.send(chat)
    assert ear.until("new_message")["chat_id"] == chat


def test_text_that_is_no_utf8_closes_the_socket_with_1007_and_nobody_elses(accounts):
    ann, bob = accounts(2)
    chat, broken, ear = ann.chat_with(bob), bob.socket(), bob.socket()

    wire = Frame(Opcode.TEXT, b'{"type": "\xff"}').serialize(mask=True)
    broken.connection.socket.sendall(wire)

    assert broken.closed()[0] == 1007
    ann.send(chat)
    assert ear.until("new_message")["chat_id"] == chat


def test_a_client_that_vanishes_without_a_close_disturbs_nobody(accounts):
    ann, bob = accounts(2)
    chat, vanished, ear = ann.chat_with(bob), bob.socket(), bob.socket()

    vanished.connection.socket.close()
    sent = [ann.send(chat, str(n))["id"] for n in range(3)]

    assert [frame["message"]["id"] for frame in ear.so_far("new_message")] == sent


@pytest.mark.parametrize("body", ["", "{", "[]", "null", '"x"', '{"content": 1, "client_id": "1"}', '{"content": "x"}'])
def test_a_malformed_body_is_422_in_one_sentence(accounts, body):
    ann, bob = accounts(2)
    chat = ann.chat_with(bob)

    answer = ann.http.post(f"/chats/{chat}/messages", content=body, headers={"Content-Type": "application/json"})

    assert answer.status_code == 422
    assert isinstance(answer.json()["detail"], str)


@pytest.mark.parametrize(
    "path",
    [
        "/chats/0",
        "/chats/x",
        f"/chats/{2**31}",
        f"/chats/{2**64}/messages",
        "/sync",
        "/sync?after=-1",
        f"/sync?after={2**63}",
        "/sync?after=0&limit=0",
        "/users?query=%00",
    ],
)
def test_a_number_or_text_that_no_database_holds_is_422_and_not_500(accounts, path):
    [ann] = accounts(1)

    answer = ann.http.get(path)

    assert answer.status_code == 422
    assert isinstance(answer.json()["detail"], str)


def test_a_page_has_at_most_a_hundred_messages(accounts):
    ann, bob = accounts(2)
    chat = ann.chat_with(bob)

    assert ann.http.get(f"/chats/{chat}/messages", params={"limit": 100}).status_code == 200
    assert ann.http.get(f"/chats/{chat}/messages", params={"limit": 101}).status_code == 422


def test_ping_is_answered(accounts):
    [ann] = accounts(1)
    tab = ann.socket()

    tab.say(json.dumps({"type": "ping"}))

    assert tab.next() == {"type": "pong"}
