"""The folder of evidence of one test: what was seen goes in, files without secrets come out.

Each part is made on its own: one that cannot be had (a crashed page, a full disk) is listed in `about.json` and costs
none of the others.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar

from duologue.report.har import har
from duologue.report.records import Record, records
from duologue.report.redact import Redactor
from duologue.report.render import Story, render
from duologue.timeline import Event, clock

T = TypeVar("T")


@dataclass(slots=True)
class Parts:
    """What has been had of the evidence, and what has not and why."""

    missing: dict[str, str] = field(default_factory=dict[str, str])

    def get(self, name: str, make: Callable[[], T]) -> T | None:
        """What `make` returns; None where it fails, and the reason is noted."""
        try:
            return make()
        except Exception as error:  # whatever befalls a part, the others and the test's own failure must be told
            self.missing[name] = f"{type(error).__name__}: {error}".strip()
            return None


@dataclass(frozen=True, slots=True)
class Bundle:
    """All that is written of one test. `story` has its texts uncleaned and no records yet; `about` is `about.json`."""

    folder: Path
    events: Sequence[Event]
    story: Story
    redactor: Redactor
    about: Mapping[str, Any]
    browser: tuple[str, str] = ("", "")
    log: Sequence[Event] | None = None
    """The services' lines where they were asked for; else those of the timeline."""

    def write(self, parts: Parts) -> None:
        """Write every file. Raises nothing; when even the folder cannot be made, that is in `parts.missing`."""
        self.folder.mkdir(parents=True, exist_ok=True)
        kept = parts.get("timeline", lambda: records(self.events, self.redactor)) or []
        lines = kept if self.log is None else parts.get("log", lambda: records(self.log or (), self.redactor)) or kept
        files: dict[str, Callable[[], str | bytes]] = {
            "timeline.jsonl": lambda: "".join(f"{_json(record._asdict())}\n" for record in kept),
            **{f"{_name(service)}.log": _text_of(lines) for service, lines in logs(lines).items()},
            "requests.har": lambda: _json(har(kept, *self.browser)),
            **{f"{_name(window)}.png": _constant(png) for window, png in self.story.screenshots.items()},
            "timeline.html": lambda: render(replace(self.story, records=kept), self.redactor),
        }
        for name, content in files.items():
            parts.get(name, lambda name=name, content=content: _write(self.folder / name, content()))
        about = {**self.about, "missing": parts.missing, "files": sorted(path.name for path in self.folder.iterdir())}
        clean = self.redactor.data(about)
        text = json.dumps(clean, ensure_ascii=False, indent=2, default=str)
        parts.get("about.json", lambda: _write(self.folder / "about.json", f"{text}\n"))


def logs(kept: Sequence[Record]) -> dict[str, list[str]]:
    """The lines of each service while the test ran, each with the time it was read."""
    found: dict[str, list[str]] = {}
    for record in kept:
        if record.kind == "log":
            found.setdefault(record.source, []).append(f"{clock(record.at)}  {record.text}\n")
    return found


def _text_of(lines: Sequence[str]) -> Callable[[], str]:
    return lambda: "".join(lines)


def _constant(content: bytes) -> Callable[[], bytes]:
    return lambda: content


def _json(data: Any) -> str:
    return json.dumps(data, ensure_ascii=False, default=str)


def _name(source: str) -> str:
    """A window or service as a file's name: `user1/tab2` is `user1-tab2`."""
    return re.sub(r"[^\w.-]", "-", source)


def _write(path: Path, content: str | bytes) -> None:
    # A lone surrogate, which a page may well show, cannot be written as UTF-8.
    try:
        path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8", "backslashreplace"))
    except OSError:  # a full disk: half a file tells nothing, and takes what room there is
        path.unlink(missing_ok=True)
        raise
