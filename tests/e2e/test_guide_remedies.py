"""The guide's remedies: restart, clear the cache, look into connect()."""

from __future__ import annotations

import re

import pytest

from duologue import expect, line_of
from duologue.people import Chats, User
from duologue.stack import Stack
from duologue.suite.outages import RECONNECTS_WITHIN_S

pytestmark = pytest.mark.e2e

# What a browser and the page's own code say while the backend is away; an engine may take a connection and drop it.
AWAY = (
    *("WebSocket", "ERR_CONNECTION_REFUSED", "ERR_EMPTY_RESPONSE", "ERR_CONNECTION_RESET", "ERR_SOCKET_NOT_CONNECTED"),
    "ERR_CONTENT_LENGTH_MISMATCH",  # an answer was under way
)
FETCHED_SCRIPTS = """() => performance.getEntriesByType('resource')
    .filter(entry => entry.initiatorType === 'script' && entry.name.includes('/assets/') && entry.transferSize > 0)
    .length"""


@pytest.mark.own_stack
@pytest.mark.expects_errors(*AWAY)
def test_remedy_1_after_a_restart_the_page_comes_back_by_itself(
    user1: User, user2: User, chats: Chats, stack: Stack
) -> None:
    chat = chats.direct(user1, user2)
    start = user2.timeline.cursor()

    stack.restart("backend")

    expect(user2, since=start).to_have_closed_socket(1012)
    expect(user1, since=start, timeout_s=RECONNECTS_WITHIN_S).to_have_opened_socket()
    expect(user2, since=start, timeout_s=RECONNECTS_WITHIN_S).to_have_opened_socket()
    user1.send(chat, "Back again")
    expect(user2).to_have_unread(chat, 1)


@pytest.mark.own_stack
@pytest.mark.expects_errors(*AWAY)
def test_remedy_1_what_was_sent_while_the_backend_was_down_arrives_once_it_is_up(
    user1: User, user2: User, chats: Chats, stack: Stack
) -> None:
    chat = chats.direct(user1, user2)
    user1.open_chat(chat)
    start = user2.timeline.cursor()
    stack.stop("backend")
    expect(user1, since=start).to_have_closed_socket()

    message = user1.send(chat, "Sent into the void")
    stack.start("backend")

    expect(user2, since=message, timeout_s=RECONNECTS_WITHIN_S).to_have_unread(chat, 1)
    last = user1.send(chat, "And this one after")
    user2.open_chat(chat)
    expect(user2, since=message).to_show_exactly(message, last)


def test_remedy_2_a_hard_reload_fetches_everything_and_connects(user1: User) -> None:
    user1.reload()
    assert user1.page.evaluate(FETCHED_SCRIPTS) == 0, "an ordinary reload takes the script from the cache"

    user1.reload_without_cache()

    assert user1.page.evaluate(FETCHED_SCRIPTS) > 0
    expect(user1, since=user1.loaded_at).to_have_opened_socket()


def test_remedy_3_connect_logs_its_state_its_address_and_its_opening(user1: User, stack: Stack) -> None:
    user1.reload()

    expect(user1).to_log_in_order(
        "🔌 WebSocket connect() called",
        line_of("Current state: {state}", state=re.compile(r"[0-3]")),
        "Is connecting: false",
        line_of("🔗 Connecting to: {url}/ws?token={masked}", url=stack.ws_url, masked=re.compile(r"[*.…]+")),
        "✅ WebSocket onopen fired",
    )


@pytest.mark.own_stack
@pytest.mark.expects_errors(*AWAY)
def test_remedy_3_connect_logs_an_error_while_the_backend_is_away(user1: User, stack: Stack) -> None:
    start = user1.timeline.cursor()

    stack.kill("backend")

    expect(user1, since=start, timeout_s=RECONNECTS_WITHIN_S).to_log(
        line_of("❌ WebSocket onerror fired: {error}", error=re.compile(".*"))
    )
    expect(user1, since=start).to_have_closed_socket(1006)
