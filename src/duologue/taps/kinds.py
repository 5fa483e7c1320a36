"""The kinds of event that tell of a connection, whatever brings news: a WebSocket, an event stream, polls."""

from __future__ import annotations

_TRANSPORTS = ("ws", "sse", "poll")

DIALLED, OPENED, RECEIVED, CLOSED = (
    frozenset(f"{transport}_{what}" for transport in _TRANSPORTS)
    for what in ("connecting", "open", "received", "closed")
)
CONNECTION = DIALLED | OPENED | CLOSED
