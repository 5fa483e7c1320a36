"""A page and an echoing WebSocket of the tests' own, on one loopback port."""

from __future__ import annotations

import http
import threading
from collections.abc import Iterator, Sequence

import pytest
from websockets.datastructures import Headers
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response
from websockets.sync.server import Server, ServerConnection, serve
from websockets.typing import Subprotocol

PAGE = b"<!doctype html><title>echo</title><body><ul id='list'></ul></body>"
EVENTS = """retry: 60000

data: one

event: other\r
data: two\r
data: lines 👍\r
\r
: a comment

event: unheard
data: x

"""
KNOWN = {
    "/": ("text/html; charset=utf-8", PAGE),
    "/json": ("application/json", b'{"answer": 42}'),
    "/empty": ("application/json", b""),
    "/events": ("text/event-stream", EVENTS.encode()),
}


def _http(connection: ServerConnection, request: Request) -> Response | None:
    del connection
    if "Upgrade" in request.headers:
        return None
    path = request.path.partition("?")[0]
    kind, body = KNOWN.get(path, ("text/html; charset=utf-8", PAGE))
    status = http.HTTPStatus.OK if path in KNOWN else http.HTTPStatus.NOT_FOUND
    headers = Headers({"Content-Type": kind, "Content-Length": str(len(body)), "Connection": "close"})
    return Response(status.value, status.phrase, headers, body)


def _first(connection: ServerConnection, offered: Sequence[Subprotocol]) -> Subprotocol | None:
    del connection
    return offered[0] if offered else None


def _echo(connection: ServerConnection) -> None:
    while True:
        try:
            frame = connection.recv()
        except ConnectionClosed:
            return
        if isinstance(frame, str) and frame.startswith("close "):
            _, code, reason = frame.split(" ", 2)
            connection.close(int(code), reason)
        else:
            connection.send(frame)


@pytest.fixture(scope="session")
def echo() -> Iterator[str]:
    """The address of the page, `http://127.0.0.1:PORT`; the WebSocket is at the same port."""
    server: Server = serve(_echo, "127.0.0.1", 0, process_request=_http, select_subprotocol=_first)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.socket.getsockname()[1]}"
    server.shutdown()
    thread.join()
