"""`Frames`: what can befall single frames of a page's WebSockets, by Playwright's `route_web_socket`.

The page's sockets are stood in for by Playwright's own, so only a test marked `own_network(frames=True)` has this. The
tap lies above it: the timeline shows the frames as the page gets them, and in the lane `faults` what befell which.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Literal

from playwright.sync_api import BrowserContext, WebSocketRoute

from duologue.faults.notes import note, note_later
from duologue.timeline import Timeline

Way = Literal["up", "down"]
Frame = str | bytes


@dataclass
class _Course:
    """The frames of one socket in one direction: how one is sent on, and those that wait for another one to pass."""

    route: WebSocketRoute
    send: Callable[[Frame], None]
    overtaken: list[tuple[Frame, re.Pattern[str]]] = field(default_factory=list[tuple[Frame, re.Pattern[str]]])


@dataclass
class FrameFault:
    """A fault that waits for its frame. `struck` holds the frames that it befell: a test asserts that it did."""

    name: str
    pattern: re.Pattern[str]
    nth: int
    way: Way
    act: Callable[[_Course, Frame], None]
    struck: list[Frame] = field(default_factory=list[Frame])
    matched: int = 0

    def takes(self, way: Way, frame: Frame) -> bool:
        """Whether this frame is the one."""
        if way != self.way or not self.pattern.search(_text(frame)):
            return False
        self.matched += 1
        return self.matched == self.nth


class Frames:
    """The frames of one browser's sockets. Each fault strikes the `nth` frame, from now on, that its pattern finds.

    `way` is `down` (to the page) or `up` (to the server).
    """

    def __init__(self, context: BrowserContext, timeline: Timeline, window: str) -> None:
        self._timeline, self._window = timeline, window
        self._faults: list[FrameFault] = []
        self._late: list[Callable[[], None]] = []
        context.route_web_socket(re.compile(""), self._route)

    def lose(self, pattern: str, *, nth: int = 1, way: Way = "down") -> FrameFault:
        """It never comes."""

        def act(_course: _Course, _frame: Frame) -> None:
            pass

        return self._wait_for("loses", pattern, nth, way, act)

    def repeat(self, pattern: str, *, nth: int = 1, way: Way = "down") -> FrameFault:
        """It comes twice."""

        def act(course: _Course, frame: Frame) -> None:
            course.send(frame)
            course.send(frame)

        return self._wait_for("repeats", pattern, nth, way, act)

    def swap(self, pattern: str, *, past: str = "", nth: int = 1, way: Way = "down") -> FrameFault:
        """It comes after the next one of its socket and direction, or after the next that `past` finds."""

        def act(course: _Course, frame: Frame) -> None:
            course.overtaken.append((frame, re.compile(past)))

        return self._wait_for("swaps", pattern, nth, way, act)

    def delay(self, pattern: str, *, nth: int = 1, way: Way = "down") -> FrameFault:
        """It comes when `release` is called, after all that overtook it."""

        def act(course: _Course, frame: Frame) -> None:
            self._late.append(partial(course.send, frame))

        return self._wait_for("delays", pattern, nth, way, act)

    def release(self) -> None:
        """What was delayed comes now."""
        note(self._timeline, f"releases {len(self._late)} delayed frames of {self._window}", self._window, undoes=True)
        late, self._late = self._late, []
        for send in late:
            send()

    def corrupt(self, pattern: str, *, nth: int = 1, way: Way = "down") -> FrameFault:
        """It comes without its last third: a frame that is whole, and makes no sense."""

        def act(course: _Course, frame: Frame) -> None:
            course.send(frame[: len(frame) * 2 // 3])

        return self._wait_for("corrupts", pattern, nth, way, act)

    def close(self, pattern: str, code: int, reason: str = "", *, nth: int = 1, way: Way = "down") -> FrameFault:
        """Instead of it, its socket is closed for the page, with this code."""

        def act(course: _Course, _frame: Frame) -> None:
            course.route.close(code=code, reason=reason)

        return self._wait_for(f"closes the socket with {code} at", pattern, nth, way, act)

    # ---- inner ---------------------------------------------------------------------------------------------
    def _wait_for(
        self, name: str, pattern: str, nth: int, way: Way, act: Callable[[_Course, Frame], None]
    ) -> FrameFault:
        fault = FrameFault(name, re.compile(pattern), nth, way, act)
        note(self._timeline, f"{name} {self._window}'s frame {nth} {way} with {pattern!r}, once it comes", self._window)
        self._faults.append(fault)
        return fault

    def _route(self, route: WebSocketRoute) -> None:
        server = route.connect_to_server()
        route.on_message(partial(self._pass, "up", _Course(route, server.send)))
        server.on_message(partial(self._pass, "down", _Course(route, route.send)))

    def _pass(self, way: Way, course: _Course, frame: Frame) -> None:
        overtaken = [it for it in course.overtaken if it[1].search(_text(frame))]
        takers = [fault for fault in self._faults if fault.takes(way, frame)]
        for fault in takers[:1]:
            fault.struck.append(frame)
            note_later(self._timeline, f"{fault.name} {self._window}'s frame {way}: {_text(frame)}", self._window)
            fault.act(course, frame)
        if not takers:
            course.send(frame)
        for late in overtaken:
            course.overtaken.remove(late)
            course.send(late[0])


def _text(frame: Frame) -> str:
    return frame if isinstance(frame, str) else frame.decode(errors="replace")
