"""A stack that runs already: in go its addresses, nothing is started or stopped."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NoReturn

from duologue.errors import StackError
from duologue.stack.base import Follower, LogLine, ServiceState, Stack
from duologue.stack.ready import ask


class ExternalStack(Stack):
    """Somebody else's services at given addresses. It has no services by name, and so no logs to follow."""

    kind = "url"

    def __init__(self, page_url: str, api_url: str, ws_url: str) -> None:
        self.page_url, self.api_url, self.ws_url = page_url, api_url, ws_url

    @property
    def services(self) -> Sequence[str]:
        return ()

    def up(self) -> None:
        """Only asks: any HTTP answer from the page and from the API's server will do."""
        for option, url in (("--stack", self.page_url), ("--api-url", self.api_url)):
            seen = ask(url, timeout_s=5)
            if seen and not seen.startswith("HTTP"):
                raise StackError(
                    f"nothing answers at {url} ({option})",
                    seen=seen,
                    remedy="start that stack, correct the address, or let --stack=auto start one",
                )

    def down(self) -> None:
        """Nothing: it was not started by us."""

    def is_ready(self) -> bool:
        return not ask(self.page_url)

    def describe(self) -> str:
        return f"url: page {self.page_url}, API {self.api_url}, WebSocket {self.ws_url}; it runs already"

    def follow(self, on_line: Callable[[LogLine], None]) -> Follower:  # noqa: ARG002 - its logs are out of reach
        return _Nothing()

    def url(self, service: str) -> str:
        self._not_ours("tell the address of", service)

    def state(self, service: str) -> ServiceState:
        self._not_ours("tell the state of", service)

    def logs(self, service: str, since: float | None = None) -> list[LogLine]:  # noqa: ARG002
        self._not_ours("read the log of", service)

    def stop(self, service: str, *, timeout_s: float = 10) -> None:  # noqa: ARG002
        self._not_ours("stop", service)

    def start(self, service: str, *, timeout_s: float = 30, clock_off_s: float = 0.0) -> None:  # noqa: ARG002
        self._not_ours("start", service)

    def kill(self, service: str, *, timeout_s: float = 10) -> None:  # noqa: ARG002
        self._not_ours("kill", service)

    def pause(self, service: str, *, timeout_s: float = 10) -> None:  # noqa: ARG002
        self._not_ours("pause", service)

    def resume(self, service: str, *, timeout_s: float = 10) -> None:  # noqa: ARG002
        self._not_ours("resume", service)

    def cut_off(self, service: str) -> None:
        self._not_ours("cut the database off from", service)

    def rejoin(self, service: str) -> None:
        self._not_ours("give the database back to", service)

    def fill_disk(self, service: str) -> None:
        self._not_ours("fill the disk of", service)

    def free_disk(self, service: str) -> None:
        self._not_ours("free the disk of", service)

    def _not_ours(self, verb: str, service: str) -> NoReturn:
        raise StackError(
            f"cannot {verb} {service}: the stack at {self.page_url} is not ours",
            seen="it ran before this run (--stack=URL)",
            remedy="run this test with --stack=processes or --stack=compose",
        )


class _Nothing(Follower):
    def close(self) -> None:
        pass
