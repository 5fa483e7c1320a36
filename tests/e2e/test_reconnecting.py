"""When the page dials again: soon after each loss, however long it had to wait before, and when it is looked at."""

from __future__ import annotations

import re

import pytest

from duologue import expect
from duologue.people import Chats, User
from duologue.suite.tunnels import DIALS_WITHIN_S

pytestmark = [pytest.mark.e2e, pytest.mark.own_network]


def wait_for_long(user: User) -> None:
    """Lose the network until the page's next try is far away."""
    user.set_clock()
    user.link.cut()
    for _ in range(10):
        user.let_time_pass(60)


def test_after_a_long_outage_the_next_one_is_not_waited_for_as_long(user1: User, user2: User, chats: Chats) -> None:
    chat = chats.direct(user1, user2)
    wait_for_long(user2)
    user2.link.restore()
    user2.let_time_pass(60)
    message = user1.send(chat, "Are you back?")
    expect(user2, since=message).to_have_preview(chat, message)  # an open socket alone is no sign that one is in
    start = user2.timeline.cursor()

    user2.link.cut()

    expect(user2, since=start, timeout_s=DIALS_WITHIN_S).to_show_sign("connection", "reconnecting in 1 s")


def test_a_window_that_is_looked_at_again_dials_at_once(user1: User, user2: User, chats: Chats) -> None:
    chat = chats.direct(user1, user2)
    wait_for_long(user2)
    user2.hide()
    message = user1.send(chat, "Look at me")
    user2.link.restore()

    user2.show()

    expect(user2, since=message, timeout_s=DIALS_WITHIN_S).to_have_preview(chat, message)
    expect([user1, user2]).to_agree(chat)


def test_the_line_counts_down_in_each_wait(user2: User) -> None:
    wait_for_long(user2)
    start = user2.timeline.cursor()

    def seconds() -> int | None:
        told = re.fullmatch(r"reconnecting in (\d+) s", user2.sign("connection"))
        return int(told[1]) if told and int(told[1]) > DIALS_WITHIN_S else None

    before = user2.timeline.wait_for(seconds, user2.app.patience_s)
    assert before, "the last try failed, and the page waits for the next"

    expect(user2, since=start, timeout_s=DIALS_WITHIN_S).to_show_sign("connection", f"reconnecting in {before - 1} s")
