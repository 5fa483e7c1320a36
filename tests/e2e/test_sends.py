"""What is sent goes out in the order in which it was sent, whatever befalls a request."""

from __future__ import annotations

import re
from itertools import count

import pytest
from playwright.sync_api import Route
from playwright.sync_api import expect as in_page

from duologue import expect
from duologue.app import Chat, ChatApi
from duologue.people import Chats, Message, User
from duologue.suite.outages import RECONNECTS_WITHIN_S, open_and_load

pytestmark = pytest.mark.e2e


@pytest.mark.expects_errors(r"\b503\b")
def test_a_send_that_has_to_be_tried_again_keeps_its_place(user1: User, user2: User, chats: Chats) -> None:
    chat = chats.direct(user1, user2)
    user1.open_chat(chat)
    user2.open_chat(chat)
    number = count()

    def busy_at_first(route: Route) -> None:
        if route.request.method == "POST" and next(number) == 0:
            route.fulfill(status=503)
        else:
            route.continue_()

    user1.page.route(re.compile(r"/chats/\d+/messages$"), busy_at_first)

    sent = [user1.send(chat, text) for text in ("One", "Two", "Three")]

    expect(user2, since=sent[0], timeout_s=RECONNECTS_WITHIN_S).to_show_exactly(*sent)
    expect([user1, user2]).to_agree(chat)
    assert next(number) > len(sent)


@pytest.mark.own_network
def test_signing_out_forgets_what_was_typed_and_what_was_not_sent(user1: User, user2: User, chats: Chats) -> None:
    chat, other = chats.direct(user1, user2), chats.with_somebody(user1)
    user1.open_chat(other)
    user1.type("Half a sentence")
    user1.open_chat(chat)
    user2.open_chat(chat)
    user1.link.cut()
    user1.send(chat, "I never said that")
    user1.sign_out()
    user1.link.restore()
    start = user1.timeline.cursor()

    user1.sign_in_by_form()

    user1.open_chat(other)
    expect(user1).to_have_typed("")
    fence = user1.send(chat, "I am here again")
    expect(user2, since=start).to_show_exactly(fence)


def test_what_one_sends_from_elsewhere_reads_nothing_here(
    user1: User, user2: User, chats: Chats, chat_api: ChatApi
) -> None:
    chat = chats.direct(user1, user2)
    message = user1.send(chat, "Have you read this?")
    expect(user2, since=message).to_have_unread(chat, 1)

    start = user2.timeline.cursor()
    fence = chat_api.send(user2.account, chat, "By a program of mine")

    expect(user2, since=start).to_have_preview(chat, fence.text)
    expect(user2, since=start).to_still_have_unread(chat, 1)
    user2.reload()
    expect(user2, since=user2.loaded_at).to_still_have_unread(chat, 1)


def send_in_vain(user: User, chat: Chat) -> Message:
    """Send a message that the server refuses, though the next after it is taken."""

    def refuse(route: Route) -> None:
        route.fulfill(status=422, json={"detail": "Not today"})

    user.page.route(re.compile(r"/chats/\d+/messages$"), refuse, times=1)
    message = user.send(chat, "May I?")
    expect(user).to_have_status(message, "failed")
    return message


@pytest.mark.expects_errors(r"\b422\b")
def test_a_message_that_was_refused_is_sent_again_when_one_asks_for_it(user1: User, user2: User, chats: Chats) -> None:
    chat = chats.direct(user1, user2)
    user1.open_chat(chat)
    user2.open_chat(chat)

    message = send_in_vain(user1, chat)
    user1.page.get_by_role("button", name="Retry").click()

    expect(user1).to_have_status(message, "sent")
    expect(user2, since=message).to_show_exactly(message)
    in_page(user1.page.get_by_role("alert")).to_have_count(0)


@pytest.mark.expects_errors(r"\b422\b")
def test_a_message_that_was_refused_and_given_up_is_gone(user1: User, user2: User, chats: Chats) -> None:
    chat = chats.direct(user1, user2)
    user1.open_chat(chat)
    user2.open_chat(chat)

    message = send_in_vain(user1, chat)
    shown = user1.timeline.cursor()
    user1.page.get_by_role("button", name="Discard").click()

    expect(user1, since=shown).to_have_lost_message(message)
    user1.reload()
    user1.open_chat(chat)
    fence = user1.send(chat, "I did not say anything")
    expect(user1, since=user1.opened_at).to_show_exactly(fence)
    expect(user2, since=message).to_show_exactly(fence)


@pytest.mark.own_network
def test_a_send_that_is_never_answered_is_given_up_and_tried_again(user1: User, user2: User, chats: Chats) -> None:
    chat = chats.direct(user1, user2)
    user1.open_chat(chat)
    user2.open_chat(chat)
    user1.set_clock()
    asked: list[Route] = []

    def never_answer(route: Route) -> None:
        asked.append(route)
        user1.timeline.waker.wake()  # it is no event

    user1.page.route(re.compile(r"/chats/\d+/messages$"), never_answer, times=1)
    sent = [user1.send(chat, text) for text in ("One", "Two")]
    assert user1.timeline.wait_for(lambda: asked or None, user1.app.patience_s), "the page never asked"

    for _ in range(4):
        user1.let_time_pass(30)

    expect(user2, since=sent[0], timeout_s=RECONNECTS_WITHIN_S).to_show_exactly(*sent)
    expect([user1, user2]).to_agree(chat)


@pytest.mark.own_network
def test_what_was_not_sent_goes_out_after_coming_back_without_its_chat_being_opened(
    user1: User, user2: User, chats: Chats
) -> None:
    chat = chats.direct(user1, user2)
    open_and_load(user1, chat)
    user1.link.cut(of="requests")
    message = user1.send(chat, "Take it with you")
    expect(user1, since=message).to_show(message)
    user1.leave()
    user1.link.restore()

    user1.come_back()

    expect(user2, since=message, timeout_s=RECONNECTS_WITHIN_S).to_have_unread(chat, 1)
    expect([user1, user2]).to_agree(chat)
