"""The dialogs in which chats are made and members found."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect as in_page

from duologue import expect
from duologue.people import Cast, Chats, User
from duologue.people.window import PATIENCE_S

pytestmark = pytest.mark.e2e


def test_adding_a_member_moves_no_chat(user1: User, user2: User, user3: User, chats: Chats) -> None:
    group, chat = chats.group(user1, user2, name="Growing"), chats.direct(user1, user2)
    user1.open_chat(group)
    start = user1.timeline.cursor()

    user1.page.get_by_role("button", name="Members").click()
    user1.page.get_by_label("Add member").fill(user3.account.username)
    found = user1.page.get_by_role("listitem").filter(has_text=f"@{user3.account.username}")
    found.get_by_role("button", name="Add").click()
    user1.page.get_by_role("list", name="Members").get_by_text(f"@{user3.account.username}").wait_for()

    fence = user2.send(chat, "Still above")
    expect(user1, since=start).to_keep_order(until=fence)


def test_a_direct_chat_that_is_there_is_opened_and_not_moved(
    user1: User, user2: User, user3: User, chats: Chats
) -> None:
    chat, above = chats.direct(user1, user2), chats.direct(user1, user3)
    start = user1.timeline.cursor()

    user1.page.get_by_role("button", name="New chat").click()
    user1.page.get_by_label("Search people").fill(user2.account.username)
    found = user1.page.get_by_role("listitem").filter(has_text=f"@{user2.account.username}")
    found.get_by_role("checkbox").check()
    user1.page.get_by_role("button", name="Create chat").click()

    opened = user1.timeline.wait_for(lambda: user1.is_open(chat) or None, PATIENCE_S)
    assert opened, "the chat that was there is open"
    fence = user3.send(above, "Still above")
    expect(user1, since=start).to_keep_order(until=fence)


@pytest.mark.parametrize("wildcard", ["_", "%"])
def test_people_are_searched_by_what_was_typed_and_by_no_pattern(user1: User, cast: Cast, wildcard: str) -> None:
    start = f"find{cast.mark}"
    for name in (f"{start}{wildcard}1", f"{start}x1"):
        cast.api.create_account(name, f"Called {name}", "correct horse battery")
    user1.page.get_by_role("button", name="New chat").click()
    people = user1.page.get_by_role("dialog").get_by_role("checkbox")
    user1.page.get_by_label("Search people").fill(start)
    in_page(people).to_have_count(2)

    user1.page.get_by_label("Search people").fill(f"{start}{wildcard}")

    in_page(people).to_have_count(1)
    in_page(people).to_have_accessible_name(f"Called {start}{wildcard}1")


@pytest.mark.own_network
def test_a_group_that_got_no_answer_and_is_asked_for_again_is_there_once(
    user1: User, user2: User, user3: User, chats: Chats
) -> None:
    chat = chats.direct(user2, user3)
    user1.page.get_by_role("button", name="New chat").click()
    for other in (user2, user3):
        user1.page.get_by_label("Search people").fill(other.account.username)
        found = user1.page.get_by_role("listitem").filter(has_text=f"@{other.account.username}")
        found.get_by_role("checkbox").check()
    user1.page.get_by_label("Group name").fill("Made once")
    create = user1.page.get_by_role("button", name="Create chat")

    user1.link.lose_answers(2)  # a browser may repeat a request by itself when it gets no answer at all
    create.click()
    in_page(user1.page.get_by_role("dialog").get_by_role("alert")).to_be_visible()
    user1.link.restore()
    create.click()
    in_page(user1.page.get_by_role("dialog")).to_have_count(0)

    fence = user3.send(chat, "Are you in it twice?")
    expect(user2, since=fence).to_have_unread(chat, 1)
    assert [[row.name for row in user.chats].count("Made once") for user in (user1, user2, user3)] == [1, 1, 1]
