"""What every stack can do, whatever it is made of: `Stack`, the lines of its logs, and a follower of them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import ClassVar, Literal, NamedTuple, Self

from duologue.errors import StackError

Kind = Literal["compose", "processes", "url"]


class LogLine(NamedTuple):
    """One line that a service printed: `at` in epoch seconds, stamped where it was read first."""

    at: float
    service: str
    text: str


class ServiceState(NamedTuple):
    """Whether a service runs now; `code` is what it exited with, where that is known."""

    name: Literal["running", "paused", "exited"]
    code: int | None = None

    def __str__(self) -> str:
        return self.name if self.code is None else f"{self.name} with code {self.code}"


class Follower(ABC):
    """Hands on each new line of every service until closed; a context manager."""

    @abstractmethod
    def close(self) -> None:
        """End following; after the return no line is handed on. Closing twice does nothing."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class Stack(ABC):
    """The chat under test as running services, each with an address that stays the same over restarts.

    Every method raises `StackError`, which says what was asked, what was seen and what to do.
    """

    kind: ClassVar[Kind]
    page_url: str
    api_url: str
    ws_url: str

    @property
    @abstractmethod
    def services(self) -> Sequence[str]:
        """The names that the other methods take."""

    @abstractmethod
    def up(self) -> None:
        """Start every service; returns when all are ready. Leaves nothing behind when it raises."""

    @abstractmethod
    def down(self) -> None:
        """End every service at once, and forget its data. A stack that is down already stays so."""

    @abstractmethod
    def is_ready(self) -> bool:
        """Whether every service answers now (asked once)."""

    @abstractmethod
    def url(self, service: str) -> str:
        """`http://127.0.0.1:PORT` of a service that has a port."""

    @abstractmethod
    def state(self, service: str) -> ServiceState:
        """Whether the service runs now, whatever it answers."""

    @abstractmethod
    def logs(self, service: str, since: float | None = None) -> list[LogLine]:
        """The lines the service printed, those at or after `since` (epoch seconds) when given."""

    @abstractmethod
    def follow(self, on_line: Callable[[LogLine], None]) -> Follower:
        """Call `on_line` in a thread of the follower for each line printed from now on, restarts included."""

    @abstractmethod
    def stop(self, service: str, *, timeout_s: float = 10) -> None:
        """Ask the service to end (SIGTERM); kill it when it has not ended after `timeout_s`."""

    @abstractmethod
    def start(self, service: str, *, timeout_s: float = 30, clock_off_s: float = 0.0) -> None:
        """Start a stopped or killed service on its old port; returns when it is ready.

        Its clock is off by so much (clocks.py says how) until it is started again.
        """

    @abstractmethod
    def kill(self, service: str, *, timeout_s: float = 10) -> None:
        """End the service at once (SIGKILL); returns when it has ended."""

    @abstractmethod
    def pause(self, service: str, *, timeout_s: float = 10) -> None:
        """Freeze the service: its connections stay open and nobody answers."""

    @abstractmethod
    def resume(self, service: str, *, timeout_s: float = 10) -> None:
        """Let a paused service run on."""

    @abstractmethod
    def cut_off(self, service: str) -> None:
        """Cut a running service off from its `store`: containers lose the network between them, and a SQLite file is
        held by a write lock, so that it can be read and not written."""

    @abstractmethod
    def rejoin(self, service: str) -> None:
        """Undo `cut_off`."""

    @abstractmethod
    def fill_disk(self, service: str) -> None:
        """Leave no room where a running service keeps its data (its `store`'s, where it has one); disks.py says how."""

    @abstractmethod
    def free_disk(self, service: str) -> None:
        """Undo `fill_disk`."""

    @abstractmethod
    def describe(self) -> str:
        """One line for the header of a run."""

    def restart(self, service: str, *, timeout_s: float = 30) -> None:
        """`stop`, then `start`; each may take `timeout_s`."""
        self.stop(service, timeout_s=timeout_s)
        self.start(service, timeout_s=timeout_s)

    def _known(self, service: str) -> str:
        if service not in self.services:
            raise StackError(
                f"the stack has no service {service!r}", seen=", ".join(self.services), remedy="name one of these"
            )
        return service
