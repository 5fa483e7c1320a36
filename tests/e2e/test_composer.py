"""The composer by keyboard: what Enter sends, what it does not, and that one can go on typing."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect as in_page

from duologue import expect
from duologue.people import Chats, User
from duologue.suite.outages import AT_ONCE_S
from duologue.suite.typing import typing_of

pytestmark = pytest.mark.e2e

# What a browser tells a page when Enter takes a word that is being composed, as in Japanese or Chinese.
ENTER_OF_A_COMPOSITION = """composer => composer.dispatchEvent(
    new KeyboardEvent('keydown', {key: 'Enter', isComposing: true, bubbles: true, cancelable: true}))"""


def test_enter_that_ends_the_composition_of_a_word_sends_nothing(user1: User, user2: User, chats: Chats) -> None:
    chat = chats.direct(user1, user2)
    user1.open_chat(chat)
    user2.open_chat(chat)
    start = user1.timeline.cursor()
    user1.type("日本")

    user1.page.locator(user1.app.composer).evaluate(ENTER_OF_A_COMPOSITION)

    expect(user1).to_have_typed("日本")
    user1.type("語")
    user1.page.locator(user1.app.composer).press("Enter")
    expect(user2).to_show("日本語")
    expect(user2, since=start).to_show_exactly("日本語")


def test_shift_and_enter_begin_a_line(user1: User, user2: User, chats: Chats) -> None:
    chat = chats.direct(user1, user2)
    user1.open_chat(chat)
    user2.open_chat(chat)

    user1.type("One")
    user1.page.locator(user1.app.composer).press("Shift+Enter")
    user1.type("Two")
    user1.page.locator(user1.app.composer).press("Enter")

    expect(user2).to_show("One\nTwo")


def test_indented_lines_and_runs_of_spaces_are_drawn_as_they_were_typed(user1: User, user2: User, chats: Chats) -> None:
    chat = chats.direct(user1, user2)
    user2.open_chat(chat)

    message = user1.send(chat, "if so:\n    then  that")

    expect(user2).to_show(message)
    assert user2.page.locator(user2.app.messages.text.selector).inner_text() == message.text


def test_all_that_is_typed_and_not_sent_is_there_after_a_reload(user1: User, user2: User, chats: Chats) -> None:
    both = chats.direct(user1, user2), chats.group(user1, user2, name="All")
    drafts = tuple(zip(both, ("Only for user2", "For everybody"), strict=True))
    for chat, text in drafts:
        user1.open_chat(chat)
        user1.type(text)
        expect(user1).to_have_typed(text)

    user1.reload()

    for chat, text in drafts:
        user1.open_chat(chat)
        expect(user1).to_have_typed(text)


def test_one_types_on_where_one_has_sent(user1: User, user2: User, chats: Chats) -> None:
    chat = chats.direct(user1, user2)
    user1.open_chat(chat)
    user2.open_chat(chat)
    start = user1.timeline.cursor()
    user1.page.bring_to_front()
    user1.page.locator(user1.app.composer).focus()

    for text in ("First", "Second"):
        user1.page.keyboard.type(text)
        user1.page.keyboard.press("Enter")

    expect(user2).to_show("Second")
    expect(user2, since=start).to_show_exactly("First", "Second")


def test_blanks_alone_are_no_message(user1: User, user2: User, chats: Chats) -> None:
    chat = chats.direct(user1, user2)
    user1.open_chat(chat)
    user2.open_chat(chat)
    start = user1.timeline.cursor()

    for blank in ("", "  \u3000 "):
        user1.type(blank)
        user1.page.locator(user1.app.composer).press("Enter")

    fence = user1.send(chat, "Something")
    expect(user2, since=start).to_show_exactly(fence)
    expect(user1, since=start).to_show_exactly(fence)


def test_typing_ends_at_once_when_what_was_typed_is_taken_back(user1: User, user2: User, chats: Chats) -> None:
    chat = chats.direct(user1, user2)
    user1.open_chat(chat)
    user2.open_chat(chat)
    user1.type("On second thoughts")
    expect(user2).to_show_sign("typing", typing_of(user1))
    shown = user2.timeline.cursor()

    user1.page.locator(user1.app.composer).fill("")

    expect(user2, since=shown, timeout_s=AT_ONCE_S).to_show_sign("typing", "")


def test_typing_ends_at_once_when_one_goes_to_another_chat(user1: User, user2: User, chats: Chats) -> None:
    chat, other = chats.direct(user1, user2), chats.with_somebody(user1)
    user1.open_chat(chat)
    user2.open_chat(chat)
    user1.type("I will go on later")
    expect(user2).to_show_sign("typing", typing_of(user1))
    shown = user2.timeline.cursor()

    user1.open_chat(other)

    expect(user2, since=shown, timeout_s=AT_ONCE_S).to_show_sign("typing", "")


def test_ten_thousand_emoji_are_one_message(user1: User, user2: User, chats: Chats) -> None:
    chat = chats.direct(user1, user2)
    user2.open_chat(chat)

    message = user1.send(chat, "👍" * 10_000)

    expect(user2).to_show(message)


def test_enter_that_ends_a_composition_ends_no_edit(user1: User, user2: User, chats: Chats) -> None:
    chat = chats.direct(user1, user2)
    user2.open_chat(chat)
    message = user1.send(chat, "日本")
    expect(user1).to_have_status(message, "sent")
    user1.page.get_by_test_id("message").hover()
    user1.page.get_by_role("button", name="Edit message").click()
    editor = user1.page.get_by_role("textbox", name="Edit message")
    editor.fill("日本ご")

    editor.evaluate(ENTER_OF_A_COMPOSITION)

    expect(user1).to_have_no_request_open()
    in_page(editor).to_have_value("日本ご")
    editor.fill("日本語")
    editor.press("Enter")
    expect(user2, since=message).to_show("日本語")
    assert "日本ご" not in {seen.text for seen in user2.messages}
