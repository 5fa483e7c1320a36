"""Edits and deletions: what others see of a message that its sender changes."""

from __future__ import annotations

import pytest

from duologue.app import ChatApi
from duologue.expect import expect
from duologue.people import Chats, User
from duologue.suite.outages import let_load

pytestmark = pytest.mark.e2e


@pytest.mark.promised("edits")
def test_an_edit_shows_on_the_other_side(user1: User, user2: User, chats: Chats) -> None:
    chat = chats.direct(user1, user2)
    user2.open_chat(chat)
    message = user1.send(chat, "Meet at noon")
    expect(user2).to_show(message)

    edited = user1.edit(message, "Meet at one")

    expect(user2).to_show(edited)
    expect(user2, since=edited).to_mark_as_edited(edited)
    expect(user2, since=edited).to_show_exactly(edited)


@pytest.mark.promised("edits", "unread=number", "groups")
def test_an_edit_makes_nothing_unread(user1: User, user2: User, chats: Chats) -> None:
    chat = chats.direct(user1, user2)
    user2.open_chat(chat)
    message = user1.send(chat, "Read already")
    expect(user2).to_show(message)
    user2.open_chat(chats.with_somebody(user2))
    start = user2.timeline.cursor()

    user1.edit(message, "Read already, I said")

    fence = user1.send(chats.group(user1, user2, name="Later"), "Anything unread?")
    expect(user2, since=start).to_keep_unread(chat, 0, until=fence)


@pytest.mark.promised("edits", "previews")
def test_an_edit_of_the_newest_message_is_the_preview(user1: User, user2: User, chats: Chats) -> None:
    chat = chats.direct(user1, user2)
    message = user1.send(chat, "Meet at noon")
    expect(user2).to_have_preview(chat, message)

    edited = user1.edit(message, "Meet at one")

    expect(user2, since=edited).to_have_preview(chat, edited)


@pytest.mark.promised("edits", "previews")
def test_an_edit_of_an_older_message_leaves_the_preview(user1: User, user2: User, chats: Chats) -> None:
    chat = chats.direct(user1, user2)
    older, newest = user1.send(chat, "Meet at noon"), user1.send(chat, "Bring cake")
    expect(user2, since=older).to_have_preview(chat, newest)

    edited = user1.edit(older, "Meet at one")
    let_load(user1)
    last = user1.send(chat, "And tea")

    expect(user2, since=edited).to_have_preview(chat, last)
    expect(user2, since=edited).never_to_show(str(edited), until=last)


@pytest.mark.promised("edits", "history")
def test_an_edit_is_there_after_a_reload(user1: User, user2: User, chats: Chats) -> None:
    chat = chats.direct(user1, user2)
    user2.open_chat(chat)
    message = user1.send(chat, "Draft")
    expect(user2).to_show(message)
    edited = user1.edit(message, "Final")
    expect(user2).to_show(edited)

    user2.reload()
    user2.open_chat(chat)

    expect(user2, since=user2.loaded_at).to_show_exactly(edited)


@pytest.mark.promised("edits", "api_send", "history", "scrolls_back")
def test_an_edit_of_what_is_not_loaded_yet_leaves_no_hole(
    user1: User, user2: User, chats: Chats, chat_api: ChatApi
) -> None:
    chat = chats.direct(user1, user2)
    user2.open_chat(chat)
    first = user1.send(chat, "The first of all")
    expect(user2).to_show(first)
    user2.leave()
    texts = [chat_api.send(user2.account, chat, f"Message {number}").text for number in range(1, 131)]
    expect(user1, since=first).to_show(texts[-1])
    user2.come_back()
    user2.open_chat(chat)
    expect(user2, since=user2.opened_at).to_show(texts[-1])

    edited = user1.edit(first, "The first of all, in other words")
    last = user1.send(chat, "Scroll up")
    expect(user2, since=last).to_show(last)

    while user2.messages[0].text not in (str(first), str(edited)):
        user2.scroll_back()
    expect(user2, since=edited).to_show_exactly(edited, *texts, last)


@pytest.mark.promised("deletions")
def test_a_deleted_message_is_gone_on_the_other_side(user1: User, user2: User, chats: Chats) -> None:
    chat = chats.direct(user1, user2)
    user2.open_chat(chat)
    message = user1.send(chat, "Never mind")
    expect(user2).to_show(message)

    user1.delete(message)

    expect(user2).to_have_lost_message(message)


@pytest.mark.promised("deletions", "previews", "groups")
def test_a_deleted_message_leaves_the_preview(user1: User, user2: User, chats: Chats) -> None:
    chat, other = chats.direct(user1, user2), chats.group(user1, user2, name="Other")
    message = user1.send(chat, "Forget that")
    expect(user2).to_have_preview(chat, message)

    start = user1.timeline.cursor()
    user1.delete(message)

    expect(user2, since=start).to_have_lost_preview(chat, message)
    fence = user1.send(other, "Forgotten?")
    expect(user2).to_have_preview(other, fence)
    user2.reload()
    end = user1.send(other, "Really?")
    expect(user2, since=user2.loaded_at).never_to_show(str(message), until=end)


@pytest.mark.promised("deletions", "previews", "group_unread=number", "groups", "history", "opens_by_itself=False|last")
def test_a_deletion_leaves_a_list_that_a_reload_does_not_change(user1: User, user2: User, chats: Chats) -> None:
    chat, other = chats.direct(user1, user2), chats.group(user1, user2, name="In between")
    chats.put_elsewhere(user2)
    user1.send(chat, "This stays")
    user1.send(other, "Something else")
    message = user1.send(chat, "Forget that")
    expect(user2).to_have_preview(chat, message)

    start = user1.timeline.cursor()
    user1.delete(message)
    expect(user2, since=start).to_have_lost_preview(chat, message)
    fence = user1.send(other, "Forgotten?")
    expect(user2).to_have_unread(other, 2)
    expect(user2, since=fence).to_have_preview(other, fence)
    expect(user2).to_have_no_request_open()
    before = user2.chats
    user2.reload()

    expect(user2, since=user2.loaded_at).to_still_have_rows(before)


@pytest.mark.promised("edits", "several_tabs")
def test_an_own_edit_shows_in_ones_other_tab(user1: User, user2: User, chats: Chats) -> None:
    chat = chats.direct(user1, user2)
    tab = user1.new_tab()
    tab.open_chat(chat)
    message = user1.send(chat, "Meet at noon")
    expect(tab).to_show(message)

    edited = user1.edit(message, "Meet at one")

    expect(tab).to_show(edited)


@pytest.mark.promised("deletions", "several_tabs")
def test_an_own_deletion_shows_in_ones_other_tab(user1: User, user2: User, chats: Chats) -> None:
    chat = chats.direct(user1, user2)
    tab = user1.new_tab()
    tab.open_chat(chat)
    message = user1.send(chat, "Never mind")
    expect(tab).to_show(message)

    user1.delete(message)

    expect(tab).to_have_lost_message(message)
