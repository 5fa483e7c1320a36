"""A user's own network: all traffic of a browser context goes through it, so that a test can cut it.

It is an HTTP proxy on this machine. A cut one resets what is under way and whatever comes: nobody tells the browser,
which is what a router that restarts, or a lift, looks like from a page.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Coroutine
from typing import Any
from urllib.parse import urlsplit

HOST = "127.0.0.1"
_CHUNK = 65536
_MAX_HEAD = 65536
_CLOSE_TIMEOUT_S = 2.0
_HOP_BY_HOP = (b"connection:", b"proxy-connection:", b"keep-alive:")


class Network:
    """One proxy. `sockets` and `requests` say what gets through; the answers to the next POSTs may be lost."""

    def __init__(self) -> None:
        self.sockets = self.requests = True
        self.answers_to_lose = 0
        self._open: dict[asyncio.StreamWriter, bool | None] = {}
        """Whether each connection is a WebSocket's; None until it says what it wants."""
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="duologue-network", daemon=True)
        self._thread.start()
        self._server = self._call(asyncio.start_server(self._serve, HOST, 0, limit=_MAX_HEAD))
        port: int = self._server.sockets[0].getsockname()[1]
        # Chromium goes to this machine's own addresses without a proxy unless it is told so.
        self.proxy = {"server": f"http://{HOST}:{port}", "bypass": "<-loopback>"}

    def let_through(self, *, sockets: bool, requests: bool) -> None:
        """Say what gets through from now on; what no longer does is reset at once."""

        async def switch() -> None:
            self.sockets, self.requests = sockets, requests
            for writer, is_socket in list(self._open.items()):
                if is_socket is not None and not (sockets if is_socket else requests):
                    writer.transport.abort()

        self._call(switch())

    def close(self) -> None:
        """End it; every connection is reset."""

        async def end() -> None:
            self._server.close()
            for writer in list(self._open):
                writer.transport.abort()
            if rest := asyncio.all_tasks() - {asyncio.current_task()}:
                await asyncio.wait(rest, timeout=_CLOSE_TIMEOUT_S)

        self._call(end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _call(self, coroutine: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open[writer] = None
        with contextlib.suppress(OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, ValueError):
            await self._relay(await reader.readuntil(b"\r\n\r\n"), reader, writer)
        del self._open[writer]
        writer.transport.abort()

    async def _relay(self, head: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One WebSocket (browsers open a tunnel for it), or one request: the next one may be for another server."""
        method, target, _ = head.split(b" ", 2)
        is_socket = method == b"CONNECT"
        if not (self.sockets if is_socket else self.requests):
            return
        self._open[writer] = is_socket
        url = urlsplit(b"//" + target if is_socket else target)
        from_server, to_server = await asyncio.open_connection((url.hostname or b"").decode(), url.port or 80)
        try:
            if is_socket:
                writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
            else:
                to_server.write(_for_one_request(head, target, url.path + (b"?" + url.query if url.query else b"")))
            loses = method == b"POST" and self.answers_to_lose > 0
            self.answers_to_lose -= loses
            answer = from_server.read(1) if loses else _pipe(from_server, writer)  # lost, but the server has acted
            ways = [asyncio.ensure_future(_pipe(reader, to_server)), asyncio.ensure_future(answer)]
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
            for way in ways:
                way.cancel()
            await asyncio.gather(*ways, return_exceptions=True)
            if not loses:
                writer.close()
                await writer.wait_closed()
        finally:
            to_server.transport.abort()


def _for_one_request(head: bytes, target: bytes, path: bytes) -> bytes:
    """The head as the server wants it: a path for the whole address, and a connection that ends with the answer."""
    first, *fields = head.rstrip(b"\r\n").split(b"\r\n")
    kept = [field for field in fields if not field.lower().startswith(_HOP_BY_HOP)]
    return b"\r\n".join([first.replace(target, path or b"/", 1), *kept, b"Connection: close", b"", b""])


async def _pipe(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    while data := await source.read(_CHUNK):
        target.write(data)
        await target.drain()
