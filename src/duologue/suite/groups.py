"""Groups: every member gets everything, nobody else gets anything."""

from __future__ import annotations

import pytest

from duologue.expect import expect
from duologue.people import Chats, User

pytestmark = [pytest.mark.e2e, pytest.mark.promised("groups")]


@pytest.mark.promised("group_unread=number")
def test_a_message_reaches_every_member(user1: User, user2: User, user3: User, chats: Chats) -> None:
    group = chats.group(user1, user2, user3, name="Everybody")

    message = user1.send(group, "To all of you")

    expect(user2, since=message).to_have_unread(group, 1)
    expect(user3, since=message).to_have_unread(group, 1)


@pytest.mark.promised("group_unread=number", "several_devices", "reads_elsewhere", "opens_by_itself=False|last")
def test_each_member_has_a_count_of_their_own(user1: User, user2: User, user3: User, chats: Chats) -> None:
    group = chats.group(user1, user2, user3, name="Counts")
    user2.open_chat(group)

    first = user1.send(group, "user2 reads this")
    second = user1.send(group, "user3 does not")

    expect(user2, since=first).to_show_exactly(first, second)
    expect(user3, since=first).to_have_unread(group, 2)
    phone = user2.new_device()  # where the chat is open nothing is ever unread
    expect(phone, since=phone.loaded_at).to_still_have_unread(group, 0)


def test_a_message_shows_in_every_members_window(user1: User, user2: User, user3: User, chats: Chats) -> None:
    group = chats.group(user1, user2, user3, name="Everybody")
    user2.open_chat(group)
    user3.open_chat(group)

    message = user1.send(group, "To all of you")

    for window in (user1, user2, user3):
        expect(window, since=message).to_show(message)


def test_somebody_who_is_no_member_sees_nothing(user1: User, user2: User, user3: User, chats: Chats) -> None:
    group, other = chats.group(user1, user2, name="Just us"), chats.direct(user1, user3)
    user2.open_chat(group)

    secret = user1.send(group, "A surprise for user3")
    expect(user2).to_show(secret)

    fence = user1.send(other, "Hello, user3")
    expect(user3, since=secret).never_to_show(str(secret), until=fence)


@pytest.mark.promised("frames")
def test_somebody_who_is_no_member_hears_nothing(user1: User, user2: User, user3: User, chats: Chats) -> None:
    group, other = chats.group(user1, user2, name="Just us"), chats.direct(user1, user3)

    secret = user1.send(group, "A surprise for user3")
    expect(user2).to_receive(secret)

    fence = user1.send(other, "Hello, user3")
    expect(user3, since=secret).never_to_receive(str(secret), until=fence)
