"""A page that shows no sign of its connection is up with its list, or with what its connection brings."""

from __future__ import annotations

import pytest

from duologue.app import Chat
from duologue.timeline import Timeline
from tests.harness.expect.window import Window
from tests.harness.toy import TOY


@pytest.fixture
def user2() -> Window:
    """A window whose page shows no connection and needs no form."""
    window = Window(Timeline())
    window.cast.app = TOY.model_copy(update={"connection": "", "form": None})
    window.sees("document")
    window.sees_list()
    return window


def test_who_has_no_chat_yet_is_connected_with_the_first_frame(user2: Window) -> None:
    assert not user2.is_connected

    user2.sees("ws_received", "nothing for you yet")

    assert user2.is_connected


def test_a_frame_of_an_older_document_says_nothing(user2: Window) -> None:
    user2.sees("ws_received", "nothing for you yet")
    user2.sees("document")

    assert not user2.is_connected


def test_who_has_a_chat_is_connected_once_it_is_listed(user2: Window) -> None:
    chat = Chat("1", (user2.account,), {})
    user2.cast.chats = {"1": chat}
    user2.sees("ws_received", "something")
    assert not user2.is_connected

    user2.sees_list((chat, 0))

    assert user2.is_connected
