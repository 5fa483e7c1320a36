"""The list of chats by keyboard: what comes meanwhile takes nobody's place in it away."""

from __future__ import annotations

import pytest

from duologue import expect
from duologue.people import Chats, User
from duologue.people.window import PATIENCE_S

pytestmark = pytest.mark.e2e


def test_the_row_that_has_the_focus_keeps_it_when_its_chat_moves_to_the_top(
    user1: User, user2: User, user3: User, chats: Chats
) -> None:
    chat = chats.direct(user1, user2)
    chats.direct(user3, user2)
    link = user2.app.row(user2.page, user2.key(chat)).get_by_role("link")
    link.focus()

    user1.send(chat, "On top from now on")

    expect(user2).to_have_moved_to_top(chat)
    assert link.evaluate("it => it === document.activeElement"), "the row lost the focus"
    user2.page.keyboard.press("Enter")
    assert user2.timeline.wait_for(lambda: user2.is_open(chat) or None, PATIENCE_S), "Enter opens the row"
