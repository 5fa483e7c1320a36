"""Chats of more messages than a page of history holds."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect as in_page

from duologue import expect
from duologue.app import Chat, ChatApi
from duologue.people import Chats, User

pytestmark = pytest.mark.e2e

SCROLL = """(scroller, to) => new Promise(done => {
    scroller.addEventListener('scroll', () => requestAnimationFrame(done), {once: true});
    scroller.scrollTop = to;
})"""


def open_long(user: User, chat: Chat, chat_api: ChatApi, author: User, count: int) -> None:
    """Open a chat in which somebody has said so much, from "Long ago 0" on."""
    for number in range(count):
        chat_api.send(author.account, chat, f"Long ago {number}")
    user.open_chat(chat)
    expect(user, since=user.opened_at).to_show(f"Long ago {count - 1}")


def test_opening_a_chat_reads_also_what_lies_far_above(
    user1: User, user2: User, chats: Chats, chat_api: ChatApi
) -> None:
    chat, other = chats.direct(user1, user2), chats.with_somebody(user2)
    first = user1.send(chat, "Far above")
    user1.send(chat, "As far")
    expect(user2, since=first).to_have_unread(chat, 2)
    last = [chat_api.send(user2.account, chat, f"By another program {number}").text for number in range(1, 61)][-1]
    start = user2.timeline.cursor()

    user2.open_chat(chat)
    expect(user2, since=user2.opened_at).to_show(last)
    user2.open_chat(other)

    expect(user2, since=start).to_have_read(chat)
    user2.reload()
    expect(user2, since=user2.loaded_at).to_still_have_unread(chat, 0)


def test_who_reads_far_up_stays_there_when_something_comes(
    user1: User, user2: User, chats: Chats, chat_api: ChatApi
) -> None:
    chat = chats.direct(user1, user2)
    open_long(user2, chat, chat_api, user1, 40)
    scroller = user2.page.get_by_role("log")
    scroller.evaluate(SCROLL, 500)

    message = user1.send(chat, "Here is something new")

    expect(user2).to_show(message)
    in_page(user2.page.get_by_role("button", name="New messages")).to_be_visible()
    assert scroller.evaluate("it => it.scrollTop") == 500
    user2.page.get_by_role("button", name="New messages").click()
    expect(user2).to_show_in_view(message)


def test_older_messages_push_away_nothing_that_somebody_reads(
    user1: User, user2: User, chats: Chats, chat_api: ChatApi
) -> None:
    chat = chats.direct(user1, user2)
    open_long(user2, chat, chat_api, user1, 80)
    read = user2.page.get_by_text("Long ago 31", exact=True)  # a page of history is fifty
    scroller = user2.page.get_by_role("log")
    height = scroller.evaluate("it => it.clientHeight")

    scroller.evaluate(SCROLL, 0)

    expect(user2).to_show("Long ago 0")
    expect(user2).to_have_no_request_open()
    place = read.bounding_box()
    assert place
    assert 0 < place["y"] < height, "still on the screen, though forty came above it"


def test_a_chat_that_one_comes_back_to_is_at_its_end(user1: User, user2: User, chats: Chats, chat_api: ChatApi) -> None:
    chat, other = chats.direct(user1, user2), chats.group(user1, user2, name="Just as long")
    for long in (chat, other):
        for number in range(40):
            chat_api.send(user1.account, long, f"{long} says {number}")
        user2.open_chat(long)
        expect(user2, since=user2.opened_at).to_show(f"{long} says 39")
    user2.page.get_by_role("log").evaluate(SCROLL, 500)

    user2.open_chat(chat)

    expect(user2).to_show_in_view(f"{chat} says 39")
    in_page(user2.page.get_by_role("button", name="New messages")).to_have_count(0)


def test_older_messages_take_nobody_from_what_they_edit(
    user1: User, user2: User, chats: Chats, chat_api: ChatApi
) -> None:
    chat = chats.direct(user1, user2)
    open_long(user2, chat, chat_api, user2, 80)
    edited = user2.page.get_by_test_id("message").filter(has_text="Long ago 50")
    edited.hover()
    edited.get_by_role("button", name="Edit message").click()
    user2.page.get_by_role("textbox", name="Edit message").fill("Long ago fifty")

    user2.scroll_up()
    expect(user2).to_show("Long ago 0")
    user2.page.get_by_role("textbox", name="Edit message").press("Enter")

    expect(user2).to_show("Long ago fifty")
    texts = [f"Long ago {number}" for number in range(80)]
    assert [seen.text for seen in chat_api.messages(user1.account, chat)] == [
        *texts[:50],
        "Long ago fifty",
        *texts[51:],
    ]
