"""Clients that send what makes no sense: they are told so, and nobody else is any the worse for it."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from duologue import expect
from duologue.app import ChatApi
from duologue.people import Chats, ProtocolUser, User
from duologue.suite.outages import RECONNECTS_WITHIN_S

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
    '{"type": "typing", "chat_id": 99999999999999999999999, "typing": true}',
    '{"type": "typing", "chat_id": 7, "typing": "yes"}',
)

# More than the server lets wait for one window, 256 frames, and than the buffers on the way hold, some megabytes.
BURST = 420
LONG = "é" * 9_900  # six bytes each in JSON


def test_frames_that_make_no_sense_are_answered_and_disturb_nobody(
    user1: User, user2: User, chats: Chats, protocol_user: Callable[[str], ProtocolUser]
) -> None:
    chat, broken = chats.direct(user1, user2), protocol_user("broken")
    broken.connect()

    for frame in NONSENSE:
        start = broken.timeline.cursor()
        broken.send_frame(frame)
        expect(broken, since=start).to_receive_frame(re.compile('"type":"error"'))

    broken.send_frame('{"type": "ping"}')
    expect(broken).to_receive_frame(re.compile('"type":"pong"'))
    message = user1.send(chat, "All is well here")
    expect(user2, since=message).to_have_unread(chat, 1)


def test_bytes_close_their_own_socket_and_nobody_elses(
    user1: User, user2: User, chats: Chats, protocol_user: Callable[[str], ProtocolUser]
) -> None:
    chat, broken = chats.direct(user1, user2), protocol_user("broken")
    broken.connect()

    broken.send_frame(b"\x00\xff")

    expect(broken).to_have_closed_socket(1007)
    message = user1.send(chat, "All is well here")
    expect(user2, since=message).to_have_unread(chat, 1)


@pytest.mark.own_network
def test_a_window_too_slow_for_a_burst_comes_back_and_has_all_of_it(
    user1: User, user2: User, chats: Chats, chat_api: ChatApi
) -> None:
    chat = chats.direct(user1, user2)
    user1.open_chat(chats.with_somebody(user1))
    start = user2.timeline.cursor()
    user2.link.stall(of="sockets", way="down")
    for number in range(BURST):
        chat_api.send(user1.account, chat, f"{number} {LONG}")

    user2.link.restore()

    expect(user2, since=start, timeout_s=RECONNECTS_WITHIN_S).to_have_unread(chat, BURST)
    expect(user2, since=start).to_have_opened_socket()
