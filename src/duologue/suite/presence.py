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
    user1.open_chat(chat)
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
