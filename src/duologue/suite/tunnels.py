"""Tunnels: somebody's network goes and comes back, and the browser knows. Afterwards all witnesses agree."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from duologue.app import ChatApi
from duologue.expect import expect
from duologue.people import Chats, User
from duologue.suite.outages import RECONNECTS_WITHIN_S, let_fail, let_load, open_and_load

pytestmark = [pytest.mark.e2e, pytest.mark.own_network, pytest.mark.promised("reconnects", "history")]

# Sooner than a backoff that has grown for minutes tries again, and long enough for a machine whose cores are busy.
DIALS_WITHIN_S = 6


def test_what_was_said_while_one_was_in_a_tunnel_is_the_same_for_all(user1: User, user2: User, chats: Chats) -> None:
    chat = chats.direct(user1, user2)
    open_and_load(user2, chat)
    user2.enter_tunnel()

    user1.send(chat, "Are you there?")
    user1.send(chat, "Call me back")
    let_load(user1)  # shown at once, and sent a moment later
    user2.leave_tunnel()

    expect([user1, user2], timeout_s=RECONNECTS_WITHIN_S).to_agree(chat)


@pytest.mark.promised("sends_later")
def test_what_both_said_in_their_tunnels_is_in_one_order(
    user1: User, user2: User, chats: Chats, together: Callable[..., list[Any]]
) -> None:
    chat = chats.direct(user1, user2)
    open_and_load(user1, chat)
    open_and_load(user2, chat)
    user1.enter_tunnel()
    user2.enter_tunnel()

    user1.send(chat, "I go first")
    user2.send(chat, "No, I do")
    user1.send(chat, "Then both")
    together(user1.leave_tunnel, user2.leave_tunnel)

    assert expect([user1, user2], timeout_s=RECONNECTS_WITHIN_S).to_agree(chat).counts["messages"] == 3


def test_one_tunnel_after_another_loses_nothing(user1: User, user2: User, chats: Chats) -> None:
    chat = chats.direct(user1, user2)
    open_and_load(user2, chat)

    for number in range(1, 4):
        user2.enter_tunnel()
        message = user1.send(chat, f"In tunnel {number}")
        let_load(user1)
        user2.leave_tunnel()
        expect(user2, since=message, timeout_s=RECONNECTS_WITHIN_S).to_show(message)

    assert expect([user1, user2], timeout_s=RECONNECTS_WITHIN_S).to_agree(chat).counts["messages"] == 3


@pytest.mark.promised("sends_later")
def test_what_was_said_into_the_tunnel_keeps_its_order(user1: User, user2: User, chats: Chats) -> None:
    chat = chats.direct(user1, user2)
    user1.open_chat(chat)
    user2.open_chat(chat)
    user1.enter_tunnel()

    said = [user1.send(chat, f"Word {number}") for number in range(1, 6)]
    user1.leave_tunnel()

    expect(user2, since=said[0], timeout_s=RECONNECTS_WITHIN_S).to_show_exactly(*said)
    expect([user1, user2]).to_agree(chat)


@pytest.mark.promised("sends_later")
def test_what_was_said_to_two_people_in_a_tunnel_reaches_each_of_them(
    user1: User, user2: User, user3: User, chats: Chats
) -> None:
    with_user2, with_user3 = chats.direct(user1, user2), chats.direct(user1, user3)
    user1.open_chat(with_user3)
    user1.open_chat(with_user2)
    user1.enter_tunnel()

    user1.send(with_user2, "For user2")
    user1.send(with_user3, "For user3")
    user1.leave_tunnel()

    expect([user1, user2, user3], timeout_s=RECONNECTS_WITHIN_S).to_agree(with_user2, with_user3)


@pytest.mark.promised("requests", "sends_later")
def test_a_message_that_waits_outlives_a_reload(user1: User, user2: User, chats: Chats) -> None:
    chat = chats.direct(user1, user2)
    user1.open_chat(chat)
    user1.link.cut(of="requests")

    message = user1.send(chat, "Keep this for me")
    let_fail(user1, message)
    user1.link.restore()
    user1.reload()

    expect([user1, user2], timeout_s=RECONNECTS_WITHIN_S).to_agree(chat)


@pytest.mark.promised("unread=number", "api_send", "opens_by_itself=False|last")
def test_counts_of_several_chats_are_exact_after_a_tunnel(
    user1: User, user2: User, user3: User, chats: Chats, chat_api: ChatApi
) -> None:
    with_user1, with_user3 = chats.direct(user1, user2), chats.direct(user3, user2)
    chats.put_elsewhere(user2)
    before = user1.send(with_user1, "Heard")
    expect(user2).to_have_unread(with_user1, 1)
    user2.enter_tunnel()

    chat_api.send(user1.account, with_user1, "Missed")
    for number in range(3):
        chat_api.send(user3.account, with_user3, f"Missed {number}")
    user2.leave_tunnel()

    expect(user2, since=before, timeout_s=RECONNECTS_WITHIN_S).to_have_unread(with_user1, 2)
    expect(user2, since=before, timeout_s=RECONNECTS_WITHIN_S).to_have_unread(with_user3, 3)


@pytest.mark.promised("new_chats_live", "order=recency", "api_send")
def test_a_chat_made_while_one_was_in_a_tunnel_is_there_afterwards(user1: User, user2: User, chat_api: ChatApi) -> None:
    user2.enter_tunnel()

    chat = chat_api.create_chat(user1.account, [user2.account])
    chat_api.send(user1.account, chat, "Our first")
    user2.leave_tunnel()

    expect(user2, timeout_s=RECONNECTS_WITHIN_S).to_have_appeared_on_top(chat)
    expect([user1, user2]).to_agree(chat)


@pytest.mark.promised("groups")
def test_a_group_goes_on_while_one_of_it_is_in_a_tunnel(user1: User, user2: User, user3: User, chats: Chats) -> None:
    group = chats.group(user1, user2, user3, name="Travellers")
    open_and_load(user3, group)
    user3.enter_tunnel()

    user2.open_chat(group)
    first = user1.send(group, "Where is user3?")
    expect(user2).to_show(first)
    user2.send(group, "In the tunnel")
    let_load(user2)
    user3.leave_tunnel()

    expect([user1, user2, user3], timeout_s=RECONNECTS_WITHIN_S).to_agree(group)


@pytest.mark.promised("groups", "membership", "previews")
def test_somebody_added_while_in_a_tunnel_finds_the_group(user1: User, user2: User, user3: User, chats: Chats) -> None:
    group = chats.group(user1, user2, name="Growing")
    user3.enter_tunnel()

    group = chats.add(group, user1, user3)
    message = user1.send(group, "Welcome, once you are back")
    user3.leave_tunnel()

    expect(user3, since=message, timeout_s=RECONNECTS_WITHIN_S).to_have_preview(group, message)


@pytest.mark.promised("several_tabs")
def test_both_tabs_catch_up_after_a_tunnel(user1: User, user2: User, chats: Chats) -> None:
    chat = chats.direct(user1, user2)
    tab = user2.new_tab()
    for window in (user2, tab):
        open_and_load(window, chat)
    user2.enter_tunnel()

    user1.send(chat, "To both tabs")
    let_load(user1)
    user2.leave_tunnel()

    expect([user1, user2, tab], timeout_s=RECONNECTS_WITHIN_S).to_agree(chat)


@pytest.mark.promised("several_devices", "own_messages_elsewhere")
def test_what_was_sent_from_the_phone_is_on_the_laptop_after_its_tunnel(user1: User, user2: User, chats: Chats) -> None:
    chat = chats.direct(user1, user2)
    phone = user1.new_device()
    open_and_load(user1, chat)
    user1.enter_tunnel()

    user2.open_chat(chat)
    message = phone.send(chat, "Sent from my phone")
    expect(user2).to_show(message)
    user1.leave_tunnel()

    expect(user1, since=message, timeout_s=RECONNECTS_WITHIN_S).to_show(message)
    expect([user1, phone, user2], timeout_s=RECONNECTS_WITHIN_S).to_agree(chat)


@pytest.mark.promised("several_devices", "reads_elsewhere", "unread=number", "opens_by_itself=False|last")
def test_what_the_phone_read_is_read_on_the_laptop_after_its_tunnel(user1: User, user2: User, chats: Chats) -> None:
    chat = chats.direct(user1, user2)
    chats.put_elsewhere(user2)
    phone = user2.new_device()
    message = user1.send(chat, "Read me anywhere")
    for window in (user2, phone):
        expect(window, since=message).to_have_unread(chat, 1)
    user2.enter_tunnel()

    phone.open_chat(chat)
    expect(phone, since=phone.opened_at).to_have_read(chat)
    user2.leave_tunnel()

    expect(user2, since=phone.opened_at, timeout_s=RECONNECTS_WITHIN_S).to_have_unread(chat, 0)


@pytest.mark.promised(
    "unread=number", "previews", "several_devices", "reads_elsewhere", "sends_later", "opens_by_itself=False|last"
)
def test_a_receipt_that_comes_late_from_a_tunnel_takes_nothing_back(user1: User, user2: User, chats: Chats) -> None:
    chat, other = chats.direct(user1, user2), chats.with_somebody(user2)
    phone = user2.new_device()
    open_and_load(phone, chat)
    phone.open_chat(other)
    first = user1.send(chat, "Read on the phone")
    expect(phone, since=first).to_have_unread(chat, 1)
    phone.enter_tunnel()
    phone.open_chat(chat)
    phone.open_chat(other)
    later = user1.send(chat, "Read on the laptop")
    expect(user2, since=later).to_have_unread(chat, 2)
    user2.open_chat(chat)
    expect(user2, since=later).to_have_read(chat)
    user2.open_chat(other)

    phone.leave_tunnel()

    expect(phone, since=later, timeout_s=RECONNECTS_WITHIN_S).to_have_preview(chat, later)
    let_load(phone)
    user2.reload()
    expect(user2, since=user2.loaded_at).to_still_have_unread(chat, 0)


@pytest.mark.promised("typing", "sends_later")
def test_somebody_who_typed_before_the_tunnel_does_not_type_for_ever(user1: User, user2: User, chats: Chats) -> None:
    chat = chats.direct(user1, user2)
    user1.open_chat(chat)
    user2.open_chat(chat)
    user1.type("I was about to")
    expect(user2).to_show_sign("typing", user1.app.typing_text.format(name=user1.account.display_name))

    user2.enter_tunnel()
    user1.send(chat, "say this")
    user2.leave_tunnel()

    expect(user2, timeout_s=RECONNECTS_WITHIN_S).to_show_sign("typing", "")
    expect([user1, user2], timeout_s=RECONNECTS_WITHIN_S).to_agree(chat)


@pytest.mark.promised("receipts", "statuses")
def test_a_receipt_from_the_tunnel_comes_afterwards(user1: User, user2: User, chats: Chats) -> None:
    chat = chats.direct(user1, user2)
    message = user1.send(chat, "Read this above")
    expect(user1).to_have_status(message, user1.app.sent_status)
    user1.enter_tunnel()

    user2.open_chat(chat)
    expect(user2, since=user2.opened_at).to_show(message)
    let_load(user2)
    user1.leave_tunnel()

    expect(user1, since=message, timeout_s=RECONNECTS_WITHIN_S).to_have_status(message, user1.app.read_status)


@pytest.mark.promised("previews", "dials_when_online")
def test_the_page_dials_at_once_when_the_browser_is_online_again(user1: User, user2: User, chats: Chats) -> None:
    chat = chats.direct(user1, user2)
    user2.set_clock()
    for text in ("Long awaited", "As long"):  # each time
        user2.enter_tunnel()
        message = user1.send(chat, text)
        for _ in range(10):  # until its next try is far away
            user2.let_time_pass(60)

        user2.leave_tunnel()

        expect(user2, since=message, timeout_s=DIALS_WITHIN_S).to_have_preview(chat, message)
