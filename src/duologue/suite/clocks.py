"""Clocks: a wrong one on somebody's desk changes no order, and days pass while a window is open."""

from __future__ import annotations

import pytest

from duologue.expect import expect
from duologue.people import Chats, User

pytestmark = pytest.mark.e2e

DRIFT_S = 180
DAY_S = 24 * 60 * 60


@pytest.mark.promised("history")
def test_a_senders_wrong_clock_changes_no_order_of_messages(user1: User, user2: User, chats: Chats) -> None:
    chat = chats.direct(user1, user2)
    user1.set_clock(ahead_s=DRIFT_S)
    user1.open_chat(chat)
    user2.open_chat(chat)

    early = user1.send(chat, "Said first, by a clock that is ahead")
    expect(user2).to_show(early)
    late = user2.send(chat, "Said second")

    expect(user1, since=early).to_show_exactly(early, late)
    expect(user2, since=early).to_show_exactly(early, late)
    user2.reload()
    user2.open_chat(chat)
    expect(user2, since=user2.loaded_at).to_show_exactly(early, late)


@pytest.mark.promised("order=recency")
def test_a_senders_wrong_clock_changes_no_order_of_chats(user1: User, user2: User, user3: User, chats: Chats) -> None:
    with_user1, with_user3 = chats.direct(user1, user2), chats.direct(user3, user2)
    user1.set_clock(ahead_s=DRIFT_S)

    user1.send(with_user1, "First, by a clock that is ahead")
    expect(user2).to_have_moved_to_top(with_user1)
    user3.send(with_user3, "Second")

    expect(user2).to_have_moved_to_top(with_user3)
    user2.reload()
    expect(user2, since=user2.loaded_at).to_still_have_order(with_user3, with_user1)


@pytest.mark.promised("days")
def test_today_becomes_yesterday_at_midnight(user1: User, user2: User, chats: Chats) -> None:
    chat = chats.direct(user1, user2)
    user2.set_clock()
    user2.open_chat(chat)
    message = user1.send(chat, "Good night")
    expect(user2, since=message).to_show_sign("day", user2.app.today_text)

    user2.let_time_pass(DAY_S)

    expect(user2).to_show_sign("day", user2.app.yesterday_text)
