"""New chats come into the list of those who are online, live."""

from __future__ import annotations

import pytest

from duologue.expect import expect
from duologue.people import Chats, User

pytestmark = [pytest.mark.e2e, pytest.mark.promised("new_chats_live")]


def test_a_new_chat_appears_without_a_reload(user1: User, user2: User, chats: Chats) -> None:
    start = user2.timeline.cursor()

    chat = chats.direct(user1, user2)

    expect(user2, since=start).to_list(chat)


@pytest.mark.promised("order=recency")
def test_a_new_chat_appears_on_top(user1: User, user2: User, chats: Chats) -> None:
    chats.with_somebody(user2)
    start = user2.timeline.cursor()

    chat = chats.direct(user1, user2)

    expect(user2, since=start).to_have_appeared_on_top(chat)


@pytest.mark.promised("unread=number")
def test_the_first_message_of_a_new_chat_counts(user1: User, user2: User, chats: Chats) -> None:
    chat = chats.direct(user1, user2)

    user1.send(chat, "The very first")

    expect(user2).to_have_unread(chat, 1)


@pytest.mark.promised("several_tabs")
def test_a_new_chat_appears_in_its_makers_other_tab(user1: User, user2: User, chats: Chats) -> None:
    tab = user1.new_tab()
    start = tab.timeline.cursor()

    chat = chats.direct(user1, user2)

    expect(tab, since=start).to_list(chat)
