"""Expectations about lines: a window's console, a service's log."""

from __future__ import annotations

from duologue.errors import UnknownVerdict
from duologue.expect.base import Expectations
from duologue.lines import Line, fits, shown
from duologue.timeline import Event


class LineExpectations(Expectations):
    """Lines of one kind of event; `_KIND` says which."""

    _KIND = "console"

    def to_log(self, line: Line) -> Event:
        """A line came: equal to a string as a whole, or matching a pattern from its beginning to its end."""
        return self._wait(lambda: next(iter(self._lines(line)), None), f"the line {shown(line)}", self._seen)

    def to_log_in_order(self, *lines: Line) -> list[Event]:
        """The lines came in this order, others between them or not."""

        def in_order() -> list[Event] | None:
            found: list[Event] = []
            rest = iter(self._events(self._KIND))
            for line in lines:
                event = next((event for event in rest if fits(line, event.text)), None)
                if event is None:
                    return None
                found.append(event)
            return found

        return self._wait(in_order, "these lines in order: " + " · ".join(map(shown, lines)), self._seen)

    def _lines(self, line: Line) -> list[Event]:
        return self._events(self._KIND, lambda event: fits(line, event.text))

    def _seen(self) -> str:
        return self._listing(self._events(self._KIND), "no line at all after the action")


class LogExpectations(LineExpectations):
    """Expectations about the log of a service."""

    _KIND = "log"

    def not_to_log(self, line: Line) -> None:
        """No such line had come by now; call it after something that the service logs later."""
        if not self._events(self._KIND):
            raise UnknownVerdict(
                f"{self._source} logged nothing at all after the action", remedy="is its log followed?"
            )
        if found := self._lines(line):
            self._fail(f"no line {shown(line)}", self._listing(found, ""))
