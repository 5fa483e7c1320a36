"""Gives Playwright's traces, screenshots and videos of a test the names of the windows that they show."""

from __future__ import annotations

import re
from pathlib import Path
from typing import ClassVar

import pytest
from playwright.sync_api import BrowserContext, Page

_NUMBERED = re.compile(r"^(?P<stem>.*?)(?:-(?P<number>\d+))?\.(?P<ending>zip|png|webm)$")


class Artifacts:
    """The contexts and pages of one test in the order in which pytest-playwright numbers their artifacts."""

    KEY: ClassVar[pytest.StashKey[Artifacts]]

    def __init__(self) -> None:
        self._contexts: list[str] = []
        self._pages: list[tuple[str, Page]] = []

    def named(self, context: BrowserContext, window: str) -> None:
        """The context belongs to this window; its further pages are numbered."""
        self._contexts.append(window)

        def on_page(page: Page) -> None:
            count = sum(1 for name, _ in self._pages if name.startswith(window)) + 1
            self._pages.append((window if count == 1 else f"{window}-tab{count}", page))

        context.on("page", on_page)

    def rename(self, report: pytest.TestReport) -> None:
        """Rename the artifacts that the teardown report names, there and on disk."""
        # Playwright tells of each page in order of creation; it takes screenshots context by context.
        names = {
            "playwright_trace": self._contexts,
            "playwright_video": [name for name, _ in self._pages],
            "playwright_screenshot": [
                name for name, _ in sorted(self._pages, key=self._context_of) if not _.is_closed()
            ],
        }
        report.user_properties = [(kind, _renamed(value, names.get(kind))) for kind, value in report.user_properties]

    def _context_of(self, page: tuple[str, Page]) -> int:
        return self._contexts.index(page[0].split("-tab")[0])


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
