"""What befalls single frames on the way: the page copes, and windows, frames and API agree where frames can."""

from __future__ import annotations

import pytest

from duologue import expect
from duologue.app import Chat, ChatRow
from duologue.people import Chats, User
from duologue.suite.outages import RECONNECTS_WITHIN_S, open_and_load

pytestmark = [pytest.mark.e2e, pytest.mark.own_network(frames=True)]


def row(user: User, chat: Chat) -> ChatRow:
    """What the list shows of the chat now."""
    return next(it for it in user.chats if it.key == user.key(chat))


def test_a_frame_that_comes_twice_shows_once(user1: User, user2: User, chats: Chats) -> None:
    chat = chats.direct(user1, user2)
    open_and_load(user2, chat)
    twice = user2.frames.repeat("Once is enough")

    message = user1.send(chat, "Once is enough")
    last = user1.send(chat, "The last one")

    expect(user2, since=message).to_keep_showing_once(message, until=last)
    assert len(twice.struck) == 1


def test_a_frame_that_comes_twice_counts_once(user1: User, user2: User, chats: Chats) -> None:
    chat, other = chats.direct(user1, user2), chats.group(user1, user2, name="Other")
    twice = user2.frames.repeat("Once is enough")

    message = user1.send(chat, "Once is enough")
    fence = user1.send(other, "Anything more?")

    expect(user2, since=message).to_have_preview(other, fence)
    assert row(user2, chat).unread == 1
    assert len(twice.struck) == 1


def test_frames_that_overtake_each_other_show_in_order(user1: User, user2: User, chats: Chats) -> None:
    chat, other = chats.direct(user1, user2), chats.group(user1, user2, name="Other")
    open_and_load(user2, chat)
    late = user2.frames.swap("I come first", past="I come second")

    first = user1.send(chat, "I come first")
    second = user1.send(chat, "I come second")

    expect(user2, since=first).to_show_exactly(first, second)
    fence = user1.send(other, "Anything more?")
    expect(user2, since=first).to_have_preview(other, fence)
    assert row(user2, chat).preview == str(second)
    assert len(late.struck) == 1


def test_a_frame_that_comes_very_late_changes_neither_preview_nor_order(
    user1: User, user2: User, user3: User, chats: Chats
) -> None:
    chat, other = chats.direct(user1, user2), chats.direct(user3, user2)
    late = user2.frames.delay("Delayed")
    message = user1.send(chat, "Delayed")
    newest = user1.send(chat, "The newest")
    expect(user2, since=message).to_have_preview(chat, newest)
    top = user3.send(other, "On top")
    expect(user2).to_have_preview(other, top)

    released = user2.timeline.cursor()
    user2.frames.release()

    fence = user3.send(other, "Still on top")
    expect(user2, since=released).to_keep_order(until=fence)
    expect(user2, since=released).never_to_show("Delayed", until=fence)
    user2.open_chat(chat)
    expect(user2, since=message).to_show_exactly(message, newest)
    assert len(late.struck) == 1


def test_a_frame_that_makes_no_sense_harms_nothing_else(user1: User, user2: User, chats: Chats) -> None:
    chat = chats.direct(user1, user2)
    open_and_load(user2, chat)
    broken = user2.frames.corrupt("Garbled")
    message = user1.send(chat, "Garbled")
    whole = user1.send(chat, "Whole")
    expect(user2, since=message).to_show(whole)

    user2.reload()

    user2.open_chat(chat)
    expect(user2, since=user2.loaded_at).to_show_exactly(message, whole)
    expect([user1, user2]).to_agree(chat)
    assert len(broken.struck) == 1


def test_a_frame_that_never_came_is_there_after_reconnecting(user1: User, user2: User, chats: Chats) -> None:
    chat = chats.direct(user1, user2)
    open_and_load(user2, chat)
    lost = user2.frames.lose("Lost on the way")
    message = user1.send(chat, "Lost on the way")
    expect(user1).to_have_status(message, user1.app.sent_status)
    assert user2.timeline.wait_for(lambda: lost.struck or None, RECONNECTS_WITHIN_S)

    user2.enter_tunnel()
    user2.leave_tunnel()

    expect(user2, since=message, timeout_s=RECONNECTS_WITHIN_S).to_show(message)
    expect([user1, user2]).to_agree(chat)


@pytest.mark.parametrize("code", [1001, 1011, 1012, 1013])
def test_a_socket_closed_instead_of_a_frame_is_opened_again_and_nothing_is_lost(
    user1: User, user2: User, chats: Chats, code: int
) -> None:
    chat = chats.direct(user1, user2)
    open_and_load(user2, chat)
    closed = user2.frames.close("Closed over this", code, "a test")

    message = user1.send(chat, "Closed over this")

    expect(user2, since=message).to_have_closed_socket(code)
    expect(user2, since=message, timeout_s=RECONNECTS_WITHIN_S).to_show(message)
    expect([user1, user2]).to_agree(chat)
    assert len(closed.struck) == 1
