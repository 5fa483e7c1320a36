"""What is sent while offline waits, and goes out once, in its own chat, when the network is back."""

from __future__ import annotations

import pytest

from duologue.expect import expect
from duologue.people import Chats, User
from duologue.suite.outages import RECONNECTS_WITHIN_S, let_fail, open_and_load

pytestmark = [pytest.mark.e2e, pytest.mark.own_network, pytest.mark.promised("reconnects")]


@pytest.mark.promised("sends_later")
def test_a_message_sent_while_offline_arrives_once(user1: User, user2: User, chats: Chats) -> None:
    chat = chats.direct(user1, user2)
    user1.open_chat(chat)
    user2.open_chat(chat)
    user1.link.cut()

    message = user1.send(chat, "From the tunnel")
    let_fail(user1, message)
    user1.link.restore()
    expect(user2, since=message, timeout_s=RECONNECTS_WITHIN_S).to_show(message)

    answer = user2.send(chat, "Back in the light?")
    expect(user1, since=message, timeout_s=RECONNECTS_WITHIN_S).to_show_exactly(message, answer)
    expect(user2, since=message).to_show_exactly(message, answer)
    expect([user1, user2]).to_agree(chat)


@pytest.mark.promised("requests", "statuses")
def test_a_message_whose_answer_was_lost_is_there_once(user1: User, user2: User, chats: Chats) -> None:
    chat = chats.direct(user1, user2)
    user1.open_chat(chat)
    user2.open_chat(chat)
    # Two, since a browser may repeat a request by itself when it gets no answer at all.
    user1.link.lose_answers(2)
    user1.link.stall(of="sockets", way="down")  # which would tell as well that it is there

    message = user1.send(chat, "Did you get this?")
    expect(user1, timeout_s=RECONNECTS_WITHIN_S).to_have_status(message, user1.app.sent_status)
    expect(user1, since=message).to_have_failed_request()
    user1.link.restore()
    last = user1.send(chat, "I am not sure")

    expect(user2, since=message).to_show_exactly(message, last)
    assert expect([user1, user2]).to_agree(chat).counts["messages"] == 2


@pytest.mark.promised("sends_later")
def test_the_same_text_sent_twice_while_offline_arrives_twice(user1: User, user2: User, chats: Chats) -> None:
    chat = chats.direct(user1, user2)
    open_and_load(user1, chat)
    user2.open_chat(chat)
    user1.link.cut()

    twice = [user1.send(chat, "Hello?"), user1.send(chat, "Hello?")]
    let_fail(user1, twice[0])
    user1.link.restore()

    expect(user2, since=twice[0], timeout_s=RECONNECTS_WITHIN_S).to_show_exactly(*twice)
    assert expect([user1, user2]).to_agree(chat).counts["messages"] == 2


@pytest.mark.promised("groups", "sends_later")
def test_what_waits_in_two_chats_goes_out_in_both(user1: User, user2: User, chats: Chats) -> None:
    chat, group = chats.direct(user1, user2), chats.group(user1, user2, name="Another")
    for it in (group, chat):
        open_and_load(user1, it)
    user1.link.cut()

    first = user1.send(chat, "To you")
    second = user1.send(group, "To all of you")
    let_fail(user1, second)
    user1.link.restore()

    expect([user1, user2], timeout_s=RECONNECTS_WITHIN_S).to_agree(chat, group)
    expect(user2, since=first).to_show(second)


@pytest.mark.promised("previews", "groups", "sends_later")
def test_a_message_that_waited_goes_to_the_chat_it_was_typed_in(user1: User, user2: User, chats: Chats) -> None:
    chat, other = chats.direct(user1, user2), chats.group(user1, user2, name="Another")
    user1.open_chat(other)
    user1.open_chat(chat)
    user1.link.cut()

    message = user1.send(chat, "Only for this chat")
    user1.open_chat(other)
    user1.link.restore()

    expect(user2, since=message, timeout_s=RECONNECTS_WITHIN_S).to_have_preview(chat, message)
    fence = user1.send(other, "Anything else here?")
    expect(user2).to_have_preview(other, fence)
    user2.open_chat(other)
    expect(user2, since=user2.opened_at).to_show_exactly(fence)
    expect([user1, user2]).to_agree(chat, other)
