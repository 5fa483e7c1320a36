"""The link's proxy: all connections of one browser context come to it, and it carries each to the server it is for."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
import threading
from collections.abc import Callable, Coroutine
from typing import Any, Literal
from urllib.parse import urlsplit

from duologue.faults.conditions import Conditions, Flow

HOST = "127.0.0.1"
_MAX_HEAD = 65536
# Small, so that a server soon notices that nobody takes what it sends.
_RECEIVE_BUFFER = 65536
_CLOSE_TIMEOUT_S = 2.0
_HOP_BY_HOP = (b"connection:", b"proxy-connection:", b"keep-alive:")
_RESET_AT_CLOSE = struct.pack("ii", 1, 0)

Kind = Literal["sockets", "requests"]
Way = Literal["up", "down"]
KINDS: tuple[Kind, ...] = ("sockets", "requests")
WAYS: tuple[Way, ...] = ("up", "down")


class _Connection:
    """One connection of the page (`near`) and the one made for it to the server (`far`)."""

    def __init__(self, near: asyncio.StreamWriter) -> None:
        self.near = near
        self.far: asyncio.StreamWriter | None = None
        self.kind: Kind | None = None
        """None until it says what it wants."""
        self.severed = asyncio.Event()

    def sever(self, up: bool, down: bool) -> None:
        """Reset the server's end (`up`), the page's (`down`), or both: the other one stays open, and silent."""
        self.severed.set()
        if up and self.far:
            reset(self.far)
        if down:
            reset(self.near)


class Proxy:
    """An HTTP proxy in a thread of its own. `conditions` hold for each kind of connection, each way."""

    def __init__(self) -> None:
        self.answers_to_lose = 0
        self._open: set[_Connection] = set()
        self._whole: dict[Kind, asyncio.Event] = {kind: asyncio.Event() for kind in KINDS}
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="duologue-link", daemon=True)
        self._thread.start()
        self.conditions = {(kind, way): Conditions() for kind in KINDS for way in WAYS}
        self._server = self._call(asyncio.start_server(self._serve, HOST, 0, limit=_MAX_HEAD))
        self.port: int = self._server.sockets[0].getsockname()[1]

    def run(self, act: Callable[[], None]) -> None:
        """Do it in the proxy's loop, from any other thread; returns when it is done."""

        async def acting() -> None:
            act()

        self._call(acting())

    def _call(self, coroutine: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result()

    def close(self) -> None:
        """End it; every connection is reset."""

        async def end() -> None:
            self._server.close()
            for conditions in self.conditions.values():
                conditions.clear()
            self.mend(KINDS)
            for connection in self._open:
                connection.sever(up=True, down=True)
            this = asyncio.current_task()
            while rest := asyncio.all_tasks() - {this}:  # what was accepted a moment ago begins only now
                _, late = await asyncio.wait(rest, timeout=_CLOSE_TIMEOUT_S)
                for task in late:
                    task.cancel()

        self._call(end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    # ---- cutting; in the proxy's loop -----------------------------------------------------------------------
    def sever(self, kinds: tuple[Kind, ...], ways: tuple[Way, ...]) -> None:
        """Cut all connections of these kinds, and whatever comes until `mend`."""
        for kind in kinds:
            self._whole[kind].clear()
            for way in ways:
                self.conditions[kind, way].is_cut = True
        for connection in self._open:
            if connection.kind in kinds:
                connection.sever("up" in ways, "down" in ways)

    def mend(self, kinds: tuple[Kind, ...]) -> None:
        """What was cut is whole again: what is left of half a connection is told that the other half is gone."""
        for kind in kinds:
            self._whole[kind].set()

    def _is_cut(self, kind: Kind) -> tuple[bool, bool]:
        return self.conditions[kind, "up"].is_cut, self.conditions[kind, "down"].is_cut

    # ---- carrying -------------------------------------------------------------------------------------------
    async def _serve(self, reader: asyncio.StreamReader, near: asyncio.StreamWriter) -> None:
        connection = _Connection(near)
        self._open.add(connection)
        if not self._server.is_serving():
            connection.sever(up=True, down=True)
        try:
            with contextlib.suppress(OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, ValueError):
                await self._relay(await reader.readuntil(b"\r\n\r\n"), reader, connection)
            if connection.severed.is_set() and connection.kind:
                await self._whole[connection.kind].wait()
        finally:
            self._open.discard(connection)
            connection.sever(up=True, down=True)

    async def _relay(self, head: bytes, reader: asyncio.StreamReader, connection: _Connection) -> None:
        """One WebSocket (browsers open a tunnel for it), or one request: the next one may be for another server."""
        method, target, _ = head.split(b" ", 2)
        is_tunnel = method == b"CONNECT"
        connection.kind = kind = "sockets" if is_tunnel else "requests"
        if any(cut := self._is_cut(kind)):
            connection.sever(*cut)
            return
        up, down = self.conditions[kind, "up"], self.conditions[kind, "down"]
        # A connection is made by a packet each way; for its next request a browser has one open already.
        await up.flows.wait()
        if is_tunnel:
            await down.flows.wait()
        if connection.severed.is_set():  # while it was held up
            return
        url = urlsplit(b"//" + target if is_tunnel else target)
        from_server, to_server = await _dial((url.hostname or b"").decode(), url.port or 80)
        connection.far, near = to_server, connection.near
        if connection.severed.is_set():
            reset(to_server)
            return
        if is_tunnel:
            near.write(b"HTTP/1.1 200 OK\r\n\r\n")
            head = b""
        else:
            head = _for_one_request(head, target, url.path + (b"?" + url.query if url.query else b""))
        loses = method == b"POST" and self.answers_to_lose > 0
        self.answers_to_lose -= loses
        answer = from_server.read(1) if loses else Flow(from_server, near, down).run()  # lost, though it was acted on
        await _first_of(Flow(reader, to_server, up, head).run(), answer, connection.severed.wait())
        if not loses and not connection.severed.is_set():
            near.close()
            await near.wait_closed()


async def _dial(host: str, port: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    reader, writer = await asyncio.open_connection(host, port, limit=_RECEIVE_BUFFER)
    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _RECEIVE_BUFFER)
    return reader, writer


async def _first_of(*coroutines: Coroutine[Any, Any, Any]) -> None:
    """Until one of them ends, with its error; the others are ended too."""
    tasks = [asyncio.ensure_future(coroutine) for coroutine in coroutines]
    try:
        ended, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in ended:
            task.result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _for_one_request(head: bytes, target: bytes, path: bytes) -> bytes:
    """The head as the server wants it: a path for the whole address, and a connection that ends with the answer."""
    first, *fields = head.rstrip(b"\r\n").split(b"\r\n")
    kept = [field for field in fields if not field.lower().startswith(_HOP_BY_HOP)]
    return b"\r\n".join([first.replace(target, path or b"/", 1), *kept, b"Connection: close", b"", b""])


def reset(writer: asyncio.StreamWriter) -> None:
    """End a connection as a router that lost its state does."""
    sock = writer.get_extra_info("socket")
    if sock is not None and not writer.transport.is_closing():
        with contextlib.suppress(OSError):
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_AT_CLOSE)
    writer.transport.abort()
