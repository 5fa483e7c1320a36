"""What a screen reader says of the list: the same as the eye sees, also of what came live."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect as in_page

from duologue import expect
from duologue.people import Chats, User

pytestmark = pytest.mark.e2e


def test_a_badge_is_read_out_with_the_number_that_it_shows(user1: User, user2: User, chats: Chats) -> None:
    chat = chats.direct(user1, user2)
    row = user2.app.row(user2.page, user2.key(chat))
    for count, said in ((1, "1 unread message"), (2, "2 unread messages"), (3, "3 unread messages")):
        message = user1.send(chat, f"Number {count}")

        expect(user2, since=message).to_have_unread(chat, count)
        in_page(row.get_by_role("img", name=said, exact=True)).to_have_text(str(count))
