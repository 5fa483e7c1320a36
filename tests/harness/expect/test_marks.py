"""Chats that are marked as unread, with a number or without one, and chats that come into a list, wherever."""

from __future__ import annotations

from dataclasses import replace

import pytest

from duologue.app import Capabilities
from duologue.errors import ExpectationFailed, UnknownVerdict, VacuousExpectation
from duologue.expect import expect
from tests.harness.expect.window import AT_ONCE_S, Window, chat, verdict
from tests.harness.toy import TOY

ONE, TWO = chat(1), chat(2)


def test_a_mark_comes_and_goes(user2: Window) -> None:
    user2.sees_list((ONE, 0))
    user2.sends(ONE, "Hi")
    marked = user2.sees_list((ONE, 1))
    assert expect(user2).to_mark_as_unread(ONE) == marked.at

    user2.sends(ONE, "Read")
    user2.sees_list()  # drawn anew
    cleared = user2.sees_list((ONE, 0))
    assert expect(user2).to_mark_as_read(ONE) == cleared.at


def test_a_dot_is_a_mark(user2: Window) -> None:
    user2.cast.app = TOY.model_copy(update={"capabilities": Capabilities(unread="dot")})
    row = {"key": "talk-1", "name": "Chat 1", "preview": "", "is_open": None}
    user2.sees_view("chats", {**row, "unread": None})
    user2.sends(ONE, "Hi")

    with pytest.raises(ExpectationFailed, match="expected chat 1 to be marked as unread"):
        expect(user2, timeout_s=AT_ONCE_S).to_mark_as_unread(ONE)

    user2.sees_view("chats", {**row, "unread": ""})
    expect(user2).to_mark_as_unread(ONE)


def test_a_mark_that_was_there_before_proves_nothing(user2: Window) -> None:
    user2.sees_list((ONE, 1), (TWO, 0))
    user2.sends(ONE, "Hi")

    verdict(VacuousExpectation, lambda: expect(user2).to_mark_as_unread(ONE), "was marked as unread before")
    verdict(VacuousExpectation, lambda: expect(user2).to_mark_as_read(TWO), "was not marked as unread before")


def test_a_mark_in_between_is_seen(user2: Window) -> None:
    user2.sees_list((ONE, 0), (TWO, 0))
    fence = user2.sends(ONE, "Fence")
    user2.sees_list((ONE, 0), (TWO, 1))
    user2.sees_list((ONE, 1, "Fence"), (TWO, 0))

    with pytest.raises(ExpectationFailed, match="chat 2 to be marked as read until 'Fence' came"):
        expect(user2).to_keep_marked_as_read(TWO, until=fence)


def test_a_chat_is_listed_anywhere(user2: Window) -> None:
    user2.sees_list((ONE, 0))
    user2.sends(ONE, "Hi")
    verdict(VacuousExpectation, lambda: expect(user2).to_list(ONE), "chat 1 was in the list before")
    verdict(ExpectationFailed, lambda: expect(user2, timeout_s=AT_ONCE_S).to_list(TWO), "chat 2 to be listed")

    listed = user2.sees_list((ONE, 0), (TWO, 0))

    assert expect(user2).to_list(TWO) == listed.at


# ---- when a later message has come -------------------------------------------------------------------------------
def test_without_previews_a_later_message_has_come_when_it_is_counted(user2: Window) -> None:
    user2.cast.app = TOY.model_copy(update={"capabilities": Capabilities(previews=False, frames=False)})
    user2.sees_list((ONE, 1), (TWO, 0))
    fence = replace(user2.sends(ONE, "Fence"), sender="user1")
    verdict(
        UnknownVerdict,
        lambda: expect(user2, timeout_s=AT_ONCE_S).to_keep_marked_as_read(TWO, until=fence),
        "'Fence', which ends the window of observation, did not arrive",
    )
    user2.sees_list((ONE, 2), (TWO, 0))

    expect(user2).to_keep_marked_as_read(TWO, until=fence)


def test_an_earlier_message_of_the_same_text_is_not_the_later_one(user2: Window) -> None:
    user2.sees_list((ONE, 0, "Ping"), (TWO, 0))
    user2.sees_view("messages", {"text": "Ping"})
    first = user2.sends(ONE, "Ping")
    again = user2.sends(ONE, "Ping")
    user2.cast.sent += [first, again]

    verdict(
        UnknownVerdict,
        lambda: expect(user2, timeout_s=AT_ONCE_S).to_keep_marked_as_read(TWO, until=again),
        "'Ping', which ends the window of observation, did not arrive",
    )
    user2.sees_view("messages", {"text": "Ping"}, {"text": "Ping"})
    expect(user2).to_keep_marked_as_read(TWO, until=again)


def test_without_previews_and_counts_a_frame_tells_that_it_has_come(user2: Window) -> None:
    user2.cast.app = TOY.model_copy(update={"capabilities": Capabilities(previews=False, unread="none")})
    user2.sees_list((ONE, 0), (TWO, 0))
    fence = user2.sends(ONE, "Fence")
    verdict(
        UnknownVerdict,
        lambda: expect(user2, timeout_s=AT_ONCE_S).to_keep_marked_as_read(TWO, until=fence),
        "'Fence', which ends the window of observation, did not arrive",
    )

    user2.receives(ONE, "Fence")

    expect(user2).to_keep_marked_as_read(TWO, until=fence)


# ---- sockets -----------------------------------------------------------------------------------------------------
def test_a_page_that_goes_elsewhere_takes_its_socket_along(user2: Window) -> None:
    user2.sees("ws_open", "ws://chat/talk")
    user2.sends(ONE, "Sign out")
    left = user2.sees("document", "http://chat/")

    assert expect(user2).to_have_closed_socket() == left
    with pytest.raises(ExpectationFailed, match="the WebSocket to close with 1008"):
        expect(user2, timeout_s=AT_ONCE_S).to_have_closed_socket(1008)


def test_a_page_whose_socket_was_closed_before_closes_none_by_leaving(user2: Window) -> None:
    user2.sees("ws_open", "ws://chat/talk")
    user2.sees("ws_closed", "1006", code=1006, reason="")
    user2.sends(ONE, "Sign out")
    user2.sees("document", "http://chat/")

    with pytest.raises(ExpectationFailed, match="the WebSocket to close"):
        expect(user2, timeout_s=AT_ONCE_S).to_have_closed_socket()


def test_a_page_that_had_no_socket_closes_none(user2: Window) -> None:
    user2.sends(ONE, "Sign out")
    user2.sees("document", "http://chat/")

    with pytest.raises(ExpectationFailed, match="the WebSocket to close"):
        expect(user2, timeout_s=AT_ONCE_S).to_have_closed_socket()
