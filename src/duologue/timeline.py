"""One timeline of everything that was seen in a test: events come in from any thread, waits wake on them."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping, Set
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

T = TypeVar("T")

# Firefox rounds its page clock down to whole milliseconds, so an event may bear a stamp slightly before the
# action that caused it.
CLOCK_TOLERANCE_S = 0.002


@dataclass(frozen=True, slots=True)
class Event:
    """Something that was seen: `at` epoch seconds at the source, in the `lane` of a user, `server` or `harness`.

    `source` is the window (`user1`, `user1/tab2`) or the service it comes from; `data` is what `kind` brings along.
    """

    at: float
    lane: str
    kind: str
    text: str = ""
    data: Mapping[str, Any] = field(default_factory=dict[str, Any])
    source: str = ""

    def __str__(self) -> str:
        return f"{clock(self.at)}  {self.source or self.lane:<12} {self.kind:<14} {_short(self.text)}"


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place in the timeline: what arrived later, and did not happen earlier, lies after it."""

    index: int
    at: float


class Waker(Protocol):
    """What lets a wait sleep until the next event, whichever thread or event loop it comes from."""

    def wait(self, timeout_s: float) -> None:
        """Return at the next `wake`, or after `timeout_s`."""
        ...

    def wake(self) -> None:
        """End every wait that is under way; callable from any thread."""
        ...


class ThreadWaker:
    """The waker for tests without a browser."""

    def __init__(self) -> None:
        self._condition = threading.Condition()
        self._wakes = self._seen = 0

    def wait(self, timeout_s: float) -> None:
        with self._condition:
            self._condition.wait_for(lambda: self._wakes != self._seen, timeout_s)
            self._seen = self._wakes

    def wake(self) -> None:
        with self._condition:
            self._wakes += 1
            self._condition.notify_all()


class Timeline:
    """The events of one test in order of arrival, and the cursor of the last action."""

    def __init__(self, waker: Waker | None = None) -> None:
        self._events: list[Event] = []
        self._lock = threading.Lock()
        self.waker: Waker = waker or ThreadWaker()
        self.last_action = Cursor(0, 0.0)

    def append(self, event: Event) -> None:
        """Add an event and wake every wait; from any thread."""
        with self._lock:
            self._events.append(event)
        self.waker.wake()

    def act(self, lane: str, text: str, *, source: str = "", **data: Any) -> Cursor:
        """Note an action of a user or of the harness; the returned cursor lies just before it."""
        cursor = self.last_action = self.cursor()
        self.append(Event(cursor.at, lane, "action", text, data, source or lane))
        return cursor

    def cursor(self) -> Cursor:
        """The place that lies after everything seen so far."""
        return Cursor(len(self._events), time.time())

    def __len__(self) -> int:
        return len(self._events)

    def __iter__(self) -> Iterator[Event]:
        return iter(self._events[:])

    def find(
        self,
        *,
        kind: str | Set[str] | None = None,
        source: str | None = None,
        since: Cursor | None = None,
        where: Callable[[Event], bool] | None = None,
    ) -> list[Event]:
        """The events that fit (of one kind, or of several), in order of arrival."""
        kinds = {kind} if isinstance(kind, str) else kind
        start, floor = (since.index, since.at - CLOCK_TOLERANCE_S) if since else (0, 0.0)
        return [
            event
            for event in self._events[start:]
            if (kinds is None or event.kind in kinds)
            and (source is None or event.source == source)
            and event.at >= floor
            and (where is None or where(event))
        ]

    def last(self, *, kind: str, source: str, before: Cursor | None = None) -> Event | None:
        """The newest event of that kind and source, or the newest that had arrived at `before`."""
        end = before.index if before else len(self._events)
        for event in reversed(self._events[:end]):
            if event.kind == kind and event.source == source:
                return event
        return None

    def cursor_of_last(self, *, kind: str, source: str) -> Cursor:
        """The place just before the newest event of that kind and source; the beginning when there is none."""
        for index in range(len(self._events) - 1, -1, -1):
            event = self._events[index]
            if event.kind == kind and event.source == source:
                return Cursor(index, event.at)
        return Cursor(0, 0.0)

    def wait_for(self, check: Callable[[], T | None], timeout_s: float) -> T | None:
        """What `check` returns, asked again at each event until it is not None; None after `timeout_s`."""
        deadline = time.monotonic() + timeout_s
        while (result := check()) is None:
            remaining = deadline - time.monotonic()
            if remaining <= 0:
                return None
            self.waker.wait(remaining)
        return result


def clock(at: float) -> str:
    """`12:03:04.567`, local time."""
    return time.strftime("%H:%M:%S", time.localtime(at)) + f".{int(at * 1000) % 1000:03d}"


def _short(text: str, limit: int = 160) -> str:
    line = text.replace("\n", "⏎")
    return line if len(line) <= limit else f"{line[: limit - 1]}…"
