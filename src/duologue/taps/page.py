"""The Python side of the tap: puts the script into a browser context and its reports on the timeline."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from importlib import resources
from typing import Any, cast

from playwright.sync_api import BrowserContext, ConsoleMessage, Page

from duologue.taps.view import State, View, spliced
from duologue.timeline import Event, Timeline

_BINDING = "__duologue_report"
# The rooms of the script, in the order in which they have to run, in one scope.
_ROOMS = ("begin", "console", "errors", "websocket", "eventsource", "requests", "views")
_FOLDER = resources.files("duologue.taps").joinpath("script")
_BODY = "\n".join(_FOLDER.joinpath(f"{room}.js").read_text(encoding="utf-8") for room in _ROOMS)
_SCRIPT = f"(config) => {{\n{_BODY}}}"


class PageTap:
    """The tap of one browser context: everything its pages do, as events in the lane of their user.

    `name_of` gives the name of the window that a page is. `polls` are regular expressions of JavaScript's dialect for
    the requests, `METHOD URL`, that bring news: their answers are frames. Views are kept whole: the data of a `view`
    event is `{"name": …, "rows": (row, …)}`, whatever little the page had to send.
    """

    def __init__(
        self,
        context: BrowserContext,
        timeline: Timeline,
        lane: str,
        views: Mapping[str, View],
        name_of: Callable[[Page], str],
        polls: Sequence[str] = (),
    ) -> None:
        self._timeline, self._lane, self._name_of = timeline, lane, name_of
        self._states: dict[tuple[Page, str], State] = {}
        config = {
            "binding": _BINDING,
            "views": {name: view.model_dump() for name, view in views.items()},
            "polls": list(polls),
        }
        cast(Any, context).expose_binding(_BINDING, self._on_report)
        context.add_init_script(f"({_SCRIPT})({json.dumps(config)});")
        context.on("console", self._on_browser_message)
        context.on("page", self._watch)

    def _watch(self, page: Page) -> None:
        page.on("crash", lambda _: self._note(page, "page_crashed", page.url))
        page.on("close", lambda _: self._note(page, "page_closed", page.url))

    def _note(self, page: Page, kind: str, text: str) -> None:
        # Playwright tells of these itself: the page that could have stamped them is gone.
        cursor = self._timeline.cursor()
        self._timeline.append(Event(cursor.at, self._lane, kind, text, {}, self._name_of(page)))

    def _on_report(self, source: Mapping[str, Any], payload: str) -> None:
        page: Page = source["page"]
        window = self._name_of(page)
        for seen in json.loads(payload):
            kind, data = seen["kind"], seen["data"]
            if kind == "document":
                self._states = {key: rows for key, rows in self._states.items() if key[0] is not page}
            elif kind == "view":
                key = (page, seen["text"])
                self._states[key] = rows = spliced(self._states.get(key, ()), data)
                data = {"name": seen["text"], "rows": rows}
                kind = f"view:{seen['text']}"
            self._timeline.append(Event(seen["at"], self._lane, kind, seen["text"], data, window))

    def _on_browser_message(self, message: ConsoleMessage) -> None:
        """Lines of the browser itself (CORS, failed loads) have no arguments; those of scripts are tapped."""
        page = message.page
        if message.args or page is None:
            return
        data = {"level": message.type, "args": (), "browser": True, "location": dict(message.location)}
        at = message.timestamp / 1000
        self._timeline.append(Event(at, self._lane, "console", message.text, data, self._name_of(page)))
