"""Silence: connections that stay open and carry nothing, and connections of which one end alone is gone."""

from __future__ import annotations

import pytest

from duologue.app import ChatApi
from duologue.expect import expect
from duologue.journey import journey
from duologue.people import Chats, Message, User
from duologue.suite.outages import LOADS_WITHIN_S, RECONNECTS_WITHIN_S, let_load, open_and_load

pytestmark = [pytest.mark.e2e, pytest.mark.own_network, pytest.mark.promised("reconnects", "history")]


def let_go_out(message: Message, user: User) -> None:
    """Wait until the page has sent what was typed, as far as anybody can see that."""

    def is_out() -> bool | None:
        return any(hop.name == "requested" and hop.state != "missing" for hop in journey(message, user).hops) or None

    user.timeline.wait_for(is_out, LOADS_WITHIN_S)


def test_a_short_silence_only_delays(user1: User, user2: User, chats: Chats) -> None:
    chat = chats.direct(user1, user2)
    open_and_load(user2, chat)
    user2.link.stall()

    first = user1.send(chat, "Into the silence")
    second = user1.send(chat, "Still silent?")
    expect(user1, since=first).to_show_exactly(first, second)
    let_load(user1)  # shown at once, and sent a moment later
    user2.link.restore()

    expect(user2, since=first).to_show_exactly(first, second)
    expect([user1, user2]).to_agree(chat)


def test_what_was_sent_into_a_silence_arrives_once(user1: User, user2: User, chats: Chats) -> None:
    chat = chats.direct(user1, user2)
    user1.set_clock()
    open_and_load(user1, chat)
    user1.link.stall()

    let_go_out(user1.send(chat, "Does anybody hear me?"), user1)
    user1.let_time_pass(60)  # whatever the page waits for an answer, it has waited
    user1.link.restore()
    user1.let_time_pass(60)

    expect([user1, user2], timeout_s=RECONNECTS_WITHIN_S).to_agree(chat)


@pytest.mark.parametrize("way", ["up", "down"])
def test_what_was_sent_into_half_a_silence_arrives_once(user1: User, user2: User, chats: Chats, way: str) -> None:
    chat = chats.direct(user1, user2)
    open_and_load(user1, chat)
    user2.open_chat(chat)
    first = user1.send(chat, "Heard")  # a browser asks a server of another origin for its leave once
    expect(user2).to_show(first)
    let_load(user1)
    user1.link.stall(way="up" if way == "up" else "down")

    message = user1.send(chat, "Half heard")
    let_go_out(message, user1)
    if way == "down":  # it is there, and its sender does not know, unless a browser asks for leave for each address
        user2.timeline.wait_for(
            lambda: any(seen.text == message.text for seen in user2.messages) or None, LOADS_WITHIN_S
        )
    user1.link.restore()

    expect([user1, user2], timeout_s=RECONNECTS_WITHIN_S).to_agree(chat)


@pytest.mark.promised("requests", "socket")
def test_messages_come_while_requests_hang(user1: User, user2: User, chats: Chats) -> None:
    chat = chats.direct(user1, user2)
    open_and_load(user2, chat)
    expect(user2, since=user1.send(chat, "Before the requests hang")).to_show("Before the requests hang")
    user2.link.stall(of="requests")

    message = user1.send(chat, "Over the socket")
    expect(user2).to_show(message)
    user2.link.restore()

    expect([user1, user2]).to_agree(chat)


@pytest.mark.promised("socket")
def test_a_long_silence_is_noticed_and_what_was_missed_comes(user1: User, user2: User, chats: Chats) -> None:
    chat = chats.direct(user1, user2)
    user2.set_clock()
    open_and_load(user2, chat)
    user2.link.stall(of="sockets")

    message = user1.send(chat, "You will hear of it")
    expect(user1).to_show(message)
    for _ in range(3):  # some ask for a sign of life once a minute, and wait for it
        user2.let_time_pass(60)
    user2.link.restore()
    user2.let_time_pass(60)

    expect(user2, since=message, timeout_s=RECONNECTS_WITHIN_S).to_have_opened_socket()
    expect(user2, since=message, timeout_s=RECONNECTS_WITHIN_S).to_show(message)
    expect([user1, user2]).to_agree(chat)


@pytest.mark.promised("socket")
def test_a_connection_that_carries_nothing_any_more_is_given_up(user1: User, user2: User, chats: Chats) -> None:
    chat = chats.direct(user1, user2)
    user2.set_clock()
    open_and_load(user2, chat)
    expect(user2).to_show(user1.send(chat, "Do you hear me?"))
    start = user2.timeline.cursor()

    user2.link.stall()
    for _ in range(3):  # some ask for a sign of life once a minute, and wait for it
        user2.let_time_pass(60)
    user2.link.restore()
    user2.let_time_pass(60)

    expect(user2, since=start, timeout_s=RECONNECTS_WITHIN_S).to_have_opened_socket()


def test_somebody_whom_the_server_gave_up_comes_back(user1: User, user2: User, chats: Chats) -> None:
    chat = chats.direct(user1, user2)
    open_and_load(user2, chat)
    user2.link.cut(way="up")

    message = user1.send(chat, "The server thinks you are gone")
    expect(user1).to_show(message)
    user2.link.restore()

    expect(user2, since=message, timeout_s=RECONNECTS_WITHIN_S).to_show(message)
    expect([user1, user2]).to_agree(chat)


def test_somebody_whose_old_connection_the_server_still_believes_in_hears_all_once(
    user1: User, user2: User, chats: Chats
) -> None:
    chat = chats.direct(user1, user2)
    open_and_load(user2, chat)
    user2.link.cut(way="down")

    message = user1.send(chat, "To a connection that is none")
    expect(user1).to_show(message)
    let_load(user1)  # shown at once, and sent a moment later
    user2.link.restore()

    expect(user2, since=message, timeout_s=RECONNECTS_WITHIN_S).to_show(message)
    last = user1.send(chat, "And one more")
    expect(user2, since=message).to_keep_showing_once(message, until=last)
    expect([user1, user2]).to_agree(chat)


@pytest.mark.promised("groups", "api_send", "long_messages")
def test_a_silent_member_delays_nobody(user1: User, user2: User, user3: User, chats: Chats, chat_api: ChatApi) -> None:
    group, loud = chats.group(user1, user2, user3, name="Patience"), chats.with_somebody(user3)
    user2.open_chat(group)
    user3.link.stall(way="down")

    for number in range(120):  # all the buffers on the way take in 4 MB: then nothing more can be written to user3
        chat_api.send(loud.members[0], loud, f"{number} {'🐢' * 9_900}")
    message = user1.send(group, "Who hears me?")
    expect(user2).to_show(message)
    user3.link.restore()

    expect([user1, user2, user3], timeout_s=RECONNECTS_WITHIN_S).to_agree(group)
