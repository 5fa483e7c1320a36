"""Typing ends at the server, whatever the typist's window does, after the time that was set."""

from __future__ import annotations

import re

import pytest

from duologue import expect
from duologue.people import Chats, User

pytestmark = pytest.mark.e2e


@pytest.mark.own_stack(backend={"TYPING_TTL_S": "0.5"})
def test_the_server_ends_typing_that_nobody_ended(user1: User, user2: User, chats: Chats) -> None:
    chat = chats.direct(user1, user2)
    user1.open_chat(chat)
    start = user2.timeline.cursor()

    user1.type("And then the phone rang")

    expect(user2, since=start).to_receive_frame(re.compile('"typing":true'))
    # Sooner than the window's own last resort could be: that sends no frame.
    expect(user2, since=start).to_receive_frame(re.compile('"typing":false'))
