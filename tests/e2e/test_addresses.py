"""The addresses of the page: what one asks for is what one comes to."""

from __future__ import annotations

from urllib.parse import urlsplit

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


def test_who_signs_in_where_somebody_has_signed_out_comes_to_the_list(user1: User, user2: User, chats: Chats) -> None:
    chat = chats.direct(user1, user2)
    user1.open_chat(chat)
    user1.sign_out()
    user1.account = user1.cast.account("next")

    user1.sign_in_by_form()

    assert urlsplit(user1.page.url).path == "/"
