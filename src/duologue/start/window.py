"""A page that is searched: questions in JavaScript come in, data or elements go out."""

from __future__ import annotations

from importlib import resources
from typing import Any

from playwright.sync_api import Error, JSHandle, Page

_HUNT = resources.files("duologue.start").joinpath("hunt.js").read_text(encoding="utf-8")
_QUIET = """() => new Promise(resolve => {
    let timer;
    const observer = new MutationObserver(() => { clearTimeout(timer); timer = setTimeout(end, 400); });
    const end = () => { observer.disconnect(); resolve(); };
    observer.observe(document, {subtree: true, childList: true, characterData: true, attributes: true});
    timer = setTimeout(end, 400);
    setTimeout(end, 8000);
})"""


class Window:
    """A page with the hunter's questions in it, also after it went elsewhere."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self._hunter: JSHandle | None = None

    def _questions(self) -> JSHandle:
        try:
            if self._hunter is None:
                raise Error("")
            self._hunter.evaluate("hunt => 1")
        except Error:
            self._hunter = self.page.evaluate_handle(_HUNT)
        return self._hunter

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

    def quiet(self) -> None:
        """Wait until nothing in the page changes any more."""
        self.page.evaluate(_QUIET)
