"""Whatever happened while nobody listened is there after reconnecting, without a reload."""

from __future__ import annotations


def test_what_is_sent_between_loading_the_list_and_subscribing_is_not_lost(accounts):
    ann, bob = accounts(2)
    chat = ann.chat_with(bob)
    cursor = bob.cursor()

    missed = ann.send(chat, "into the gap")
    tab = bob.socket()
    live = ann.send(chat, "heard")

    frames = bob.sync(cursor)["events"] + tab.so_far("new_message")
    assert {frame["message"]["id"] for frame in frames} == {missed["id"], live["id"]}


def test_a_live_message_after_reconnecting_does_not_hide_the_gap_before_it(accounts):
    ann, bob = accounts(2)
    chat = ann.chat_with(bob)
    cursor = ann.send(chat, "seen")["seq"]
    missed = [ann.send(chat, f"missed {n}")["id"] for n in range(3)]
    tab = bob.socket()
    live = ann.send(chat, "live")

    caught_up = bob.sync(cursor)

    assert tab.until("new_message")["message"]["id"] == live["id"]
    assert [frame["message"]["id"] for frame in caught_up["events"]] == [*missed, live["id"]]


def test_a_burst_longer_than_a_page_is_caught_up_page_by_page_with_no_hole_and_no_repeat(accounts):
    ann, bob = accounts(2)
    chat = ann.chat_with(bob)
    cursor = bob.cursor()
    sent = [ann.send(chat, f"burst {n}")["id"] for n in range(25)]

    pages = [bob.sync(cursor, limit=10)]
    while pages[-1]["has_more"]:
        pages.append(bob.sync(pages[-1]["next"], limit=10))

    assert [len(page["events"]) for page in pages] == [10, 10, 5]
    assert [frame["message"]["id"] for page in pages for frame in page["events"]] == sent
    assert bob.sync(pages[-1]["next"])["events"] == []


def test_sync_gives_the_same_frames_as_the_socket_did(accounts):
    ann, bob, eve = accounts(3)
    tab, cursor = bob.socket(), bob.cursor()

    chat = ann.chat_with(bob, name="everything")
    message = ann.send(chat, "frist")
    ann.http.patch(f"/messages/{message['id']}", json={"content": "first"})
    bob.read(chat, message["seq"])
    ann.http.post(f"/chats/{chat}/members", json={"user_id": eve.id})
    ann.http.delete(f"/chats/{chat}/members/{eve.id}")

    live = [frame for frame in tab.so_far() if "seq" in frame]
    assert [frame["type"] for frame in live] == [
        "chat_created",
        "new_message",
        "message_edited",
        "read",
        "member_added",
        "member_removed",
    ]
    caught_up = bob.sync(cursor)["events"]
    created = caught_up[0]["chat"]["members"]
    assert [member["online"] for member in created] == [False, True], "who is online is told as it is now"
    live[0]["chat"]["members"] = created
    assert caught_up == live


def test_what_was_deleted_meanwhile_comes_as_a_tombstone_and_never_as_what_it_said(accounts):
    ann, bob = accounts(2)
    chat = ann.chat_with(bob)
    cursor = bob.cursor()
    message = ann.send(chat, "a secret")
    ann.http.patch(f"/messages/{message['id']}", json={"content": "still a secret"})

    ann.http.delete(f"/messages/{message['id']}")

    caught_up = bob.http.get("/sync", params={"after": cursor})
    assert [frame["type"] for frame in caught_up.json()["events"]] == [
        "new_message",
        "message_edited",
        "message_deleted",
    ]
    assert "secret" not in caught_up.text
    assert all(frame["message"]["deleted"] for frame in caught_up.json()["events"])


def test_whoever_was_added_meanwhile_is_not_told_what_was_deleted(accounts):
    ann, bob, eve = accounts(3)
    chat = ann.http.post("/chats", json={"member_ids": [bob.id], "name": "Plans"}).json()["id"]
    cursor = eve.cursor()
    message = ann.send(chat, "a secret")
    ann.http.post(f"/chats/{chat}/members", json={"user_id": eve.id}).raise_for_status()

    ann.http.delete(f"/messages/{message['id']}")

    caught_up = eve.http.get("/sync", params={"after": cursor})
    created, deleted = caught_up.json()["events"]
    assert (created["type"], deleted["type"]) == ("chat_created", "message_deleted")
    assert created["chat"]["last_message"]["deleted"]
    assert "secret" not in caught_up.text


def test_sync_counts_the_chats_it_tells_of_at_one_moment(accounts):
    ann, bob, eve = accounts(3)
    with_ann, with_eve = ann.chat_with(bob), eve.chat_with(bob)
    eve.send(with_eve)
    cursor = bob.cursor()
    ann.send(with_ann)
    last = ann.send(with_ann)

    caught_up = bob.sync(cursor)

    assert caught_up["unread"] == {str(with_ann): 2}
    assert caught_up["as_of"] >= last["seq"]
    assert caught_up["next"] >= last["seq"]


def test_sync_tells_nothing_of_other_peoples_chats(accounts):
    ann, bob, eve = accounts(3)
    cursor = eve.cursor()
    ann.send(ann.chat_with(bob), "not for eve")

    assert eve.sync(cursor)["events"] == []


def test_a_client_that_is_ahead_is_not_sent_back(accounts):
    [ann] = accounts(1)
    far_ahead = 10**12

    assert ann.sync(far_ahead)["next"] == far_ahead


def test_pages_of_older_messages_join_without_hole_or_overlap(accounts):
    ann, bob = accounts(2)
    chat = ann.chat_with(bob)
    sent = [ann.send(chat, f"{n}")["seq"] for n in range(7)]

    newest = bob.http.get(f"/chats/{chat}/messages", params={"limit": 3}).json()
    older = bob.http.get(f"/chats/{chat}/messages", params={"limit": 3, "before": sent[4]}).json()
    oldest = bob.http.get(f"/chats/{chat}/messages", params={"limit": 3, "before": sent[1]}).json()

    pages = [oldest, older, newest]
    assert [message["seq"] for page in pages for message in page["messages"]] == sent
    assert [page["has_more"] for page in pages] == [False, True, True]


def test_messages_after_a_seq_come_oldest_first(accounts):
    ann, bob = accounts(2)
    chat = ann.chat_with(bob)
    sent = [ann.send(chat, f"{n}")["seq"] for n in range(4)]

    page = bob.http.get(f"/chats/{chat}/messages", params={"limit": 2, "after": sent[0]}).json()

    assert ([message["seq"] for message in page["messages"]], page["has_more"]) == (sent[1:3], True)
    assert bob.messages(chat, after=sent[3]) == []
