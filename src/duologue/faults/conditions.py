"""The state of one direction of a link: what holds its bytes up, and when each of them is due on the other side."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable

CHUNK = 65536
# A throttled way hands on twenty times a second, so that little by little really is little by little.
_HANDS_ON_PER_S = 20


class Pace:
    """So many bytes a second, shared by all connections that go at it."""

    def __init__(self, bytes_s: float) -> None:
        self.bytes_s = bytes_s
        self._free_at = 0.0

    def due(self, size: int, now: float) -> float:
        """When the last of `size` bytes that come now is through."""
        self._free_at = max(self._free_at, now) + size / self.bytes_s
        return self._free_at


class Budget:
    """So many bytes, and then `spent` is called."""

    def __init__(self, left: int, spent: Callable[[], None]) -> None:
        self.left, self.spent = left, spent


class Conditions:
    """What becomes of the bytes of one kind of connection in one direction; used in the link's own loop alone."""

    def __init__(self) -> None:
        self.flows = asyncio.Event()
        self.clear()

    def clear(self) -> None:
        """All is well again; what was held up goes on."""
        self.is_cut = False
        self.delay_s = self.jitter_s = 0.0
        self.pace: Pace | None = None
        self.budget: Budget | None = None
        self.flows.set()

    @property
    def chunk(self) -> int:
        """How much is taken at a time, bytes."""
        return max(1, min(CHUNK, int(self.pace.bytes_s / _HANDS_ON_PER_S))) if self.pace else CHUNK

    def due(self, size: int, now: float) -> float:
        """When `size` bytes that come now are to be handed on."""
        through = self.pace.due(size, now) if self.pace else now
        return through + max(0.0, self.delay_s + random.uniform(-self.jitter_s, self.jitter_s))


class Flow:
    """The bytes of one connection in one direction: `head`, then what the source brings; held until due, in order."""

    # Few, so that a way that is held up soon holds up the sender too, as a full buffer on the way would.
    _MOST_UNDER_WAY = 1024

    def __init__(
        self, source: asyncio.StreamReader, target: asyncio.StreamWriter, conditions: Conditions, head: bytes = b""
    ) -> None:
        self._source, self._target, self._conditions, self._head = source, target, conditions, head
        self._under_way: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue(self._MOST_UNDER_WAY)

    async def run(self) -> None:
        """Until the source ends and all of it was handed on."""
        taking = asyncio.ensure_future(self._take())
        try:
            await self._hand_on()
            await taking  # raises what ended it
        finally:
            taking.cancel()

    async def _take(self) -> None:
        loop, due, data = asyncio.get_running_loop(), 0.0, self._head
        try:
            while True:
                await self._conditions.flows.wait()
                data = data or await self._source.read(self._conditions.chunk)
                due = max(due, self._conditions.due(len(data), loop.time()))
                await self._under_way.put((due, data))
                if not data:
                    return
                data = b""
        except OSError:
            await self._under_way.put((loop.time(), b""))
            raise

    async def _hand_on(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            due, data = await self._under_way.get()
            if (wait := due - loop.time()) > 0:
                await asyncio.sleep(wait)
            await self._conditions.flows.wait()
            if not data:
                return
            budget = self._conditions.budget
            if budget is None:
                self._target.write(data)
            else:
                self._target.write(data[: budget.left])
                budget.left -= len(data)
                if budget.left <= 0:
                    budget.spent()
            await self._target.drain()
