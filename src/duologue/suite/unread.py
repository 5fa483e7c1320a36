"""Unread counts: exact, the server's, the same everywhere; only reading clears them, and only that chat's."""

from __future__ import annotations

import pytest

from duologue.expect import expect
from duologue.people import Chats, User

pytestmark = [pytest.mark.e2e, pytest.mark.promised("unread=number")]


def test_every_message_counts_once(user1: User, user2: User, chats: Chats) -> None:
    chat = chats.direct(user1, user2)

    for count in (1, 2, 3):
        user1.send(chat, f"Message {count}")
        expect(user2).to_have_unread(chat, count)


def test_opening_a_chat_clears_its_count(user1: User, user2: User, chats: Chats) -> None:
    chat = chats.direct(user1, user2)
    user1.send(chat, "Read me")
    expect(user2).to_have_unread(chat, 1)

    user2.open_chat(chat)

    expect(user2).to_have_unread(chat, 0)


def test_opening_one_chat_leaves_the_others_counts(user1: User, user2: User, user3: User, chats: Chats) -> None:
    opened, other = chats.direct(user1, user2), chats.direct(user3, user2)
    user1.send(opened, "Read me")
    expect(user2).to_have_unread(opened, 1)
    user3.send(other, "Not me")
    expect(user2).to_have_unread(other, 1)
    start = user2.timeline.cursor()

    user2.open_chat(opened)
    expect(user2).to_have_unread(opened, 0)

    fence = user1.send(opened, "Anything else cleared?")
    expect(user2, since=start).to_keep_unread(other, 1, until=fence)


def test_a_new_message_after_reading_counts_from_one(user1: User, user2: User, chats: Chats) -> None:
    chat, elsewhere = chats.direct(user1, user2), chats.with_somebody(user2)
    for count in (1, 2, 3, 4, 5):
        user1.send(chat, f"Message {count}")
        expect(user2).to_have_unread(chat, count)
    user2.open_chat(chat)
    expect(user2, since=user2.opened_at).to_show("Message 5")
    expect(user2, since=user2.opened_at).to_have_read(chat)
    user2.open_chat(elsewhere)

    user1.send(chat, "A sixth")

    expect(user2).to_have_unread(chat, 1)


@pytest.mark.promised("several_tabs", "own_messages_elsewhere", "opens_by_itself=False|last")
def test_an_own_message_is_not_unread_in_the_other_tab(user1: User, user2: User, chats: Chats) -> None:
    chat = chats.direct(user1, user2)
    chats.put_elsewhere(user1)
    tab = user1.new_tab()

    message = user1.send(chat, "My own words")

    fence = user1.send(chat, "More of them")
    expect(tab, since=message).to_keep_unread(chat, 0, until=fence)


@pytest.mark.promised("several_devices", "reads_elsewhere", "opens_by_itself=False|last")
def test_a_message_in_the_chat_one_looks_at_is_read(user1: User, user2: User, chats: Chats) -> None:
    chat = chats.direct(user1, user2)
    user2.open_chat(chat)

    message = user1.send(chat, "You are looking at it")
    expect(user2).to_show(message)

    phone = user2.new_device()  # where the chat is open nothing is ever unread
    expect(phone, since=phone.loaded_at).to_still_have_unread(chat, 0)


def test_a_window_in_the_background_reads_nothing(user1: User, user2: User, chats: Chats) -> None:
    chat = chats.direct(user1, user2)
    user2.open_chat(chat)
    user2.hide()

    message = user1.send(chat, "Nobody looks")
    expect(user2).to_show(message)
    expect(user2, since=message).to_have_unread(chat, 1)

    user2.show()
    expect(user2).to_have_unread(chat, 0)


@pytest.mark.promised("several_tabs", "reads_elsewhere", "opens_by_itself=False|last")
def test_reading_in_one_tab_clears_the_count_in_the_other(user1: User, user2: User, chats: Chats) -> None:
    chat = chats.direct(user1, user2)
    chats.put_elsewhere(user2)
    tab = user2.new_tab()
    message = user1.send(chat, "For either tab")
    expect(user2).to_have_unread(chat, 1)
    expect(tab, since=message).to_have_unread(chat, 1)

    tab.open_chat(chat)

    expect(user2).to_have_unread(chat, 0)


@pytest.mark.promised("several_devices", "reads_elsewhere", "opens_by_itself=False|last")
def test_reading_on_one_device_clears_the_count_on_the_other(user1: User, user2: User, chats: Chats) -> None:
    chat = chats.direct(user1, user2)
    chats.put_elsewhere(user2)
    phone = user2.new_device()
    message = user1.send(chat, "For either device")
    expect(user2).to_have_unread(chat, 1)
    expect(phone, since=message).to_have_unread(chat, 1)

    phone.open_chat(chat)

    expect(user2).to_have_unread(chat, 0)


@pytest.mark.promised("groups", "group_unread=number")
def test_what_one_member_read_stays_unread_for_the_others(user1: User, user2: User, user3: User, chats: Chats) -> None:
    group, other = chats.group(user1, user2, user3, name="Three"), chats.direct(user1, user2)
    message = user1.send(group, "Read it each of you")
    for window in (user2, user3):
        expect(window, since=message).to_have_unread(group, 1)

    user3.open_chat(group)
    expect(user3).to_have_read(group)

    fence = user1.send(other, "What is unread?")
    expect(user2, since=user3.opened_at).to_keep_unread(group, 1, until=fence)


@pytest.mark.promised("several_devices", "opens_by_itself=False")
def test_a_device_left_open_in_the_background_suppresses_no_count_elsewhere(
    user1: User, user2: User, chats: Chats
) -> None:
    chat = chats.direct(user1, user2)
    phone = user2.new_device()
    phone.open_chat(chat)
    phone.hide()

    message = user1.send(chat, "Count me where you are")
    expect(phone).to_show(message)
    expect(user2, since=message).to_have_unread(chat, 1)
    again = user1.send(chat, "And go on counting")
    expect(phone).to_show(again)

    user2.reload()
    expect(user2, since=user2.loaded_at).to_still_have_unread(chat, 2)


@pytest.mark.promised("opens_by_itself=False|last")
def test_the_count_is_the_same_after_a_reload(user1: User, user2: User, chats: Chats) -> None:
    chat = chats.direct(user1, user2)
    chats.put_elsewhere(user2)
    first = user1.send(chat, "One")
    user1.send(chat, "Two")
    expect(user2, since=first).to_have_unread(chat, 2)

    user2.reload()

    expect(user2, since=user2.loaded_at).to_still_have_unread(chat, 2)


@pytest.mark.promised("deletions")
def test_deleting_an_unread_message_lowers_the_count(user1: User, user2: User, chats: Chats) -> None:
    chat = chats.direct(user1, user2)
    oldest = user1.send(chat, "Goes first")
    user1.send(chat, "Stays")
    newest = user1.send(chat, "Goes too")
    expect(user2, since=oldest).to_have_unread(chat, 3)

    user1.delete(oldest)
    expect(user2).to_have_unread(chat, 2)

    user1.delete(newest)
    expect(user2).to_have_unread(chat, 1)


@pytest.mark.promised("total_unread")
def test_the_total_counts_all_chats(user1: User, user2: User, user3: User, chats: Chats) -> None:
    first, second = chats.direct(user1, user2), chats.direct(user3, user2)

    user1.send(first, "One")
    expect(user2).to_have_total_unread(1)
    user3.send(second, "And another")
    expect(user2).to_have_total_unread(2)
    user2.open_chat(first)

    expect(user2).to_have_total_unread(1)


@pytest.mark.promised("total_unread", "groups", "membership", "removed_chats_vanish", "removal")
def test_leaving_a_chat_takes_its_count_from_the_total(user1: User, user2: User, chats: Chats) -> None:
    chat, group = chats.direct(user1, user2), chats.group(user1, user2, name="Left soon")
    user1.send(chat, "Stays unread")
    expect(user2).to_have_total_unread(1)
    message = user1.send(group, "Nobody will read this")
    expect(user2, since=message).to_have_total_unread(2)

    chats.remove(group, user1, user2)

    expect(user2).to_have_total_unread(1)


@pytest.mark.promised("total_unread", "unread=number")
def test_the_total_counts_what_comes_to_a_window_in_the_background(user1: User, user2: User, chats: Chats) -> None:
    chat = chats.direct(user1, user2)
    user2.open_chat(chat)
    user2.hide()

    message = user1.send(chat, "Are you looking?")

    expect(user2, since=message).to_have_unread(chat, 1)
    expect(user2, since=message).to_have_total_unread(1)
