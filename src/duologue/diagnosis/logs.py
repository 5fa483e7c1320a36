"""What the log of a service says of errors that it did not handle, in whatever language it is written."""

from __future__ import annotations

import re

from duologue.timeline import Event

# What runtimes write of an error that nobody caught; Python's tracebacks end with a line that is not indented.
_RAISED = re.compile(r"^\s*(?:[\w.]*(?:Error|Exception|Panic)\b|panic:|Uncaught |Unhandled )")


def raised_in(log: list[Event]) -> list[Event]:
    """The lines that name an error which a service did not handle."""
    found: list[Event] = []
    in_traceback = False
    for event in log:
        if event.text.startswith("Traceback"):
            in_traceback = True
        elif (in_traceback and event.text[:1].strip()) or _RAISED.match(event.text):
            found.append(event)
            in_traceback = False
    return found
