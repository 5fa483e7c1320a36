"""`Server`: the stack's services as a lane of the timeline."""

from __future__ import annotations

from dataclasses import dataclass

from duologue.timeline import Timeline


@dataclass(frozen=True, slots=True)
class Server:
    """What expectations about a service's log are made of; its lines are on the timeline as kind `log`."""

    timeline: Timeline
    service: str
