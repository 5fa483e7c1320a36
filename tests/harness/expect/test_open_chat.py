"""Each expectation about the open chat comes true, fails with what was seen, and refuses what could not have failed."""

from __future__ import annotations

import pytest

from duologue.app import Capabilities
from duologue.errors import ExpectationFailed, VacuousExpectation
from duologue.expect import expect
from tests.harness.expect.window import AT_ONCE_S, Window, chat, soon, stamped, verdict
from tests.harness.toy import TOY

ONE = chat(1)


def test_a_message_is_shown(user2: Window) -> None:
    user2.sees_messages("Old")
    message = user2.sends(ONE, "New")
    timer = soon(lambda: user2.sees_messages("Old", "New"))

    shown_at = expect(user2).to_show(message)

    timer.join()
    assert shown_at == list(user2.timeline)[-1].at


def test_a_message_that_is_not_shown_is_told_with_all_states(user2: Window) -> None:
    user2.sees_messages("Old")
    message = user2.sends(ONE, "New")

    verdict(
        ExpectationFailed,
        lambda: expect(user2, timeout_s=AT_ONCE_S).to_show(message),
        "user2: expected 'New' to be shown in the open chat within 0 s",
        "no change of the open chat after the action; it shows ['Old']",
    )
    first, second = user2.sees_messages("Old", "Newer"), user2.sees_messages("Old", "Newer", "new")
    verdict(
        ExpectationFailed,
        lambda: expect(user2, timeout_s=AT_ONCE_S).to_show(message),
        stamped(first, "['Old', 'Newer']"),
        stamped(second, "['Old', 'Newer', 'new']"),
    )


def test_a_message_that_comes_twice_is_not_shown_once(user2: Window) -> None:
    message = user2.sends(ONE, "New")
    user2.sees_messages("New", "New")

    verdict(ExpectationFailed, lambda: expect(user2).to_show(message), "'New' to be shown once", "2 times")


def test_a_message_that_was_shown_before_proves_nothing(user2: Window) -> None:
    user2.sees_messages("Old")
    user2.sends(ONE, "New")

    verdict(VacuousExpectation, lambda: expect(user2).to_show("Old"), "'Old' was shown before the action")


def test_exactly_these_messages_in_this_order(user2: Window) -> None:
    first = user2.sends(ONE, "One")
    user2.sees_messages("One")
    last = user2.sees_messages("One", "Two")

    expect(user2, since=first).to_show_exactly(first, "Two")
    for wrong in (["Two", "One"], ["Two"], ["One", "Two", "Three"]):
        verdict(
            ExpectationFailed,
            lambda wrong=wrong: expect(user2, since=first, timeout_s=AT_ONCE_S).to_show_exactly(*wrong),
            f"exactly these messages in order: {wrong}",
            stamped(last, "['One', 'Two']"),
        )


def test_what_is_wrong_with_a_long_list_is_told_by_its_kind(user2: Window) -> None:
    wanted = [f"Line {number}" for number in range(1, 101)]
    first = user2.sends(ONE, wanted[0])
    user2.sees_messages(*wanted[:40], *wanted[41:70], *wanted[71:], wanted[70])

    verdict(
        ExpectationFailed,
        lambda: expect(user2, since=first, timeout_s=AT_ONCE_S).to_show_exactly(*wanted),
        "'Line 4'] … ['Line 97'",
        "of 100 messages, 1 witnesses, 1 lost, 1 misplaced",
        "lost: 'Line 41', at last",
        "misplaced: 'Line 71', at last",
    )


def test_a_message_disappears(user2: Window) -> None:
    user2.sees_messages("One", "Two")
    user2.sends(ONE, "Away")

    verdict(
        ExpectationFailed,
        lambda: expect(user2, timeout_s=AT_ONCE_S).to_have_lost_message("Two"),
        "expected 'Two' to be shown no more",
        "it shows ['One', 'Two']",
    )
    verdict(VacuousExpectation, lambda: expect(user2).to_have_lost_message("Three"), "'Three' was not shown before")
    user2.sees_messages("One")
    expect(user2).to_have_lost_message("Two")


def test_an_open_chat_that_is_drawn_anew_has_lost_nothing(user2: Window) -> None:
    user2.sees_messages("One", "Two")
    user2.sends(ONE, "Not away")
    user2.sees_messages()
    user2.sees_messages("One", "Two")

    with pytest.raises(ExpectationFailed, match="expected 'Two' to be shown no more"):
        expect(user2, timeout_s=AT_ONCE_S).to_have_lost_message("Two")


def test_a_status_comes(user2: Window) -> None:
    message = user2.sends(ONE, "Read me")
    state = user2.sees_messages("Read me", status="sent")

    verdict(
        ExpectationFailed,
        lambda: expect(user2, timeout_s=AT_ONCE_S).to_have_status(message, "read"),
        "expected 'Read me' to have the status 'read' within 0 s",
        stamped(state, "[('Read me', 'sent')]"),
    )
    user2.sees_messages("Read me", status="read")
    expect(user2).to_have_status(message, "read")


def test_a_status_that_was_there_before_proves_nothing(user2: Window) -> None:
    user2.sees_messages("Read me", status="read")
    user2.sends(ONE, "Another")

    verdict(VacuousExpectation, lambda: expect(user2).to_have_status("Read me", "read"), "so it was before the action")


def test_a_status_is_seen_again_in_a_document_loaded_afresh(user2: Window) -> None:
    user2.sees_messages("Read me", status="read")
    user2.sees("document")

    verdict(
        ExpectationFailed,
        lambda: expect(user2, since=user2.loaded_at, timeout_s=AT_ONCE_S).to_have_status("Read me", "read"),
        "no change of the open chat after the action",
    )
    user2.sees_messages("Read me", status="read")
    expect(user2, since=user2.loaded_at).to_have_status("Read me", "read")


def test_an_edited_message_is_marked(user2: Window) -> None:
    user2.sees_messages("Typo")
    user2.sends(ONE, "Edits")
    state = user2.sees_messages("Edited")

    verdict(
        ExpectationFailed,
        lambda: expect(user2, timeout_s=AT_ONCE_S).to_mark_as_edited("Edited"),
        "expected 'Edited' to be marked as edited",
        stamped(state, "[('Edited', '')]"),
    )
    user2.sees_messages("Edited", edited="")
    expect(user2).to_mark_as_edited("Edited")
    user2.sends(ONE, "Another")
    verdict(VacuousExpectation, lambda: expect(user2).to_mark_as_edited("Edited"), "so it was before the action")


def test_deleted_messages_are_counted(user2: Window) -> None:
    user2.sees_messages("One", "Two")
    user2.sends(ONE, "Deletes")
    state = user2.sees_messages("Message deleted", "Message deleted", deleted="")

    verdict(
        ExpectationFailed,
        lambda: expect(user2, timeout_s=AT_ONCE_S).to_mark_as_deleted(1),
        "expected 1 messages marked as deleted",
        stamped(state, "[('Message deleted', 'deleted'), ('Message deleted', 'deleted')]"),
    )
    expect(user2).to_mark_as_deleted(2)
    user2.sends(ONE, "Another")
    verdict(VacuousExpectation, lambda: expect(user2).to_mark_as_deleted(2), "so it was before the action")


def test_a_refusal_says_why(user2: Window) -> None:
    user2.sees_sign("refusal", "an older one")
    user2.timeline.act("user2", "signs in by the form", source="user2")
    user2.sees_sign("refusal", "")

    verdict(
        ExpectationFailed,
        lambda: expect(user2, timeout_s=AT_ONCE_S).to_be_refused(),
        "expected the sign-in form to say why it refuses",
    )
    user2.sees_sign("refusal", "wrong password")
    assert expect(user2).to_be_refused() == "wrong password"


def test_messages_up_to_the_last_may_lack_the_oldest_where_fewer_are_promised_at_once(user2: Window) -> None:
    user2.cast.app = TOY.model_copy(update={"capabilities": Capabilities(shown_at_once=2)})
    user2.sends(ONE, "c")
    user2.sees_messages("c")
    user2.sees_messages("a", "c")

    verdict(
        ExpectationFailed,
        lambda: expect(user2, timeout_s=AT_ONCE_S).to_show_up_to("a", "b", "c"),
        "the last 2 of these 3 messages or more, in order: ['a', 'b', 'c']",
    )
    user2.sees_messages("b", "c")
    expect(user2).to_show_up_to("a", "b", "c")


def test_all_messages_up_to_the_last_are_shown_unless_fewer_are_promised(user2: Window) -> None:
    user2.sends(ONE, "c")
    user2.sees_messages("b", "c")

    with pytest.raises(ExpectationFailed, match="the last 3 of these 3 messages"):
        expect(user2, timeout_s=AT_ONCE_S).to_show_up_to("a", "b", "c")


def test_older_messages_may_lie_in_a_gap_above_those_shown_at_once(user2: Window) -> None:
    user2.cast.app = TOY.model_copy(update={"capabilities": Capabilities(shown_at_once=2)})
    user2.sends(ONE, "e")
    user2.sees_messages("a", "d", "e")

    expect(user2).to_show_up_to("a", "b", "c", "d", "e")
    with pytest.raises(ExpectationFailed, match="the last 2 of these 3 messages or more"):
        expect(user2, timeout_s=AT_ONCE_S).to_show_up_to("d", "a", "e")


def test_an_author_is_named(user2: Window) -> None:
    user2.sends(ONE, "Who?")
    user2.sees_messages("Me", author="Former member")
    verdict(
        ExpectationFailed,
        lambda: expect(user2, timeout_s=AT_ONCE_S).to_name_author("Me", "Ann"),
        "expected 'Me' to be shown as by 'Ann'",
        "Former member",
    )
    user2.sees_messages("Me", author="Ann")

    expect(user2).to_name_author("Me", "Ann")
