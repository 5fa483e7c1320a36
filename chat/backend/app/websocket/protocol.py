"""uvicorn's WebSocket protocol, with the one thing that ASGI lacks: cutting off a peer that reads nothing."""

from __future__ import annotations

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol


class AbortableProtocol(WebSocketsSansIOProtocol):
    """Offers `transport.abort` to the application as the ASGI extension `chat.abort`."""

    async def run_asgi(self) -> None:
        self.scope["extensions"]["chat.abort"] = self.transport.abort  # type: ignore[index]
        await super().run_asgi()
