"""One socket: frames in by `enqueue`, sent in that order by one task; too many waiting, and it is closed."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

from starlette.websockets import WebSocket, WebSocketDisconnect

from app.settings import Settings

logger = logging.getLogger("app")

TOO_SLOW = (1013, "too slow")
NOT_TEXT = (1007, "text frames only")


class Connection:
    """A socket of one signed-in user. `enqueue` and `request_close` never wait, whatever the peer does."""

    def __init__(self, websocket: WebSocket, user_id: int, session_id: str, settings: Settings) -> None:
        self.user_id = user_id
        self.session_id = session_id
        self._websocket = websocket
        self._queue: asyncio.Queue[str] = asyncio.Queue(settings.send_queue_limit)
        self._grace_s = settings.close_grace_s
        self._closing: asyncio.Future[tuple[int, str]] = asyncio.get_running_loop().create_future()

    def enqueue(self, frame: str) -> None:
        if self._closing.done():
            return
        try:
            self._queue.put_nowait(frame)
        except asyncio.QueueFull:
            self.request_close(*TOO_SLOW)

    def request_close(self, code: int, reason: str) -> None:
        """Nothing that still waits is sent; `serve` closes the socket."""
        if not self._closing.done():
            self._closing.set_result((code, reason))

    async def serve(self, on_text: Callable[[str], Awaitable[None]]) -> None:
        """Send and receive until the peer has gone or a close was asked for; the socket is not closed yet then."""
        tasks = [asyncio.create_task(self._send_queued()), asyncio.create_task(self._receive(on_text))]
        try:
            await asyncio.wait([*tasks, self._closing], return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            results = await asyncio.gather(*tasks, return_exceptions=True)
        for result in results:
            if isinstance(result, Exception) and not isinstance(result, WebSocketDisconnect):
                raise result

    async def close(self) -> None:
        """Close as asked for; a peer that takes not even the close frame is cut off."""
        if not self._closing.done():
            return
        await close(self._websocket, *self._closing.result(), grace_s=self._grace_s)

    async def _send_queued(self) -> None:
        while True:
            await self._websocket.send_text(await self._queue.get())

    async def _receive(self, on_text: Callable[[str], Awaitable[None]]) -> None:
        while (message := await self._websocket.receive())["type"] != "websocket.disconnect":
            if message.get("text") is None:
                self.request_close(*NOT_TEXT)
                return
            await on_text(message["text"])


async def close(websocket: WebSocket, code: int, reason: str, grace_s: float) -> None:
    """Send a close frame, and cut the connection if the peer has not taken it after `grace_s`."""
    abort: Callable[[], None] = websocket.scope["extensions"].get("chat.abort", lambda: None)
    try:
        await asyncio.wait_for(websocket.close(code, reason), grace_s)
    except TimeoutError:
        logger.warning("Socket cut off: its peer reads nothing, not even the close frame %s %s", code, reason)
        abort()
    except (RuntimeError, WebSocketDisconnect):
        pass  # the peer was quicker
    else:
        # Written is not sent: behind a full buffer the frame waits for a peer that may never read again.
        asyncio.get_running_loop().call_later(grace_s, abort)
