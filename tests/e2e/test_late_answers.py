"""Answers that come late, or never: what the page shows is what is so."""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import APIResponse, Route
from playwright.sync_api import expect as in_page

from duologue import expect
from duologue.people import Chats, User
from duologue.suite.outages import RECONNECTS_WITHIN_S
from fixtures.api import ReferenceApi

pytestmark = [pytest.mark.e2e, pytest.mark.own_network]


def hold_next(user: User, path: str, body: str | None = None) -> list[tuple[Route, APIResponse]]:
    """Hold the answer to the window's next request to a path back; it is in the list once the server has given it.

    `body` is what the request holds, which not every Firefox tells to whoever makes it in the page's place.
    """
    held: list[tuple[Route, APIResponse]] = []

    def hold(route: Route) -> None:
        held.append((route, route.fetch(post_data=body)))
        user.timeline.waker.wake()  # it is no event, and whoever waits for it would wake at the next one only

    user.page.route(path, hold, times=1)
    return held


def wait_until_held(user: User, held: list[tuple[Route, APIResponse]]) -> None:
    """Return once the server has given the answer that is to be held back."""
    assert user.timeline.wait_for(lambda: held or None, user.app.patience_s), "the page never asked"


def wait_until_drawn(user: User, url: str) -> None:
    """Return once an answer has come whole, and the page has had the time to draw what it makes of it."""

    def has_come() -> bool | None:
        return (
            bool(user.timeline.find(kind="response_end", source=user.window, where=lambda it: url in it.text)) or None
        )

    assert user.timeline.wait_for(has_come, user.app.patience_s), "the answer never came whole"
    user.page.evaluate("() => new Promise(drawn => requestAnimationFrame(() => requestAnimationFrame(drawn)))")


def release(user: User, held: list[tuple[Route, APIResponse]]) -> None:
    """Let the answer come that is held back."""
    wait_until_held(user, held)
    route, answer = held[0]
    route.fulfill(response=answer)
    expect(user).to_have_no_request_open()


def test_a_late_answer_to_an_edit_takes_no_later_edit_back(
    user1: User, user2: User, chats: Chats, chat_api: ReferenceApi
) -> None:
    chat = chats.direct(user1, user2)
    user1.open_chat(chat)
    user2.open_chat(chat)
    message = user1.send(chat, "Meet at noon")
    expect(user2).to_show(message)
    held = hold_next(user1, "**/messages/*", json.dumps({"content": "Meet at one"}))
    edited = user1.edit(message, "Meet at one")
    expect(user2).to_show(edited)
    number = chat_api.messages(user1.account, chat)[0].id

    chat_api.call("PATCH", f"messages/{number}", user1.account, json={"content": "Meet at two"})
    expect(user1).to_receive_frame(re.compile("Meet at two"))
    release(user1, held)

    expect(user2, since=edited).to_show("Meet at two")
    expect(user1, since=edited).to_show("Meet at two")


def test_a_deletion_that_never_left_is_none(user1: User, user2: User, chats: Chats) -> None:
    chat = chats.direct(user1, user2)
    user2.open_chat(chat)
    message = user1.send(chat, "Still there")
    expect(user2).to_show(message)
    user1.link.cut()
    start = user1.timeline.cursor()

    user1.delete(message)

    expect(user1).to_have_no_request_open()
    user1.link.restore()
    expect(user1, since=start, timeout_s=RECONNECTS_WITHIN_S).to_have_opened_socket()
    fence = user2.send(chat, "Did you mean to delete it?")
    expect(user1, since=start).to_keep_showing_once(message, until=fence)
    expect(user2, since=start).to_keep_showing_once(message, until=fence)


def test_what_was_sent_in_a_second_outage_comes_though_the_answer_about_the_first_was_late(
    user1: User, user2: User, chats: Chats
) -> None:
    chat = chats.direct(user1, user2)
    user2.open_chat(chat)
    held = hold_next(user2, "**/sync?*")
    for text in ("In the first outage", "In the second"):
        user2.link.cut(of="sockets")
        message = user1.send(chat, text)
        expect(user1).to_have_status(message, user1.app.sent_status)
        start = user2.timeline.cursor()
        user2.link.restore()
        expect(user2, since=start, timeout_s=RECONNECTS_WITHIN_S).to_have_opened_socket()
        wait_until_held(user2, held)

    release(user2, held)

    expect(user2, since=message).to_show(message)
    expect([user1, user2]).to_agree(chat)


def test_a_late_answer_about_an_outage_counts_nothing_away_that_came_since(
    user1: User, user2: User, chats: Chats
) -> None:
    chat, other = chats.direct(user1, user2), chats.group(user1, user2, name="Fence")
    held = hold_next(user2, "**/sync?*")
    user2.link.cut(of="sockets")
    missed = user1.send(chat, "Missed")
    expect(user1).to_have_status(missed, user1.app.sent_status)
    user2.link.restore()
    wait_until_held(user2, held)
    second = user1.send(chat, "Live again")
    expect(user2, since=second).to_have_unread(chat, 2)
    counted = user2.timeline.cursor()

    release(user2, held)

    fence = user1.send(other, "All here?")
    expect(user2, since=counted).to_keep_unread(chat, 2, until=fence)


def test_a_late_answer_with_the_last_ones_chats_shows_them_to_nobody(user1: User, user2: User, chats: Chats) -> None:
    chats.group(user1, user2, name="None of yours")
    held = hold_next(user1, "**/api/chats")
    user1.page.reload()
    wait_until_held(user1, held)
    user1.sign_out()
    user1.account = user1.cast.account("next")
    user1.sign_in_by_form()

    release(user1, held)

    mine = chats.direct(user1, user2)
    assert [row.key for row in user1.chats] == [user1.key(mine)]


def test_what_changes_while_older_messages_load_is_shown_as_it_is(
    user1: User, user2: User, chats: Chats, chat_api: ReferenceApi
) -> None:
    chat = chats.direct(user1, user2)
    user1.open_chat(chat)
    old, older = user1.send(chat, "Meet at noon"), user1.send(chat, "Never mind")
    texts = [chat_api.send(user2.account, chat, f"Message {number}").text for number in range(1, 81)]
    expect(user1, since=old).to_show(texts[-1])
    user2.open_chat(chat)
    expect(user2, since=user2.opened_at).to_show(texts[-1])
    held = hold_next(user2, "**/messages?before=*")
    user2.scroll_up()
    wait_until_held(user2, held)

    edited = user1.edit(old, "Meet at one")
    user1.delete(older)
    expect(user2).to_receive(user1.send(chat, "Changed my mind"))
    release(user2, held)

    expect(user2, since=edited).to_show(edited)
    assert not {str(old), str(older)} & {seen.text for seen in user2.messages}, "as it was before the change"


def test_a_late_answer_to_an_earlier_search_shows_nobody(user1: User, user2: User, user3: User) -> None:
    user1.page.get_by_role("button", name="New chat").click()
    people = user1.page.get_by_role("dialog").get_by_role("checkbox")
    held = hold_next(user1, f"**/users?query={user2.account.username}")
    user1.page.get_by_label("Search people").fill(user2.account.username)
    wait_until_held(user1, held)
    user1.page.get_by_label("Search people").fill(user3.account.username)
    in_page(people).to_have_count(1)
    in_page(people).to_have_accessible_name(user3.account.display_name)

    release(user1, held)
    wait_until_drawn(user1, f"users?query={user2.account.username}")

    assert people.count() == 1
    in_page(people).to_have_accessible_name(user3.account.display_name)


@pytest.mark.usefixtures("user2", "user3")
def test_a_dialog_closes_whose_button_was_pressed_while_people_came(user1: User) -> None:
    held = hold_next(user1, "**/users?*")
    user1.page.get_by_role("button", name="New chat").click()
    dialog = user1.page.get_by_role("dialog")
    wait_until_held(user1, held)
    dialog.get_by_role("button", name="Close").hover()
    user1.page.mouse.down()

    release(user1, held)
    in_page(dialog.get_by_role("checkbox").nth(1)).to_be_visible()
    user1.page.mouse.up()

    in_page(dialog).to_have_count(0)
