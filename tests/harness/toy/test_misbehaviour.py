"""Expectations catch a chat that misbehaves, in real browsers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from duologue.app import SeenMessage
from duologue.errors import ExpectationFailed, UsageError, VacuousExpectation
from duologue.expect import expect
from duologue.expect.agreement import FIRST_PAGE
from duologue.people import Chats, User
from tests.harness.toy import TOY, ToyApi

pytestmark = pytest.mark.own_stack

# Delivery takes milliseconds, also here: whoever waits longer waits for nothing.
SHORT_S = 1.0


def test_a_chat_that_behaves_comes_through(user1: User, user2: User, chats: Chats, server: Callable[..., Any]) -> None:
    chat = chats.direct(user1, user2)
    chats.with_somebody(user2)

    message = user1.send(chat, "a|b")

    expect(user2).to_have_moved_to_top(chat)
    expect(user2).to_have_unread(chat, 1)
    expect(user2).to_have_preview(chat, message)
    expect(user2).to_receive_frame(f"msg|{chat}|{user1.account.username}|a|b")
    user2.open_chat(chat)
    expect(user2).to_show(message)
    user1.reload()
    expect(server("toy")).to_log(f"{user1.account.username} came in")


def test_a_count_that_is_one_too_high(user1: User, user2: User, chats: Chats, chat_api: ToyApi) -> None:
    chat_api.misbehave("badge")
    chat = chats.direct(user1, user2)
    user1.send(chat, "Count me")

    with pytest.raises(ExpectationFailed, match=r"(?s)expected 1 unread .*unread 2 'Count me'"):
        expect(user2, timeout_s=SHORT_S).to_have_unread(chat, 1)


def test_frames_that_hold_several_messages_are_witnesses_too(
    user1: User, user2: User, chats: Chats, chat_api: ToyApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    class InBatches(type(TOY)):
        def frame_message(self, frame: str) -> None:
            """Never one alone."""

        def frame_messages(self, frame: str) -> list[SeenMessage]:
            """Here one in each."""
            return [seen] if (seen := TOY.frame_message(frame)) else []

    monkeypatch.setattr(user1.cast, "app", InBatches.model_construct(**dict(TOY)))
    chat_api.misbehave("twice")
    chat = chats.direct(user1, user2)
    user1.send(chat, "Once is enough")

    with pytest.raises(ExpectationFailed, match=r"repeated: 'Once is enough', in the frames of user2"):
        expect([user2, user1], timeout_s=SHORT_S).to_agree(chat)


def test_an_api_that_lacks_the_oldest_messages_for_another_member_does_not_agree(
    user1: User, user2: User, chats: Chats, chat_api: ToyApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    chat, told = chats.direct(user1, user2), chat_api.messages
    for number in range(FIRST_PAGE + 5):
        chat_api.send(user1.account, chat, f"Message {number}")
    expect(user2).to_have_unread(chat, FIRST_PAGE + 5)
    lacking = user2.account
    monkeypatch.setattr(chat_api, "messages", lambda who, chat: told(who, chat)[1 if who is lacking else 0 :])

    with pytest.raises(ExpectationFailed, match=r"lost: 'Message 0', by the API, for another member"):
        expect([user1, user2], timeout_s=SHORT_S).to_agree(chat)


def test_nobody_of_a_chat_can_agree_on_it(user1: User, user2: User, user3: User, chats: Chats) -> None:
    chat = chats.direct(user1, user2)

    with pytest.raises(UsageError, match="none of user3 is a member of chat"):
        expect([user3]).to_agree(chat)


def test_counts_that_no_api_tells_are_held_against_another_window_and_never_against_themselves(
    user1: User, user2: User, chats: Chats, chat_api: ToyApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    capabilities = TOY.capabilities.model_copy(update={"api_chats": False})
    monkeypatch.setattr(user2.cast, "app", TOY.model_copy(update={"capabilities": capabilities}))
    chat_api.misbehave("badge")
    chat = chats.direct(user1, user2)
    user1.send(chat, "Count me")
    expect(user2).to_have_unread(chat, 2)
    phone = user2.new_device()  # whose list comes from what the server holds

    with pytest.raises(ExpectationFailed, match=r"unread: '.*: 2 instead of 1', unread in user2"):
        expect([user2, phone], timeout_s=SHORT_S).to_agree(chat)
    phone.close()
    assert "unread counts" not in expect([user2]).to_agree(chat).counts


def test_a_list_that_is_not_sorted_anew(user1: User, user2: User, chats: Chats, chat_api: ToyApi) -> None:
    chat_api.misbehave("stuck")
    chat, other = chats.direct(user1, user2), chats.with_somebody(user2)
    user1.send(chat, "Up")

    with pytest.raises(ExpectationFailed, match=f"expected chat {chat} on top"):
        expect(user2, timeout_s=SHORT_S).to_have_moved_to_top(chat)
    with pytest.raises(VacuousExpectation, match="was on top before"):
        expect(user2, timeout_s=SHORT_S).to_have_moved_to_top(other)


def test_a_message_that_comes_twice(user1: User, user2: User, chats: Chats, chat_api: ToyApi) -> None:
    chat_api.misbehave("twice")
    chat = chats.direct(user1, user2)
    user2.open_chat(chat)

    message = user1.send(chat, "Once")
    fence = user1.send(chat, "Fence")

    with pytest.raises(ExpectationFailed, match="'Once' to be shown exactly once until 'Fence' came"):
        expect(user2, since=message).to_keep_showing_once(message, until=fence)
    with pytest.raises(ExpectationFailed, match="one frame with the message 'Once'"):
        expect(user2, since=message).to_receive_once(message, until=fence)


def test_a_message_that_is_told_to_nobody(user1: User, user2: User, chats: Chats, chat_api: ToyApi) -> None:
    chat = chats.direct(user1, user2)
    user2.open_chat(chat)
    chat_api.misbehave("deaf")

    message = user1.send(chat, "Hello?")

    with pytest.raises(ExpectationFailed, match="no change of the open chat after the action; it shows"):
        expect(user2, timeout_s=SHORT_S).to_show(message)
    with pytest.raises(ExpectationFailed, match="no frame at all after the action"):
        expect(user2, timeout_s=SHORT_S).to_receive(message)
    assert [seen.text for seen in chat_api.messages(user1.account, chat)] == ["Hello?"], "and yet it was stored"
