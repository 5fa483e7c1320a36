"""A navigation that the machine's own network breaks off is tried again; any other failure of it is told."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from playwright.sync_api import Error

from duologue.people import User

CHANGED = (
    "Page.goto: net::ERR_NETWORK_CHANGED at http://127.0.0.1:1/",
    'Page.goto: Navigation to "http://127.0.0.1:1/" is interrupted by another navigation to "chrome-error://chromewebdata/"',
    "Page.reload: Protocol error (Page.reload): Not attached to an active page",
)


def window() -> User:
    """A window of which only the page's load state matters."""
    user = object.__new__(User)
    vars(user)["page"] = SimpleNamespace(wait_for_load_state=lambda _: None)
    return user


def navigating(outcomes: Iterator[str]) -> None:
    """Fails with each outcome in turn, and then succeeds."""
    if outcome := next(outcomes, ""):
        raise Error(outcome)


def test_a_network_that_changes_meanwhile_is_nobodys_fault() -> None:
    outcomes = iter(CHANGED)

    window()._navigate(lambda **_: navigating(outcomes))

    assert next(outcomes, "none left") == "none left"


@pytest.mark.parametrize("outcomes", [["net::ERR_CONNECTION_REFUSED"], [*CHANGED, CHANGED[0]]])
def test_what_fails_otherwise_or_again_and_again_is_told(outcomes: list[str]) -> None:
    rest = iter(outcomes)

    with pytest.raises(Error, match=outcomes[-1].partition(" at ")[0]):
        window()._navigate(lambda **_: navigating(rest))
