"""Text of all kinds arrives as it was typed, and is text everywhere."""

from __future__ import annotations

import pytest

from duologue.app import Account, ChatApi
from duologue.expect import expect
from duologue.people import Cast, Chats, User

pytestmark = pytest.mark.e2e

TEXTS = {
    "emoji of four bytes": "👍🏽 👩‍👩‍👧‍👦 🏳️‍🌈 🇳🇱",
    "right to left": "שלום עולם, مرحبا بالعالم",
    "combining marks": "Z͑ͫa̴l̷g̶o̸ e\u0301 a\u030a ก็็็",
    "joined and not joined": "می\u200cخواهم \u0915\u094d\u200d\u0937 👨\u200d👩\u200d👧",
    "scripts": "日本語 한국어 ελληνικά кириллица हिन्दी ไทย",
    "markup": "<b>bold</b> <img src=x onerror=alert(1)> &amp; <script>alert(2)</script>",
    "a template": "{{ 7 * 7 }} ${7 * 7} %s %d \\n \\u0041",
}


UNFORMATTED = pytest.mark.promised("formats=False")


@pytest.mark.parametrize(
    "text",
    [
        *(pytest.param(text, id=name) for name, text in TEXTS.items()),
        pytest.param("""it's "quoted" \\ / `so`""", id="quotes and slashes", marks=UNFORMATTED),
        pytest.param("*one* **two** _three_ ~~four~~", id="marks of formatting", marks=UNFORMATTED),
    ],
)
def test_a_message_arrives_as_it_was_typed(user1: User, user2: User, chats: Chats, text: str) -> None:
    chat = chats.direct(user1, user2)
    user2.open_chat(chat)

    user1.send(chat, text)

    expect(user2).to_show(text)


@pytest.mark.parametrize("ten", ["0123456789", "привет мир"], ids=["of one byte", "of two bytes"])
@pytest.mark.promised("long_messages")
def test_a_message_of_ten_thousand_characters_arrives_as_one(user1: User, user2: User, chats: Chats, ten: str) -> None:
    chat = chats.direct(user1, user2)
    user2.open_chat(chat)

    message = user1.send(chat, ten * 1000)

    expect(user2).to_show(message)


@pytest.mark.promised("history")
def test_a_message_of_emoji_is_there_after_a_reload(user1: User, user2: User, chats: Chats) -> None:
    chat = chats.direct(user1, user2)
    message = user1.send(chat, "🎉🎂🎈")
    expect(user1).to_show(message)

    user2.reload()
    user2.open_chat(chat)

    expect(user2, since=user2.loaded_at).to_show_exactly(message)


NAME = "<img src=x onerror=\"document.title='hacked'\">Eve"


@pytest.mark.promised("free_names")
def test_a_display_name_is_text_and_not_markup(user1: User, cast: Cast) -> None:
    eve: Account = cast.account("eve", NAME)

    chat = cast.chat(eve, user1)

    title = chat.titles[user1.account.username]
    assert NAME in title
    assert [row.name for row in user1.chats if row.key == user1.key(chat)] == [title]
    expect(user1).to_show(user1.send(chat, "Who are you?"))
    assert "hacked" not in user1.page.title()


@pytest.mark.promised("groups", "free_names", "api_send")
def test_an_authors_name_is_text_and_not_markup(user1: User, cast: Cast, chat_api: ChatApi) -> None:
    eve: Account = cast.account("eve", NAME)
    group = cast.chat(eve, user1, name="With Eve")
    user1.open_chat(group)

    said = chat_api.send(eve, group, "Who am I?").text

    expect(user1).to_show(said)
    assert [message.author for message in user1.messages] == [NAME if user1.app.messages.author else ""]
    assert "hacked" not in user1.page.title()


@pytest.mark.promised("groups", "free_names")
def test_a_groups_name_is_text_and_not_markup(user1: User, user2: User, chats: Chats) -> None:
    group = chats.group(user1, user2, name=NAME)

    title = group.titles[user2.account.username]  # some products write it in their own way
    assert "onerror=" in title
    assert [row.name for row in user2.chats if row.key == user2.key(group)] == [title]
    expect(user2).to_show(user2.send(group, "What are we called?"))
    assert "hacked" not in user2.page.title()


@pytest.mark.promised("previews")
@pytest.mark.parametrize("text", [TEXTS["markup"], TEXTS["emoji of four bytes"], TEXTS["right to left"]])
def test_a_preview_is_the_text_as_it_was_typed(user1: User, user2: User, chats: Chats, text: str) -> None:
    chat = chats.direct(user1, user2)

    user1.send(chat, text)

    expect(user2).to_have_preview(chat, text)
