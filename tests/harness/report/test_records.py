"""A timeline is kept in order of time, each view by what changed in it."""

from __future__ import annotations

import random

import pytest

from duologue.report.records import change
from duologue.taps.view import spliced
from tests.harness.report.samples import event, kept, view


def test_events_of_one_moment_keep_the_order_in_which_they_came() -> None:
    kinds = [record.kind for record in kept(event(5, "user1", "a"), event(1, "user2", "b"), event(5, "user1", "c"))]

    assert kinds == ["b", "a", "c"]


def test_a_view_is_kept_by_its_changes() -> None:
    first, second = kept(view(0, "user1", "chats", "A", "B"), view(1, "user1", "chats", "B", "A", "C"))

    assert first.data == {"start": 0, "drop": 0, "rows": [{"text": "A"}, {"text": "B"}]}
    assert spliced(({"text": "A"}, {"text": "B"}), second.data) == ({"text": "B"}, {"text": "A"}, {"text": "C"})


def test_windows_have_views_of_their_own_and_a_document_begins_with_empty_ones() -> None:
    seen = kept(
        view(0, "user1", "chats", "A"),
        view(1, "user2", "chats", "A"),
        event(2, "user1", "document", "http://127.0.0.1/"),
        view(3, "user1", "chats", "A"),
        view(4, "user2", "chats", "A"),
    )

    rows = [len(record.data["rows"]) for record in seen if record.kind == "view:chats"]
    assert rows == [1, 1, 1, 0]


def test_changes_lead_from_any_state_to_any_other() -> None:
    dice = random.Random(7)

    for _ in range(300):
        old, new = (tuple({"text": dice.choice("abc")} for _ in range(dice.randrange(6))) for _ in range(2))
        assert spliced(old, change(old, new)) == new


@pytest.mark.parametrize("kind", ["console", "ws_received", "log", "response"])
def test_no_record_holds_a_secret(kind: str) -> None:
    secret = "8f14e45fceea167a5a36dedd4bea2543"
    seen = kept(event(0, "user1", kind, f"/ws?token={secret}", url=f"/ws?token={secret}", args=[{"token": secret}]))

    assert secret not in repr(seen)


def test_no_row_of_a_view_holds_a_secret() -> None:
    secret = "8f14e45fceea167a5a36dedd4bea2543"

    assert secret not in repr(kept(view(0, "user1", "messages", f"/ws?token={secret}")))
