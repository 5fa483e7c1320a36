"""Signs beside the messages: they come, go, stay, and are never there."""

from __future__ import annotations

from duologue.errors import ExpectationFailed, UnknownVerdict, VacuousExpectation
from duologue.expect import expect
from tests.harness.expect.window import AT_ONCE_S, Window, chat, verdict
from tests.harness.toy import TOY

ONE = chat(1)


def test_a_sign_comes_and_goes(user2: Window) -> None:
    user2.sees_sign("connection", "online")
    user2.sends(ONE, "Cut")

    verdict(
        ExpectationFailed,
        lambda: expect(user2, timeout_s=AT_ONCE_S).to_show_sign("connection", "offline"),
        "expected connection to read 'offline' within 0 s",
        "no change",
        "now: 'online'",
    )
    verdict(VacuousExpectation, lambda: expect(user2).to_show_sign("connection", "online"), "connection read 'online'")
    shown = user2.sees_sign("connection", "offline")
    assert expect(user2).to_show_sign("connection", "offline") == shown.at
    gone = user2.sees_sign("connection", "")
    assert expect(user2).to_show_sign("connection", "") == gone.at


def test_a_sign_reads_what_it_read_before(user2: Window) -> None:
    user2.sees_sign("connection", "online")
    user2.sends(ONE, "Cut, and back")

    expect(user2).to_still_show_sign("connection", "online")
    user2.sees_sign("connection", "offline")
    verdict(
        ExpectationFailed,
        lambda: expect(user2, timeout_s=AT_ONCE_S).to_still_show_sign("connection", "online"),
        "connection to read 'online' in the end",
        "now: 'offline'",
    )


def test_a_sign_never_shows(user2: Window) -> None:
    fence = user2.sends(ONE, "Fence")
    user2.sees_messages("Fence")
    expect(user2).never_to_show_sign("connection", until=fence)
    user2.sees_sign("connection", "reconnecting")

    expect(user2).never_to_show_sign("connection", text="offline", until=fence)
    verdict(
        ExpectationFailed,
        lambda: expect(user2).never_to_show_sign("connection", until=fence),
        "expected connection never to show anything",
        "reconnecting",
    )


def test_a_sign_never_goes(user2: Window) -> None:
    fence = user2.sends(ONE, "Fence")
    user2.sees_messages("Fence")
    verdict(UnknownVerdict, lambda: expect(user2).never_to_lose_sign("connection", until=fence), "was not there before")
    user2.sees_sign("connection", "reconnecting")
    fence = user2.sends(ONE, "Another fence")
    user2.sees_messages("Another fence")
    expect(user2).never_to_lose_sign("connection", until=fence)
    start = user2.timeline.cursor()
    user2.sees_sign("connection", "")
    user2.sees_sign("connection", "reconnecting")
    fence = user2.sends(ONE, "The last fence")
    user2.sees_messages("The last fence")

    verdict(
        ExpectationFailed,
        lambda: expect(user2, since=start).never_to_lose_sign("connection", until=fence),
        "expected connection never to go",
    )


def test_a_sign_that_the_adapter_does_not_know_decides_nothing(user2: Window) -> None:
    assert not TOY.typing
    fence = user2.sends(ONE, "Fence")
    user2.sees_messages("Fence")

    verdict(UnknownVerdict, lambda: expect(user2).never_to_show_sign("typing", until=fence), "nobody looks for typing")
    verdict(UnknownVerdict, lambda: expect(user2).to_show_sign("typing", ""), "nobody looks for typing")
