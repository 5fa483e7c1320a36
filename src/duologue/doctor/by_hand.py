"""A socket opened by hand, as the guide's third check: an address goes in, out comes why it does not stay open."""

from __future__ import annotations

from collections.abc import Mapping

from websockets.exceptions import ConnectionClosed, WebSocketException
from websockets.sync.client import connect
from websockets.typing import Origin

OPEN_TIMEOUT_S = 5.0
# A server that refuses politely opens first, and closes with a reason within milliseconds.
STAYS_OPEN_S = 0.5


def dial(url: str, origin: str, headers: Mapping[str, str]) -> str:
    """Empty when the socket opened and stayed so, else what was seen.

    Not from the page, so that what the page itself dialled stays told from it; the origin is the page's.
    """
    try:
        socket = connect(
            url,
            origin=Origin(origin),
            additional_headers=headers,
            open_timeout=OPEN_TIMEOUT_S,
            proxy=None,
            max_size=None,
        )
    except (OSError, WebSocketException) as error:
        return f"it does not open: {error}"
    with socket:
        try:
            socket.recv(timeout=STAYS_OPEN_S)
        except TimeoutError:
            return ""
        except ConnectionClosed:
            return f"it was closed: {socket.close_code} {socket.close_reason}"
        return ""
