"""pytest-playwright's own fixtures of browsers, contexts and artifacts, with what a chat's tests ask more of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, BrowserType, Playwright

from duologue.leftovers import temp_folder
from duologue.loop import beyond_the_terminal
from duologue.people.browsers import RenewedBrowser, contexts_per_browser, launch_arguments
from duologue.people.nodelay import send_without_delay
from duologue.run import Run

ARTIFACTS = "artifacts"
"""The name of the temp folders (see `leftovers`) in which artifacts wait for the end of their test."""


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any], browser_type: BrowserType) -> dict[str, Any]:
    """pytest-playwright's, with the system's browser where Playwright's own is not installed."""
    return launch_arguments(browser_type, browser_type_launch_args)


@pytest.fixture(scope="session")
def _pw_artifacts_folder(pytestconfig: pytest.Config) -> TemporaryDirectory[str]:
    """pytest-playwright's, under a name by which it is found when its worker was killed."""
    folder = temp_folder(ARTIFACTS, pytestconfig.stash[Run.KEY].owner_pid)
    pytestconfig.add_cleanup(folder.cleanup)  # as late as pytest-playwright's own
    return folder


@pytest.fixture(scope="session", autouse=True)
def delete_output_dir(request: pytest.FixtureRequest) -> None:
    """pytest-playwright's; not in a worker, which may start after another has kept evidence (see `evidence`)."""
    if not hasattr(request.config, "workerinput"):
        request.getfixturevalue("delete_output_dir")


@pytest.fixture(scope="session")
def playwright(request: pytest.FixtureRequest) -> Playwright:
    """pytest-playwright's; its driver lives until the teardown, also when Ctrl-C ends the run."""
    with beyond_the_terminal():
        return request.getfixturevalue("playwright")


@pytest.fixture(scope="session")
def launch_browser(launch_browser: Callable[..., Browser], browser_name: str) -> Callable[..., Browser]:
    """pytest-playwright's; a Firefox then sends its events without delay."""

    def launch(**kwargs: Any) -> Browser:
        browser = launch_browser(**kwargs)
        if browser_name == "firefox":
            send_without_delay()
        return browser

    return launch


@pytest.fixture(scope="session")
def browser(
    browser: Browser, launch_browser: Callable[..., Browser], browser_type_launch_args: dict[str, Any]
) -> Iterator[RenewedBrowser]:
    """pytest-playwright's; started anew once it has died, or where its contexts have left too much behind."""
    with closing(RenewedBrowser(browser, launch_browser, contexts_per_browser(browser_type_launch_args))) as renewed:
        yield renewed


@pytest.fixture
def new_context(new_context: Callable[..., BrowserContext]) -> Callable[..., BrowserContext]:
    """pytest-playwright's; of a browser that has died nothing is closed, nor asked for artifacts."""

    def make(**kwargs: Any) -> BrowserContext:
        context = new_context(**kwargs)
        close, browser = context.close, context.browser

        def close_alive(**kwargs: Any) -> None:
            if browser is None or browser.is_connected():
                close(**kwargs)

        setattr(context, "close", close_alive)  # noqa: B010 - as pytest-playwright does
        return context

    return make
