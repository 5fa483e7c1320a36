"""Errors of pages that nobody expected fail a test; what the machine or the test itself caused does not."""

from __future__ import annotations

from duologue.timeline import Event
from duologue.unsaid import unexpected_errors

CHANGED = "WebSocket connection to 'ws://h/ws' failed: Error in connection establishment: net::ERR_NETWORK_CHANGED"


def said(at: float, text: str, source: str = "user1", level: str = "error") -> Event:
    """A line of a window's console."""
    return Event(at, source, "console", text, {"level": level}, source)


def unexpected(*events: Event, expected: tuple[str, ...] = (), cuts_networks: bool = False) -> list[str]:
    """The texts of what nobody expected."""
    return [event.text for event in unexpected_errors(events, expected, cuts_networks=cuts_networks)]


def test_an_error_that_no_pattern_expects_is_unexpected() -> None:
    lines = said(1, "socket failed"), said(2, "no such chat"), said(3, "all is well", level="log")

    assert unexpected(*lines, expected=("no such",)) == ["socket failed"]


def test_what_a_page_says_of_a_network_of_this_machine_that_changed_is_not_its_fault() -> None:
    lines = said(1.0, CHANGED), said(1.003, "onerror fired"), said(1.003, "onerror fired", "user2")

    assert [event.source for event in unexpected_errors(lines, (), cuts_networks=False)] == ["user2"]


def test_what_a_page_says_long_after_the_network_changed_is_its_own() -> None:
    assert unexpected(said(1.0, CHANGED), said(3.0, "onerror fired")) == ["onerror fired"]


def test_a_page_that_crashes_while_the_network_changes_is_unexpected_all_the_same() -> None:
    crash = Event(1.001, "user1", "page_crashed", "http://h/", {}, "user1")

    assert unexpected(said(1.0, CHANGED), crash) == ["http://h/"]


def test_what_pages_log_after_the_test_cut_their_network_is_expected_and_before_it_is_not() -> None:
    fault = Event(2, "faults", "action", "cuts user1's link", {"undoes": False}, "user1")
    before, after = said(1, "too early"), said(3, "socket failed")

    assert unexpected(before, fault, after, cuts_networks=True) == ["too early"]
    assert unexpected(before, fault, after) == ["too early", "socket failed"]


def test_a_request_that_nobody_caught_is_no_error_where_the_test_broke_something() -> None:
    fault = Event(1, "faults", "action", "stops backend", {"undoes": False}, "backend")
    failed = Event(2, "user1", "page_error", "TypeError: Failed to fetch", {}, "user1")

    assert unexpected(fault, failed) == []
    assert unexpected(failed) == ["TypeError: Failed to fetch"]
