"""Witnesses that disagree: made histories, and what is found in each."""

from __future__ import annotations

import pytest

from duologue.app import SeenMessage
from duologue.expect.agreement import FIRST_PAGE, Witness, both, judge, judge_unread


def said(*texts: str, ids: bool = True) -> tuple[SeenMessage, ...]:
    """Messages whose text is their id too."""
    return tuple(SeenMessage(text, text if ids else "") for text in texts)


def window(*texts: str, ids: bool = True) -> Witness:
    """What a window shows."""
    return Witness("in the window", said(*texts, ids=ids))


def frames(*texts: str) -> Witness:
    """What a socket brought."""
    return Witness("in the frames", said(*texts), whole=False)


def test_witnesses_that_saw_the_same_agree() -> None:
    judgement = judge(said("a", "b", "c"), [window("a", "b", "c"), frames("b", "c")], ["a", "b", "c"])

    assert judgement.verdict is True
    assert judgement.counts == {"messages": 3, "witnesses": 2}
    assert not judgement.worst


@pytest.mark.parametrize("ids", [True, False])
@pytest.mark.parametrize(
    ("seen", "fault", "what"),
    [
        (["a", "c"], "lost", "b"),
        (["a", "b"], "lost", "c"),
        (["a", "b", "b", "c"], "repeated", "b"),
        (["b", "a", "c"], "misplaced", "a"),
        (["a", "b", "x", "c"], "foreign", "x"),
    ],
)
def test_a_window_that_saw_otherwise_is_found_out(seen: list[str], fault: str, what: str, ids: bool) -> None:
    judgement = judge(said("a", "b", "c", ids=ids), [window(*seen, ids=ids)])

    assert judgement.verdict is False
    assert judgement.counts == {"messages": 3, "witnesses": 1, fault: 1}
    assert judgement.worst == (f"{fault}: {what!r}, in the window",)


def test_frames_may_begin_late_but_not_repeat_or_overtake() -> None:
    record = said("a", "b", "c")

    assert judge(record, [frames("c")]).verdict is True
    assert judge(record, [frames("b", "b")]).counts["repeated"] == 1
    assert judge(record, [frames("c", "b")]).counts["misplaced"] == 1
    assert judge(record, [frames("d")]).counts["foreign"] == 1


def test_a_message_with_another_text_is_altered() -> None:
    judgement = judge([SeenMessage("right", "1")], [Witness("in the window", (SeenMessage("wrong", "1"),))])

    assert judgement.worst == ("altered: 'wrong', in the window",)


def test_a_deleted_message_may_show_any_text() -> None:
    shown = Witness("in the window", (SeenMessage("Message deleted", "1", deleted=True),))

    assert judge([SeenMessage("", "1", deleted=True)], [shown]).verdict is True


def test_what_was_sent_and_is_not_in_the_record_is_lost() -> None:
    judgement = judge(said("a"), [window("a")], ["a", "b"])

    assert judgement.worst == ("lost: 'b', sent, and not in the record",)


def test_what_is_in_the_record_more_often_than_it_was_sent_is_repeated() -> None:
    record = [SeenMessage("a", "1"), SeenMessage("a", "2")]
    shown = Witness("in the window", tuple(record))

    assert judge(record, [shown], ["a", "a"]).verdict is True
    assert judge(record, [shown], ["a"]).worst == ("repeated: 'a', in the record more often than it was sent",)


def test_a_record_that_holds_an_id_twice_is_wrong_itself() -> None:
    assert judge(said("a", "a"), [window("a")]).verdict is False


def test_a_text_that_was_edited_since_is_not_lost() -> None:
    record = [SeenMessage("new", "1", edited=True)]

    assert judge(record, [Witness("in the window", tuple(record))], ["old"]).verdict is True


def test_an_edit_that_is_known_excuses_no_other_loss() -> None:
    record = [SeenMessage("new", "1", edited=True)]

    assert judge(record, [Witness("in the window", tuple(record))], ["new", "gone"]).counts["lost"] == 1


def test_a_window_need_not_show_what_is_older_than_its_first_page() -> None:
    texts = [str(number) for number in range(FIRST_PAGE + 20)]

    assert judge(said(*texts), [window(*texts[-FIRST_PAGE:])]).verdict is True
    assert judge(said(*texts), [window(*texts[-FIRST_PAGE + 1 :])]).counts["lost"] == 1
    assert judge(said(*texts), [window(*texts[-FIRST_PAGE - 5 : -1])]).counts["lost"] == 1


def test_above_a_page_of_known_size_there_may_be_gaps_and_within_it_none() -> None:
    record = said(*(str(number) for number in range(20)))

    def shown(*numbers: int) -> Witness:
        return Witness("window", said(*map(str, numbers)), page=3)

    assert judge(record, [shown(0, 17, 18, 19)]).verdict is True
    assert judge(record, [shown(0, 16, 18, 19)]).counts["lost"] == 1


def test_nothing_seen_is_unknown_and_never_a_pass() -> None:
    assert judge([], [window()]).verdict is None
    assert judge(said("a"), []).verdict is None
    assert both([]).verdict is None
    assert both([judge(said("a"), [window("a")]), judge([], [window()])]).verdict is None


def test_one_that_is_false_makes_all_false() -> None:
    right, wrong = judge(said("a"), [window("a")]), judge(said("a"), [window()])

    together = both([right, judge([], []), wrong])

    assert together.verdict is False
    assert together.counts["lost"] == 1
    assert together.worst == ("lost: 'a', in the window",)


def test_counts_have_to_be_exact() -> None:
    assert judge_unread({"7": 2, "8": 0}, {"7": 2, "8": 0}, "in the list").verdict is True
    assert judge_unread({"7": 2}, {"7": 3}, "in the list").worst == ("unread: '7: 3 instead of 2', in the list",)
    assert judge_unread({"7": 2}, {}, "in the list").worst == ("unread: '7: no such row instead of 2', in the list",)
    assert judge_unread({"7": 120}, {"7": None}, "in the list").verdict is True  # a badge that says "99+"
    assert judge_unread({"7": None}, {}, "in the list").verdict is True  # neither lists it


def test_only_the_worst_are_named_and_all_are_counted() -> None:
    judgement = judge(said(*map(str, range(20))), [window()])

    assert judgement.counts["lost"] == 20
    assert len(judgement.worst) == 8
