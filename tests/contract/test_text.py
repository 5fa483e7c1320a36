"""Text of any script is stored and given back exactly as typed; what no database holds is refused, never a 500."""

from __future__ import annotations

import pytest

TEXTS = [
    "👩‍👩‍👧‍👦 🏴󠁧󠁢󠁳󠁣󠁴󠁿 🫠",
    "שלום עולם, مرحبا بالعالم",
    "e\u0301 is not \u00e9, o\u0308 neither; Z͑ͫ̓ͪ̂ͫ̽",
    "中文 日本語 한국어 हिन्दी ไทย",
    "\u202eright to left override\u202c",
    "<script>alert(1)</script><svg onload=alert(1)>&amp;&#39;",
    '"; DROP TABLE messages; --',
    "  white space around  \n\n and line breaks \t",
    "line\u2028separator and \x1b[31mescape\x1b[0m and \x7f",
    "\ufeffbyte order mark and \ufffd and \U0010ffff",
]


@pytest.mark.parametrize("text", TEXTS)
def test_text_comes_back_as_typed_live_in_the_api_in_the_list_and_when_catching_up(accounts, text):
    ann, bob = accounts(2)
    chat, ear, cursor = ann.chat_with(bob), bob.socket(), bob.cursor()

    sent = ann.send(chat, text)

    assert sent["content"] == text
    assert ear.until("new_message")["message"]["content"] == text
    assert bob.messages(chat)[0]["content"] == text
    assert bob.chat(chat)["last_message"]["content"] == text
    assert bob.sync(cursor)["events"][0]["message"]["content"] == text


@pytest.mark.parametrize("name", ["👩‍👩‍👧‍👦", "<svg onload=alert(1)>", "שלום", "e\u0301"])
def test_names_come_back_as_typed(accounts, http, name):
    ann, bob = accounts(2)
    username = f"{name}-{ann.user['username']}"[:64]
    body = {"username": username, "password": "password123", "display_name": name}

    user = http.post("/auth/register", json=body).raise_for_status().json()["user"]
    chat = ann.chat(ann.chat_with(bob, name=name))

    assert (user["username"], user["display_name"]) == (username, name)
    assert chat["name"] == name
    [found] = ann.http.get("/users", params={"query": username}).json()
    assert found == user


@pytest.mark.parametrize("character", ["a", "é", "字", "😀"])
def test_ten_thousand_characters_are_a_message_and_one_more_is_not(accounts, character):
    ann, bob = accounts(2)
    chat, ear = ann.chat_with(bob), bob.socket()

    ann.send(chat, character * 10_000)
    too_long = ann.http.post(f"/chats/{chat}/messages", json={"content": character * 10_001, "client_id": "1"})

    assert ear.until("new_message")["message"]["content"] == character * 10_000
    assert too_long.status_code == 422
    assert len(ann.messages(chat)) == 1


@pytest.mark.parametrize("content", ["", " ", "\n\t ", "\u2003", "nul \0 inside"])
def test_blank_messages_and_nul_are_refused_for_sending_and_editing(accounts, content):
    ann, bob = accounts(2)
    chat = ann.chat_with(bob)
    message = ann.send(chat, "good")

    sent = ann.http.post(f"/chats/{chat}/messages", json={"content": content, "client_id": "1"})
    edited = ann.http.patch(f"/messages/{message['id']}", json={"content": content})

    assert (sent.status_code, edited.status_code) == (422, 422)
    assert [stored["content"] for stored in ann.messages(chat)] == ["good"]


@pytest.mark.parametrize("field", ["content", "client_id"])
def test_half_a_surrogate_pair_is_refused_in_an_answer_that_can_be_written(accounts, field):
    ann, bob = accounts(2)
    chat = ann.chat_with(bob)
    values = {"content": "x", "client_id": "1"} | {field: "\\ud83d"}
    body = f'{{"content": "{values["content"]}", "client_id": "{values["client_id"]}"}}'

    answer = ann.http.post(f"/chats/{chat}/messages", content=body, headers={"Content-Type": "application/json"})

    assert answer.status_code == 422
    assert isinstance(answer.json()["detail"], str)


def test_an_edit_shows_to_everybody_and_keeps_its_place(accounts):
    ann, bob = accounts(2)
    chat, ear = ann.chat_with(bob), bob.socket()
    first, second = ann.send(chat, "frist"), ann.send(chat, "second")

    edited = ann.http.patch(f"/messages/{first['id']}", json={"content": "first"}).raise_for_status().json()

    assert (edited["content"], edited["seq"]) == ("first", first["seq"])
    assert edited["edited_at"] >= first["created_at"]
    frame = ear.until("message_edited")
    assert frame["message"] == edited
    assert frame["seq"] > second["seq"]
    assert [message["content"] for message in bob.messages(chat)] == ["first", "second"]


def test_a_deleted_message_stays_as_a_tombstone_that_cannot_be_edited(accounts):
    ann, bob = accounts(2)
    chat, ear = ann.chat_with(bob), bob.socket()
    message = ann.send(chat, "oops")

    deletions = [ann.http.delete(f"/messages/{message['id']}").status_code for _ in range(2)]

    tombstone = message | {"content": "", "deleted": True}
    assert deletions == [204, 204]
    assert bob.messages(chat) == [tombstone]
    [frame] = ear.so_far("message_deleted")
    assert (frame["message_id"], frame["message"]) == (message["id"], tombstone)
    assert ann.http.patch(f"/messages/{message['id']}", json={"content": "back"}).status_code == 409
