"""Where a chat that runs already is: its page, its API and its WebSocket."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from urllib.parse import urlsplit

from duologue.errors import UsageError


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where the chat is."""

    page: str
    api: str
    ws: str


def addresses_of(url: str, api_url: str = "", ws_url: str = "") -> Addresses:
    """The addresses as given; an API or a WebSocket that is not told of is taken to be where the page is.

    Raises UsageError for one that is none.
    """
    page = _address(url, "URL", "http")
    socket = ws_url or f"ws{page.removeprefix('http')}"
    return Addresses(page, _address(api_url or page, "--api-url", "http"), _address(socket, "--ws-url", "ws"))


def _address(url: str, option: str, scheme: str) -> str:
    with contextlib.suppress(ValueError):  # a port that is none
        parts = urlsplit(url)
        if parts.scheme in (scheme, f"{scheme}s") and parts.hostname and parts.port != 0:
            return url.rstrip("/")
    raise UsageError(f"{option} is no address", seen=repr(url), remedy=f"such as {scheme}://localhost:8080")
