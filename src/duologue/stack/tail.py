"""Log files of stamped lines (`stamp.py`), read back and followed: in go paths, out come `LogLine`s."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from threading import Event, Thread, current_thread

from duologue.stack.base import Follower, LogLine

# Measured with watchfiles 1.3 on Linux: from the write to the callback 3.6 ms at 0.8 % of one core, idle included.
# (1 ms: 1.5 ms at 1.9 %; 5 ms: 8.3 ms at 0.4 %.)
WATCH_STEP_MS = 2


def parse(service: str, line: bytes) -> LogLine:
    """`EPOCH_SECONDS text`, without its line break, as a `LogLine`."""
    at, _, text = line.partition(b" ")
    return LogLine(float(at), service, text.decode(errors="replace"))


def read(service: str, log: Path, since: float | None = None) -> list[LogLine]:
    """The whole lines of a log file, those at or after `since` when given; none when there is no file yet."""
    if not log.exists():
        return []
    lines = [parse(service, line) for line in log.read_bytes().split(b"\n")[:-1]]
    return [line for line in lines if since is None or line.at >= since]


class FileFollower(Follower):
    """Follows the log files of one folder from their present ends."""

    def __init__(self, logs: Mapping[str, Path], on_line: Callable[[LogLine], None]) -> None:
        self._logs, self._on_line = dict(logs), on_line
        for log in self._logs.values():
            log.touch()
        self._read_up_to = {name: log.stat().st_size for name, log in self._logs.items()}
        self._stop = Event()
        self._thread = Thread(target=self._run, name="duologue-logs", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        import watchfiles  # here it keeps nobody waiting

        changes = watchfiles.watch(
            *{log.parent for log in self._logs.values()},
            watch_filter=None,
            debounce=WATCH_STEP_MS,
            step=WATCH_STEP_MS,
            stop_event=self._stop,
            # The watch begins in here, somewhat after the constructor: the first time-out reads what came in between.
            rust_timeout=50,
            yield_on_timeout=True,
            raise_interrupt=False,
            recursive=False,
        )
        for _ in changes:
            self._hand_on()

    def _hand_on(self) -> None:
        for name, log in self._logs.items():
            if log.stat().st_size <= self._read_up_to[name]:
                continue
            with log.open("rb") as file:
                file.seek(self._read_up_to[name])
                whole, _, _ = file.read().rpartition(b"\n")
            if not whole:
                continue
            self._read_up_to[name] += len(whole) + 1
            for line in whole.split(b"\n"):
                if self._stop.is_set():
                    return
                self._on_line(parse(name, line))

    def close(self) -> None:
        self._stop.set()
        if self._thread is not current_thread():
            self._thread.join()
