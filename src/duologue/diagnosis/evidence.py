"""`Evidence`: all that the rules may look at, taken once when a test has failed; rules only read it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from duologue.app import ChatApp
from duologue.errors import Symptom
from duologue.faults import LANE as FAULTS
from duologue.journey import Journey
from duologue.people.cast import Cast
from duologue.people.user import User
from duologue.taps import CONNECTION
from duologue.timeline import Event


@dataclass(frozen=True, slots=True)
class Evidence:
    """The test's people and timeline (with what the probes found), the ways of its messages, and what failed."""

    cast: Cast
    api_url: str
    socket_urls: dict[str, str]
    """Per user, the address that their page ought to dial, without its query."""
    journeys: tuple[Journey, ...]
    error: BaseException | None = None

    @property
    def app(self) -> ChatApp:
        """The adapter."""
        return self.cast.app

    @property
    def symptom(self) -> Symptom:
        """What the failed expectation was about; empty when something else failed."""
        return getattr(self.error, "symptom", None) or Symptom("")

    @property
    def windows(self) -> list[User]:
        """The windows, the failed expectation's first."""
        return sorted(self.cast.users.values(), key=lambda user: user.window != self.symptom.window)

    @property
    def lost(self) -> list[Journey]:
        """The ways that ended early: the failed expectation's window first, the sender's last, new messages first."""

        def rank(way: Journey) -> tuple[bool, bool, int]:
            return way.window != self.symptom.window, way.window == way.message.window, -way.message.cursor.index

        return sorted((way for way in self.journeys if way.missing), key=rank)

    def find(self, kind: str, source: str | None = None, where: Callable[[Event], bool] | None = None) -> list[Event]:
        """Events of a kind, in order of arrival."""
        return self.cast.timeline.find(kind=kind, source=source, where=where)

    def probe(self, name: str) -> Event | None:
        """What a probe found (`api`, `page`, `machine`); None when it was not asked."""
        return next(iter(self.find("probe", name)), None)

    @property
    def api_answers(self) -> bool:
        """Whether the API answered the harness when the test had failed."""
        probe = self.probe("api")
        return probe is not None and probe.data["state"] == "answers"

    def faults(self, window: str) -> list[Event]:
        """What the test itself broke and mended: this window's network, and any service."""
        windows = set(self.cast.users) - {window}
        return self.find("action", where=lambda event: event.lane == FAULTS and event.source not in windows)

    def sockets(self, window: str) -> list[Event]:
        """What became of a window's sockets."""
        return self.cast.timeline.find(kind=CONNECTION, source=window)


def token_of(url: str) -> str | None:
    """The token in an address' query; None when it has no such parameter."""
    values = parse_qs(urlsplit(url).query, keep_blank_values=True).get("token")
    return values[0] if values else None
