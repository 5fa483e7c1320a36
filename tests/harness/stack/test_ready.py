"""Whether a service is ready is what the address answers that its definition names."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from duologue.stack.ready import ask


class Api(BaseHTTPRequestHandler):
    """Has nothing at its root, and is not well at `/health`."""

    def do_GET(self) -> None:
        self.send_response({"/health": 503, "/ready": 200}.get(self.path, 404))
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the base class's
        """Nothing."""


@pytest.fixture
def api() -> Iterator[str]:
    """Its address."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Api) as server:
        threading.Thread(target=server.serve_forever).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_an_address_with_a_path_has_to_answer_2xx(api: str) -> None:
    assert ask(f"{api}/ready") == ""
    assert ask(f"{api}/health") == "HTTP 503"
    assert ask(f"{api}/") == "HTTP 404"


def test_an_address_without_a_path_has_only_to_answer(api: str) -> None:
    assert ask(api) == ""
