"""A pulse beside a test: where it misses beats, the machine had no time, and that goes onto the timeline."""

from __future__ import annotations

import threading
import time
from collections.abc import Generator
from contextlib import contextmanager

from duologue.timeline import Event, Timeline

BEAT_S = 0.25
# Python's own lock is held for milliseconds; a process that does not run for so long is starved, stopped or asleep.
GAP_S = 1.0


@contextmanager
def felt(timeline: Timeline) -> Generator[None]:
    """Feel the pulse while the block runs: each gap is a `clock_gap` event, `seconds` long, where it began."""
    over = threading.Event()

    def beat() -> None:
        last = time.time()
        while not over.wait(BEAT_S):  # a clock has to tick: a machine that stands still sends no event
            now = time.time()
            if (gap := now - last - BEAT_S) > GAP_S:
                text = f"nothing of this process ran for {gap:.1f} s"
                timeline.append(Event(last, "harness", "clock_gap", text, {"seconds": gap}, "machine"))
            last = now

    thread = threading.Thread(target=beat, name="duologue-pulse", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
