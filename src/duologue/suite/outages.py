"""Outages: the network of one person fails and comes back; nothing is lost, doubled or forgotten by it."""

from __future__ import annotations

import pytest

from duologue.app import Chat, ChatApi
from duologue.expect import expect
from duologue.people import Chats, Message, User
from duologue.people.asked import unfinished

pytestmark = [pytest.mark.e2e, pytest.mark.own_network, pytest.mark.promised("reconnects")]

# A backoff that doubles has grown to what the outage took, or to its cap, by the time the network is back.
RECONNECTS_WITHIN_S = 60
# Sooner than typing ends by itself, which takes a few seconds.
AT_ONCE_S = 3
# Some pages draw the whole chat anew for each message.
BURST_WITHIN_S = 60
LOADS_WITHIN_S = 5


def open_and_load(user: User, chat: Chat) -> None:
    """Open a chat and let it load: what a fault cuts short is asked again later, and would bring what was missed."""
    user.open_chat(chat)
    let_load(user)


def let_fail(user: User, message: Message) -> None:
    """Wait until the page has tried to send the message and failed, unless it waits until it is online again."""

    def has_failed() -> bool | None:
        failed = user.timeline.find(kind="request_failed", source=user.window, since=message.cursor)
        return bool(failed) or None

    user.timeline.wait_for(has_failed, LOADS_WITHIN_S)


def let_load(user: User) -> None:
    """Wait for the whole answers to all that the page asked since it opened the chat, unless that takes very long.

    What it sent is stored by then.
    """

    def is_loaded() -> bool | None:
        return not unfinished(user.timeline, user.app, user.window, user.opened_at) or None

    user.timeline.wait_for(is_loaded, LOADS_WITHIN_S)


def test_what_was_missed_while_offline_arrives_without_a_reload(user1: User, user2: User, chats: Chats) -> None:
    chat = chats.direct(user1, user2)
    open_and_load(user2, chat)
    user2.link.cut()

    first = user1.send(chat, "Can you hear me?")
    second = user1.send(chat, "It seems not")
    expect(user1, since=first).to_show_exactly(first, second)
    let_load(user1)  # shown at once, and sent a moment later
    user2.link.restore()

    expect(user2, since=first, timeout_s=RECONNECTS_WITHIN_S).to_show_exactly(first, second)
    expect([user1, user2]).to_agree(chat)


@pytest.mark.promised("unread=number", "opens_by_itself=False|last")
def test_what_was_missed_while_offline_is_counted(user1: User, user2: User, chats: Chats) -> None:
    chat = chats.direct(user1, user2)
    chats.put_elsewhere(user2)
    before = user1.send(chat, "You hear this")
    expect(user2).to_have_unread(chat, 1)
    user2.link.cut()

    user1.send(chat, "But not this")
    last = user1.send(chat, "Nor this")
    expect(user1, since=before).to_show(last)
    let_load(user1)  # shown at once, and sent a moment later
    user2.link.restore()

    expect(user2, since=before, timeout_s=RECONNECTS_WITHIN_S).to_have_unread(chat, 3)
    expect([user1, user2]).to_agree(chat)


@pytest.mark.promised("order=recency")
def test_what_was_missed_while_offline_moves_its_chat_to_the_top(user1: User, user2: User, chats: Chats) -> None:
    chat = chats.direct(user1, user2)
    chats.with_somebody(user2)
    user2.link.cut()

    message = user1.send(chat, "Up, once you are back")
    expect(user1).to_show(message)
    let_load(user1)  # shown at once, and sent a moment later
    user2.link.restore()

    expect(user2, since=message, timeout_s=RECONNECTS_WITHIN_S).to_have_moved_to_top(chat)
    expect([user1, user2]).to_agree(chat)


@pytest.mark.promised("api_send")
def test_a_burst_missed_while_offline_arrives_complete(
    user1: User, user2: User, chats: Chats, chat_api: ChatApi
) -> None:
    chat = chats.direct(user1, user2)
    open_and_load(user2, chat)
    before = user1.send(chat, "Here it begins")
    expect(user2).to_show(before)
    user2.link.cut()
    start = user2.timeline.cursor()

    texts = [chat_api.send(user1.account, chat, f"Missed {number}").text for number in range(1, 201)]
    user2.link.restore()

    expect(user2, since=start, timeout_s=BURST_WITHIN_S).to_show_up_to(before, *texts)
    expect([user2], timeout_s=BURST_WITHIN_S).to_agree(chat)  # another window need not show what a program sends


@pytest.mark.promised("requests", "socket", "frames")
def test_a_live_message_does_not_hide_what_was_missed_before_it(user1: User, user2: User, chats: Chats) -> None:
    chat = chats.direct(user1, user2)
    open_and_load(user2, chat)
    before = user1.send(chat, "Here it begins")
    expect(user2).to_show(before)
    user2.link.cut()
    missed = [user1.send(chat, "Missed"), user1.send(chat, "Missed as well")]
    expect(user1, since=missed[0]).to_show_exactly(before, *missed)
    let_load(user1)  # shown at once, and sent a moment later
    start = user2.timeline.cursor()
    user2.link.restore(of="sockets")
    expect(user2, since=start, timeout_s=RECONNECTS_WITHIN_S).to_have_opened_socket()
    expect(user2, since=start, timeout_s=RECONNECTS_WITHIN_S).to_have_failed_request()  # it asked what it missed

    live = user1.send(chat, "Heard live")
    expect(user2).to_receive(live)
    # What it asked before it heard this must not be answered after all: it asks again, with what it knows by now.
    expect(user2).to_have_no_request_open()
    user2.link.restore()

    expect(user2, since=start, timeout_s=RECONNECTS_WITHIN_S).to_show_exactly(before, *missed, live)
    expect([user1, user2]).to_agree(chat)


@pytest.mark.promised("requests", "socket")
def test_a_page_whose_first_connection_fails_is_live_with_a_later_one(user1: User, user2: User, chats: Chats) -> None:
    chat = chats.direct(user1, user2)
    user2.link.cut(of="sockets")
    user2.reload(connects=False)
    expect(user2, since=user2.loaded_at).to_have_closed_socket(1006)
    user2.link.restore()
    expect(user2, since=user2.loaded_at, timeout_s=RECONNECTS_WITHIN_S).to_have_opened_socket()
    user2.open_chat(chat)

    message = user1.send(chat, "Are you there by now?")

    expect(user2, since=message).to_show(message)
    expect([user1, user2]).to_agree(chat)


@pytest.mark.promised("edits", "deletions")
def test_what_was_edited_and_deleted_while_offline_is_so_afterwards(user1: User, user2: User, chats: Chats) -> None:
    chat = chats.direct(user1, user2)
    open_and_load(user2, chat)
    edited, deleted = user1.send(chat, "Meet at noon"), user1.send(chat, "Never mind")
    expect(user2, since=edited).to_show_exactly(edited, deleted)
    user2.link.cut()

    changed = user1.edit(edited, "Meet at one")
    user1.delete(deleted)
    expect(user1, since=changed).to_have_lost_message(deleted)
    user2.link.restore()

    expect(user2, since=changed, timeout_s=RECONNECTS_WITHIN_S).to_show(changed)
    expect(user2, since=changed, timeout_s=RECONNECTS_WITHIN_S).to_have_lost_message(deleted)
    expect([user1, user2]).to_agree(chat)


@pytest.mark.promised("unread=number", "several_devices", "reads_elsewhere", "opens_by_itself=False", "opens_offline")
def test_what_was_read_while_offline_stays_read(user1: User, user2: User, chats: Chats) -> None:
    chat, elsewhere = chats.direct(user1, user2), chats.with_somebody(user2)
    user2.open_chat(chat)
    user2.open_chat(elsewhere)
    phone = user2.new_device()
    message = user1.send(chat, "Read in the tunnel")
    expect(user2, since=message).to_have_unread(chat, 1)
    expect(phone, since=message).to_have_unread(chat, 1)

    user2.link.cut()
    user2.open_chat(chat)
    expect(user2, since=user2.opened_at).to_show(message)
    user2.link.restore()

    expect(phone, since=user2.opened_at, timeout_s=RECONNECTS_WITHIN_S).to_have_unread(chat, 0)
    user2.open_chat(elsewhere)  # in an open chat nothing is ever unread
    user2.reload()
    expect(user2, since=user2.loaded_at).to_still_have_unread(chat, 0)
    expect([user1, user2, phone]).to_agree(chat)


@pytest.mark.promised("unread=number|dot")
def test_a_long_outage_ends_with_a_connection(user1: User, user2: User, chats: Chats) -> None:
    chat = chats.direct(user1, user2)
    user2.set_clock()
    user2.open_chat(chat)
    before = user1.send(chat, "You hear this")
    expect(user2, since=before).to_show(before)
    user2.link.cut()

    for _ in range(20):
        user2.let_time_pass(90)
    missed = user1.send(chat, "Half an hour later")
    let_load(user1)
    user2.link.restore()
    for _ in range(5):  # some wait five minutes between two tries
        user2.let_time_pass(90)

    expect(user2, since=missed, timeout_s=RECONNECTS_WITHIN_S).to_show(missed)
    live = user1.send(chat, "And this you hear at once")
    expect(user2, since=live, timeout_s=RECONNECTS_WITHIN_S).to_show(live)
    expect([user1, user2]).to_agree(chat)


@pytest.mark.promised("presence")
def test_somebody_whose_network_fails_goes_offline_and_comes_back(user1: User, user2: User, chats: Chats) -> None:
    chat = chats.direct(user1, user2)
    user1.open_chat(chat)

    user2.link.cut()
    expect(user1).to_show_sign("presence", user1.app.offline_text)

    user2.link.restore()
    expect(user1, timeout_s=RECONNECTS_WITHIN_S).to_show_sign("presence", user1.app.online_text)


@pytest.mark.promised("typing")
def test_typing_ends_when_the_network_fails(user1: User, user2: User, chats: Chats) -> None:
    chat = chats.direct(user1, user2)
    user1.open_chat(chat)
    user2.open_chat(chat)
    user1.type("I am just going into the")
    expect(user2).to_show_sign("typing", user1.app.typing_text.format(name=user1.account.display_name))

    user1.link.cut()

    expect(user2, timeout_s=AT_ONCE_S).to_show_sign("typing", "")


@pytest.mark.promised("several_devices", "opens_offline", "reads_elsewhere", "opens_by_itself=False|last", "groups")
@pytest.mark.promised("unread=number|dot", "group_unread=number|dot")
def test_all_chats_that_were_read_while_offline_stay_read(user1: User, user2: User, chats: Chats) -> None:
    read = [chats.direct(user1, user2), chats.group(user1, user2, name="Read as well")]
    elsewhere = chats.with_somebody(user2)
    for chat in (*read, elsewhere):
        open_and_load(user2, chat)
    phone = user2.new_device()
    messages = [user1.send(chat, f"Read in the tunnel, {number}") for number, chat in enumerate(read, 1)]
    for window in (user2, phone):
        for message in messages:
            expect(window, since=message).to_mark_as_unread(message.chat)

    user2.link.cut()
    for message in messages:
        user2.open_chat(message.chat)
        expect(user2, since=user2.opened_at).to_show(message)
        expect(user2, since=user2.opened_at).to_mark_as_read(message.chat)
    user2.link.restore()

    for chat in read:
        expect(phone, since=user2.opened_at, timeout_s=RECONNECTS_WITHIN_S).to_mark_as_read(chat)
    expect([user1, user2, phone]).to_agree(*read)
