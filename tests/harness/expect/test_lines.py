"""Lines of a console and of a service's log: whole, after the action, in order, and absent."""

from __future__ import annotations

import re
import time

import pytest

from duologue.errors import ExpectationFailed, UnknownVerdict
from duologue.expect import LogExpectations, expect, line_of
from duologue.people.server import Server
from duologue.timeline import Event, Timeline
from tests.harness.expect.window import AT_ONCE_S, Window, chat, stamped, verdict

ONE = chat(1)


def logs(timeline: Timeline, text: str, service: str = "backend") -> Event:
    """A service prints a line."""
    event = Event(time.time(), "server", "log", text, {}, service)
    timeline.append(event)
    return event


def test_a_line_is_found_as_a_whole(user2: Window) -> None:
    user2.sends(ONE, "Hi")
    line = user2.sees("console", "Unread count for chat 1: 11")

    assert expect(user2).to_log("Unread count for chat 1: 11") is line
    assert expect(user2).to_log(re.compile(r"Unread count for chat \d+: 11")) is line
    for wrong in ("Unread count for chat 1: 1", re.compile(r"Unread count for chat 1: 1"), re.compile("chat 1: 11")):
        verdict(
            ExpectationFailed,
            lambda wrong=wrong: expect(user2, timeout_s=AT_ONCE_S).to_log(wrong),
            "user2: expected the line",
            stamped(line, "user2        console        Unread count for chat 1: 11"),
        )


def test_yesterdays_line_never_satisfies_todays_test(user2: Window) -> None:
    user2.sees("console", "connected")
    user2.sends(ONE, "Hi")

    verdict(
        ExpectationFailed,
        lambda: expect(user2, timeout_s=AT_ONCE_S).to_log("connected"),
        "expected the line 'connected' within 0 s",
        "no line at all after the action",
    )


def test_lines_come_in_order_with_others_between(user2: Window) -> None:
    user2.sends(ONE, "Hi")
    events = [user2.sees("console", text) for text in ("one", "noise", "two", "three")]

    assert expect(user2).to_log_in_order("one", re.compile("t.o"), "three") == [events[0], *events[2:]]
    verdict(
        ExpectationFailed,
        lambda: expect(user2, timeout_s=AT_ONCE_S).to_log_in_order("two", "one"),
        "expected these lines in order: 'two' · 'one'",
        *(stamped(event, "user2") for event in events),
    )


def test_one_line_is_not_two(user2: Window) -> None:
    user2.sends(ONE, "Hi")
    user2.sees("console", "one")

    verdict(
        ExpectationFailed, lambda: expect(user2, timeout_s=AT_ONCE_S).to_log_in_order("one", "one"), "'one' · 'one'"
    )


def test_a_service_logs_a_line_of_its_own(timeline: Timeline) -> None:
    timeline.act("user1", "sends")
    line = logs(timeline, "INFO: ready")
    logs(timeline, "INFO: also ready", service="frontend")

    backend = expect(Server(timeline, "backend"), timeout_s=AT_ONCE_S)
    assert backend.to_log("INFO: ready") is line
    text = verdict(ExpectationFailed, lambda: backend.to_log("INFO: also ready"), "backend: expected the line", "INFO:")
    assert "frontend" not in text


def test_a_service_does_not_log_a_line(timeline: Timeline) -> None:
    timeline.act("user1", "sends")
    backend = expect(Server(timeline, "backend"))

    verdict(UnknownVerdict, lambda: backend.not_to_log("token=abc"), "backend logged nothing at all after the action")
    logs(timeline, "INFO: ready")
    backend.not_to_log("token=abc")
    line = logs(timeline, "token=abc")
    verdict(
        ExpectationFailed,
        lambda: backend.not_to_log(re.compile("token=.*")),
        "expected no line /token=.*/",
        stamped(line, "backend"),
    )


def test_a_window_is_no_service(user2: Window) -> None:
    assert not isinstance(expect(user2), LogExpectations)


@pytest.mark.parametrize(
    ("template", "parts", "line", "fits"),
    [
        ("Chat ID: {chat}", {"chat": 7}, "Chat ID: 7", True),
        ("Chat ID: {chat}", {"chat": 7}, "Chat ID: 77", False),
        ("Chat members: {ids}", {"ids": re.compile(r"\{[\d, ]+\}")}, "Chat members: {7, 9}", True),
        ("a {brace} (and a dot).", {}, "a {brace} (and a dot).", True),
        ("a dot.", {}, "a dotX", False),
        ("{who} says {text}", {"who": "Ann", "text": "a\nb"}, "Ann says a\nb", True),
    ],
)
def test_a_template_is_literal_but_for_its_parts(
    template: str, parts: dict[str, object], line: str, fits: bool
) -> None:
    assert (line_of(template, **parts).fullmatch(line) is not None) is fits
