"""Groups: who may add and remove whom, who is told, and what a chat is made from."""

from __future__ import annotations

import pytest


@pytest.fixture
def group(accounts):
    """Ann made it, with bob; eve is not in it."""
    ann, bob, eve = accounts(3)
    return ann, bob, eve, ann.chat_with(bob, name="Trip")


def members(account, chat: int) -> set[int]:
    return {member["id"] for member in account.chat(chat)["members"]}


def test_whoever_is_added_sees_the_chat_appear_with_its_last_message_and_the_others_see_him(group):
    ann, bob, eve, chat = group
    last = ann.send(chat, "hello")
    bobs, eves = bob.socket(), eve.socket()

    answer = bob.http.post(f"/chats/{chat}/members", json={"user_id": eve.id})

    assert answer.status_code == 201
    assert members(ann, chat) == {ann.id, bob.id, eve.id}
    added, created = bobs.until("member_added"), eves.until("chat_created")
    assert (added["chat_id"], added["user"]["id"]) == (chat, eve.id)
    assert added["user"]["online"]
    assert added["user"]["last_read_seq"] == last["seq"], "no receipt is undone"
    assert (created["chat"]["id"], created["chat"]["last_message"]) == (chat, last)
    assert bobs.so_far("chat_created") == []


def test_an_added_member_takes_part_at_once(group):
    ann, _, eve, chat = group
    ear, heard_by = eve.socket(), ann.socket()
    ann.http.post(f"/chats/{chat}/members", json={"user_id": eve.id}).raise_for_status()

    heard = ann.send(chat, "welcome")
    answer = eve.send(chat, "thanks")
    ear.tell(type="typing", chat_id=chat, typing=True)

    assert [frame["message"]["id"] for frame in ear.so_far("new_message")] == [heard["id"], answer["id"]]
    assert heard_by.until("typing")["user_id"] == eve.id


def test_adding_somebody_twice_changes_nothing(group):
    ann, bob, _, chat = group
    ear = bob.socket()

    again = ann.http.post(f"/chats/{chat}/members", json={"user_id": bob.id})

    assert (again.status_code, again.json()["id"]) == (200, chat)
    assert ear.so_far() == []


def test_whoever_joins_does_not_undo_the_receipts_of_older_messages(group):
    ann, bob, eve, chat = group
    message = ann.send(chat)
    bob.read(chat, message["seq"])

    ann.http.post(f"/chats/{chat}/members", json={"user_id": eve.id}).raise_for_status()

    readers = [member for member in ann.chat(chat)["members"] if member["id"] != ann.id]
    assert [member["last_read_seq"] for member in readers] == [message["seq"]] * 2


def test_leaving_is_heard_by_those_who_stay_and_by_ones_other_tab(group):
    ann, bob, _, chat = group
    anns, bobs = ann.socket(), bob.socket()

    assert bob.http.delete(f"/chats/{chat}/members/{bob.id}").status_code == 204

    assert anns.until("member_removed")["user_id"] == bob.id
    assert bobs.until("member_removed")["user_id"] == bob.id
    assert members(ann, chat) == {ann.id}


def test_who_left_can_be_added_again_and_starts_at_zero(group):
    ann, bob, _, chat = group
    bob.http.delete(f"/chats/{chat}/members/{bob.id}").raise_for_status()
    ann.send(chat, "without bob")
    ear = bob.socket()

    ann.http.post(f"/chats/{chat}/members", json={"user_id": bob.id}).raise_for_status()
    ann.send(chat, "with bob")

    assert ear.until("new_message")["unread_count"] == 1
    assert bob.chat(chat)["unread_count"] == 1


def test_a_member_who_did_not_make_the_group_removes_nobody_else(group):
    ann, bob, _, chat = group

    assert bob.http.delete(f"/chats/{chat}/members/{ann.id}").status_code == 403
    assert members(ann, chat) == {ann.id, bob.id}


@pytest.mark.parametrize("verb", ["add", "leave", "remove"])
def test_a_direct_chat_keeps_its_two_members(accounts, verb):
    ann, bob, eve = accounts(3)
    chat = ann.chat_with(bob)

    if verb == "add":
        answer = ann.http.post(f"/chats/{chat}/members", json={"user_id": eve.id})
    else:
        answer = ann.http.delete(f"/chats/{chat}/members/{ann.id if verb == 'leave' else bob.id}")

    assert answer.status_code == 409
    assert members(ann, chat) == {ann.id, bob.id}


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"member_ids": [], "is_group": False}, 422),
        ({"member_ids": [2**31 - 1]}, 404),
        ({"member_ids": [2**31]}, 422),
        ({"member_ids": ["x"]}, 422),
        ({"member_ids": [], "name": "x" * 101}, 422),
        ({}, 422),
    ],
)
def test_a_chat_made_from_nonsense_is_refused_in_one_sentence(accounts, body, status):
    [ann] = accounts(1)

    answer = ann.http.post("/chats", json=body)

    assert answer.status_code == status
    assert isinstance(answer.json()["detail"], str)
    assert ann.chats() == []


def test_a_group_without_a_name_is_called_after_its_members(accounts):
    ann, bob, eve = accounts(3)

    chat = ann.chat(ann.chat_with(bob, eve))

    assert chat["is_group"]
    assert chat["name"] == ", ".join(person.user["display_name"] for person in (ann, bob, eve))


def test_a_direct_chat_has_no_name_and_one_with_oneself_named_twice_is_still_direct(accounts):
    ann, bob = accounts(2)

    answer = ann.http.post("/chats", json={"member_ids": [ann.id, bob.id, bob.id], "is_group": False, "name": "x"})

    chat = answer.json()
    assert (chat["name"], chat["is_group"], chat["created_by"]) == (None, False, ann.id)
    assert members(bob, chat["id"]) == {ann.id, bob.id}


def test_a_group_that_is_asked_for_again_is_the_same_one(accounts):
    ann, bob = accounts(2)
    body = {"member_ids": [bob.id], "name": "Trip", "client_id": "asked for twice"}

    first, again = ann.http.post("/chats", json=body), ann.http.post("/chats", json=body)
    by_somebody_else = bob.http.post("/chats", json={**body, "member_ids": [ann.id]})

    assert (first.status_code, again.status_code, by_somebody_else.status_code) == (201, 200, 201)
    assert again.json()["id"] == first.json()["id"]
    assert [chat["id"] for chat in bob.chats()] == [by_somebody_else.json()["id"], first.json()["id"]]


def test_a_group_that_is_asked_for_again_by_who_left_it_is_none(accounts):
    ann, bob = accounts(2)
    body = {"member_ids": [bob.id], "name": "Trip", "client_id": "asked for twice"}
    chat = ann.http.post("/chats", json=body).json()["id"]
    ann.http.delete(f"/chats/{chat}/members/{ann.id}").raise_for_status()

    again = ann.http.post("/chats", json=body)

    assert again.status_code == 409
    assert ann.chats() == []
