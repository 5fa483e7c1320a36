"""Tokens that ran out: the page renews them by itself, once, and ends the session when that is refused too."""

from __future__ import annotations

import time

import jwt
import pytest

from duologue import expect
from duologue.people import Chats, User
from duologue.timeline import Cursor
from fixtures.stack import SECRET_KEY

pytestmark = pytest.mark.e2e


def expire(user: User, *names: str) -> None:
    """Put tokens in the window's storage that are the user's own, but ran out a minute ago."""
    for name in names:
        claims = jwt.decode(user.account.secrets[name], SECRET_KEY, ["HS256"])
        expired = jwt.encode(claims | {"exp": int(time.time()) - 60}, SECRET_KEY, "HS256")
        user.page.evaluate("([name, token]) => localStorage.setItem(name, token)", [name, expired])


def refreshes(user: User, since: Cursor) -> int:
    """How often the window asked for a new access token."""
    return len(
        user.timeline.find(
            kind="request", source=user.window, since=since, where=lambda event: event.text.endswith("/auth/refresh")
        )
    )


@pytest.mark.expects_errors("401")
def test_an_expired_token_is_refreshed_once(user1: User, user2: User, chats: Chats) -> None:
    chat = chats.direct(user1, user2)
    expire(user2, "access_token")
    start = user2.timeline.cursor()

    user2.reload()

    assert refreshes(user2, start) == 1
    user1.send(chat, "Welcome back")
    expect(user2).to_have_unread(chat, 1)


@pytest.mark.expects_errors("401")
def test_a_token_that_expires_while_the_window_is_open_is_refreshed_once(
    user1: User, user2: User, chats: Chats
) -> None:
    chat = chats.direct(user1, user2)
    user1.open_chat(chat)
    expire(user1, "access_token")
    start = user1.timeline.cursor()

    first = user1.send(chat, "My token ran out")
    second = user1.send(chat, "Did you notice?")

    user2.open_chat(chat)
    expect(user2, since=first).to_show_exactly(first, second)
    assert refreshes(user1, start) == 1


@pytest.mark.expects_errors("401")
def test_when_the_refresh_token_ran_out_too_the_window_goes_to_the_sign_in_form(user1: User) -> None:
    expire(user1, "access_token", "refresh_token")
    start = user1.timeline.cursor()

    user1.page.reload()

    user1.page.get_by_label("Username").wait_for()
    assert refreshes(user1, start) == 1
    user1.sign_in_by_form()
    expect(user1).to_have_opened_socket()
