"""The addresses of the page: what one asks for is what one comes to."""

from __future__ import annotations

import pytest

from duologue import expect
from duologue.people import Chats, User

pytestmark = pytest.mark.e2e


def test_the_address_that_somebody_asked_for_is_there_after_signing_in(
    user1: User, visitor: User, chats: Chats
) -> None:
    chat = chats.direct(user1, visitor)
    visitor.page.goto(f"/chats/{chat}")
    visitor.page.get_by_label("Username").wait_for()

    visitor.sign_in_by_form()

    message = user1.send(chat, "You found it")
    expect(visitor).to_show(message)
