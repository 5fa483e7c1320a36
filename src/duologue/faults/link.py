"""`Link`: one user's way to the network, owned by the harness, so that a test can make it as bad as networks are.

All traffic of a browser context goes through it, WebSockets too, whatever address the page dials: the app, the stack
and its addresses stay as they are. What a test did to it stands on the timeline, in the lane `faults`.

Each fault holds for both directions unless `way` says `up` (from the page to the server) or `down`, and for everything
unless `of` says `sockets` or `requests`. A tunnel counts as a socket: over https and wss all is one.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from duologue.errors import UsageError
from duologue.faults.conditions import Budget, Conditions, Pace
from duologue.faults.notes import note, note_later
from duologue.faults.proxy import HOST, KINDS, WAYS, Kind, Proxy, Way
from duologue.timeline import Timeline

Of = Literal["sockets", "requests", "everything"]
Ways = Literal["up", "down", "both"]


class Link:
    """The network of one window, and of the other tabs of its browser. Faults add up until `restore`."""

    def __init__(self, timeline: Timeline, window: str) -> None:
        self._timeline, self._window = timeline, window
        self._proxy = Proxy()
        # Chromium goes to this machine's own addresses without a proxy unless it is told so.
        self.proxy = {"server": f"http://{HOST}:{self._proxy.port}", "bypass": "<-loopback>"}

    def cut(self, *, of: Of = "everything", way: Ways = "both") -> None:
        """Everything under way and all that comes is reset; nobody tells the browser, as when a router restarts.

        One way only: `up` resets the server's end while the page hears nothing, `down` the page's end while the server
        goes on believing in it. The other end learns of it at `restore`.
        """
        self._note("cuts", of, way)
        self._proxy.run(lambda: self._proxy.sever(_kinds(of), _ways(way)))

    def stall(self, *, of: Of = "everything", way: Ways = "both") -> None:
        """A black hole: connections stay open and nothing comes through; at `restore` it goes on where it was."""
        self._note("stalls", of, way)
        self._change(of, _ways(way), lambda conditions: conditions.flows.clear())

    def delay(self, ms: float, jitter_ms: float = 0, *, of: Of = "everything", way: Ways = "both") -> None:
        """Each byte takes so long more for one way, give or take the jitter; their order stays."""

        def slow(conditions: Conditions) -> None:
            conditions.delay_s, conditions.jitter_s = ms / 1000, jitter_ms / 1000

        self._note(f"delays by {ms:g} ± {jitter_ms:g} ms", of, way)
        self._change(of, _ways(way), slow)

    def throttle(self, bytes_s: float, *, of: Of = "everything", way: Ways = "both") -> None:
        """So many bytes a second come through each way, all connections together."""
        if bytes_s <= 0:
            raise UsageError("a link cannot be throttled to nothing", seen=f"{bytes_s!r} bytes/s", remedy="stall() it")
        self._note(f"throttles to {bytes_s:g} bytes/s", of, way)
        for one in _ways(way):
            pace = Pace(bytes_s)

            def slow(conditions: Conditions, pace: Pace = pace) -> None:
                conditions.pace = pace

            self._change(of, (one,), slow)

    def drop_after(self, count: int, *, of: Of = "everything", way: Ways = "both") -> None:
        """Once so many more bytes came through, the link is cut, in the middle of whatever they belong to."""

        def spent() -> None:
            note_later(self._timeline, f"cuts {self._link(of)} after {count} bytes", self._window)
            self._proxy.sever(_kinds(of), WAYS)

        def limit(conditions: Conditions) -> None:
            conditions.budget = budget

        budget = Budget(count, spent)
        self._note(f"will cut after {count} more bytes", of, way)
        self._change(of, _ways(way), limit)

    def lose_answers(self, count: int) -> None:
        """The answers to the next POSTs never come back, though the server did what it was asked to."""
        self._note(f"loses the answers to the next {count} POSTs", "requests", "down")
        self._proxy.answers_to_lose = count

    def restore(self, *, of: Of = "everything") -> None:
        """All is well again: what was cut can be dialled anew, what was held up goes on."""
        self._note("restores", of, "both", undoes=True)
        if of != "sockets":
            self._proxy.answers_to_lose = 0
        self._change(of, WAYS, lambda conditions: conditions.clear())
        self._proxy.run(lambda: self._proxy.mend(_kinds(of)))

    def close(self) -> None:
        """End it; every connection is reset."""
        self._proxy.close()

    # ---- inner ---------------------------------------------------------------------------------------------
    def _change(self, of: Of, ways: tuple[Way, ...], change: Callable[[Conditions], None]) -> None:
        def change_all() -> None:
            for kind in _kinds(of):
                for way in ways:
                    change(self._proxy.conditions[kind, way])

        self._proxy.run(change_all)

    def _note(self, verb: str, of: Of, way: Ways, *, undoes: bool = False) -> None:
        note(self._timeline, f"{verb} {self._link(of, way)}", self._window, undoes=undoes)

    def _link(self, of: Of, way: Ways = "both") -> str:
        parts = [part for part in (of, way) if part not in ("everything", "both")]
        return f"{self._window}'s link" + (f" ({', '.join(parts)})" if parts else "")


def _kinds(of: Of) -> tuple[Kind, ...]:
    return KINDS if of == "everything" else (of,)


def _ways(way: Ways) -> tuple[Way, ...]:
    return WAYS if way == "both" else (way,)
