"""Slow links, and links that break in the middle of a frame or a request."""

from __future__ import annotations

import pytest

from duologue.expect import expect
from duologue.people import Chats, User
from duologue.suite.outages import RECONNECTS_WITHIN_S

pytestmark = [pytest.mark.e2e, pytest.mark.own_network, pytest.mark.promised("reconnects", "history")]

SLOW_MS = 200
LOADING_MS = 1_000
# As long as a message takes to be typed and sent on a machine whose cores are all busy.
ANSWER_TAKES_MS = 2_000


def load_slowly(user: User) -> None:
    """Reload the page, so that its socket is open and the answers to what it asked are still on their way.

    The server gives them at once: what happens from now on is not in them. A page asks whether it may ask another
    origin only once, and has done so before.
    """
    user.link.delay(LOADING_MS, of="requests", way="down")
    user.reload(connects=False)
    expect(user, since=user.loaded_at, timeout_s=RECONNECTS_WITHIN_S).to_have_opened_socket()


def test_a_conversation_over_a_slow_link_reads_the_same_on_both_sides(user1: User, user2: User, chats: Chats) -> None:
    chat = chats.direct(user1, user2)
    user1.open_chat(chat)
    user2.open_chat(chat)
    user2.link.delay(SLOW_MS)

    first = user1.send(chat, "From afar")
    expect(user2).to_show(first)
    second = user2.send(chat, "And back")

    expect(user1, since=first).to_show_exactly(first, second)
    expect([user1, user2]).to_agree(chat)


def test_an_uneven_link_changes_no_order(user1: User, user2: User, chats: Chats) -> None:
    chat = chats.direct(user1, user2)
    user1.open_chat(chat)
    user2.open_chat(chat)
    user1.link.delay(SLOW_MS / 2, jitter_ms=SLOW_MS / 2)
    user2.link.delay(SLOW_MS / 2, jitter_ms=SLOW_MS / 2)

    said = [user1.send(chat, f"Step {number}") for number in range(1, 7)]

    expect(user2, since=said[0]).to_show_exactly(*said)
    expect([user1, user2]).to_agree(chat)


@pytest.mark.promised("requests", "statuses")
def test_what_is_typed_while_a_send_is_slow_is_kept(user1: User, user2: User, chats: Chats) -> None:
    chat = chats.direct(user1, user2)
    user1.open_chat(chat)
    user1.link.stall(of="requests", way="down")

    message = user1.send(chat, "On its way")
    user1.type("Typed meanwhile")
    user1.link.restore()
    expect(user1, since=message).to_have_status(message, user1.app.sent_status)

    expect(user1).to_have_typed("Typed meanwhile")
    expect([user1, user2]).to_agree(chat)


@pytest.mark.promised("long_messages")
def test_a_long_message_over_a_narrow_link_arrives_whole(user1: User, user2: User, chats: Chats) -> None:
    chat = chats.direct(user1, user2)
    user2.open_chat(chat)
    user1.link.throttle(20_000, way="up")
    user2.link.throttle(20_000, way="down")

    message = user1.send(chat, "long " * 1_900 + "end")

    expect(user2, since=message, timeout_s=RECONNECTS_WITHIN_S).to_show(message)
    expect([user1, user2]).to_agree(chat)


@pytest.mark.promised("socket", "long_messages")
def test_a_frame_that_broke_off_comes_whole_after_reconnecting(user1: User, user2: User, chats: Chats) -> None:
    chat = chats.direct(user1, user2)
    user2.open_chat(chat)
    start = user2.timeline.cursor()
    expect(user2).to_have_no_request_open()
    user2.link.drop_after(1_000, way="down")

    message = user1.send(chat, "It breaks off in the middle of this: " + "x" * 3_000)
    expect(user2, since=start).to_have_closed_socket()
    user2.link.restore()

    expect(user2, since=message, timeout_s=RECONNECTS_WITHIN_S).to_show(message)
    expect([user1, user2]).to_agree(chat)


@pytest.mark.promised("requests", "sends_later")
def test_a_request_that_broke_off_is_repeated_and_stored_once(user1: User, user2: User, chats: Chats) -> None:
    chat = chats.direct(user1, user2)
    user2.open_chat(chat)
    first = user1.send(chat, "Whole")  # a browser asks a server of another origin for its leave once
    expect(user2).to_show(first)
    user1.link.drop_after(4_000, way="up")

    message = user1.send(chat, "It breaks off in the middle of this: " + "x" * 6_000)
    expect(user1, since=message).to_have_failed_request()
    user1.link.restore()

    expect(user2, since=message, timeout_s=RECONNECTS_WITHIN_S).to_show(message)
    expect([user1, user2]).to_agree(chat)


@pytest.mark.promised("socket", "long_messages")
def test_a_link_that_breaks_again_and_again_loses_nothing(user1: User, user2: User, chats: Chats) -> None:
    chat = chats.direct(user1, user2)
    user2.open_chat(chat)
    sent = user1.send(chat, "At first")
    expect(user2).to_show(sent)

    for number in range(1, 4):
        start = user2.timeline.cursor()
        expect(user2).to_have_no_request_open()
        user2.link.drop_after(300, way="down")
        sent = user1.send(chat, f"Break {number} " + "x" * 600)
        expect(user2, since=start).to_have_closed_socket()
        user2.link.restore()
        expect(user2, since=sent, timeout_s=RECONNECTS_WITHIN_S).to_show(sent)

    expect([user1, user2]).to_agree(chat)


def test_a_page_loads_over_a_slow_link(user1: User, user2: User, chats: Chats) -> None:
    chat = chats.direct(user1, user2)
    message = user1.send(chat, "Waiting for you")
    expect(user1).to_show(message)
    user2.link.delay(SLOW_MS / 2)

    user2.reload()
    user2.open_chat(chat)

    expect(user2, since=user2.loaded_at).to_show_exactly(message)


@pytest.mark.promised("requests", "socket", "frames")
def test_a_message_that_comes_while_its_chat_still_loads_is_shown(user1: User, user2: User, chats: Chats) -> None:
    chat = chats.direct(user1, user2)
    user2.open_chat(chat)
    before = user1.send(chat, "Before you load")
    expect(user2).to_show(before)
    load_slowly(user2)

    message = user1.send(chat, "While you load")
    expect(user2).to_receive(message)
    user2.link.restore()
    user2.wait_until_connected(user2.loaded_at)
    user2.open_chat(chat)

    expect(user2, since=user2.loaded_at).to_show_exactly(before, message)


@pytest.mark.promised("requests", "socket", "frames")
def test_a_message_that_comes_before_an_older_answer_about_its_chat_is_shown(
    user1: User, user2: User, chats: Chats
) -> None:
    chat = chats.direct(user1, user2)
    before = user1.send(chat, "Before you look")
    user2.open_chat(chat)  # a browser asks a server of another origin for its leave once, which is not to hang later
    expect(user2, since=before).to_show(before)
    user2.leave()
    user2.come_back()
    start = user2.timeline.cursor()
    user2.link.delay(ANSWER_TAKES_MS, of="requests", way="down")
    user2.open_chat(chat)  # the server answers at once, and the answer is a while on its way

    message = user1.send(chat, "While you look")
    expect(user2).to_receive(message)
    user2.link.restore()

    expect(user2, since=start).to_show_exactly(before, message)


@pytest.mark.promised("requests", "socket", "frames", "unread=number", "opens_by_itself=False|last")
def test_a_message_that_comes_while_the_list_still_loads_is_counted(user1: User, user2: User, chats: Chats) -> None:
    chat = chats.direct(user1, user2)
    chats.put_elsewhere(user2)
    before = user1.send(chat, "Before you load")
    expect(user2, since=before).to_have_unread(chat, 1)
    load_slowly(user2)

    message = user1.send(chat, "While you load")
    expect(user2).to_receive(message)
    user2.link.restore()
    user2.wait_until_connected(user2.loaded_at)

    expect(user2, since=user2.loaded_at).to_still_have_unread(chat, 2)
