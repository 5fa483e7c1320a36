"""The order of the chat list: any new message moves its chat to the top at once, nothing else moves anything."""

from __future__ import annotations

import pytest

from duologue.expect import expect
from duologue.people import Chats, User

pytestmark = [pytest.mark.e2e, pytest.mark.promised("order=recency")]


def test_a_new_message_moves_its_chat_to_the_top(user1: User, user2: User, chats: Chats) -> None:
    chat = chats.direct(user1, user2)
    chats.with_somebody(user2)
    chats.with_somebody(user2)

    user1.send(chat, "Up!")

    expect(user2).to_have_moved_to_top(chat)


def test_an_own_message_moves_its_chat_to_the_top(user1: User, user2: User, chats: Chats) -> None:
    chat = chats.direct(user1, user2)
    chats.with_somebody(user1)
    user1.open_chat(chat)

    user1.send(chat, "Up by my own words")

    expect(user1).to_have_moved_to_top(chat)


def test_a_message_in_the_chat_that_one_looks_at_moves_it_to_the_top_too(
    user1: User, user2: User, chats: Chats
) -> None:
    chat = chats.direct(user1, user2)
    chats.with_somebody(user2)
    user2.open_chat(chat)

    message = user1.send(chat, "You are looking at it")

    expect(user2, since=message).to_have_moved_to_top(chat)


@pytest.mark.promised("several_tabs", "own_messages_elsewhere")
def test_an_own_message_moves_its_chat_in_the_other_tab_too(user1: User, user2: User, chats: Chats) -> None:
    chat = chats.direct(user1, user2)
    chats.with_somebody(user1)
    tab = user1.new_tab()

    message = user1.send(chat, "From the first tab")

    expect(tab, since=message).to_have_moved_to_top(chat)


def test_chats_take_turns_on_top(user1: User, user2: User, user3: User, chats: Chats) -> None:
    with_user1, with_user3 = chats.direct(user1, user2), chats.direct(user3, user2)

    user1.send(with_user1, "Me")
    expect(user2).to_have_moved_to_top(with_user1)
    user3.send(with_user3, "No, me")
    expect(user2).to_have_moved_to_top(with_user3)
    user1.send(with_user1, "Me again")
    expect(user2).to_have_moved_to_top(with_user1)


def test_opening_a_chat_moves_nothing(user1: User, user2: User, chats: Chats) -> None:
    chat, top = chats.with_somebody(user2), chats.direct(user1, user2)
    start = user2.timeline.cursor()

    user2.open_chat(chat)

    fence = user1.send(top, "Still on top?")
    expect(user2, since=start).to_keep_order(until=fence)


@pytest.mark.promised("unread=number", "groups")
def test_reading_a_chat_moves_nothing(user1: User, user2: User, chats: Chats) -> None:
    chat, top = chats.direct(user1, user2), chats.group(user1, user2, name="On top")
    user1.send(chat, "Read me")
    expect(user2).to_have_unread(chat, 1)
    user1.send(top, "I am on top")
    expect(user1).to_have_moved_to_top(top)
    expect(user2).to_have_moved_to_top(top)

    user2.open_chat(chat)
    expect(user2).to_have_unread(chat, 0)
    expect(user2).to_have_no_request_open()  # what comes of reading comes before what is sent now

    fence = user1.send(top, "Still on top?")
    expect(user2, since=user2.opened_at).to_keep_order(until=fence)
    expect(user1, since=user2.opened_at).to_keep_order(until=fence)


@pytest.mark.promised("typing")
def test_typing_moves_nothing(user1: User, user2: User, chats: Chats) -> None:
    chat, top = chats.with_somebody(user2), chats.direct(user1, user2)
    user2.open_chat(chat)
    start = user2.timeline.cursor()

    user2.type("not sent")

    fence = user1.send(top, "Still on top?")
    expect(user2, since=start).to_keep_order(until=fence)


@pytest.mark.promised("edits", "groups")
def test_editing_moves_nothing(user1: User, user2: User, chats: Chats) -> None:
    chat = chats.direct(user1, user2)
    user2.open_chat(chat)
    message = user1.send(chat, "A tpyo")
    expect(user2).to_show(message)
    top = chats.group(user1, user2, name="On top")
    start = user2.timeline.cursor()

    edited = user1.edit(message, "A typo")
    expect(user2).to_show(edited)

    fence = user1.send(top, "Still on top?")
    expect(user2, since=start).to_keep_order(until=fence)


@pytest.mark.promised("deletions", "groups")
def test_deleting_moves_nothing(user1: User, user2: User, chats: Chats) -> None:
    chat = chats.direct(user1, user2)
    user2.open_chat(chat)
    message, last = user1.send(chat, "Never mind"), user1.send(chat, "Or do")
    expect(user2).to_show(last)
    top = chats.group(user1, user2, name="On top")
    start = user2.timeline.cursor()

    user1.delete(message)
    expect(user2, since=start).to_have_lost_message(message)

    fence = user1.send(top, "Still on top?")
    expect(user2, since=start).to_keep_order(until=fence)


@pytest.mark.promised("edits")
def test_an_edit_moves_nothing_after_a_reload_either(user1: User, user2: User, chats: Chats) -> None:
    chat, top = chats.direct(user1, user2), chats.with_somebody(user2)
    user2.open_chat(chat)
    message = user1.send(chat, "A tpyo")
    expect(user2).to_show(message)
    user2.open_chat(top)
    last = user2.send(top, "On top")
    expect(user2).to_have_moved_to_top(top)
    expect(user2, since=last).to_show(last)
    edited = user1.edit(message, "A typo")
    user2.open_chat(chat)
    expect(user2, since=last).to_show(edited)

    user2.reload()

    expect(user2, since=user2.loaded_at).to_still_have_order(top, chat)


def test_the_order_is_the_same_after_a_reload(user1: User, user2: User, chats: Chats) -> None:
    first, second, third = (chats.direct(user1, user2), chats.with_somebody(user2), chats.with_somebody(user2))
    user1.send(first, "To the top")
    expect(user2).to_have_moved_to_top(first)

    user2.reload()

    expect(user2, since=user2.loaded_at).to_still_have_order(first, third, second)
