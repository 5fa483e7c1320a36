"""Services that stop, freeze, crash or lose their database, under people who chat."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import pytest

from duologue import expect
from duologue.faults import Services
from duologue.people import Chats, User
from duologue.suite.outages import RECONNECTS_WITHIN_S
from duologue.taps import CLOSED, RECEIVED
from duologue.timeline import Event

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.own_stack,
    # What a browser and the page's own code say while a service is away.
    pytest.mark.expects_errors("WebSocket", "ERR_", "503", "CORS", "NetworkError"),
]

FROZEN_S = 30


def test_a_deployment_between_two_messages_loses_neither(
    user1: User, user2: User, chats: Chats, services: Services
) -> None:
    chat = chats.direct(user1, user2)
    first = user1.send(chat, "Before the deployment")
    expect(user2).to_have_unread(chat, 1)
    services.stop("backend")

    user1.send(chat, "During it")
    services.start("backend")

    expect(user2, since=first, timeout_s=RECONNECTS_WITHIN_S).to_have_unread(chat, 2)
    assert expect([user1, user2], timeout_s=RECONNECTS_WITHIN_S).to_agree(chat).counts["messages"] == 2


@pytest.mark.own_network
def test_a_crash_while_both_send_stores_each_message_once(
    user1: User, user2: User, chats: Chats, services: Services, together: Callable[..., list[Any]]
) -> None:
    chat = chats.direct(user1, user2)
    for user, other in ((user1, user2), (user2, user1)):  # a browser asks a server of another origin for its leave once
        expect(other).to_have_preview(chat, user.send(chat, f"{user.name} is here"))

    for user in (user1, user2):
        user.link.stall(of="requests", way="down")
    left, right = together(lambda: user1.send(chat, "From the left"), lambda: user2.send(chat, "From the right"))
    expect(user1, since=left).to_show(right)
    expect(user2, since=left).to_show(left)
    services.kill("backend")
    for user in (user1, user2):
        user.link.cut()  # both are stored, and neither sender has an answer
        user.link.restore()
        expect(user, since=left).to_have_failed_request()
    together(lambda: user1.send(chat, "Left again"), lambda: user2.send(chat, "Right again"))
    services.start("backend")

    assert expect([user1, user2], timeout_s=RECONNECTS_WITHIN_S).to_agree(chat).counts["messages"] == 6


def test_a_backend_frozen_for_a_minute_is_given_up_and_found_again(
    user1: User, user2: User, chats: Chats, services: Services
) -> None:
    chat = chats.direct(user1, user2)
    user2.set_clock()
    user1.open_chat(chat)
    start = user2.timeline.cursor()

    services.pause("backend")
    user1.send(chat, "Into the ice")
    user2.let_time_pass(30)
    user2.let_time_pass(30)
    services.resume("backend")
    user2.let_time_pass(30)

    expect(user2, since=start, timeout_s=RECONNECTS_WITHIN_S).to_have_opened_socket()
    expect(user2, since=start, timeout_s=RECONNECTS_WITHIN_S).to_have_unread(chat, 1)
    expect([user1, user2]).to_agree(chat)


def test_a_message_sent_to_a_backend_that_is_frozen_for_half_a_minute_is_stored_once(
    user1: User, user2: User, chats: Chats, services: Services
) -> None:
    chat = chats.direct(user1, user2)
    user1.open_chat(chat)
    expect(user1).to_have_no_request_open()
    start = user2.timeline.cursor()

    services.pause("backend")
    message = user1.send(chat, "Into the ice")
    # Nothing here is sped up: the page gives up each request that sends it after 15 s of its own.

    def given_up_twice() -> Event | None:
        return next(iter(user1.timeline.find(kind="request_failed", source="user1", since=message.cursor)[1:2]), None)

    given_up = user1.timeline.wait_for(given_up_twice, FROZEN_S + RECONNECTS_WITHIN_S)
    assert given_up, "the page did not try it twice"
    assert given_up.at - message.cursor.at > FROZEN_S - 1  # the page's stamps are of its own clock
    services.resume("backend")

    expect(user2, since=start, timeout_s=RECONNECTS_WITHIN_S).to_have_opened_socket()
    expect(user2, since=start, timeout_s=RECONNECTS_WITHIN_S).to_have_unread(chat, 1)
    assert expect([user1, user2], timeout_s=RECONNECTS_WITHIN_S).to_agree(chat).counts["messages"] == 1


def test_what_was_sent_while_the_database_was_gone_is_stored_once_when_it_is_back(
    user1: User, user2: User, chats: Chats, services: Services
) -> None:
    chat = chats.direct(user1, user2)
    before = user1.send(chat, "While it is there")
    expect(user1).to_show(before)
    expect(user2, since=before).to_have_unread(chat, 1)
    services.cut_off("backend")

    message = user1.send(chat, "Keep this")
    expect(user1, since=message).to_show(message)
    assert user1.timeline.wait_for(
        lambda: user1.timeline.find(kind="response", source="user1", where=lambda it: it.data["status"] == 503) or None,
        RECONNECTS_WITHIN_S,
    ), "the page was never told that the database is away"
    services.rejoin("backend")

    expect(user2, since=message, timeout_s=RECONNECTS_WITHIN_S).to_have_unread(chat, 2)
    expect([user1, user2], timeout_s=RECONNECTS_WITHIN_S).to_agree(chat)


@pytest.mark.own_network
def test_a_window_that_dials_while_the_database_is_gone_stays_signed_in(
    user1: User, user2: User, chats: Chats, services: Services
) -> None:
    chat = chats.direct(user1, user2)
    before = user2.timeline.cursor()
    services.cut_off("backend")
    user2.link.cut()
    expect(user2, since=before).to_have_closed_socket()
    user2.link.restore()
    start = user2.timeline.cursor()
    assert user2.timeline.wait_for(
        lambda: user2.timeline.find(kind=RECEIVED | CLOSED, source="user2", since=start) or None, RECONNECTS_WITHIN_S
    ), "it did not dial, or was not answered"

    services.rejoin("backend")

    message = user1.send(chat, "Are you still there?")
    expect(user2, since=message, timeout_s=RECONNECTS_WITHIN_S).to_have_unread(chat, 1)


def test_two_deployments_in_a_row_leave_everybody_connected(
    user1: User, user2: User, chats: Chats, services: Services
) -> None:
    chat = chats.direct(user1, user2)
    user2.open_chat(chat)
    services.restart("backend")
    services.restart("backend")

    message = user1.send(chat, "Twice deployed")

    expect(user2, since=message, timeout_s=RECONNECTS_WITHIN_S).to_show(message)
    expect([user1, user2], timeout_s=RECONNECTS_WITHIN_S).to_agree(chat)


@pytest.mark.skipif(sys.platform != "linux", reason="a small disk is a tmpfs, on Linux alone")
@pytest.mark.own_stack(backend={"DISK_MB": "96"})
def test_what_was_sent_while_the_disk_was_full_is_stored_once_when_there_is_room(
    user1: User, user2: User, chats: Chats, services: Services
) -> None:
    chat = chats.direct(user1, user2)
    user2.open_chat(chat)
    before = user1.send(chat, "While there is room")
    expect(user2, since=before).to_show(before)

    services.fill_disk("backend")
    # So long that no page of the database holds them: where there is room in a page, no disk is asked.
    long = [user1.send(chat, " ".join(f"{number}.{word}" for word in range(500))) for number in range(4)]
    assert user1.timeline.wait_for(
        lambda: user1.timeline.find(kind="response", source="user1", where=lambda it: it.data["status"] == 503) or None,
        RECONNECTS_WITHIN_S,
    ), "the page was never told that nothing can be stored"
    services.free_disk("backend")

    expect(user2, since=before, timeout_s=RECONNECTS_WITHIN_S).to_show_exactly(before, *long)
    assert expect([user1, user2], timeout_s=RECONNECTS_WITHIN_S).to_agree(chat).counts["messages"] == 5


@pytest.mark.skipif(sys.platform != "linux", reason="a service's clock is set off by libfaketime, on Linux alone")
@pytest.mark.expects_errors("401")  # an hour ahead, the tokens have run out, and are renewed
def test_a_server_whose_clock_is_set_back_keeps_the_order_and_everybody_signed_in(
    user1: User, user2: User, chats: Chats, services: Services
) -> None:
    chat = chats.direct(user1, user2)
    user2.open_chat(chat)
    services.stop("backend")
    services.start("backend", clock_off_s=3600)
    before = user1.send(chat, "By a clock that is an hour fast")
    expect(user2, since=before, timeout_s=RECONNECTS_WITHIN_S).to_show(before)
    user1.reload()

    services.restart("backend")
    after = user1.send(chat, "By one that is right")

    expect(user2, since=before, timeout_s=RECONNECTS_WITHIN_S).to_show_exactly(before, after)
    assert expect([user1, user2], timeout_s=RECONNECTS_WITHIN_S).to_agree(chat).counts["messages"] == 2
    user2.reload()
    user2.open_chat(chat)
    expect(user2, since=user2.loaded_at).to_show_exactly(before, after)


def test_open_windows_chat_on_while_the_server_of_the_page_is_away(
    user1: User, user2: User, chats: Chats, services: Services
) -> None:
    chat = chats.direct(user1, user2)
    services.kill("frontend")

    message = user1.send(chat, "Nobody can load the page now")

    expect(user2, since=message).to_have_unread(chat, 1)
    expect([user1, user2]).to_agree(chat)
