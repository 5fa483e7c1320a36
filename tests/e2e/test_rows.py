"""What a row of the list tells of its newest message beside the text: when it was sent, and by whom."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect as in_page

from duologue import expect
from duologue.app import Chat
from duologue.people import Chats, User

pytestmark = pytest.mark.e2e


def row(user: User, chat: Chat) -> Any:
    """The chat's row in the window's list."""
    return user.app.row(user.page, user.key(chat))


def test_a_row_tells_when_its_newest_message_was_sent(user1: User, user2: User, chats: Chats) -> None:
    chat = chats.direct(user1, user2)
    for text in ("One", "Another one"):
        message = user1.send(chat, text)
        expect(user1).to_have_status(message, "sent")

        moment = user1.page.get_by_role("log").locator("time").last.get_attribute("datetime")
        assert moment
        for user in (user1, user2):
            expect(user, since=message).to_have_preview(chat, message)
            in_page(row(user, chat).locator("time")).to_have_attribute("datetime", moment)


def test_a_row_tells_whose_its_newest_message_is(user1: User, user2: User, chats: Chats) -> None:
    group, chat = chats.group(user1, user2, name="Two of us"), chats.direct(user1, user2)
    author1, author2 = f"{user1.account.display_name}:", f"{user2.account.display_name}:"

    user1.send(group, "Who said this?")

    in_page(row(user1, group)).to_contain_text("You:Who said this?")
    in_page(row(user2, group)).to_contain_text(f"{author1}Who said this?")
    user2.send(group, "And this?")
    in_page(row(user1, group)).to_contain_text(f"{author2}And this?")
    in_page(row(user2, group)).to_contain_text("You:And this?")
    user2.send(chat, "Only you can")
    in_page(row(user1, chat)).to_contain_text("Only you can")
    in_page(row(user1, chat)).not_to_contain_text(f"{author2}Only")
