"""A page, an echoing WebSocket and an endless supply of bytes on one loopback port, and a browser behind a link."""

from __future__ import annotations

import http
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import BrowserContext, Page
from websockets.datastructures import Headers
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response
from websockets.sync.server import Server, ServerConnection, serve

from duologue.faults import Link
from duologue.loop import Loop
from duologue.taps import PageTap
from duologue.timeline import Timeline


def _http(connection: ServerConnection, request: Request) -> Response | None:
    del connection
    if "Upgrade" in request.headers:
        return None
    size = int(request.path.removeprefix("/bytes/")) if request.path.startswith("/bytes/") else 0
    body = b"x" * size if size else b"<!doctype html><title>link</title>"
    headers = Headers({"Content-Type": "text/html", "Content-Length": str(len(body)), "Cache-Control": "no-store"})
    return Response(http.HTTPStatus.OK.value, "OK", headers, body)


class Echo:
    """The server; `closed` is set when the last socket ended, with its code in `code`; it `got` these frames."""

    def __init__(self) -> None:
        self.got: list[str | bytes] = []
        self.closed = threading.Event()
        self.code: int | None = None
        # A browser that is being closed, or whose link is cut, need not answer when a socket is closed.
        options = {"process_request": _http, "ping_interval": None, "close_timeout": 0.2}
        self.server: Server = serve(self._echo, "127.0.0.1", 0, **options)
        self.port: int = self.server.socket.getsockname()[1]
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    def _echo(self, connection: ServerConnection) -> None:
        try:
            for frame in connection:
                self.got.append(frame)
                connection.send(frame)
        except ConnectionClosed:
            pass
        self.code = connection.close_code
        self.closed.set()


@pytest.fixture
def echo() -> Iterator[Echo]:
    """The server."""
    echo = Echo()
    yield echo
    echo.server.shutdown()
    echo.thread.join()


@pytest.fixture
def timeline(_loop: Loop) -> Timeline:
    """What the page and the link tell."""
    return Timeline(_loop)


@pytest.fixture
def link(timeline: Timeline) -> Iterator[Link]:
    """The way of the only window to the network."""
    link = Link(timeline, "ann")
    yield link
    link.close()


@pytest.fixture
def page(link: Link, timeline: Timeline, echo: Echo, new_context: Callable[..., BrowserContext]) -> Page:
    """A page of the server's, loaded over the link, with a tap in it."""
    context = new_context(proxy=link.proxy, base_url=f"http://127.0.0.1:{echo.port}")
    PageTap(context, timeline, "ann", {}, lambda _: "ann")
    page = context.new_page()
    page.goto("/")
    return page


@pytest.fixture
def posts() -> Iterator[tuple[str, list[str]]]:
    """The address of a server that takes POSTs, and the paths of those that it took."""
    got: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            got.append(self.path)
            self.send_response(200)
            self.send_header("Access-Control-Allow-Origin", "*")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/", got
        server.shutdown()
        thread.join()
