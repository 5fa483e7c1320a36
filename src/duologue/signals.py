"""Ctrl-C, and the SIGTERM of a cancelled CI job: a run that is told to end takes everything down first."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
import threading
import time
from collections.abc import Generator
from types import FrameType

from greenlet import getcurrent

NUMBERS = (signal.SIGINT, signal.SIGTERM)
ONE_S = 1.0
"""Within it a second signal is the first once more: `timeout` of coreutils sends SIGTERM to its child and then to the
child's group, and Ctrl-C reaches a program from the terminal and again from a wrapper that hands it on."""


def interrupt_by_signals() -> None:
    """Let the signals raise KeyboardInterrupt, in the test's own greenlet; to be called in the main thread.

    Raised inside Playwright's dispatcher it would kill that greenlet, and the next call of Playwright, in a teardown,
    would spin for ever.
    """
    last = -ONE_S

    def interrupt(number: int, frame: FrameType | None) -> None:
        nonlocal last
        del frame
        if time.monotonic() - last < ONE_S:
            return
        last = time.monotonic()
        logging.getLogger("asyncio").disabled = True  # it would tell of the call that is abandoned here
        error = KeyboardInterrupt(signal.Signals(number).name)
        current = test = getcurrent()
        while test.parent is not None:
            test = test.parent
        if current is test:
            raise error
        # The dispatcher is asleep in its loop, and sleeps on once a teardown switches back to it, until its next timer.
        with contextlib.suppress(RuntimeError):  # it runs no loop
            asyncio.get_running_loop().call_soon_threadsafe(lambda: None)
        test.throw(error)

    for number in NUMBERS:
        signal.signal(number, interrupt)


@contextlib.contextmanager
def uninterrupted() -> Generator[None]:
    """A signal that comes meanwhile is handled at the end: what is begun within can be recorded within."""
    if threading.current_thread() is not threading.main_thread():  # signals are handled in no other
        yield
        return
    caught: list[int] = []
    before = {number: signal.signal(number, lambda number, _: caught.append(number)) for number in NUMBERS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, signal.SIG_DFL if handler is None else handler)
        if caught:
            signal.raise_signal(caught[0])
