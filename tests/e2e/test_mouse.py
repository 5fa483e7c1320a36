"""The list of chats by mouse: what was pressed opens, whatever comes before the button is released."""

from __future__ import annotations

import pytest

from duologue import expect
from duologue.people import Chats, User

pytestmark = pytest.mark.e2e


@pytest.mark.parametrize("moves", ["the pressed chat", "the other chat"])
def test_a_chat_opens_that_was_pressed_while_a_message_moved_the_rows(
    user1: User, user2: User, chats: Chats, moves: str
) -> None:
    chat, other = chats.direct(user1, user2), chats.group(user1, user2, name="Another")
    pressed, moved = (chat, chat) if moves == "the pressed chat" else (other, chat)
    user2.app.row(user2.page, user2.key(pressed)).hover()
    start = user2.timeline.act("user2", "presses the mouse", source=user2.window)
    user2.page.mouse.down()

    user1.send(moved, "Up")
    expect(user2, since=start).to_have_moved_to_top(moved)
    user2.page.mouse.up()

    is_open = user2.timeline.wait_for(lambda: user2.is_open(pressed) or None, user2.app.patience_s)
    assert is_open, "the chat that was pressed is open"
