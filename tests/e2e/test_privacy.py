"""What somebody who is a member no more can still do with their token: nothing."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from playwright.sync_api import Response

from duologue import expect
from duologue.app import Account
from duologue.people import Cast, Chats, ProtocolUser, User
from duologue.suite.outages import RECONNECTS_WITHIN_S
from fixtures.api import ReferenceApi

pytestmark = pytest.mark.e2e


def status_of(chat_api: ReferenceApi, method: str, path: str, account: Account, **kwargs: Any) -> int:
    """What the API answers."""
    try:
        chat_api.call(method, path, account, **kwargs)
    except httpx.HTTPStatusError as error:
        return error.response.status_code
    return 200


@pytest.mark.parametrize("method", ["PATCH", "DELETE"])
def test_a_removed_member_changes_nothing_that_they_wrote(
    user1: User, user2: User, chats: Chats, chat_api: ReferenceApi, method: str
) -> None:
    group = chats.group(user1, user2, name="Once ours")
    user1.open_chat(group)
    for text in ("What I said", "What I said too"):
        message = user2.send(group, text)
        expect(user1).to_show(message)
    first, second = (f"messages/{seen.id}" for seen in chat_api.messages(user2.account, group))
    body = {"json": {"content": "What I never said"}} if method == "PATCH" else {}
    assert status_of(chat_api, method, first, user2.account, **body) == 200  # as a member
    chats.remove(group, user1, user2)
    start = user1.timeline.act("harness", "somebody who was removed tries to change a message")

    status = status_of(chat_api, method, second, user2.account, **body)

    fence = user1.send(group, "He is gone")
    expect(user1, since=start).to_keep_showing_once("What I said too", until=fence)
    assert status == 404, "somebody who was removed may not change it"


@pytest.mark.own_network
def test_somebody_removed_while_offline_is_told_nothing_of_what_was_said(
    user1: User, user2: User, chats: Chats
) -> None:
    group = chats.group(user1, user2, name="Without him")
    answers: list[Response] = []
    user2.page.on("response", lambda response: answers.append(response))
    user2.link.cut()
    secret = user1.send(group, "He must not know")
    expect(user1, since=secret).to_have_status(secret, user1.app.sent_status)
    start = user2.timeline.cursor()

    chats.remove(group, user1, user2)
    user2.link.restore()

    expect(user2, timeout_s=RECONNECTS_WITHIN_S).to_have_lost(group)
    fence = user1.send(chats.direct(user1, user2), "Are you back?")
    expect(user2, since=start).never_to_receive("He must not know", until=fence)
    expect(user2).to_have_no_request_open()
    told = [answer.text() for answer in answers if "/sync" in answer.url]
    assert told, "the page asked for what it missed"
    assert not [text for text in told if "He must not know" in text], "an answer told it"


@pytest.mark.parametrize("was_a_member", [False, True], ids=["never a member", "a member once"])
def test_a_stranger_who_knows_a_chats_number_gets_nothing_of_it(
    user1: User, cast: Cast, chat_api: ReferenceApi, was_a_member: bool
) -> None:
    friend, stranger = cast.account("friend"), cast.account("stranger")
    chat = cast.chat(user1, friend, *[stranger] * was_a_member, name="Not for strangers")
    if was_a_member:
        chat_api.remove_member(stranger, chat, stranger)
    message = chat_api.send(friend, chat, "A secret").id
    start = user1.timeline.act("harness", "a stranger asks for a chat by its number")
    asked: list[tuple[str, str, dict[str, Any] | None]] = [
        ("GET", f"chats/{chat}", None),
        ("GET", f"chats/{chat}/messages", None),
        ("POST", f"chats/{chat}/messages", {"content": "Let me in", "client_id": "1"}),
        ("POST", f"chats/{chat}/read", {"seq": 1}),
        ("POST", f"chats/{chat}/members", {"user_id": int(stranger.id)}),
        ("DELETE", f"chats/{chat}/members/{friend.id}", None),
        ("PATCH", f"messages/{message}", {"content": "Forged"}),
        ("DELETE", f"messages/{message}", None),
    ]

    answers = {
        f"{method} {path}": status_of(chat_api, method, path, stranger, **({"json": body} if body else {}))
        for method, path, body in asked
    }

    assert answers == dict.fromkeys(answers, 404), "a stranger is to be told that there is no such thing"
    user1.open_chat(chat)
    expect(user1, since=start).to_show_exactly("A secret")


def test_a_strangers_window_hears_nothing_of_a_chat(user1: User, user2: User, user3: User, chats: Chats) -> None:
    chat, other = chats.direct(user1, user2), chats.direct(user1, user3)
    user1.open_chat(chat)
    user2.open_chat(chat)
    start = user3.timeline.cursor()
    user1.type("Between us")
    expect(user2).to_receive_frame(re.compile('"typing":true'))

    message = user1.send(chat, "Between us two")
    expect(user1).to_have_status(message, user1.app.read_status)
    edited = user1.edit(message, "Between the two of us")
    expect(user2).to_show(edited)
    user1.delete(edited)
    expect(user2).to_have_lost_message(edited)

    fence = user1.send(other, "How are you?")
    expect(user3).to_receive(fence)
    heard = user3.timeline.find(
        kind="ws_received", source=user3.window, since=start, where=lambda it: f'"chat_id":{chat},' in it.text
    )
    assert not heard, "a stranger heard of it"


def test_a_stranger_types_into_no_chat(
    user1: User, user2: User, chats: Chats, protocol_user: Callable[[str], ProtocolUser]
) -> None:
    chat, stranger = chats.direct(user1, user2), protocol_user("stranger")
    stranger.connect()
    user1.open_chat(chat)
    start = user1.timeline.cursor()

    stranger.send_frame(f'{{"type": "typing", "chat_id": {chat}, "typing": true}}')

    expect(stranger).to_receive_frame(re.compile("not_a_member"))
    fence = user2.send(chat, "Nobody else is here")
    # A page may leave out whom it does not know, and has been told of it all the same.
    expect(user1, since=start).never_to_receive(f'"user_id":{stranger.account.id},', until=fence)


def test_a_stranger_is_not_told_who_is_there(
    user1: User, user2: User, chats: Chats, cast: Cast, protocol_user: Callable[[str], ProtocolUser]
) -> None:
    chat, stranger = chats.direct(user1, user2), protocol_user("stranger")
    begun = stranger.timeline.cursor()
    stranger.connect()
    user1.open_chat(chat)
    start = stranger.timeline.cursor()

    user2.close()

    expect(user1).to_show_sign("presence", user1.app.offline_text)
    cast.api.create_chat(user1.account, [stranger.account])
    expect(stranger, since=start).to_receive_frame(re.compile("chat_created"))
    expect(stranger, since=begun).to_receive_frame(
        f'{{"type":"connected","user_id":{stranger.account.id},"online":[]}}'
    )
    told = stranger.timeline.find(
        kind="ws_received", source=stranger.window, where=lambda it: f'"user_id":{user2.account.id},' in it.text
    )
    assert not told, "a stranger was told of it"
