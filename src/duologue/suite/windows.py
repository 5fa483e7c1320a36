"""Several windows of one person: tabs of one browser, and devices."""

from __future__ import annotations

import pytest

from duologue.expect import expect
from duologue.people import Chats, User

pytestmark = pytest.mark.e2e


@pytest.mark.promised("several_tabs", "own_messages_elsewhere")
def test_a_message_reaches_every_tab_of_both_people(user1: User, user2: User, chats: Chats) -> None:
    chat = chats.direct(user1, user2)
    other_tab_of_user1, other_tab_of_user2 = user1.new_tab(), user2.new_tab()
    for window in (user2, other_tab_of_user1, other_tab_of_user2):
        window.open_chat(chat)

    message = user1.send(chat, "To every tab")

    for window in (user1, user2, other_tab_of_user1, other_tab_of_user2):
        expect(window, since=message).to_show(message)
    expect([user1, user2, other_tab_of_user1, other_tab_of_user2]).to_agree(chat)


@pytest.mark.promised("several_tabs", "own_messages_elsewhere")
def test_an_own_message_shows_once_in_the_other_tab(user1: User, user2: User, chats: Chats) -> None:
    chat = chats.direct(user1, user2)
    tab = user1.new_tab()
    tab.open_chat(chat)
    user2.open_chat(chat)

    message = user1.send(chat, "From the other tab")
    expect(tab, since=message).to_show(message)

    answer = user2.send(chat, "Heard you once")
    expect(tab, since=message).to_keep_showing_once(message, until=answer)


@pytest.mark.promised("several_devices", "unread=number", "opens_by_itself=False|last")
def test_a_message_reaches_every_device(user1: User, user2: User, chats: Chats) -> None:
    chat = chats.direct(user1, user2)
    chats.put_elsewhere(user2)
    phone = user2.new_device()

    message = user1.send(chat, "Wherever you are")

    expect(user2, since=message).to_have_unread(chat, 1)
    expect(phone, since=message).to_have_unread(chat, 1)


@pytest.mark.promised("several_devices", "history", "unread=number", "opens_by_itself=False|last")
def test_a_device_that_signs_in_later_has_everything(user1: User, user2: User, chats: Chats) -> None:
    chat = chats.direct(user1, user2)
    chats.put_elsewhere(user2)
    first = user1.send(chat, "Before your phone")
    second = user1.send(chat, "Was switched on")
    expect(user2, since=first).to_have_unread(chat, 2)

    phone = user2.new_device()

    expect(phone, since=phone.loaded_at).to_still_have_unread(chat, 2)
    phone.open_chat(chat)
    expect(phone, since=phone.loaded_at).to_show_exactly(first, second)


@pytest.mark.promised("several_tabs", "unread=number|dot", "opens_by_itself=False|last")
def test_closing_one_tab_leaves_the_other_live(user1: User, user2: User, chats: Chats) -> None:
    chat = chats.direct(user1, user2)
    chats.put_elsewhere(user2)
    tab = user2.new_tab()
    tab.close()

    user1.send(chat, "Still there?")

    expect(user2).to_mark_as_unread(chat)


@pytest.mark.only_browser("chromium")
@pytest.mark.promised("reconnects", "unread=number")
def test_a_frozen_page_catches_up_when_it_is_thawed(user1: User, user2: User, chats: Chats) -> None:
    chat, other = chats.direct(user1, user2), chats.with_somebody(user2)
    user2.open_chat(other)
    user2.freeze()
    messages = [user1.send(chat, text) for text in ("Are you there?", "I wait", "And wait")]
    expect(user1, since=messages[0]).to_show_exactly(*messages)
    assert not user2.timeline.find(kind="view:chats", source=user2.window, since=messages[0].cursor), "it is not frozen"

    user2.thaw()

    expect(user2, since=messages[0]).to_have_unread(chat, 3)
    user2.open_chat(chat)
    expect(user2, since=user2.opened_at).to_show_exactly(*messages)
    expect([user1, user2]).to_agree(chat)


@pytest.mark.only_browser("chromium")
@pytest.mark.promised("several_tabs", "unread=number", "opens_by_itself=False|last")
def test_a_page_that_crashed_is_complete_once_it_is_opened_again(user1: User, user2: User, chats: Chats) -> None:
    chat, other = chats.direct(user1, user2), chats.with_somebody(user2)
    user2.open_chat(other)
    before = user1.send(chat, "Before the crash")
    expect(user2, since=before).to_have_unread(chat, 1)
    user2.crash()
    missed = user1.send(chat, "After it")
    expect(user1, since=missed).to_show(missed)

    again = user2.new_tab()

    expect(again, since=again.loaded_at).to_still_have_unread(chat, 2)
    again.open_chat(chat)
    expect(again, since=again.opened_at).to_show_exactly(before, missed)
    expect([user1, again]).to_agree(chat)
