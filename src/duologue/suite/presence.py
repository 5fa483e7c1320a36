"""Presence: somebody is online while any window is open, and offline when the last one closes."""

from __future__ import annotations

import pytest

from duologue.expect import expect
from duologue.people import Chats, User
from duologue.suite.outages import RECONNECTS_WITHIN_S

pytestmark = [pytest.mark.e2e, pytest.mark.promised("presence")]


def test_somebody_goes_offline_when_the_window_closes(user1: User, user2: User, chats: Chats) -> None:
    chat = chats.direct(user1, user2)
    start = user1.timeline.cursor()
    user1.open_chat(chat)
    expect(user1, since=start).to_show_sign("presence", user1.app.online_text)

    user2.close()

    expect(user1).to_show_sign("presence", user1.app.offline_text)


@pytest.mark.promised("several_devices")
def test_somebody_stays_online_while_another_device_is(user1: User, user2: User, chats: Chats) -> None:
    chat = chats.direct(user1, user2)
    phone = user2.new_device()
    opened = user1.timeline.cursor()
    user1.open_chat(chat)
    expect(user1, since=opened).to_show_sign("presence", user1.app.online_text)
    start = user1.timeline.cursor()

    user2.close()

    fence = phone.send(chat, "Still online, on my phone")
    expect(user1, since=start).never_to_show_sign("presence", text=user1.app.offline_text, until=fence)


def test_somebody_comes_online_again(user1: User, user2: User, chats: Chats) -> None:
    chat = chats.direct(user1, user2)
    user1.open_chat(chat)
    user2.leave()
    expect(user1).to_show_sign("presence", user1.app.offline_text)

    user2.come_back()

    expect(user1, since=user2.loaded_at).to_show_sign("presence", user1.app.online_text)


@pytest.mark.own_network
@pytest.mark.promised("reconnects", "socket")
def test_somebody_who_left_during_an_outage_is_offline_after_it(user1: User, user2: User, chats: Chats) -> None:
    chat = chats.direct(user1, user2)
    start = user1.timeline.cursor()
    user1.open_chat(chat)
    expect(user1, since=start).to_show_sign("presence", user1.app.online_text)
    start = user1.timeline.cursor()
    user1.link.cut()

    user2.close()
    user1.link.restore()

    expect(user1, since=start, timeout_s=RECONNECTS_WITHIN_S).to_have_opened_socket()
    # A page that is cut off may show nobody as online, and then somebody who is not.
    expect(user1, since=start, timeout_s=RECONNECTS_WITHIN_S).to_show_sign("presence", user1.app.offline_text)
    assert user1.sign("presence") == user1.app.offline_text


@pytest.mark.promised("groups", "membership", "removal")
def test_somebody_who_left_a_group_is_online_still(user1: User, user2: User, user3: User, chats: Chats) -> None:
    chat, group = chats.direct(user1, user2), chats.group(user1, user2, user3, name="Shrinking")
    start = user1.timeline.cursor()
    for user in (user1, user2):
        user.open_chat(chat)
        expect(user, since=start).to_show_sign("presence", user.app.online_text)
    start = user1.timeline.cursor()

    chats.remove(group, user1, user2)

    fence = user2.send(chat, "Only our group is over")
    answer = user1.send(chat, "I see")
    for user, until in ((user1, fence), (user2, answer)):
        expect(user, since=start).never_to_show_sign("presence", text=user.app.offline_text, until=until)
        expect(user, since=start).never_to_lose_sign("presence", until=until)


@pytest.mark.own_network
@pytest.mark.promised("reconnects")
def test_who_is_there_is_shown_so_after_an_outage_too(user1: User, user2: User, chats: Chats) -> None:
    chat = chats.direct(user1, user2)
    start = user1.timeline.cursor()
    user1.open_chat(chat)
    expect(user1, since=start).to_show_sign("presence", user1.app.online_text)
    user1.link.cut()

    user1.link.restore()

    message = user2.send(chat, "I am here all the time")
    expect(user1, since=message, timeout_s=RECONNECTS_WITHIN_S).to_show(message)
    fence = user2.send(chat, "And still")
    expect(user1, since=fence).to_show(fence)
    expect(user1, timeout_s=RECONNECTS_WITHIN_S).to_still_show_sign("presence", user1.app.online_text)


@pytest.mark.promised("groups", "membership", "removal")
@pytest.mark.parametrize("removed", ["who looks", "who is looked at"])
def test_somebody_met_again_after_a_group_ended_is_shown_as_they_are_now(
    user1: User, user2: User, chats: Chats, removed: str
) -> None:
    group = chats.group(user1, user2, name="Shrinking")
    looks, other = (user2, user1) if removed == "who looks" else (user1, user2)
    chats.remove(group, user1, user2)
    other.close()
    start = looks.timeline.cursor()

    chat = chats.direct(looks, other)
    looks.open_chat(chat)

    expect(looks, since=start).to_still_show_sign("presence", looks.app.offline_text)
