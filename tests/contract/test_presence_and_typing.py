"""Presence follows the last socket of a user; typing is told to the others and ends by itself."""

from __future__ import annotations

import pytest


@pytest.fixture
def pair(accounts):
    """Ann and bob with a direct chat; bob listens."""
    ann, bob = accounts(2)
    chat = ann.chat_with(bob)
    return ann, bob, chat, bob.socket()


def test_a_user_is_offline_when_his_last_socket_closes_not_the_first(pair):
    ann, _, chat, ear = pair
    first, second = ann.socket(), ann.socket()
    assert ear.so_far("presence") == [{"type": "presence", "user_id": ann.id, "online": True}]

    first.connection.close()
    # Whatever the first socket's end sets off is done before the message that the second still gets.
    ann.send(chat)
    second.until("new_message")
    assert ear.so_far("presence") == []

    second.connection.close()
    assert ear.until("presence") == {"type": "presence", "user_id": ann.id, "online": False}


def test_the_first_frame_says_who_is_there(pair, open_socket):
    ann, bob, _, _ = pair

    first = open_socket(ann.session["access_token"]).next()

    assert first == {"type": "connected", "user_id": ann.id, "online": [bob.id]}


def test_the_api_shows_the_same_presence(pair):
    ann, bob, chat, ear = pair
    tab = ann.socket()
    assert {member["id"]: member["online"] for member in ann.chat(chat)["members"]} == {ann.id: True, bob.id: True}

    tab.connection.close()
    ear.until("presence")
    ear.until("presence")

    assert {member["id"]: member["online"] for member in ann.chat(chat)["members"]} == {ann.id: False, bob.id: True}
    assert not ann.http.get("/users/me").json()["online"]


def test_signing_out_makes_offline(pair):
    ann, _, _, ear = pair
    ann.socket()
    assert ear.until("presence")["online"]

    ann.http.post("/auth/logout").raise_for_status()

    assert not ear.until("presence")["online"]


def test_typing_is_told_to_the_others_and_not_to_ones_own_tabs(pair):
    ann, _, chat, ear = pair
    tab, other_tab = ann.socket(), ann.socket()

    tab.tell(type="typing", chat_id=chat, typing=True)
    assert ear.until("typing") == {"type": "typing", "chat_id": chat, "user_id": ann.id, "typing": True}
    tab.tell(type="typing", chat_id=chat, typing=False)
    assert ear.until("typing") == {"type": "typing", "chat_id": chat, "user_id": ann.id, "typing": False}

    assert tab.so_far("typing") + other_tab.so_far("typing") == []


def test_sending_ends_typing_before_the_message_comes(pair):
    ann, _, chat, ear = pair
    tab = ann.socket()
    tab.tell(type="typing", chat_id=chat, typing=True)
    ear.until("typing")

    ann.send(chat)

    assert [frame["type"] for frame in ear.so_far()] == ["typing", "new_message"]


def test_typing_ends_when_the_typists_socket_goes_though_he_has_another(pair):
    ann, _, chat, ear = pair
    tab, _other_tab = ann.socket(), ann.socket()
    tab.tell(type="typing", chat_id=chat, typing=True)
    assert ear.until("typing")["typing"]

    tab.connection.socket.close()

    assert not ear.until("typing")["typing"]


def test_who_was_not_typing_does_not_stop(pair):
    ann, _, chat, ear = pair
    tab = ann.socket()

    tab.tell(type="typing", chat_id=chat, typing=False)
    tab.so_far()

    assert ear.so_far("typing") == []
