"""The guide's message test: two windows, user1 sends, and what user2's console, list and backend must show."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from duologue import expect, line_of
from duologue.people import Chats, User
from duologue.people.server import Server
from duologue.suite.outages import RECONNECTS_WITHIN_S

pytestmark = pytest.mark.e2e

ANYTHING = re.compile(".*")


def test_message_from_user1_shows_in_user2s_console_list_and_badge(user1: User, user2: User, chats: Chats) -> None:
    chat = chats.direct(user1, user2)
    chats.with_somebody(user2)

    message = user1.send(chat, "Hello, user2!")

    expect(user2).to_log_in_order(
        line_of("📨 New message in chat list: {chat_id: {chat}, message: {message}}", chat=chat, message=ANYTHING),
        line_of("📊 Unread count for chat {chat}: 1", chat=chat),
        line_of("⬆️ Moved chat {chat} to top", chat=chat),
    )
    expect(user2).to_have_moved_to_top(chat)
    expect(user2).to_have_unread(chat, 1)
    expect(user2).to_have_preview(chat, message)


def test_the_console_line_holds_the_chat_and_the_message(user1: User, user2: User, chats: Chats) -> None:
    chat = chats.direct(user1, user2)

    user1.send(chat, "What is in the line?")

    line = expect(user2).to_log(re.compile(r"📨 New message in chat list: .*"))
    news = line.data["args"][1]
    assert news["chat_id"] == int(chat.id)
    assert news["message"]["content"] == "What is in the line?"
    assert news["message"]["sender_id"] == int(user1.account.id)


def test_each_message_logs_its_own_count(user1: User, user2: User, chats: Chats) -> None:
    chat = chats.direct(user1, user2)

    first = user1.send(chat, "One")
    user1.send(chat, "Two")

    expect(user2, since=first).to_log_in_order(
        f"📊 Unread count for chat {chat}: 1", f"📊 Unread count for chat {chat}: 2"
    )


def test_is_connected_is_true_in_both_windows(user1: User, user2: User) -> None:
    assert user1.page.evaluate("websocket.isConnected()") is True
    assert user2.page.evaluate("websocket.isConnected()") is True


def test_is_connected_is_false_after_signing_out(user1: User) -> None:
    user1.sign_out()

    expect(user1).to_have_closed_socket()
    assert user1.page.evaluate("websocket.isConnected()") is False


def test_the_backend_logs_the_notification_block(
    user1: User, user2: User, chats: Chats, server: Callable[[str], Server]
) -> None:
    chat = chats.direct(user1, user2)

    user1.send(chat, "In the log?")

    expect(server("backend")).to_log_in_order(
        "INFO:     === SEND MESSAGE NOTIFICATION ===",
        f"INFO:     Chat ID: {chat}",
        f"INFO:     Sender ID: {user1.account.id}",
        line_of("INFO:     Message: {message}", message=re.compile(".*In the log.*")),
        line_of("INFO:     Active connections: [{ids}]", ids=re.compile(rf".*\b{user2.account.id}\b.*")),
        line_of("INFO:     Chat members: {{ids}}", ids=re.compile(rf".*\b{user2.account.id}\b.*")),
        f"INFO:     Sending new_message notification to user {user2.account.id}",
    )


@pytest.mark.own_network
def test_what_was_missed_is_announced_in_the_console_too(user1: User, user2: User, chats: Chats) -> None:
    chat = chats.direct(user1, user2)
    user2.enter_tunnel()
    first = user1.send(chat, "Are you there?")
    user1.send(chat, "Call me back")

    user2.leave_tunnel()

    # The second may still be on its way to everybody, and come live before the first is fetched.
    news = line_of("📨 New message in chat list: {chat_id: {chat}, message: {message}}", chat=chat, message=ANYTHING)
    expect(user2, since=first, timeout_s=RECONNECTS_WITHIN_S).to_log_in_order(news, news)
    expect(user2, since=first).to_log(line_of("📊 Unread count for chat {chat}: 2", chat=chat))
