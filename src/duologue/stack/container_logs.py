"""Logs of a compose project, followed: in go the engine and a project, out come `LogLine`s over restarts and all.

A container's log stream ends when the container does, so each start of one attaches to it anew.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from threading import Lock, Thread, current_thread
from time import time
from typing import Any

from duologue.stack.base import Follower, LogLine
from duologue.stack.engine import SERVICE, Engine, stamped_lines


class ContainerFollower(Follower):
    """Follows every container of a project from now on."""

    def __init__(self, engine: Engine, project: str, on_line: Callable[[LogLine], None]) -> None:
        self._engine, self._on_line = engine, on_line
        self._closed = False
        self._lock = Lock()
        self._streams: dict[str, Any] = {}
        self._threads: list[Thread] = []
        self._read_up_to: dict[str, float] = {}
        self._begin = time()
        # Before the containers are listed, so that a start in between is seen by one of the two.
        self._events = engine.events(project)
        self._run(self._listen)
        for service, container in engine.containers(project).items():
            if engine.exit_code(container) is None:
                self._attach(service, container)

    def _run(self, target: Callable[..., None], *args: Any) -> None:
        thread = Thread(target=target, args=args, name="duologue-logs", daemon=True)
        self._threads.append(thread)
        thread.start()

    def _listen(self) -> None:
        for event in _until_closed(self._events):
            service = event["Actor"]["Attributes"].get(SERVICE, "")
            if event["Action"] == "die":
                with self._lock:
                    self._streams.pop(service, None)
                    # The engine has stored all that the container printed before it tells of its end.
                    self._read_up_to[service] = event["timeNano"] / 1e9
            elif event["Action"] == "start":
                self._attach(service, self._engine.container(event["Actor"]["ID"]))

    def _attach(self, service: str, container: Any) -> None:
        with self._lock:
            if self._closed or service in self._streams:
                return
            # Not since the start: the first line can be older than the event that tells of it.
            stream = self._engine.log_stream(container, self._read_up_to.get(service, self._begin))
            self._streams[service] = stream
            self._run(self._read, service, stream)

    def _read(self, service: str, stream: Any) -> None:
        for at, text in stamped_lines(_until_closed(stream)):
            if self._closed:
                return
            self._on_line(LogLine(at, service, text))

    def close(self) -> None:
        with self._lock:
            if self._closed:
                return
            self._closed = True
            streams = [self._events, *self._streams.values()]
        for stream in streams:
            stream.close()
        for thread in self._threads:
            if thread is not current_thread():
                thread.join()


def _until_closed(stream: Any) -> Iterator[Any]:
    """What a stream yields, until it ends or is closed under its reader (which shows as a ValueError or an OSError)."""
    with suppress(ValueError, OSError, AttributeError):
        yield from stream
