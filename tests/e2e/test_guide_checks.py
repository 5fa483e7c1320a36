"""The guide's four checks of a connection: console, address, by hand, backend log."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from duologue import expect, line_of
from duologue.people import Chats, User
from duologue.people.server import Server
from duologue.stack import Stack

pytestmark = pytest.mark.e2e

NUMBER = re.compile(r"\d+")
OPEN_BY_HAND = """async url => {
    const token = localStorage.getItem('access_token');
    const ws = new WebSocket(url.replace('TOKEN', token));
    ws.onopen = () => { console.log('✅ WebSocket opened'); ws.send(JSON.stringify({type: 'ping'})); };
    ws.onerror = error => console.log('❌ WebSocket error:', error);
    ws.onmessage = ({data}) => {
        console.log('📨 Message:', data);
        if (JSON.parse(data).type === 'pong') ws.close(1000);
    };
    await new Promise(resolve => ws.onclose = ({code, reason}) => {
        console.log('🔌 WebSocket closed:', code, reason);
        resolve();
    });
}"""


def test_check_1_the_console_shows_the_three_connection_lines_in_order(user1: User) -> None:
    user1.reload()

    expect(user1).to_log_in_order(
        "🔌 Connecting to WebSocket from ChatsView...",
        "✅ WebSocket connected in ChatsView",
        "📡 Subscribing to WebSocket events in ChatsView",
    )


def test_check_2_the_page_dials_the_address_it_was_given(user1: User, stack: Stack) -> None:
    user1.reload()

    opened = expect(user1).to_have_opened_socket()
    assert opened.text.partition("?token=")[0] == f"{stack.ws_url}/ws"
    assert user1.page.evaluate("window.__ENV__.VITE_WS_URL") == stack.ws_url
    assert user1.page.evaluate("window.__ENV__.VITE_API_URL") == stack.api_url


def test_check_2_the_page_dials_with_the_stored_token(user1: User) -> None:
    user1.reload()

    opened = expect(user1).to_have_opened_socket()
    token = user1.page.evaluate("localStorage.getItem('access_token')")
    assert token
    assert opened.text.partition("?token=")[2] == token


def test_check_3_a_socket_opened_by_hand_with_the_stored_token_works(user1: User, stack: Stack) -> None:
    start = user1.timeline.cursor()

    user1.page.evaluate(OPEN_BY_HAND, f"{stack.ws_url}/ws?token=TOKEN")

    expect(user1, since=start).to_log_in_order(
        "✅ WebSocket opened",
        line_of("📨 Message: {pong}", pong=re.compile(r".*pong.*")),
        "🔌 WebSocket closed: 1000 ",
    )


@pytest.mark.parametrize(
    ("path", "reason"),
    [("/ws", "token missing"), ("/ws?token=nonsense", "token invalid"), ("/ws?token=null", "token invalid")],
)
def test_check_3_a_socket_without_a_good_token_is_closed_with_the_reason(
    user1: User, stack: Stack, path: str, reason: str
) -> None:
    start = user1.timeline.cursor()

    user1.page.evaluate(OPEN_BY_HAND, stack.ws_url + path)

    expect(user1, since=start).to_log(f"🔌 WebSocket closed: 1008 {reason}")


@pytest.mark.expects_errors("ERR_CONNECTION_REFUSED")
def test_check_3_a_socket_to_a_port_where_nobody_listens_logs_an_error(user1: User, free_port: int) -> None:
    start = user1.timeline.cursor()

    user1.page.evaluate(OPEN_BY_HAND, f"ws://127.0.0.1:{free_port}/ws?token=TOKEN")

    expect(user1, since=start).to_log_in_order(
        line_of("❌ WebSocket error: {error}", error=re.compile(".*")), "🔌 WebSocket closed: 1006 "
    )


def test_check_4_the_backend_logs_who_connects_and_to_which_chats_they_belong(
    user1: User, user2: User, chats: Chats, server: Callable[[str], Server]
) -> None:
    chat = chats.direct(user1, user2)

    user1.reload()

    expect(server("backend")).to_log_in_order(
        line_of("INFO:     User {user} connected. Total connections: {count}", user=user1.account.id, count=NUMBER),
        line_of("INFO:     Added user {user} to chat {chat}", user=user1.account.id, chat=chat),
    )


def test_no_token_stands_in_a_console_line_or_the_backends_log(
    user1: User, user2: User, chats: Chats, server: Callable[[str], Server]
) -> None:
    chat = chats.direct(user1, user2)
    user1.reload()
    user1.send(chat, "Nothing secret")
    expect(user2).to_have_unread(chat, 1)
    expect(server("backend")).to_log(f"INFO:     Sending new_message notification to user {user2.account.id}")

    token = user1.page.evaluate("localStorage.getItem('access_token')")
    lines = [event.text for event in user1.timeline if event.kind in ("console", "log")]
    assert len(lines) > 10
    assert not [line for line in lines if token in line]
