"""A browser that hoards what its contexts leave behind is started anew, and never under an open window."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing

import pytest
from playwright.sync_api import Browser

from duologue.people.browsers import RenewedBrowser


@pytest.fixture
def renewed(launch_browser: Callable[[], Browser]) -> Iterator[RenewedBrowser]:
    with closing(RenewedBrowser(launch_browser(), launch_browser, contexts=2)) as browser:
        yield browser


def test_after_so_many_contexts_the_next_one_is_of_a_new_browser(renewed: RenewedBrowser) -> None:
    first, second = renewed.new_context(), renewed.new_context()
    assert first.browser is second.browser
    old = first.browser
    first.close()
    second.close()

    third = renewed.new_context()

    assert third.browser is not old
    assert old is not None
    assert not old.is_connected()
    assert renewed.contexts == [third]


def test_no_browser_is_renewed_under_an_open_window(renewed: RenewedBrowser) -> None:
    open_one, other = renewed.new_context(), renewed.new_context()
    other.close()

    third = renewed.new_context()

    assert third.browser is open_one.browser
    assert renewed.is_connected()
