"""A page that is searched: questions in JavaScript come in, data or elements go out."""

from __future__ import annotations

import re
from collections.abc import Iterable
from importlib import resources
from typing import Any

from playwright.sync_api import ElementHandle, Error, JSHandle, Locator, Page

from duologue.errors import ExpectationFailed

# A page on a machine whose cores are all busy; waits end with what they wait for.
PATIENCE_MS = 15_000.0
# What Playwright's log says of a click that something else would get.
_OVER = re.compile(r"^[\s-]*(?:.* from )?(<.*>) (?:subtree )?intercepts pointer events", re.MULTILINE)
_HUNT = resources.files("duologue.start").joinpath("hunt.js").read_text(encoding="utf-8")
_QUIET = """() => new Promise(resolve => {
    let timer;
    const observer = new MutationObserver(() => { clearTimeout(timer); timer = setTimeout(end, 400); });
    const end = () => { observer.disconnect(); resolve(true); };
    observer.observe(document, {subtree: true, childList: true, characterData: true, attributes: true});
    timer = setTimeout(end, 400);
    setTimeout(end, 8000);
})"""


class Window:
    """A page with the hunter's questions in it, also after it went elsewhere."""

    def __init__(self, page: Page, fleeting: Iterable[str] = ()) -> None:
        self.page = page
        self._fleeting = list(fleeting)
        self._hunter: JSHandle | None = None

    def _questions(self) -> JSHandle:
        try:
            if self._hunter is None:
                raise Error("")
            self._hunter.evaluate("hunt => 1")
        except Error:
            self._hunter = self.page.evaluate_handle(_HUNT, self._fleeting)
        return self._hunter

    def ignore(self, classes: Iterable[str]) -> None:
        """These come and go, and identify nothing."""
        self._fleeting += classes
        self._hunter = None

    def ask(self, question: str, argument: Any = None) -> Any:
        """The answer as data."""
        return self._questions().evaluate(question, argument)

    def handle(self, question: str, argument: Any = None) -> JSHandle:
        """The element that is the answer."""
        return self._questions().evaluate_handle(question, argument)

    def wait(self, question: str, argument: Any, timeout_ms: float) -> JSHandle | None:
        """The answer once there is one; None after the time."""
        try:
            return self.page.wait_for_function(
                f"([hunt, argument]) => ({question})(hunt, argument)",
                arg=[self._questions(), argument],
                timeout=timeout_ms,
            )
        except Error:
            return None

    def click(self, target: Locator | ElementHandle) -> None:
        """As a person does it. Raises ExpectationFailed where something lies over the page and takes the click."""
        try:
            target.click(timeout=PATIENCE_MS)
        except Error as error:
            if over := _OVER.search(error.message):
                remedy = "accept or close it once by hand for both people, then try again"
                raise ExpectationFailed("something lies over the page", seen=over[1], remedy=remedy) from error
            raise

    def quiet(self) -> None:
        """Wait until nothing in the page changes any more, also where it goes elsewhere meanwhile."""
        self.page.wait_for_function(_QUIET)  # begins anew in the next document, as `evaluate` does not
