"""Typing: shown to the others while somebody types, and it ends."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from duologue.expect import expect
from duologue.people import Chats, Message, User
from duologue.suite.outages import AT_ONCE_S
from duologue.taps import RECEIVED

# Longer than products believe in somebody's last key, which is a few seconds.
TYPES_FOR_S = 8

pytestmark = [pytest.mark.e2e, pytest.mark.promised("typing")]


def typing_of(user: User) -> str:
    """What the others read while somebody types."""
    return user.app.typing_text.format(name=user.account.display_name)


def test_typing_shows_on_the_other_side_until_the_message_comes(user1: User, user2: User, chats: Chats) -> None:
    chat = chats.direct(user1, user2)
    user1.open_chat(chat)
    user2.open_chat(chat)

    user1.type("Wait, I am")
    expect(user2).to_show_sign("typing", typing_of(user1))

    message = user1.send(chat, "Wait, I am writing")
    expect(user2).to_show(message)
    expect(user2, since=message, timeout_s=AT_ONCE_S).to_show_sign("typing", "")


@pytest.mark.promised("groups")
def test_typing_shows_as_long_as_somebody_types(user1: User, user2: User, user3: User, chats: Chats) -> None:
    group = chats.group(user1, user2, user3, name="Patient")
    user1.open_chat(group)
    user2.open_chat(group)
    user3.open_chat(group)
    user1.type("A long")
    expect(user2).to_show_sign("typing", typing_of(user1))
    shown = user2.timeline.cursor()

    user1.type(", long story that begins", over_s=TYPES_FOR_S)

    fence = user3.send(group, "We are listening")
    expect(user2, since=shown).never_to_lose_sign("typing", until=fence)


@pytest.mark.promised("groups", "socket")
def test_typing_of_one_goes_on_when_another_has_sent(
    user1: User, user2: User, user3: User, chats: Chats, together: Callable[..., list[Any]]
) -> None:
    group = chats.group(user1, user2, user3, name="Lively")
    for user in (user1, user2, user3):
        user.open_chat(group)
    user2.type("I am")
    expect(user3).to_show_sign("typing", typing_of(user2))
    shown = user3.timeline.cursor()

    def says_something_short() -> Message:
        start = user1.timeline.cursor()
        user1.type("Quick")
        heard = user3.timeline.wait_for(
            lambda: user3.timeline.find(kind=RECEIVED, source=user3.window, since=start) or None, user3.app.patience_s
        )
        assert heard, "user3 hears that user1 types too"
        said = user1.send(group, "Quick, as you see")
        expect(user3, since=said).to_show(said)
        return user1.send(group, "And you?")

    slow = partial(user2.type, " a slow one, give me time", over_s=TYPES_FOR_S)
    fence: Message = together(slow, says_something_short)[1]

    expect(user3, since=shown).never_to_lose_sign("typing", until=fence)


def test_typing_ends_by_itself(user1: User, user2: User, chats: Chats) -> None:
    chat = chats.direct(user1, user2)
    user1.open_chat(chat)
    user2.open_chat(chat)

    user1.type("I was about to")
    expect(user2).to_show_sign("typing", typing_of(user1))
    shown = user2.timeline.cursor()

    expect(user2, since=shown).to_show_sign("typing", "")


def test_typing_ends_when_the_window_closes(user1: User, user2: User, chats: Chats) -> None:
    chat = chats.direct(user1, user2)
    user1.open_chat(chat)
    user2.open_chat(chat)
    user1.type("I have to")
    expect(user2).to_show_sign("typing", typing_of(user1))

    user1.close()

    expect(user2, timeout_s=AT_ONCE_S).to_show_sign("typing", "")


@pytest.mark.promised("groups")
def test_typing_shows_in_no_other_chat(user1: User, user2: User, chats: Chats) -> None:
    chat, other = chats.direct(user1, user2), chats.group(user1, user2, name="Other")
    user1.open_chat(chat)
    user2.open_chat(other)
    start = user2.timeline.cursor()

    user1.type("Only for this")
    fence = user1.send(chat, "Only for this chat")

    expect(user2, since=start).never_to_show_sign("typing", until=fence)


@pytest.mark.promised("several_tabs")
def test_ones_own_typing_shows_in_no_tab_of_ones_own(user1: User, user2: User, chats: Chats) -> None:
    chat = chats.direct(user1, user2)
    tab = user1.new_tab()
    for window in (user1, user2, tab):
        window.open_chat(chat)
    start = tab.timeline.cursor()

    user1.type("It is me")
    expect(user2).to_show_sign("typing", typing_of(user1))

    fence = user2.send(chat, "I see")
    expect(tab, since=start).never_to_show_sign("typing", text=typing_of(user1), until=fence)
