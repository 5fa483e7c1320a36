"""Tokens that ran out: the page renews them by itself, once, and ends the session when that is refused too."""

from __future__ import annotations

import time

import jwt
import pytest
from playwright.sync_api import Route

from duologue import expect
from duologue.people import Chats, Message, User
from duologue.stack import Stack
from duologue.suite.outages import RECONNECTS_WITHIN_S
from duologue.timeline import Cursor
from fixtures.stack import SECRET_KEY
from tests.e2e.by_hand import CLOSE_OF

pytestmark = pytest.mark.e2e

# How a request with a token is answered.
STATUS_OF = """async ([url, token]) => (await fetch(url, {headers: {Authorization: `Bearer ${token}`}})).status"""


def wait_until_caught_up(user: User) -> None:
    """Return once the page has its answer to what it asks for as soon as it is connected."""
    caught_up = user.timeline.wait_for(
        lambda: (
            user.timeline.find(
                kind="response", source=user.window, since=user.loaded_at, where=lambda it: "/sync?" in it.text
            )
            or None
        ),
        user.app.patience_s,
    )
    assert caught_up, "the page never asked for what it might have missed"


def expire(user: User, *names: str) -> None:
    """Put tokens in the window's storage that are the user's own, but ran out a minute ago."""
    wait_until_caught_up(user)  # that call would meet the tokens, and ask for new ones before the test begins
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


def refuse_twice(user: User) -> list[Route]:
    """Let the server be too busy for the window's next two requests for a new token; returns where all are noted."""
    asked: list[Route] = []

    def busy_at_first(route: Route) -> None:
        asked.append(route)
        if len(asked) > 2:
            route.continue_()
        else:
            route.fulfill(status=503, headers={"access-control-allow-origin": "*"})

    user.page.route("**/auth/refresh", busy_at_first)
    return asked


@pytest.mark.expects_errors("401")
def test_an_expired_token_is_refreshed_once(user1: User, user2: User, chats: Chats) -> None:
    chat = chats.direct(user1, user2)
    expire(user2, "access_token")
    start = user2.timeline.cursor()

    user2.reload()

    assert refreshes(user2, start) == 1, "how often it asked for a new token"
    user1.send(chat, "Welcome back")
    expect(user2).to_have_unread(chat, 1)


@pytest.mark.expects_errors("401")
def test_a_token_that_expires_while_the_window_is_open_is_refreshed_once(
    user1: User, user2: User, chats: Chats
) -> None:
    chat = chats.direct(user1, user2)
    user1.open_chat(chat)
    user2.open_chat(chat)
    sent: list[Message] = []
    for times in ("the first time", "the second time"):
        expire(user1, "access_token")
        start = user1.timeline.cursor()

        sent += [user1.send(chat, f"My token ran out for {times}"), user1.send(chat, f"Did you notice {times}?")]

        expect(user2, since=sent[0]).to_show_exactly(*sent)
        assert refreshes(user1, start) == 1, f"how often it asked for a new token {times}"


@pytest.mark.expects_errors("401")
def test_when_the_refresh_token_ran_out_too_the_window_goes_to_the_sign_in_form(user1: User) -> None:
    expire(user1, "access_token", "refresh_token")
    start = user1.timeline.cursor()

    user1.page.reload()

    user1.page.get_by_label("Username").wait_for()
    assert refreshes(user1, start) == 1, "how often it asked for a new token"
    user1.sign_in_by_form()
    expect(user1).to_have_opened_socket()


@pytest.mark.own_network
def test_a_token_that_expires_in_a_tunnel_is_refreshed_once_and_nothing_is_lost(
    user1: User, user2: User, chats: Chats
) -> None:
    chat = chats.direct(user1, user2)
    wait_until_caught_up(user2)
    user2.enter_tunnel()
    expire(user2, "access_token")
    start = user2.timeline.cursor()

    user1.send(chat, "While your token ran out")
    user2.leave_tunnel()

    expect(user2, since=start, timeout_s=RECONNECTS_WITHIN_S).to_have_unread(chat, 1)
    expect([user1, user2]).to_agree(chat)
    assert refreshes(user2, start) == 1, "how often it asked for a new token"


@pytest.mark.own_network
def test_what_was_sent_into_a_tunnel_with_a_token_that_then_expired_is_sent_once(
    user1: User, user2: User, chats: Chats
) -> None:
    chat = chats.direct(user1, user2)
    user1.open_chat(chat)
    wait_until_caught_up(user1)
    user1.enter_tunnel()
    message = user1.send(chat, "Sent, and then my token ran out")
    expire(user1, "access_token")

    user1.leave_tunnel()

    expect(user2, since=message, timeout_s=RECONNECTS_WITHIN_S).to_have_unread(chat, 1)
    expect([user1, user2], timeout_s=RECONNECTS_WITHIN_S).to_agree(chat)


@pytest.mark.own_network
def test_when_both_tokens_ran_out_in_a_tunnel_the_form_comes_and_the_message_waits(
    user1: User, user2: User, chats: Chats
) -> None:
    chat = chats.direct(user1, user2)
    wait_until_caught_up(user2)
    user2.enter_tunnel()
    expire(user2, "access_token", "refresh_token")
    start = user2.timeline.cursor()
    message = user1.send(chat, "For when you are back")

    user2.leave_tunnel()
    user2.page.get_by_label("Username").wait_for()
    user2.sign_in_by_form()

    expect(user2, since=message).to_still_have_unread(chat, 1)
    assert refreshes(user2, start) == 1, "how often it asked for a new token"


@pytest.mark.own_network
def test_a_session_that_was_ended_elsewhere_while_in_a_tunnel_ends_here_too(user1: User) -> None:
    tab = user1.new_tab()
    tab.link.cut(of="sockets")

    user1.sign_out()

    tab.page.get_by_label("Username").wait_for()
    assert tab.page.evaluate("localStorage.getItem('access_token')") is None, "the token stays"


@pytest.mark.expects_errors("401")
@pytest.mark.own_network
def test_a_server_that_has_another_key_when_one_comes_out_of_a_tunnel_shows_the_form(user1: User) -> None:
    wait_until_caught_up(user1)
    user1.link.cut(of="sockets")
    for name in ("access_token", "refresh_token"):  # to that server they are as if another one had issued them
        claims = jwt.decode(user1.account.secrets[name], SECRET_KEY, ["HS256"])
        foreign = jwt.encode(claims, SECRET_KEY[::-1], "HS256")
        user1.page.evaluate("([name, token]) => localStorage.setItem(name, token)", [name, foreign])

    user1.link.restore()

    user1.page.get_by_label("Username").wait_for()


@pytest.mark.own_network
@pytest.mark.expects_errors("401")
def test_a_window_asleep_until_its_token_ran_out_wakes_up_connected(user1: User, user2: User, chats: Chats) -> None:
    chat = chats.direct(user1, user2)
    user2.set_clock()
    expire(user2, "access_token")
    start = user2.timeline.cursor()
    user2.link.cut(of="sockets")

    user2.let_time_pass(8 * 60 * 60)
    user2.link.restore()
    user2.let_time_pass(60)

    message = user1.send(chat, "Good morning")
    expect(user2, since=message, timeout_s=RECONNECTS_WITHIN_S).to_have_unread(chat, 1)
    assert refreshes(user2, start) == 1
    expect([user1, user2]).to_agree(chat)


@pytest.mark.expects_errors("401")
def test_one_tab_renews_the_token_and_the_other_goes_on_as_it_was(user1: User, user2: User, chats: Chats) -> None:
    chat, other = chats.direct(user1, user2), chats.with_somebody(user2)
    user2.open_chat(chat)
    tab = user2.new_tab()
    user2.type("In the middle of a sentence")
    start = tab.timeline.cursor()
    expire(tab, "access_token")

    sent = tab.send(other, "Sent with a new token")

    assert tab.timeline.wait_for(lambda: refreshes(tab, start) or refreshes(user2, start) or None, tab.app.patience_s)
    expect(tab, since=sent).to_have_status(sent, tab.app.sent_status)
    message = user1.send(chat, "Go on")
    expect(user2, since=message).to_show(message)
    expect(user2).to_have_typed("In the middle of a sentence")


@pytest.mark.expects_errors("401", "503")
def test_a_token_that_cannot_be_renewed_for_a_while_ends_no_session(user1: User, user2: User, chats: Chats) -> None:
    chat = chats.direct(user1, user2)
    user2.open_chat(chat)
    expire(user2, "access_token")
    asked = refuse_twice(user2)

    user2.reload()

    message = user1.send(chat, "You were not signed out, were you?")
    expect(user2, since=message).to_show(message)
    assert len(asked) > 2, "the page asked again"


@pytest.mark.own_network
def test_a_connection_that_ends_while_no_token_can_be_renewed_comes_back(
    user1: User, user2: User, chats: Chats
) -> None:
    chat = chats.direct(user1, user2)
    user2.open_chat(chat)
    expire(user2, "access_token")
    asked = refuse_twice(user2)

    user2.link.cut(of="sockets")
    message = user1.send(chat, "Are you coming back?")
    user2.link.restore()

    expect(user2, since=message, timeout_s=RECONNECTS_WITHIN_S).to_show(message)
    assert len(asked) > 2, "the page asked again"


@pytest.mark.expects_errors("401")
def test_a_refresh_token_opens_nothing_itself(user1: User, stack: Stack) -> None:
    refresh = user1.account.secrets["refresh_token"]

    closed = user1.page.evaluate(CLOSE_OF, f"{stack.ws_url}/ws?token={refresh}")

    assert closed == "1008 token invalid"
    assert user1.page.evaluate(STATUS_OF, [f"{stack.api_url}/users/me", refresh]) == 401, "it is no access token"


@pytest.mark.expects_errors("401")
def test_the_tokens_of_a_session_that_was_ended_open_nothing_more(user1: User, stack: Stack) -> None:
    tokens = dict(user1.account.secrets)
    assert user1.page.evaluate(STATUS_OF, [f"{stack.api_url}/users/me", tokens["access_token"]]) == 200  # until then

    user1.sign_out()
    expect(user1).to_have_no_request_open()  # the form comes at once, the server's answer after it

    assert user1.page.evaluate(STATUS_OF, [f"{stack.api_url}/users/me", tokens["access_token"]]) == 401, "still let in"
    closed = user1.page.evaluate(CLOSE_OF, f"{stack.ws_url}/ws?token={tokens['access_token']}")
    assert closed.startswith("1008 "), "still let in"


@pytest.mark.expects_errors("404")
def test_a_page_of_another_origin_opens_no_socket_with_somebodys_token(user1: User, stack: Stack) -> None:
    token = user1.account.secrets["access_token"]
    user1.leave()
    user1.page.goto(f"{stack.api_url}/elsewhere")  # whatever is there, it is not where the chat's page is

    closed = user1.page.evaluate(CLOSE_OF, f"{stack.ws_url}/ws?token={token}")

    assert closed == "1008 origin not allowed"
