"""`timeline.html`: records, journeys and findings go in, out comes one page that needs no network and no other file.

Data reach the page as JSON that no markup can end, and its script writes them as text alone. The page's policy allows
its own style and script by their digests and forbids everything else.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Any

from duologue.diagnosis import Finding
from duologue.faults import LANE as FAULTS
from duologue.journey import Journey
from duologue.report.records import Record
from duologue.report.redact import Redactor
from duologue.timeline import Event, clock

# What one entry may hold in the page; `timeline.jsonl` has it whole.
LONGEST_TEXT = 2_000
LONGEST_DATA = 6_000
# In the order in which they have to run.
_SCRIPTS = ("events", "layout", "drawing", "choosing", "controls", "story")


@dataclass(frozen=True, slots=True)
class Story:
    """What the page tells of one test. `screenshots` maps a window to a PNG, `about` is what stands at the top."""

    test: str
    outcome: str
    failure: str
    records: Sequence[Record]
    journeys: Sequence[Journey] = ()
    findings: Sequence[Finding] = ()
    screenshots: Mapping[str, bytes] = field(default_factory=dict[str, bytes])
    about: Mapping[str, str] = field(default_factory=dict[str, str])
    command: str = ""


def render(story: Story, redactor: Redactor) -> str:
    """The page. Records are clean already; the other texts are cleaned here."""
    script, style = _script(), _asset("timeline.css")
    return _template().render(
        story=story,
        failure=redactor.text(story.failure),
        policy=_policy(script, style),
        script=script,
        style=style,
        data=_json(_data(story, redactor)),
        screenshots={
            window: f"data:image/png;base64,{base64.b64encode(picture).decode()}"
            for window, picture in story.screenshots.items()
        },
    )


def lanes(records: Sequence[Record]) -> list[dict[str, str]]:
    """The lanes from left to right: the first people's windows, the services, what the test broke, the other people."""
    people: dict[str, list[str]] = {}
    services: list[str] = []
    faults = False
    for record in records:
        if record.lane == "harness":
            continue
        if record.lane == FAULTS:
            faults = True
            continue
        sources = services if record.lane == "server" else people.setdefault(record.lane, [])
        if record.source not in sources:
            sources.append(record.source)
    names = sorted(people)
    left = max(1, len(names) // 2)

    def windows(of: Sequence[str]) -> list[dict[str, str]]:
        return [{"name": window, "side": "person"} for name in of for window in sorted(people[name])]

    middle = [{"name": service, "side": "server"} for service in sorted(services)]
    middle += [{"name": FAULTS, "side": "faults"}] if faults else []
    return [*windows(names[:left]), *middle, *windows(names[left:])]


def _data(story: Story, redactor: Redactor) -> dict[str, Any]:
    columns = lanes(story.records)
    told = [record for record in story.records if not _is_nothing(record)]
    number = {lane["name"]: index for index, lane in enumerate(columns)}
    # Of a hop that was not seen in the server nobody knows the service: the one that tells the most is likeliest.
    told_by = Counter(record.source for record in story.records if record.kind == "log")
    number |= {"server": number[told_by.most_common(1)[0][0]]} if told_by else {}
    begin = story.records[0].at if story.records else 0.0
    kinds = list(dict.fromkeys(record.kind for record in story.records))
    kind_number = {kind: index for index, kind in enumerate(kinds)}
    return {
        "begin": begin,
        "clock": clock(begin),
        "lanes": columns,
        "kinds": kinds,
        "events": [
            [
                round((record.at - begin) * 1000, 3),
                _number_of(record.lane, record.source, number),
                kind_number[record.kind],
                _cut(_said(record), LONGEST_TEXT),
                _cut(json.dumps(record.data, ensure_ascii=False, default=str), LONGEST_DATA) if record.data else "",
            ]
            for record in told
        ],
        "journeys": [
            _journey(journey, number, begin, redactor)
            for journey in sorted(story.journeys, key=lambda journey: journey.missing is None)
        ],
        "findings": [_finding(finding, number, begin, redactor) for finding in story.findings],
    }


def _is_nothing(record: Record) -> bool:
    """Whether a view had nothing to show when its document began, as most have."""
    return record.kind.startswith("view:") and not record.data["rows"] and not record.data["drop"]


def _said(record: Record) -> str:
    """The entry's line: of a view what it shows now where it changed, of anything else its text."""
    if not record.kind.startswith("view:"):
        return record.text
    rows: Sequence[Mapping[str, str | None]] = record.data["rows"]
    if not rows:
        return f"{record.data['drop']} fewer"
    return " ⏎ ".join(" · ".join(value for value in row.values() if value) or "(blank)" for row in rows)


def _journey(journey: Journey, number: Mapping[str, int], begin: float, redactor: Redactor) -> dict[str, Any]:
    return {
        "text": redactor.text(journey.message.text),
        "from": journey.message.sender,
        "to": journey.window,
        "hops": [
            {
                "name": hop.name,
                "state": hop.state,
                "ms": None if hop.at is None else round((hop.at - begin) * 1000, 3),
                "lane": number.get(hop.source, _lane_of(hop.lane, number)),
            }
            for hop in journey.hops
        ],
    }


def _number_of(lane: str, source: str, number: Mapping[str, int]) -> int:
    """The lane that an event is drawn in; -1: across all of them. A fault has its own, whatever it befalls."""
    return number.get(FAULTS if lane == FAULTS else source, -1) if lane != "harness" else -1


def _lane_of(lane: str, number: Mapping[str, int]) -> int:
    """The lane where a hop would have been seen that no source can be named for."""
    return next((index for name, index in number.items() if name.partition("/")[0] == lane), _middle(number))


def _middle(number: Mapping[str, int]) -> int:
    return len(number) // 2


def _finding(finding: Finding, number: Mapping[str, int], begin: float, redactor: Redactor) -> dict[str, Any]:
    def cited(event: Event) -> dict[str, Any]:
        return {
            "ms": round((event.at - begin) * 1000, 3),
            "lane": _number_of(event.lane, event.source or event.lane, number),
            "kind": event.kind,
            "source": event.source or event.lane,
            "text": _cut(redactor.text(event.text), 300),
        }

    return {
        "verdict": finding.verdict,
        "hop": finding.hop,
        "cause": finding.cause,
        "text": redactor.text(finding.text),
        "remedy": redactor.text(finding.remedy),
        "sure": redactor.text(finding.sure),
        "certainty": finding.certainty,
        "evidence": [cited(event) for event in finding.evidence[:8]],
    }


def _cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else f"{text[:limit]}… (cut; whole in timeline.jsonl)"


def _json(data: Any) -> str:
    """JSON in which no markup can begin or end."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"), default=str).replace("<", "\\u003c")


def _policy(script: str, style: str) -> str:
    def digest(text: str) -> str:
        return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"

    return (
        f"default-src 'none'; script-src {digest(script)}; style-src {digest(style)}; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


@cache
def _script() -> str:
    """The rooms of the page's script, in one scope."""
    rooms = [_asset(f"{name}.js") for name in _SCRIPTS]
    return "'use strict';\n(() => {\n" + "\n".join(rooms) + "})();\n"


def _asset(name: str) -> str:
    return resources.files("duologue.report").joinpath("page", name).read_text(encoding="utf-8")


@cache
def _template() -> Any:
    from jinja2 import Environment, PackageLoader, StrictUndefined  # every run loads this module, few write a page

    loader = PackageLoader("duologue.report", "page")
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined).get_template("timeline.html")
