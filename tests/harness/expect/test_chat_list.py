"""Each expectation about the chat list comes true, fails with what was seen, and refuses what could not have failed."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from duologue.errors import ExpectationFailed, UnknownVerdict, VacuousExpectation
from duologue.expect import UserExpectations, expect
from tests.harness.expect.window import AT_ONCE_S, Window, chat, soon, stamped, verdict

ONE, TWO, THREE = chat(1), chat(2), chat(3)


def test_a_chat_moves_to_the_top(user2: Window) -> None:
    user2.sees_list((ONE, 0), (TWO, 0), (THREE, 0))
    user2.sends(TWO, "Up")
    shown = user2.sees_list((TWO, 0, "Up"), (ONE, 0), (THREE, 0))

    assert expect(user2).to_have_moved_to_top(TWO) == shown.at


def test_a_chat_that_moves_while_the_test_waits_is_seen(user2: Window) -> None:
    user2.sees_list((ONE, 0), (TWO, 0))
    user2.sends(TWO, "Up")
    timer = soon(lambda: user2.sees_list((TWO, 0), (ONE, 0)))

    expect(user2).to_have_moved_to_top(TWO)

    timer.join()


def test_a_chat_that_does_not_move_is_told_with_all_states(user2: Window) -> None:
    user2.sees_list((ONE, 0), (TWO, 0))
    user2.sends(TWO, "Up")
    first = user2.sees_list((ONE, 0), (TWO, 1, "Up"))
    second = user2.sees_list((ONE, 0), (TWO, 2, "Up!"))

    verdict(
        ExpectationFailed,
        lambda: expect(user2, timeout_s=AT_ONCE_S).to_have_moved_to_top(TWO),
        "user2: expected chat 2 on top within 0 s",
        "before        talk-1:'Chat 1' unread 0 ''  talk-2:'Chat 2' unread 0 ''",
        stamped(first, "talk-1:'Chat 1' unread 0 ''  talk-2:'Chat 2' unread 1 'Up'"),
        stamped(second, "talk-1:'Chat 1' unread 0 ''  talk-2:'Chat 2' unread 2 'Up!'"),
    )


def test_a_list_that_does_not_change_is_told_as_that(user2: Window) -> None:
    user2.sees_list((ONE, 0), (TWO, 0))
    user2.sends(TWO, "Up")

    verdict(
        ExpectationFailed,
        lambda: expect(user2, timeout_s=AT_ONCE_S).to_have_moved_to_top(TWO),
        "no change of the list after the action",
    )


def test_a_chat_that_was_on_top_cannot_move_there(user2: Window) -> None:
    user2.sees_list((ONE, 0), (TWO, 0))
    user2.sends(ONE, "Up")

    verdict(
        VacuousExpectation,
        lambda: expect(user2).to_have_moved_to_top(ONE),
        "chat 1 was on top before the action",
        "before        talk-1",
        "to do: bring another chat to the top first",
    )


def test_a_move_that_mixes_up_the_others_fails(user2: Window) -> None:
    user2.sees_list((ONE, 0), (TWO, 0), (THREE, 0))
    user2.sends(THREE, "Up")
    user2.sees_list((THREE, 0), (TWO, 0), (ONE, 0))

    verdict(
        ExpectationFailed,
        lambda: expect(user2).to_have_moved_to_top(THREE),
        "expected the other chats to keep their order when chat 3 moved",
    )


def test_a_list_that_is_drawn_row_by_row_mixes_up_nothing(user2: Window) -> None:
    user2.sees_list((ONE, 0), (TWO, 0), (THREE, 0))
    user2.sends(THREE, "Up")
    user2.sees_list((THREE, 0))
    user2.sees_list((THREE, 0), (TWO, 0))
    whole = user2.sees_list((THREE, 0), (ONE, 0), (TWO, 0))

    assert expect(user2).to_have_moved_to_top(THREE) == whole.at


def test_a_chat_that_was_not_in_the_list_did_not_move(user2: Window) -> None:
    user2.sees_list((ONE, 0))
    user2.sends(TWO, "Up")
    user2.sees_list((TWO, 0), (ONE, 0))

    verdict(ExpectationFailed, lambda: expect(user2).to_have_moved_to_top(TWO), "it was not in the list before")
    assert expect(user2).to_have_appeared_on_top(TWO)


def test_a_new_chat_that_appears_below_fails(user2: Window) -> None:
    user2.sees_list((ONE, 0))
    user2.sends(TWO, "New")
    user2.sees_list((ONE, 0), (TWO, 0))

    verdict(
        ExpectationFailed,
        lambda: expect(user2, timeout_s=AT_ONCE_S).to_have_appeared_on_top(TWO),
        "expected chat 2 to appear on top",
    )
    verdict(VacuousExpectation, lambda: expect(user2).to_have_appeared_on_top(ONE), "chat 1 was in the list before")


def test_a_chat_leaves_the_list(user2: Window) -> None:
    user2.sees_list((ONE, 0), (TWO, 0))
    user2.sends(TWO, "Out")

    verdict(
        ExpectationFailed,
        lambda: expect(user2, timeout_s=AT_ONCE_S).to_have_lost(TWO),
        "expected chat 2 to leave the list",
    )
    verdict(VacuousExpectation, lambda: expect(user2).to_have_lost(THREE), "chat 3 was not in the list before")
    user2.sees_list((ONE, 0))
    expect(user2).to_have_lost(TWO)


def test_a_list_that_is_drawn_anew_has_lost_nothing(user2: Window) -> None:
    user2.sees_list((ONE, 0), (TWO, 0))
    user2.sends(TWO, "Not out")
    user2.sees_list()
    user2.sees_list((ONE, 0), (TWO, 0))

    with pytest.raises(ExpectationFailed, match="expected chat 2 to leave the list"):
        expect(user2, timeout_s=AT_ONCE_S).to_have_lost(TWO)


@pytest.mark.parametrize("shown", [0, 2, 11])
def test_a_count_is_exact(user2: Window, shown: int) -> None:
    user2.sees_list((ONE, 0))
    user2.sends(ONE, "Count")
    state = user2.sees_list((ONE, shown, "Count"))

    verdict(
        ExpectationFailed,
        lambda: expect(user2, timeout_s=AT_ONCE_S).to_have_unread(ONE, 1),
        "user2: expected 1 unread in chat 1 within 0 s",
        stamped(state, f"talk-1:'Chat 1' unread {shown} 'Count'"),
    )


def test_a_count_comes(user2: Window) -> None:
    user2.sees_list((ONE, 0))
    user2.sends(ONE, "Count")
    shown = user2.sees_list((ONE, 1))

    assert expect(user2).to_have_unread(ONE, 1) == shown.at


def test_a_count_that_was_there_before_proves_nothing(user2: Window) -> None:
    user2.sees_list((ONE, 1))
    user2.sends(ONE, "Count")

    verdict(VacuousExpectation, lambda: expect(user2).to_have_unread(ONE, 1), "had 1 unread before", "to_keep_unread")


def test_the_server_hears_of_a_receipt_after_the_page_shows_it(user2: Window) -> None:
    user2.sees_list((ONE, 2))
    user2.cast.api.unread[ONE.id] = 2
    user2.sends(ONE, "opened it")
    user2.sees_list((ONE, 0))
    verdict(ExpectationFailed, lambda: expect(user2, timeout_s=AT_ONCE_S).to_have_read(ONE), "the server holds 2")

    user2.cast.api.unread[ONE.id] = 0
    expect(user2).to_have_read(ONE)


def test_what_was_read_before_is_not_read_by_the_action(user2: Window) -> None:
    user2.sees_list((ONE, 0))
    user2.sends(ONE, "opened it")

    verdict(VacuousExpectation, lambda: expect(user2).to_have_read(ONE), "nothing was unread in chat 1")


def test_a_badge_that_is_no_number_is_no_count(user2: Window) -> None:
    user2.sees_list((ONE, 0))
    user2.sends(ONE, "Count")
    user2.sees_view("chats", {"key": "talk-1", "name": "Chat 1", "unread": "9+", "preview": "", "is_open": ""})

    verdict(
        ExpectationFailed, lambda: expect(user2, timeout_s=AT_ONCE_S).to_have_unread(ONE, 9), "'Chat 1' unread None"
    )


def test_a_preview_comes_whole(user2: Window) -> None:
    user2.sees_list((ONE, 0, "Old"))
    message = user2.sends(ONE, "New")
    user2.sees_list((ONE, 0, "New and more"))

    verdict(
        ExpectationFailed,
        lambda: expect(user2, timeout_s=AT_ONCE_S).to_have_preview(ONE, message),
        "expected preview 'New' in chat 1",
        "'New and more'",
    )
    verdict(VacuousExpectation, lambda: expect(user2).to_have_preview(ONE, "Old"), "had the preview 'Old' before")
    shown = user2.sees_list((ONE, 0, "New"))
    assert expect(user2).to_have_preview(ONE, message) == shown.at


def test_a_preview_that_goes_makes_room_for_another(user2: Window) -> None:
    user2.sees_list((ONE, 0, "Old"), (TWO, 0, "Old"))
    start = user2.timeline.cursor()
    user2.sees_list((ONE, 0, "Old"), (TWO, 0, "New"))

    late = expect(user2, since=start, timeout_s=AT_ONCE_S)
    verdict(ExpectationFailed, lambda: late.to_have_lost_preview(ONE, "Old"), "expected another preview than 'Old'")
    verdict(VacuousExpectation, lambda: late.to_have_lost_preview(TWO, "New"), "did not have the preview 'New' before")

    gone = user2.sees_list((ONE, 0, ""), (TWO, 0, "New"))
    assert late.to_have_lost_preview(ONE, "Old") == gone.at


def test_what_a_list_read_afresh_shows(user2: Window) -> None:
    user2.sees_list((ONE, 2), (TWO, 0))
    user2.sees("document")
    state = user2.sees_list((ONE, 2), (TWO, 0))

    expect(user2, since=user2.loaded_at).to_still_have_unread(ONE, 2)
    expect(user2, since=user2.loaded_at).to_still_have_order(ONE, TWO)
    afresh = expect(user2, since=user2.loaded_at, timeout_s=AT_ONCE_S)
    verdict(ExpectationFailed, lambda: afresh.to_still_have_unread(ONE, 1), "1 unread in chat 1", stamped(state, ""))
    verdict(ExpectationFailed, lambda: afresh.to_still_have_order(TWO, ONE), "['talk-2', 'talk-1']", stamped(state, ""))


def test_a_list_read_afresh_has_the_rows_it_had(user2: Window) -> None:
    user2.sees_list((ONE, 2, "Hi"), (TWO, 0))
    before = user2.chats
    user2.sees("document")
    user2.sees_list()
    user2.sees_list((ONE, 2, "Ho"), (TWO, 0))
    afresh = expect(user2, since=user2.loaded_at, timeout_s=AT_ONCE_S)

    verdict(ExpectationFailed, lambda: afresh.to_still_have_rows(before), "the same rows, read afresh", "'Hi'", "'Ho'")

    user2.sees_list((ONE, 2, "Hi"), (TWO, 0))
    afresh.to_still_have_rows(before)


def test_an_older_document_says_nothing_of_a_list_read_afresh(user2: Window) -> None:
    user2.sees_list((ONE, 2))
    user2.sees("document")

    verdict(
        ExpectationFailed,
        lambda: expect(user2, since=user2.loaded_at, timeout_s=AT_ONCE_S).to_still_have_unread(ONE, 2),
        "no change of the list after the action",
    )


EXPECTATIONS: dict[str, Callable[[UserExpectations], object]] = {
    "moved": lambda it: it.to_have_moved_to_top(ONE),
    "appeared": lambda it: it.to_have_appeared_on_top(ONE),
    "lost": lambda it: it.to_have_lost(ONE),
    "unread": lambda it: it.to_have_unread(ONE, 1),
    "preview": lambda it: it.to_have_preview(ONE, "Text"),
    "lost preview": lambda it: it.to_have_lost_preview(ONE, "Text"),
}


@pytest.mark.parametrize("name", EXPECTATIONS)
def test_a_list_that_was_never_seen_decides_nothing(user2: Window, name: str) -> None:
    user2.sends(ONE, "Unseen")
    user2.sees_list((ONE, 1, "Text"))

    verdict(
        UnknownVerdict,
        lambda: EXPECTATIONS[name](expect(user2)),
        "no chat list had been seen before the action",
        "does the adapter's row selector fit?",
    )
