"""Typing ends by itself, whatever becomes of who typed."""

from __future__ import annotations


def test_the_typing_of_one_who_says_nothing_more_ends_by_itself(start, next_frame):
    server = start(TYPING_TTL_S=0.2)
    ann, bob, chat = server.direct_chat()
    with server.socket(bob["access_token"]) as ear, server.socket(ann["access_token"]) as typist:
        typist.send(f'{{"type": "typing", "chat_id": {chat}, "typing": true}}')

        assert next_frame(ear, "typing")["typing"]
        assert not next_frame(ear, "typing")["typing"]


def test_typing_that_goes_on_is_not_ended_in_between(start, next_frame):
    server = start(TYPING_TTL_S=30)
    ann, bob, chat = server.direct_chat()
    with server.socket(bob["access_token"]) as ear, server.socket(ann["access_token"]) as typist:
        for typing in ("true", "true", "false"):
            typist.send(f'{{"type": "typing", "chat_id": {chat}, "typing": {typing}}}')

        assert [next_frame(ear, "typing")["typing"] for _ in range(3)] == [True, True, False]
