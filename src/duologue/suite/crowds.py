"""Crowds: many people, many chats, many windows, all at once."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from threading import Event
from typing import Any

import pytest

from duologue.app import ChatApi
from duologue.expect import expect
from duologue.people import Cast, Chats, User

pytestmark = [pytest.mark.e2e, pytest.mark.promised("history")]

PATIENCE_S = 30


@pytest.mark.promised("groups", "one_order")
def test_ten_people_who_send_at_one_instant_see_one_order(
    people: Callable[[int], list[User]], chats: Chats, together: Callable[..., list[Any]]
) -> None:
    ten = people(10)
    group = chats.group(ten[0], *ten[1:], name="Ten")
    together(*[partial(user.open_chat, group) for user in ten])

    together(*[partial(user.send, group, f"Hello from {user.name}") for user in ten])

    assert expect(ten, timeout_s=PATIENCE_S).to_agree(group).counts["messages"] == 10


@pytest.mark.promised("groups", "order=recency", "api_send", "lists_at_once=0")
def test_the_oldest_of_a_hundred_chats_moves_to_the_top(user1: User, cast: Cast, chat_api: ChatApi) -> None:
    visitor, somebody = cast.visitor("visitor"), cast.account("somebody")
    hundred = [chat_api.create_chat(somebody, [visitor.account], f"Chat {number}") for number in range(1, 101)]
    for chat in hundred:
        chat_api.send(somebody, chat, f"In chat {chat}")
    visitor.sign_in()
    listed = visitor.timeline.wait_for(lambda: len(visitor.chats) == 100 or None, PATIENCE_S)
    assert listed, f"{len(visitor.chats)} chats"
    start = visitor.timeline.act("harness", "somebody writes into the oldest chat")

    chat_api.send(somebody, hundred[0], "News from the oldest")

    expect(visitor, since=start).to_have_moved_to_top(hundred[0])
    del user1


@pytest.mark.promised(
    "groups", "several_tabs", "several_devices", "reads_elsewhere", "unread=number", "group_unread=number"
)
@pytest.mark.promised("opens_by_itself=False|last")
def test_two_tabs_and_a_phone_hold_the_same_counts(user1: User, user2: User, chats: Chats) -> None:
    chat, other = chats.direct(user1, user2), chats.group(user1, user2, name="Other")
    chats.put_elsewhere(user2)
    tab, phone = user2.new_tab(), user2.new_device()
    first = user1.send(chat, "One")
    user1.send(chat, "Two")
    user1.send(other, "Three")
    for window in (user2, tab, phone):
        expect(window, since=first).to_have_unread(chat, 2)
        expect(window, since=first).to_have_unread(other, 1)

    phone.open_chat(chat)

    for window in (user2, tab, phone):
        expect(window, since=phone.opened_at).to_have_unread(chat, 0)
    expect([user1, user2, tab, phone]).to_agree(chat, other)


@pytest.mark.promised("one_order")
def test_a_quick_exchange_between_two_is_one_conversation(
    user1: User, user2: User, chats: Chats, together: Callable[..., list[Any]]
) -> None:
    chat = chats.direct(user1, user2)
    together(partial(user1.open_chat, chat), partial(user2.open_chat, chat))

    for number in range(1, 6):
        together(partial(user1.send, chat, f"Left {number}"), partial(user2.send, chat, f"Right {number}"))

    assert expect([user1, user2], timeout_s=PATIENCE_S).to_agree(chat).counts["messages"] == 10


@pytest.mark.promised("several_tabs", "stays_signed_in")
def test_a_window_closed_and_opened_again_holds_everything(user1: User, user2: User, chats: Chats) -> None:
    chat = chats.direct(user1, user2)
    user1.send(chat, "Before you close")
    user2.close()
    user1.send(chat, "While it is closed")

    again = user2.new_tab()

    expect([user1, again]).to_agree(chat)


def test_reloading_in_the_middle_of_messages_loses_none(
    user1: User, user2: User, chats: Chats, together: Callable[..., list[Any]]
) -> None:
    chat = chats.direct(user1, user2)
    user2.open_chat(chat)
    said = [user1.send(chat, "It begins")]
    reloaded = Event()

    def talk() -> None:
        while not reloaded.is_set():
            said.append(user1.send(chat, f"Sentence {len(said)}"))
        said.append(user1.send(chat, "It goes on"))

    def reload() -> None:
        try:
            user2.reload()
        finally:
            reloaded.set()

    together(talk, reload)

    assert said[1].cursor.at < user2.loaded_at.at < said[-1].cursor.at
    assert expect([user1, user2]).to_agree(chat).counts["messages"] == len(said)


@pytest.mark.promised("groups", "membership", "previews", "removal")
def test_a_member_removed_in_the_middle_of_talk_keeps_nothing_of_what_came_after(
    user1: User, user2: User, user3: User, chats: Chats
) -> None:
    group, other = chats.group(user1, user2, user3, name="Shrinking"), chats.direct(user1, user3)
    user1.send(group, "All of you")
    chats.remove(group, user1, user3)
    secret = user1.send(group, "Without user3")
    expect(user2, since=secret).to_have_preview(group, secret)
    fence = user1.send(other, "But this is yours")

    expect(user3, since=secret).never_to_show("Without user3", until=fence)
