"""What somebody who is a member no more can still do with their token: nothing."""

from __future__ import annotations

from contextlib import suppress

import httpx
import pytest
from playwright.sync_api import Response

from duologue import expect
from duologue.people import Chats, User
from fixtures.api import ReferenceApi

pytestmark = pytest.mark.e2e


@pytest.mark.parametrize("method", ["PATCH", "DELETE"])
def test_a_removed_member_changes_nothing_that_they_wrote(
    user1: User, user2: User, chats: Chats, chat_api: ReferenceApi, method: str
) -> None:
    group = chats.group(user1, user2, name="Once ours")
    user1.open_chat(group)
    message = user2.send(group, "What I said")
    expect(user1).to_show(message)
    message_id = chat_api.messages(user2.account, group)[0].id
    chats.remove(group, user1, user2)

    start = user1.timeline.cursor()
    body = {"json": {"content": "What I never said"}} if method == "PATCH" else {}
    with suppress(httpx.HTTPStatusError):
        chat_api.call(method, f"messages/{message_id}", user2.account, **body)

    fence = user1.send(group, "He is gone")
    expect(user1, since=start).never_to_show("What I never said", until=fence)
    expect(user1, since=start).to_keep_showing_once(message, until=fence)


@pytest.mark.own_network
def test_somebody_removed_while_offline_is_told_nothing_of_what_was_said(
    user1: User, user2: User, chats: Chats
) -> None:
    group = chats.group(user1, user2, name="Without him")
    answers: list[Response] = []
    user2.page.on("response", lambda response: answers.append(response))
    user2.link.cut()
    user1.send(group, "He must not know")
    start = user2.timeline.cursor()

    chats.remove(group, user1, user2)
    user2.link.restore()

    expect(user2, timeout_s=30).to_have_lost(group)
    fence = user1.send(chats.direct(user1, user2), "Are you back?")
    expect(user2, since=start).never_to_receive("He must not know", until=fence)
    expect(user2).to_have_no_request_open()
    told = [answer.text() for answer in answers if "/sync" in answer.url]
    assert told
    assert not [text for text in told if "He must not know" in text]
