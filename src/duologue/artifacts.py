"""Gives Playwright's traces, screenshots and videos of a test the names of the windows that they show."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import Any, ClassVar

import pytest
from playwright.sync_api import BrowserContext, Page

_NUMBERED = re.compile(r"^(?P<stem>.*?)(?:-(?P<number>\d+))?\.(?P<ending>zip|png|webm)$")


class Artifacts:
    """The windows of one test in the order in which pytest-playwright numbers their artifacts.

    It keeps traces and screenshots as the contexts are closed, videos as the pages were opened.
    """

    KEY: ClassVar[pytest.StashKey[Artifacts]]

    def __init__(self) -> None:
        self._windows: dict[Page, str] = {}
        self._closed: list[str] = []
        self._pictured: list[str] = []

    def named(self, context: BrowserContext, window: str) -> None:
        """The context belongs to this window; its further pages are numbered."""

        def on_page(page: Page) -> None:
            count = sum(1 for other in self._windows if other.context == context) + 1
            self._windows[page] = window if count == 1 else f"{window}-tab{count}"

        def on_close(*args: Any, **kwargs: Any) -> None:
            self._closed.append(window)
            self._pictured += [self._windows[page] for page in context.pages]
            close(*args, **kwargs)

        context.on("page", on_page)
        close, context.close = context.close, on_close  # as pytest-playwright does, to be told before it

    def rename(self, report: pytest.TestReport) -> None:
        """Rename the artifacts that the teardown report names, there and on disk."""
        names = {
            "playwright_trace": self._closed,
            "playwright_video": [*self._windows.values()],
            "playwright_screenshot": self._pictured,
        }
        # A page that could not be pictured shifts the numbers of the others: then they stay numbers.
        found = Counter(kind for kind, _ in report.user_properties)
        names = {kind: windows for kind, windows in names.items() if len(windows) == found[kind]}
        report.user_properties = [(kind, _renamed(value, names.get(kind))) for kind, value in report.user_properties]


def _renamed(path: object, names: list[str] | None) -> object:
    if names is None:
        return path
    old = Path(str(path))
    match = _NUMBERED.match(old.name)
    number = int(match["number"] or 1) if match else 0
    if match is None or not 0 < number <= len(names) or not old.exists():
        return path
    new = old.with_name(f"{match['stem']}-{names[number - 1].replace('/', '-')}.{match['ending']}")
    return str(old.rename(new))


Artifacts.KEY = pytest.StashKey[Artifacts]()
