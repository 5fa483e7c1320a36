"""Events as plain data without secrets: a timeline goes in, out come records in order of time, fit for JSON."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from duologue.report.redact import Redactor
from duologue.taps.view import Row, State
from duologue.timeline import Event


class Record(NamedTuple):
    """An event as it is kept. The data of a `view:…` event is what changed: `{start, drop, rows}`, as in
    `duologue.taps.view.spliced`, from the state before in the same window; from an empty one after a `document`.
    """

    at: float
    lane: str
    source: str
    kind: str
    text: str
    data: Mapping[str, Any]


def records(events: Iterable[Event], redactor: Redactor) -> list[Record]:
    """The events in order of time, those of one moment in order of arrival."""
    states: dict[tuple[str, str], State] = {}
    kept: list[tuple[float, Record]] = []
    for event in events:  # in order of arrival, in which a window's states follow each other
        data: Mapping[str, Any] = event.data
        if event.kind == "document":
            states = {key: state for key, state in states.items() if key[0] != event.source}
        elif event.kind.startswith("view:"):
            key, rows = (event.source, event.kind), tuple(data["rows"])
            data = change(states.get(key, ()), rows)
            states[key] = rows
        record = Record(
            event.at,
            event.lane,
            event.source or event.lane,
            event.kind,
            redactor.text(event.text),
            redactor.data(data),
        )
        kept.append((event.at, record))
    kept.sort(key=lambda pair: pair[0])
    return [record for _, record in kept]


def change(old: Sequence[Row], new: Sequence[Row]) -> dict[str, Any]:
    """What turns one state of a view into the next: the inverse of `duologue.taps.view.spliced`."""
    shorter = min(len(old), len(new))
    start = 0
    while start < shorter and old[start] == new[start]:
        start += 1
    end = 0
    while end < shorter - start and old[-1 - end] == new[-1 - end]:
        end += 1
    return {
        "start": start,
        "drop": len(old) - start - end,
        "rows": [dict(row) for row in new[start : len(new) - end]],
    }
