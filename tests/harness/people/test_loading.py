"""A navigation that the machine's own network breaks off is tried again; any other failure of it is told."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from playwright.sync_api import Error

from duologue.timeline import Timeline
from tests.harness.expect.window import Window, soon

CHANGED = (
    "Page.goto: net::ERR_NETWORK_CHANGED at http://127.0.0.1:1/",
    'Page.goto: Navigation to "http://127.0.0.1:1/" is interrupted by another navigation to "chrome-error://chromewebdata/"',
    "Page.reload: Protocol error (Page.reload): Not attached to an active page",
)


@pytest.fixture
def user2() -> Window:
    """A window whose page is always loaded."""
    window = Window(Timeline())
    vars(window)["page"] = SimpleNamespace(wait_for_load_state=lambda _: None)
    return window


def navigating(window: Window, outcomes: Iterator[str]) -> None:
    """Fails with each outcome in turn, another page coming instead, and then succeeds."""
    if outcome := next(outcomes, ""):
        window.sees("document", "chrome-error://chromewebdata/")
        raise Error(outcome)


def test_a_network_that_changes_meanwhile_is_nobodys_fault(user2: Window) -> None:
    outcomes = iter(CHANGED)

    user2._navigate(lambda **_: navigating(user2, outcomes))

    assert next(outcomes, "none left") == "none left"


def test_nothing_is_tried_again_before_the_page_that_came_instead_is_there(user2: Window) -> None:
    there: list[str] = []
    tries: list[bool] = []

    def navigate(**_: object) -> None:
        tries.append(bool(there))
        if len(tries) == 1:
            soon(lambda: there.append("it"), lambda: user2.sees("document", "chrome-error://chromewebdata/"))
            raise Error(CHANGED[0])

    user2._navigate(navigate)

    assert tries == [False, True]


@pytest.mark.parametrize("outcomes", [["net::ERR_CONNECTION_REFUSED"], [*CHANGED, CHANGED[0]]])
def test_what_fails_otherwise_or_again_and_again_is_told(user2: Window, outcomes: list[str]) -> None:
    rest = iter(outcomes)

    with pytest.raises(Error, match=outcomes[-1].partition(" at ")[0]):
        user2._navigate(lambda **_: navigating(user2, rest))
