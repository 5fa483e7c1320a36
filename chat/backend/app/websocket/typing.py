"""Who is typing where: told once per start by a socket, ended by itself, by a message, or when that socket goes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from app.websocket.connection import Connection


@dataclass
class _Typist:
    connection: Connection
    timer: asyncio.TimerHandle


class TypingTracker:
    """`announce(chat_id, user_id, typing)` is called whenever the others are to be told."""

    def __init__(self, ttl_s: float, announce: Callable[[int, int, bool], None]) -> None:
        self._ttl_s = ttl_s
        self._announce = announce
        self._typists: dict[tuple[int, int], _Typist] = {}

    def start(self, chat_id: int, connection: Connection) -> None:
        key = (chat_id, connection.user_id)
        if before := self._typists.get(key):
            before.timer.cancel()
        timer = asyncio.get_running_loop().call_later(self._ttl_s, self.stop, *key)
        self._typists[key] = _Typist(connection, timer)
        self._announce(*key, True)

    def stop(self, chat_id: int, user_id: int) -> None:
        """Does nothing when he was not typing."""
        if typist := self._typists.pop((chat_id, user_id), None):
            typist.timer.cancel()
            self._announce(chat_id, user_id, False)

    def stop_all(self, connection: Connection) -> None:
        for key in [key for key, typist in self._typists.items() if typist.connection is connection]:
            self.stop(*key)
