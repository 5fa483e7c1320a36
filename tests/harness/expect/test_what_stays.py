"""What stays is watched until a later message came: every state counts, and nothing seen is no pass."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from duologue.errors import ExpectationFailed, UnknownVerdict, VacuousExpectation
from duologue.expect import UserExpectations, expect
from duologue.people import Message
from tests.harness.expect.window import AT_ONCE_S, Window, chat, soon, stamped, verdict

ONE, TWO = chat(1), chat(2)


def test_a_count_stays(user2: Window) -> None:
    user2.sees_list((ONE, 0), (TWO, 3))
    fence = user2.sends(ONE, "Fence")
    timer = soon(lambda: user2.sees_list((ONE, 1, "Fence"), (TWO, 3)))

    expect(user2).to_keep_unread(TWO, 3, until=fence)

    timer.join()


def test_a_count_that_was_another_for_a_moment_fails(user2: Window) -> None:
    user2.sees_list((ONE, 0), (TWO, 3))
    fence = user2.sends(ONE, "Fence")
    moment = user2.sees_list((ONE, 0), (TWO, 0))
    user2.sees_list((ONE, 1, "Fence"), (TWO, 3))

    verdict(
        ExpectationFailed,
        lambda: expect(user2).to_keep_unread(TWO, 3, until=fence),
        "expected chat 2 to keep 3 unread until 'Fence' came",
        stamped(moment, "talk-1:'Chat 1' unread 0 ''  talk-2:'Chat 2' unread 0 ''"),
    )


def test_a_count_that_was_not_so_before_cannot_be_kept(user2: Window) -> None:
    user2.sees_list((ONE, 0), (TWO, 2))
    fence = user2.sends(ONE, "Fence")

    verdict(
        UnknownVerdict,
        lambda: expect(user2).to_keep_unread(TWO, 3, until=fence),
        "but it was not so before",
        "unread 2",
    )


def test_the_order_stays(user2: Window) -> None:
    user2.sees_list((ONE, 0), (TWO, 0))
    fence = user2.sends(ONE, "Fence")
    user2.sees_list((ONE, 1, "Fence"), (TWO, 0))

    expect(user2).to_keep_order(until=fence)


def test_an_order_that_was_another_for_a_moment_fails(user2: Window) -> None:
    user2.sees_list((ONE, 0), (TWO, 0))
    fence = user2.sends(ONE, "Fence")
    user2.sees_list((TWO, 0), (ONE, 0))
    user2.sees_list((ONE, 1, "Fence"), (TWO, 0))

    verdict(
        ExpectationFailed,
        lambda: expect(user2).to_keep_order(until=fence),
        "expected the chats to keep their order ['talk-1', 'talk-2'] until 'Fence' came",
    )


@pytest.mark.parametrize("name", ["unread", "order"])
def test_a_list_that_is_drawn_anew_shows_nothing_else(user2: Window, name: str) -> None:
    user2.sees_list((ONE, 0), (TWO, 0))
    fence = user2.sends(ONE, "Fence")
    user2.sees_list()
    user2.sees_list((TWO, 0))
    user2.sees_list((ONE, 1, "Fence"), (TWO, 0))

    UNTIL[name](expect(user2), fence)


def test_a_row_that_goes_for_good_was_not_kept(user2: Window) -> None:
    user2.sees_list((ONE, 0), (TWO, 0))
    fence = user2.sends(ONE, "Fence")
    user2.sees_list((ONE, 1, "Fence"))

    verdict(
        ExpectationFailed,
        lambda: expect(user2, timeout_s=AT_ONCE_S).to_keep_unread(TWO, 0, until=fence),
        "chat 2 to keep 0 unread, and none of them to go",
    )


def test_nothing_is_unread_in_a_chat_that_the_page_opened_by_itself(user2: Window) -> None:
    def lists(preview: str) -> None:
        rows = ({"key": "talk-1", "preview": preview, "is_open": None}, {"key": "talk-2", "is_open": ""})
        user2.sees_view("chats", *rows)

    lists("")
    fence = user2.sends(ONE, "Fence")
    lists("Fence")

    def keeps() -> None:
        expect(user2, since=fence).to_keep_unread(TWO, 0, until=fence)

    verdict(VacuousExpectation, keeps, "the page opened chat 2 by itself", "opens_by_itself")

    user2.timeline.act("user2", "opens chat 2", source=user2.window)
    keeps()


def test_a_list_read_afresh_tells_nothing_of_a_chat_that_is_open_whoever_opened_it(user2: Window) -> None:
    user2.timeline.act("user2", f"opens chat {ONE}", source="user2")
    user2.sees("document")
    user2.sees_view("chats", {"key": "talk-1", "is_open": ""})

    verdict(
        VacuousExpectation,
        lambda: expect(user2, since=user2.loaded_at).to_still_have_unread(ONE, 0),
        "the page shows chat 1, where nothing is ever unread",
        "open another chat before",
    )


def test_one_chat_is_always_in_order(user2: Window) -> None:
    user2.sees_list((ONE, 0))
    fence = user2.sends(ONE, "Fence")
    user2.sees_list((ONE, 1, "Fence"))

    verdict(VacuousExpectation, lambda: expect(user2).to_keep_order(until=fence), "fewer than two chats")


def test_a_message_stays_shown_once(user2: Window) -> None:
    message = user2.sends(ONE, "Once")
    fence = Message("Fence", ONE, "user2", message.cursor)
    user2.sees_messages("Once")
    user2.sees_messages("Once", "Fence")

    expect(user2, since=message).to_keep_showing_once(message, until=fence)


@pytest.mark.parametrize("states", [[("Once", "Once"), ("Once", "Fence")], [("Once",), ("Fence",)]])
def test_a_message_that_was_shown_twice_or_is_gone_fails(user2: Window, states: list[tuple[str, ...]]) -> None:
    message = user2.sends(ONE, "Once")
    fence = Message("Fence", ONE, "user2", message.cursor)
    events = [user2.sees_messages(*texts) for texts in states]

    verdict(
        ExpectationFailed,
        lambda: expect(user2, since=message).to_keep_showing_once(message, until=fence),
        "expected 'Once' to be shown exactly once until 'Fence' came",
        *(stamped(event, str(list(texts))) for event, texts in zip(events, states, strict=True)),
    )


def test_a_secret_stays_one(user2: Window) -> None:
    user2.sees_list((ONE, 0), (TWO, 0))
    fence = user2.sends(ONE, "Fence")
    user2.sees_list((ONE, 1, "Fence"), (TWO, 0))

    expect(user2).never_to_show("secret", until=fence)


def test_a_secret_shown_for_a_moment_in_the_open_chat_or_in_a_preview_fails(user2: Window) -> None:
    user2.sees_list((ONE, 0), (TWO, 0))
    fence = user2.sends(ONE, "Fence")
    in_chat = user2.sees_messages("the secret")
    user2.sees_messages("Fence")

    verdict(
        ExpectationFailed,
        lambda: expect(user2).never_to_show("secret", until=fence),
        "expected never to show 'secret'",
        stamped(in_chat, "['the secret']"),
    )

    fence = user2.sends(ONE, "Second fence")
    in_list = user2.sees_list((TWO, 1, "the secret"), (ONE, 0))
    user2.sees_list((ONE, 1, "Second fence"), (TWO, 0))
    verdict(
        ExpectationFailed,
        lambda: expect(user2).never_to_show("secret", until=fence),
        stamped(in_list, "talk-2:'Chat 2'"),
    )


def test_a_status_never_comes(user2: Window) -> None:
    message = user2.sends(ONE, "Read me")
    fence = Message("Fence", ONE, "user2", message.cursor)
    user2.sees_messages("Fence")

    verdict(
        UnknownVerdict,
        lambda: expect(user2, since=message).never_to_have_status(message, "read", until=fence),
        "'Read me' was never shown",
    )
    user2.sees_messages("Read me", "Fence", status="sent")
    expect(user2, since=message).never_to_have_status(message, "read", until=fence)
    user2.sees_messages("Read me", "Fence", status="read")
    verdict(
        ExpectationFailed,
        lambda: expect(user2, since=message).never_to_have_status(message, "read", until=fence),
        "expected 'Read me' never to have the status 'read'",
        "['sent', 'read']",
    )


UNTIL: dict[str, Callable[[UserExpectations, Message], object]] = {
    "unread": lambda it, fence: it.to_keep_unread(TWO, 0, until=fence),
    "order": lambda it, fence: it.to_keep_order(until=fence),
    "once": lambda it, fence: it.to_keep_showing_once("Once", until=fence),
    "never shown": lambda it, fence: it.never_to_show("secret", until=fence),
    "never a status": lambda it, fence: it.never_to_have_status("Once", "read", until=fence),
    "never a sign": lambda it, fence: it.never_to_show_sign("connection", until=fence),
    "received once": lambda it, fence: it.to_receive_once("Once", until=fence),
    "never received": lambda it, fence: it.never_to_receive("secret", until=fence),
}


@pytest.mark.parametrize("name", UNTIL)
def test_a_window_of_observation_that_does_not_end_decides_nothing(user2: Window, name: str) -> None:
    user2.sees_list((ONE, 0), (TWO, 0))
    fence = user2.sends(ONE, "Fence")
    user2.receives(TWO, "Another message")

    verdict(
        UnknownVerdict,
        lambda: UNTIL[name](expect(user2, timeout_s=AT_ONCE_S), fence),
        "'Fence', which ends the window of observation",
        "Another message",
    )
