"""Delivery: every message reaches every member once, in one order, whatever came between."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from duologue.app import ChatApi
from duologue.expect import expect
from duologue.people import Chats, User

pytestmark = pytest.mark.e2e


@pytest.mark.promised("unread=number|dot")
def test_a_message_reaches_the_other_person(user1: User, user2: User, chats: Chats) -> None:
    chat = chats.direct(user1, user2)

    message = user1.send(chat, "Are you there?")

    expect(user2).to_mark_as_unread(chat)
    user2.open_chat(chat)
    expect(user2, since=message).to_show(message)


@pytest.mark.promised("previews")
def test_the_list_shows_the_newest_message_of_a_chat(user1: User, user2: User, chats: Chats) -> None:
    chat = chats.direct(user1, user2)

    first = user1.send(chat, "The first line")
    expect(user2).to_have_preview(chat, first)

    second = user1.send(chat, "The second line")
    expect(user2).to_have_preview(chat, second)


def test_a_message_appears_in_the_open_chat_once(user1: User, user2: User, chats: Chats) -> None:
    chat = chats.direct(user1, user2)
    user2.open_chat(chat)

    message = user1.send(chat, "Look, no reload")
    expect(user2).to_show(message)

    last = user1.send(chat, "Done")
    expect(user2, since=message).to_keep_showing_once(message, until=last)


def test_the_sender_sees_an_own_message_once(user1: User, user2: User, chats: Chats) -> None:
    chat = chats.direct(user1, user2)
    user2.open_chat(chat)

    message = user1.send(chat, "Said once")
    expect(user1).to_show(message)

    answer = user2.send(chat, "Heard once")
    expect(user1, since=message).to_keep_showing_once(message, until=answer)


def test_messages_arrive_in_the_order_in_which_they_were_sent(user1: User, user2: User, chats: Chats) -> None:
    chat = chats.direct(user1, user2)
    user2.open_chat(chat)

    sent = [user1.send(chat, f"Line {number}") for number in range(1, 6)]

    expect(user2, since=sent[0]).to_show_exactly(*sent)
    expect(user1, since=sent[0]).to_show_exactly(*sent)


def test_a_conversation_reads_the_same_on_both_sides(user1: User, user2: User, chats: Chats) -> None:
    chat = chats.direct(user1, user2)
    user2.open_chat(chat)

    question = user1.send(chat, "Tea or coffee?")
    expect(user2).to_show(question)
    answer = user2.send(chat, "Tea")
    expect(user1).to_show(answer)
    thanks = user1.send(chat, "Coming")

    expect(user1, since=question).to_show_exactly(question, answer, thanks)
    expect(user2, since=question).to_show_exactly(question, answer, thanks)


@pytest.mark.promised("api_messages", "one_order")
def test_two_people_who_send_at_one_instant_see_one_order(
    user1: User, user2: User, chats: Chats, chat_api: ChatApi, together: Callable[..., list[Any]]
) -> None:
    chat = chats.direct(user1, user2)
    user1.open_chat(chat)
    user2.open_chat(chat)

    sent = together(lambda: user1.send(chat, "Me first"), lambda: user2.send(chat, "No, me"))
    for message in sent:
        expect(user1, since=sent[0]).to_show(message)
        expect(user2, since=sent[0]).to_show(message)

    stored = [message.text for message in chat_api.messages(user1.account, chat)]
    expect(user1, since=sent[0]).to_show_exactly(*stored)
    expect(user2, since=sent[0]).to_show_exactly(*stored)


@pytest.mark.promised("history")
def test_messages_are_the_same_after_a_reload(user1: User, user2: User, chats: Chats) -> None:
    chat = chats.direct(user1, user2)
    user2.open_chat(chat)
    sent = [user1.send(chat, text) for text in ("One", "Two", "Three")]
    expect(user2, since=sent[0]).to_show_exactly(*sent)

    user2.reload()
    user2.open_chat(chat)

    expect(user2, since=user2.loaded_at).to_show_exactly(*sent)


@pytest.mark.promised("history", "unread=number", "opens_by_itself=False|last")
def test_messages_sent_while_nobody_was_at_the_window_are_there_on_return(
    user1: User, user2: User, chats: Chats
) -> None:
    chat = chats.direct(user1, user2)
    chats.put_elsewhere(user2)
    user2.leave()

    first = user1.send(chat, "While you were out")
    second = user1.send(chat, "And again")
    expect(user1, since=first).to_show_exactly(first, second)
    user2.come_back()

    expect(user2, since=user2.loaded_at).to_still_have_unread(chat, 2)
    user2.open_chat(chat)
    expect(user2, since=user2.loaded_at).to_show_exactly(first, second)


@pytest.mark.promised("history", "api_send")
def test_a_burst_longer_than_a_page_arrives_complete(user1: User, user2: User, chats: Chats, chat_api: ChatApi) -> None:
    chat = chats.direct(user1, user2)
    user2.open_chat(chat)
    before = user1.send(chat, "Here it begins")
    expect(user2).to_show(before)
    start = user2.timeline.cursor()

    texts = [chat_api.send(user1.account, chat, f"Burst {number}").text for number in range(1, 121)]

    expect(user2, since=start, timeout_s=60).to_show_up_to(before, *texts)


def test_a_message_goes_to_the_chat_it_was_typed_in(user1: User, user2: User, chats: Chats) -> None:
    chat, other = chats.direct(user1, user2), chats.with_somebody(user1)
    user1.open_chat(other)

    user2.open_chat(chat)

    message = user1.send(chat, "Only for user2")
    user1.open_chat(other)

    expect(user2, since=message).to_show(message)
    fence = user1.send(other, "Something else")
    expect(user1).to_show(fence)
    expect(user1, since=user1.opened_at).to_show_exactly(fence)


@pytest.mark.promised("frames", "api_messages")
def test_page_frames_and_api_agree(user1: User, user2: User, chats: Chats, chat_api: ChatApi) -> None:
    chat = chats.direct(user1, user2)
    user2.open_chat(chat)

    sent = [user1.send(chat, f"Witnessed {number}") for number in range(1, 4)]

    expect(user2, since=sent[0]).to_show_exactly(*sent)
    for message in sent[:-1]:
        expect(user2, since=sent[0]).to_receive_once(message, until=sent[-1])
    assert [message.text for message in chat_api.messages(user2.account, chat)] == [str(message) for message in sent]


@pytest.mark.promised("api_send", "history", "scrolls_back")
def test_scrolling_back_shows_all_that_was_ever_said(user1: User, user2: User, chats: Chats, chat_api: ChatApi) -> None:
    chat = chats.direct(user1, user2)
    texts = [chat_api.send(user1.account, chat, f"Message {number}").text for number in range(1, 131)]
    user2.open_chat(chat)
    expect(user2, since=user2.opened_at).to_show(texts[-1])

    while user2.messages[0].text != texts[0]:
        user2.scroll_back()

    expect(user2).to_show_exactly(*texts)


@pytest.mark.own_network
@pytest.mark.promised("api_send", "history", "scrolls_back", "reconnects", "requests")
def test_older_messages_come_also_where_the_network_failed_meanwhile(
    user1: User, user2: User, chats: Chats, chat_api: ChatApi
) -> None:
    chat = chats.direct(user1, user2)
    texts = [chat_api.send(user1.account, chat, f"Message {number}").text for number in range(1, 131)]
    user2.open_chat(chat)
    expect(user2, since=user2.opened_at).to_show(texts[-1])
    expect(user2).to_have_no_request_open()
    user2.link.cut()
    start = user2.timeline.cursor()
    user2.scroll_up()
    expect(user2, since=start).to_have_failed_request()

    user2.link.restore()

    while user2.messages[0].text != texts[0]:
        user2.scroll_back()
    expect(user2).to_show_exactly(*texts)


@pytest.mark.promised("drafts")
def test_what_is_typed_in_one_chat_stands_in_no_other(user1: User, user2: User, chats: Chats) -> None:
    chat, other = chats.direct(user1, user2), chats.with_somebody(user1)
    user1.open_chat(other)
    user1.open_chat(chat)
    user1.type("Only for user2")
    expect(user1).to_have_typed("Only for user2")

    user1.open_chat(other)

    expect(user1).to_have_typed("")
    del user2


@pytest.mark.promised("drafts")
def test_what_is_typed_and_not_sent_waits_in_its_chat(user1: User, user2: User, chats: Chats) -> None:
    drafts = ((chats.direct(user1, user2), "Only for user2"), (chats.with_somebody(user1), "For somebody else"))
    for chat, text in drafts:
        user1.open_chat(chat)
        user1.type(text)
        expect(user1).to_have_typed(text)

    for chat, text in drafts:
        user1.open_chat(chat)
        expect(user1).to_have_typed(text)


@pytest.mark.promised("stays_signed_in")
def test_what_was_sent_stands_in_no_composer_after_a_reload(user1: User, user2: User, chats: Chats) -> None:
    chat = chats.direct(user1, user2)
    message = user1.send(chat, "Sent is sent")
    expect(user1, since=message).to_show(message)

    user1.reload()
    user1.open_chat(chat)

    expect(user1).to_have_typed("")


@pytest.mark.promised("api_send", "history")
def test_who_is_at_the_end_of_a_long_chat_sees_what_comes(
    user1: User, user2: User, chats: Chats, chat_api: ChatApi
) -> None:
    chat = chats.direct(user1, user2)
    for number in range(30):
        chat_api.send(user1.account, chat, f"Line {number}")
    user2.open_chat(chat)
    expect(user2, since=user2.opened_at).to_show("Line 29")  # some open where the unread begins: it need not be in view
    own = user2.send(chat, "I have read all of it")
    expect(user2).to_show_in_view(own)

    for text in ("First of three", "Second of three", "Third of three"):
        message = user1.send(chat, text)
        expect(user2).to_show(message)
        expect(user2).to_show_in_view(message)
