"""Frames and sockets, of a window and of a user without one."""

from __future__ import annotations

import re
from typing import Any

import pytest

from duologue.errors import ExpectationFailed
from duologue.expect import ProtocolExpectations, UserExpectations, expect
from duologue.people import Message, ProtocolUser
from duologue.timeline import Timeline
from tests.harness.expect.window import AT_ONCE_S, Window, chat, soon, stamped, verdict
from tests.harness.toy import TOY

ONE, TWO = chat(1), chat(2)


def test_a_frame_brings_a_message(user2: Window) -> None:
    message = user2.sends(ONE, "Hi | there")
    timer = soon(lambda: user2.receives(ONE, "Hi | there"))

    assert expect(user2).to_receive(message).text == "msg|1|user1|Hi | there"

    timer.join()


def test_a_frame_for_another_chat_or_of_another_kind_brings_no_message(user2: Window) -> None:
    user2.sees("ws_open", "ws://chat/talk")
    message = user2.sends(ONE, "Hi")
    events = [user2.receives(TWO, "Hi"), user2.receives(ONE, "Hi!"), user2.sees("ws_received", "past|1|user1|Hi")]

    verdict(
        ExpectationFailed,
        lambda: expect(user2, timeout_s=AT_ONCE_S).to_receive(message),
        "user2: expected a frame with the message 'Hi' within 0 s",
        *(stamped(event, "user2") for event in events),
        "its sockets:",
        "ws_open        ws://chat/talk",
    )


def test_no_frame_and_no_socket_are_told_as_that(user2: Window) -> None:
    message = user2.sends(ONE, "Hi")

    verdict(
        ExpectationFailed,
        lambda: expect(user2, timeout_s=AT_ONCE_S).to_receive(message),
        "no frame at all after the action",
        "its sockets: none was ever opened",
    )


def test_a_message_comes_in_one_frame(user2: Window) -> None:
    message = user2.sends(ONE, "Once")
    fence = Message("Fence", ONE, "user2", message.cursor)
    user2.receives(ONE, "Once")
    user2.receives(ONE, "Fence")

    expect(user2, since=message).to_receive_once(message, until=fence)
    verdict(
        ExpectationFailed,
        lambda: expect(user2, since=message).to_receive_once("Never", until=fence),
        "expected one frame with the message 'Never'",
        "seen: 0: ",
    )
    user2.receives(ONE, "Once")
    verdict(
        ExpectationFailed,
        lambda: expect(user2, since=message).to_receive_once(message, until=fence),
        "expected one frame with the message 'Once'",
        "seen: 2: ",
    )


def test_a_text_comes_in_no_frame_of_any_kind(user2: Window) -> None:
    fence = user2.sends(ONE, "Fence")
    user2.receives(ONE, "Fence")
    expect(user2).never_to_receive("secret", until=fence)
    leak = user2.sees("ws_received", "past|2|user1|the secret")

    verdict(
        ExpectationFailed,
        lambda: expect(user2).never_to_receive("secret", until=fence),
        "expected no frame with 'secret'",
        stamped(leak, "user2"),
    )


def test_a_frame_is_a_whole_string_or_holds_a_pattern(user2: Window) -> None:
    user2.sends(ONE, "Hi")
    frame = user2.sees("ws_received", "count|1|11")

    assert expect(user2).to_receive_frame("count|1|11") is frame
    assert expect(user2).to_receive_frame(re.compile(r"\|11$")) is frame
    for wrong in ("count|1|1", re.compile(r"\|1$")):
        verdict(
            ExpectationFailed,
            lambda wrong=wrong: expect(user2, timeout_s=AT_ONCE_S).to_receive_frame(wrong),
            "expected a frame",
            stamped(frame, "user2"),
        )


def test_a_socket_opens(user2: Window) -> None:
    old = user2.sees("ws_open", "ws://old")
    user2.sends(ONE, "Reconnect")

    verdict(
        ExpectationFailed,
        lambda: expect(user2, timeout_s=AT_ONCE_S).to_have_opened_socket(),
        "expected a WebSocket to be opened",
        stamped(old, "user2"),
    )
    new = user2.sees("ws_open", "ws://new")
    assert expect(user2).to_have_opened_socket() is new


def test_a_request_fails(user2: Window) -> None:
    user2.sees("request_failed", "GET http://chat/old: refused")
    user2.sends(ONE, "Reconnect")
    answered = user2.sees("response", "200 GET http://chat/news")

    verdict(
        ExpectationFailed,
        lambda: expect(user2, timeout_s=AT_ONCE_S).to_have_failed_request(),
        "expected a request to fail",
        stamped(answered, "user2"),
    )
    failed = user2.sees("request_failed", "GET http://chat/news: refused")
    assert expect(user2).to_have_failed_request() is failed


@pytest.mark.parametrize("end", ["response", "request_failed"])
def test_a_request_is_open_until_it_was_answered_or_has_failed(user2: Window, end: str) -> None:
    asked = user2.sees("request", "GET http://chat/news", id=1)

    verdict(
        ExpectationFailed,
        lambda: expect(user2, timeout_s=AT_ONCE_S).to_have_no_request_open(),
        "expected no request to be open",
        stamped(asked, "user2"),
    )
    user2.sees(end, "GET http://chat/news", id=1)
    expect(user2, timeout_s=AT_ONCE_S).to_have_no_request_open()


def test_a_poll_waits_for_news_and_holds_up_nobody(user2: Window) -> None:
    user2.cast.app = TOY.model_copy(update={"polls": ("GET http://chat/news{any}",)})
    user2.sees("request", "GET http://chat/news?since=7", id=1)

    expect(user2, timeout_s=AT_ONCE_S).to_have_no_request_open()


def test_what_a_former_document_asked_is_not_open(user2: Window) -> None:
    user2.sees("request", "GET http://chat/news", id=1)
    user2.sees("document", "http://chat/")

    expect(user2, timeout_s=AT_ONCE_S).to_have_no_request_open()


@pytest.mark.parametrize(
    ("code", "reason", "fits"),
    [(None, None, True), (4000, None, True), (4000, "bye", True), (1006, None, False), (4000, "", False)],
)
def test_a_socket_closes_with_a_code_and_a_reason(user2: Window, code: Any, reason: Any, fits: bool) -> None:
    user2.sends(ONE, "Bye")
    closed = user2.sees("ws_closed", "4000 bye", code=4000, reason="bye")
    expectations = expect(user2, timeout_s=AT_ONCE_S)

    if fits:
        assert expectations.to_have_closed_socket(code, reason) is closed
    else:
        verdict(
            ExpectationFailed,
            lambda: expectations.to_have_closed_socket(code, reason),
            f"expected the WebSocket to close with {code}",
            stamped(closed, "user2        ws_closed      4000 bye"),
        )


def test_a_protocol_user_has_the_expectations_about_frames_alone(timeline: Timeline, user2: Window) -> None:
    bob = ProtocolUser("bob", user2.account, TOY, TOY.api("http://toy", "ws://toy"), timeline)
    message = user2.sends(ONE, "Hi")
    frame = Window(timeline, "bob/protocol").receives(ONE, "Hi")

    expectations = expect(bob)

    assert type(expectations) is ProtocolExpectations
    assert not isinstance(expectations, UserExpectations)
    assert expectations.to_receive(message) is frame
    bob.api.close()
