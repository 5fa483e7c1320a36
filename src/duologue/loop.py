"""Playwright's event loop as seen from a test: waits that any thread can end, and actions done at the same time.

The sync API runs one asyncio loop in a greenlet of its own and dispatches nothing while Python sleeps, so a wait
has to run that loop. The only parts of Playwright used here that it does not document are `_sync`, which runs a
coroutine to its end, `_loop`, and `_dispatcher_fiber`, the greenlet in which that loop runs.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Generator
from functools import partial
from typing import Any, TypeVar

from greenlet import getcurrent, greenlet
from playwright.sync_api import Playwright

T = TypeVar("T")


@contextlib.contextmanager
def beyond_the_terminal() -> Generator[None]:
    """Whatever asyncio starts within gets a session of its own, which Ctrl-C at the terminal does not reach.

    Playwright's driver would end at once with its browsers, and the next call of Playwright, in a teardown, would spin
    for ever. It ends with its stdin, so also when we are killed.
    """
    start = asyncio.create_subprocess_exec
    asyncio.create_subprocess_exec = partial(start, start_new_session=True)
    try:
        yield
    finally:
        asyncio.create_subprocess_exec = start


def _end(future: asyncio.Future[None]) -> None:
    if not future.done():
        future.set_result(None)


class Loop:
    """The loop of one `Playwright` object; a `Waker` for the timeline."""

    def __init__(self, playwright: Playwright) -> None:
        self._playwright: Any = playwright
        self._loop: asyncio.AbstractEventLoop = self._playwright._loop
        self._waiting: set[asyncio.Future[None]] = set()

    def wait(self, timeout_s: float) -> None:
        """Run the loop until `wake`, at most `timeout_s`.

        What `_sync` does, but for the picture of the stack that it takes each time for its errors: under pytest most
        of a millisecond, and a wait is entered anew with every event.
        """
        current, future = getcurrent(), self._loop.create_future()
        future.add_done_callback(lambda _: current.switch())
        late = self._loop.call_later(timeout_s, _end, future)
        self._waiting.add(future)
        try:
            while not future.done():
                self._playwright._dispatcher_fiber.switch()
        finally:
            self._waiting.discard(future)
            late.cancel()
        asyncio._set_running_loop(self._loop)

    def wake(self) -> None:
        """End every wait; from any thread."""
        with contextlib.suppress(RuntimeError):  # the loop is closed: nobody waits
            self._loop.call_soon_threadsafe(self._wake)

    def _wake(self) -> None:
        for future in self._waiting:
            _end(future)

    def together(self, *actions: Callable[[], T]) -> list[T]:
        """Do all actions at the same time, each in a greenlet of its own; returns their results in order.

        While one waits for its browser the others go on, as Playwright's own event handlers do.
        The first error of an action is raised once all have ended.
        """
        results: dict[int, T] = {}
        errors: list[BaseException] = []
        done: asyncio.Future[None] = self._loop.create_future()

        def run(index: int, action: Callable[[], T]) -> None:
            try:
                results[index] = action()
            except BaseException as error:  # raised again below, in the caller's greenlet
                errors.append(error)
            if len(results) + len(errors) == len(actions) and not done.done():
                done.set_result(None)

        async def start() -> None:
            for index, action in enumerate(actions):
                greenlet(run, parent=getcurrent()).switch(index, action)
            await done

        if actions:
            self._playwright._sync(start())
        if errors:
            raise errors[0]
        return [results[index] for index in range(len(actions))]
