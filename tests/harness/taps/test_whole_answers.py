"""An answer has begun with its head and is whole with its end, which the tap tells apart."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import BrowserContext, Page, Playwright

from duologue.loop import Loop
from duologue.people.asked import unanswered, unfinished
from duologue.taps import PageTap
from duologue.timeline import Cursor, Timeline
from tests.harness.expect.window import TOY

START = Cursor(0, 0.0)


@dataclass
class Slow:
    """A server that sends the head of an answer and half of the rest, and then waits for a word."""

    url: str = ""
    goes_on: threading.Event = field(default_factory=threading.Event)
    breaks_off: bool = False


@pytest.fixture
def slow() -> Iterator[Slow]:
    """At an address of its own; `/` is an empty page."""
    slow = Slow()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            is_page = self.path == "/"
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", "0" if is_page else "10")
            self.end_headers()
            if not is_page:
                self.wfile.write(b"01234")
                slow.goes_on.wait(30)
                if not slow.breaks_off:
                    self.wfile.write(b"56789")

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    slow.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield slow
    slow.goes_on.set()
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def page(new_context: Callable[..., BrowserContext], playwright: Playwright, slow: Slow) -> tuple[Page, Timeline]:
    """A page with the tap at the slow server."""
    context, timeline = new_context(), Timeline(Loop(playwright))
    PageTap(context, timeline, "user1", {}, lambda _: "user1")
    page = context.new_page()
    page.goto(slow.url)
    return page, timeline


ASKS = {
    "fetch": "fetch('/slow').then(it => it.text()).catch(() => {})",
    "a fetch that nobody reads": "fetch('/slow')",
    "an XMLHttpRequest": "{ const it = new XMLHttpRequest(); it.open('GET', '/slow'); it.send() }",
}


@pytest.mark.parametrize("breaks_off", [False, True], ids=["comes whole", "breaks off"])
@pytest.mark.parametrize("how", ASKS)
def test_an_answer_is_finished_when_its_end_came_and_not_before(
    page: tuple[Page, Timeline], slow: Slow, how: str, breaks_off: bool
) -> None:
    window, timeline = page
    slow.breaks_off = breaks_off

    window.evaluate(f"() => {{ {ASKS[how]} }}")
    if "fetch" in how:
        assert timeline.wait_for(lambda: timeline.find(kind="response") or None, 5)
        assert not unanswered(timeline, TOY, "user1", START)
    assert unfinished(timeline, TOY, "user1", START)

    slow.goes_on.set()
    assert timeline.wait_for(lambda: not unfinished(timeline, TOY, "user1", START) or None, 5), list(timeline)


def test_an_answer_that_is_awaited_for_news_holds_up_nobody(page: tuple[Page, Timeline], slow: Slow) -> None:
    window, timeline = page
    app = TOY.model_copy(update={"polls": (f"GET {slow.url}/slow",)})

    window.evaluate("() => { fetch('/slow') }")

    assert timeline.wait_for(lambda: timeline.find(kind="response") or None, 5)
    assert not unfinished(timeline, app, "user1", START)
