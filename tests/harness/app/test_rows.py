"""A chat list as pages really show it: rows that come twice, badges that are absent, empty, "0" or no number."""

from __future__ import annotations

import pytest

from duologue.app import Capabilities, ChatApp
from duologue.errors import AdapterError
from tests.harness.toy import TOY


def _row(key: str, unread: str | None = None, **more: str | None) -> dict[str, str | None]:
    return {"key": key, "name": key, "unread": unread, "preview": None, "is_open": None, **more}


@pytest.mark.parametrize(("badge", "unread"), [(None, 0), ("", 0), ("0", 0), (" 3 ", 3), ("99+", None), ("•", None)])
def test_a_badge_is_a_number_or_tells_none(badge: str | None, unread: int | None) -> None:
    assert TOY.chat_row(_row("a", badge)).unread == unread


def test_a_dot_tells_no_number_where_it_is_and_zero_where_it_is_not() -> None:
    app = TOY.model_copy(update={"capabilities": Capabilities(unread="dot")})

    assert app.chat_row(_row("a", "")).unread is None
    assert app.chat_row(_row("a", None)).unread == 0


def test_a_chat_that_is_listed_twice_is_one_chat_where_it_comes_first() -> None:
    rows = TOY.chat_rows([_row("b", "1"), _row("a"), _row("b", "1", is_open="yes")])

    assert [(row.key, row.unread, row.is_open) for row in rows] == [("b", 1, True), ("a", 0, False)]


def test_rows_of_one_chat_that_disagree_tell_no_number() -> None:
    assert [row.unread for row in TOY.chat_rows([_row("b", "1"), _row("b", "2")])] == [None]


def test_a_capability_may_be_demanded_with_one_of_several_values() -> None:
    promises = Capabilities(unread="dot")

    assert promises.promised("unread")
    assert promises.promised("unread=number|dot")
    assert not promises.promised("unread=number")
    assert promises.promised("group_unread=dot"), "groups are like direct chats unless they are said to differ"
    assert not Capabilities(group_unread="mentions").promised("group_unread=number")
    with pytest.raises(AdapterError, match="there is no capability 'unred'"):
        promises.promised("unred=dot")


def test_an_adapter_without_frames_reads_none() -> None:
    app = ChatApp(**{name: getattr(TOY, name) for name in type(TOY).model_fields})

    assert app.frame_message("anything") is None
