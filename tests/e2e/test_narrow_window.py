"""The page on a phone: everything is within the window, however long a name or a word is."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect as in_page

from duologue import expect
from duologue.people import Chats, User

pytestmark = pytest.mark.e2e

PHONE = {"width": 360, "height": 740}
BEYOND_THE_EDGE = """() => [...document.querySelectorAll('h1, button, textarea, p, li, time')]
    .filter(element => element.checkVisibility() && element.getBoundingClientRect().right > innerWidth + 1)
    .map(element => `<${element.localName}> ${element.textContent.trim().slice(0, 40)}`)"""


def test_a_long_name_pushes_nothing_beyond_the_edge_of_a_phone(user1: User, user2: User, chats: Chats) -> None:
    group = chats.group(user1, user2, name="Weekend trip to the mountains and everywhere beyond them")
    user2.page.set_viewport_size(PHONE)

    user2.open_chat(group)
    message = user1.send(group, "A word without an end: " + "Donaudampfschifffahrt" * 8)
    expect(user2).to_show(message)

    assert user2.page.evaluate(BEYOND_THE_EDGE) == [], "beyond the edge of the window"


def test_the_list_stays_within_a_phone(user1: User, user2: User, chats: Chats) -> None:
    group = chats.group(user1, user2, name="Weekend trip to the mountains and everywhere beyond them")
    user2.page.set_viewport_size(PHONE)

    user1.send(group, "A word without an end: " + "Donaudampfschifffahrt" * 8)
    expect(user2).to_have_unread(group, 1)

    assert user2.page.evaluate(BEYOND_THE_EDGE) == [], "beyond the edge of the window"


def test_back_shows_the_list_also_where_the_chat_was_opened_by_its_address(
    user1: User, user2: User, chats: Chats
) -> None:
    chat, other = chats.direct(user1, user2), chats.with_somebody(user2)
    user2.page.set_viewport_size(PHONE)
    user2.leave()
    for address in (other, chat):
        start = user2.timeline.cursor()
        user2.page.goto(f"/chats/{address}")
        user2.wait_until_connected(start)

    user2.page.get_by_role("button", name="Back").click()

    user2.app.row(user2.page, user2.key(chat)).wait_for()
    user2.open_chat(other)


@pytest.mark.own_network
def test_an_open_chat_tells_on_a_phone_too_that_the_connection_is_gone(user1: User, user2: User, chats: Chats) -> None:
    user2.page.set_viewport_size(PHONE)
    user2.open_chat(chats.direct(user1, user2))
    line = user2.page.get_by_test_id("connection")
    in_page(line).to_be_visible()

    user2.link.cut()

    in_page(line).to_have_text(re.compile("reconnecting"))
    in_page(line).to_be_visible()
    box = line.bounding_box()
    assert box
    assert box["height"] > 1, "in sight, and not for screen readers alone"


@pytest.mark.parametrize("width", [360, 639, 667, 720, 900])
def test_at_any_width_one_comes_from_an_open_chat_to_another(
    user1: User, user2: User, chats: Chats, width: int
) -> None:
    chat, other = chats.direct(user1, user2), chats.group(user1, user2, name="Another")
    user2.page.set_viewport_size({"width": width, "height": 375})
    user2.open_chat(chat)
    back = user2.page.get_by_role("button", name="Back")

    if not user2.app.row(user2.page, user2.key(other)).is_visible():
        back.click()
    user2.open_chat(other)

    message = user1.send(other, "Here we are")
    expect(user2).to_show(message)


def test_a_finger_that_scrolls_the_list_opens_nothing(user1: User, user2: User, chats: Chats) -> None:
    chat, other = chats.direct(user1, user2), chats.group(user1, user2, name="Another")
    message = user1.send(chat, "Unread as yet")
    expect(user2, since=message).to_have_unread(chat, 1)
    row = user2.app.row(user2.page, user2.key(chat)).get_by_role("link")
    start = user2.timeline.cursor()

    for event in (
        "pointerdown",
        "pointermove",
        "pointercancel",
    ):  # what a browser tells of a finger that begins to scroll
        row.dispatch_event(event, {"pointerType": "touch", "button": 0, "bubbles": True, "isPrimary": True})

    fence = user1.send(other, "Where did you scroll to?")
    expect(user2, since=start).to_keep_unread(chat, 1, until=fence)
    assert not user2.is_open(chat)
