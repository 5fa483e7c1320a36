"""The dialogs in which chats are made and members found."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator
from playwright.sync_api import expect as in_page

from duologue import expect
from duologue.app import ChatApi
from duologue.people import Cast, Chats, User
from duologue.suite.text import NAME as MARKUP
from duologue.suite.typing import typing_of

pytestmark = pytest.mark.e2e


def search(user: User, box: str, other: User) -> Locator:
    """The row of `other`, once no other one is left to take: a row that moves under a press is not pressed."""
    dialog = user.page.get_by_role("dialog")
    takes = dialog.get_by_role("checkbox", checked=False).or_(dialog.get_by_role("button", name="Add"))
    dialog.get_by_label(box).fill(other.account.username)
    in_page(takes).to_have_count(1)
    return dialog.get_by_role("listitem").filter(has_text=f"@{other.account.username}")


def test_adding_a_member_moves_no_chat(user1: User, user2: User, user3: User, chats: Chats) -> None:
    group, chat = chats.group(user1, user2, name="Growing"), chats.direct(user1, user2)
    user1.open_chat(group)
    start = user1.timeline.cursor()

    user1.page.get_by_role("button", name="Members").click()
    search(user1, "Add member", user3).get_by_role("button", name="Add").click()
    user1.page.get_by_role("list", name="Members").get_by_text(f"@{user3.account.username}").wait_for()

    fence = user2.send(chat, "Still above")
    expect(user1, since=start).to_keep_order(until=fence)


@pytest.mark.parametrize("began", ["user1", "user2"])
def test_a_direct_chat_that_is_there_is_opened_and_not_moved(
    user1: User, user2: User, user3: User, chats: Chats, began: str
) -> None:
    chat = chats.direct(user1, user2) if began == "user1" else chats.direct(user2, user1)
    above = chats.direct(user1, user3)
    start = user1.timeline.cursor()

    user1.page.get_by_role("button", name="New chat").click()
    search(user1, "Search people", user2).get_by_role("checkbox").check()
    user1.page.get_by_role("button", name="Create chat").click()

    opened = user1.timeline.wait_for(lambda: user1.is_open(chat) or None, user1.app.patience_s)
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
        search(user1, "Search people", other).get_by_role("checkbox").check()
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


def test_the_members_of_a_group_are_shown_as_they_change(user1: User, user2: User, user3: User, chats: Chats) -> None:
    group = chats.group(user1, user2, name="Changing")
    user2.open_chat(group)
    user2.page.get_by_role("button", name="Members").click()
    members = user2.page.get_by_role("list", name="Members").get_by_role("listitem")
    in_page(members).to_have_count(2)

    group = chats.add(group, user1, user3)

    in_page(members).to_have_count(3)
    in_page(members.last).to_contain_text(user3.account.display_name)
    chats.remove(group, user1, user3)
    in_page(members).to_have_count(2)


def test_who_leaves_a_group_has_it_no_more_and_the_others_see_it(
    user1: User, user2: User, user3: User, chats: Chats, chat_api: ChatApi
) -> None:
    group = chats.group(user1, user2, user3, name="Left")
    other = chats.direct(user1, user2)
    user1.open_chat(group)
    user1.page.get_by_role("button", name="Members").click()
    start = user2.timeline.cursor()
    user2.open_chat(group)

    user2.page.get_by_role("button", name="Members").click()
    user2.page.get_by_role("button", name="Leave chat").click()

    expect(user2, since=start).to_have_lost(group)
    in_page(user1.page.get_by_role("list", name="Members").get_by_role("listitem")).to_have_count(2)
    chat_api.send(user3.account, group, "Who is still here?")
    chat_api.send(user1.account, other, "It is quiet there")
    expect(user2, since=start).to_have_unread(other, 1)
    assert user2.key(group) not in [row.key for row in user2.chats]


def test_escape_closes_a_dialog_and_gives_the_focus_back(user1: User) -> None:
    opener = user1.page.get_by_role("button", name="New chat")
    user1.page.bring_to_front()
    opener.focus()
    user1.page.keyboard.press("Enter")
    in_page(user1.page.get_by_role("dialog")).to_be_visible()
    in_page(user1.page.get_by_label("Search people")).to_be_focused()

    user1.page.keyboard.press("Escape")

    in_page(user1.page.get_by_role("dialog")).to_have_count(0)
    in_page(opener).to_be_focused()


def test_a_name_is_text_also_where_people_are_looked_for_and_type(user1: User, cast: Cast) -> None:
    eve = cast.visitor("eve", MARKUP)
    eve.sign_in()
    group = cast.chat(user1, eve, name="With Eve")
    user1.open_chat(group)
    eve.open_chat(group)

    eve.type("Do you see who I am?")

    expect(user1).to_show_sign("typing", typing_of(eve))
    user1.page.get_by_role("button", name="Members").click()
    in_page(user1.page.get_by_role("list", name="Members")).to_contain_text(MARKUP)
    user1.page.keyboard.press("Escape")
    user1.page.get_by_role("button", name="New chat").click()
    user1.page.get_by_label("Search people").fill(eve.account.username)
    in_page(user1.page.get_by_role("dialog").get_by_role("listitem").first).to_contain_text(MARKUP)
    assert "hacked" not in user1.page.title()


@pytest.mark.parametrize("closing", ["by its button", "by a press beside it", "by Escape"])
def test_a_dialog_that_was_closed_opens_again(user1: User, closing: str) -> None:
    dialog = user1.page.get_by_role("dialog")
    for _ in range(2):
        user1.page.get_by_role("button", name="New chat").click()
        in_page(dialog).to_be_visible()

        if closing == "by its button":
            dialog.get_by_role("button", name="Close").click()
        elif closing == "by a press beside it":
            user1.page.mouse.click(5, 5)
        else:
            dialog.press("Escape")

        in_page(dialog).to_have_count(0)
