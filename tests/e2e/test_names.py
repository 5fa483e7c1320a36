"""Names of any script, and texts beside them."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect as in_page

from duologue import expect
from duologue.app import ChatApi
from duologue.people import Cast, Chats, User

pytestmark = pytest.mark.e2e


@pytest.mark.parametrize("name", ["Straße", "ΟΔΟΣ", "İzmir"])
def test_a_name_of_any_script_signs_in_as_it_was_chosen(user1: User, cast: Cast, chats: Chats, name: str) -> None:
    visitor = cast.visitor(name)

    visitor.sign_in_by_form()

    message = user1.send(chats.direct(user1, visitor), "Welcome")
    expect(visitor, since=message).to_have_unread(message.chat, 1)


@pytest.mark.parametrize(
    ("name", "text", "direction"), [("דנה", "Hello, world!", "ltr"), ("Dana", "שלום, עולם!", "rtl")], ids=["ltr", "rtl"]
)
def test_a_text_runs_in_its_own_direction_whatever_its_author_is_called(
    user1: User, cast: Cast, chat_api: ChatApi, name: str, text: str, direction: str
) -> None:
    author = cast.account("dana", name)
    group = cast.chat(author, user1, name="Talk")
    user1.open_chat(group)

    chat_api.send(author, group, text)

    expect(user1).to_show(text)
    shown = user1.page.get_by_test_id("message-text")
    assert shown.evaluate("it => getComputedStyle(it).direction") == direction, "the direction of the text"


def test_who_said_what_stays_in_sight_when_a_group_grows_small(
    user1: User, user2: User, user3: User, chats: Chats
) -> None:
    group = chats.group(user1, user2, user3, name="Shrinking")
    user1.open_chat(group)
    for user in (user2, user3):
        expect(user1).to_show(user.send(group, f"{user.account.display_name} was here"))

    start = user3.timeline.cursor()
    chats.remove(group, user1, user3)

    expect(user3, since=start).to_have_lost(group)
    in_page(user1.page.get_by_text("2 members")).to_be_visible()
    in_page(user1.page.get_by_test_id("message")).to_have_count(2)
    for user in (user2, user3):
        author = user1.page.get_by_test_id("message-author").filter(has_text=user.account.display_name)
        box = author.bounding_box()
        assert box
        assert box["height"] > 1, "in sight, and not for screen readers alone"
