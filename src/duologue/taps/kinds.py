"""The kinds of event that tell of a connection, whatever brings or takes news: a WebSocket, an event stream, polls."""

from __future__ import annotations

_TRANSPORTS = ("ws", "sse", "poll")

DIALLED, OPENED, RECEIVED, CLOSED = (
    frozenset(f"{transport}_{what}" for transport in _TRANSPORTS)
    for what in ("connecting", "open", "received", "closed")
)
SAID = frozenset({"request", "ws_sent"})
"""What a page says to the server, by whichever way."""
CONNECTION = DIALLED | OPENED | CLOSED
