"""What is sent goes out in the order in which it was sent, whatever befalls a request."""

from __future__ import annotations

import re
from itertools import count

import pytest
from playwright.sync_api import Route

from duologue import expect
from duologue.people import Chats, User
from duologue.suite.outages import RECONNECTS_WITHIN_S

pytestmark = pytest.mark.e2e


@pytest.mark.expects_errors(r"\b503\b")
def test_a_send_that_has_to_be_tried_again_keeps_its_place(user1: User, user2: User, chats: Chats) -> None:
    chat = chats.direct(user1, user2)
    user1.open_chat(chat)
    user2.open_chat(chat)
    number = count()

    def busy_at_first(route: Route) -> None:
        if route.request.method == "POST" and next(number) == 0:
            route.fulfill(status=503)
        else:
            route.continue_()

    user1.page.route(re.compile(r"/chats/\d+/messages$"), busy_at_first)

    sent = [user1.send(chat, text) for text in ("One", "Two", "Three")]

    expect(user2, since=sent[0], timeout_s=RECONNECTS_WITHIN_S).to_show_exactly(*sent)
    assert next(number) > len(sent)
