"""The page by keyboard: all that it offers is reached, and what comes meanwhile takes nobody's place away."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect as in_page

from duologue import expect
from duologue.people import Chats, User

pytestmark = pytest.mark.e2e

FOCUSED = "() => document.activeElement.ariaLabel"


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
    user2.page.bring_to_front()
    user2.page.keyboard.press("Enter")
    assert user2.timeline.wait_for(lambda: user2.is_open(chat) or None, user2.app.patience_s), "Enter opens the row"


def test_a_message_is_edited_by_keyboard_alone(user1: User, user2: User, chats: Chats) -> None:
    chat = chats.direct(user1, user2)
    user2.open_chat(chat)
    message = user1.send(chat, "Meet at noon")
    expect(user2).to_show(message)
    in_page(user1.page.get_by_role("button", name="Edit message")).to_have_count(1)
    keyboard = user1.page.keyboard
    user1.page.bring_to_front()  # in Firefox keys press no button of a window that another one has the focus of
    passed: list[str | None] = []
    while "Edit message" not in passed and len(passed) < 10:
        keyboard.press("Shift+Tab")
        passed.append(user1.page.evaluate(FOCUSED))
    assert "Edit message" in passed, "on the way back from the composer"

    keyboard.press("Enter")
    in_page(user1.page.get_by_role("textbox", name="Edit message")).to_be_focused()
    keyboard.press("ControlOrMeta+A")
    keyboard.type("Meet at one")
    keyboard.press("Enter")

    expect(user2).to_show("Meet at one")
