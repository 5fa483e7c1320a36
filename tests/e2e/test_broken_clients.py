"""Clients that send what makes no sense: they are told so, and nobody else is any the worse for it."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from duologue import expect
from duologue.people import Chats, ProtocolUser, User
from duologue.timeline import Event

pytestmark = pytest.mark.e2e

NONSENSE = (
    "no JSON at all",
    "[" * 5000,
    "[]",
    "null",
    '"ping"',
    "{}",
    '{"type": null}',
    '{"type": 7}',
    '{"type": []}',
    '{"type": {"type": "ping"}}',
    '{"type": "nonsense"}',
    '{"type": "typing"}',
    '{"type": "typing", "chat_id": "seven", "typing": true}',
    '{"type": "typing", "chat_id": [7], "typing": true}',
    '{"type": "typing", "chat_id": true, "typing": true}',
    '{"type": "typing", "chat_id": 7, "typing": "yes"}',
)


def closed_sockets(*users: User) -> list[Event]:
    """Which of their sockets ended; a page dials anew so soon that nobody may notice."""
    return [event for user in users for event in user.timeline.find(kind="ws_closed", source=user.window)]


def test_frames_that_make_no_sense_are_answered_and_disturb_nobody(
    user1: User, user2: User, chats: Chats, protocol_user: Callable[[str], ProtocolUser]
) -> None:
    chat, broken = chats.direct(user1, user2), protocol_user("broken")
    broken.connect()

    for frame in NONSENSE:
        start = broken.timeline.cursor()
        broken.send_frame(frame)
        expect(broken, since=start).to_receive_frame(re.compile('"code":"(bad_frame|unknown_type)"'))

    broken.send_frame('{"type": "typing", "chat_id": 99999999999999999999999, "typing": true}')
    expect(broken).to_receive_frame(re.compile('"code":"not_a_member"'))
    broken.send_frame('{"type": "ping"}')
    expect(broken).to_receive_frame(re.compile('"type":"pong"'))
    message = user1.send(chat, "All is well here")
    expect(user2, since=message).to_have_unread(chat, 1)
    assert not closed_sockets(user1, user2)


def test_bytes_close_their_own_socket_and_nobody_elses(
    user1: User, user2: User, chats: Chats, protocol_user: Callable[[str], ProtocolUser]
) -> None:
    chat, broken = chats.direct(user1, user2), protocol_user("broken")
    broken.connect()

    broken.send_frame(b"\x00\xff")

    expect(broken).to_have_closed_socket(1007)
    message = user1.send(chat, "All is well here")
    expect(user2, since=message).to_have_unread(chat, 1)
    assert not closed_sockets(user1, user2)
