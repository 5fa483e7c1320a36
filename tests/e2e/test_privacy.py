"""What somebody who is a member no more can still do with their token: nothing."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from playwright.sync_api import Response

from duologue import expect
from duologue.app import Account
from duologue.people import Chats, User
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
