"""What a test broke, as it stands on the timeline: in a lane of its own, for nobody to take it for the product's."""

from __future__ import annotations

import time

from duologue.timeline import Cursor, Event, Timeline

LANE = "faults"


def note(timeline: Timeline, text: str, source: str, *, undoes: bool = False) -> Cursor:
    """An action of the lane `faults`; `source` is the window or the service that it befalls."""
    return timeline.act(LANE, text, source=source, undoes=undoes)


def note_later(timeline: Timeline, text: str, source: str) -> None:
    """What a fault came to do by itself, after the action that ordered it; from any thread."""
    timeline.append(Event(time.time(), LANE, "action", text, {"undoes": False}, source))
