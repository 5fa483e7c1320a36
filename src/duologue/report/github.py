"""What GitHub shows of failures: annotations on lines of code, and a job's summary in Markdown; texts in, texts out."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass

# A failure's first lines say what was expected and seen; the evidence holds the rest.
LINES_SHOWN = 30


@dataclass(frozen=True, slots=True)
class Failure:
    """One failed test: the line of code that failed (from 1), what it said, and its folder of evidence, if any."""

    test: str
    file: str
    line: int
    text: str
    cause: str = ""
    evidence: str = ""


def annotation(failure: Failure) -> str:
    """A workflow command that shows the failure on its line."""
    message = "\n".join(part for part in (_first_lines(failure.text), failure.cause, failure.evidence) if part)
    place = f"file={_property(failure.file)},line={failure.line},title={_property(failure.test)}"
    return f"::error {place}::{_message(message)}"


def summary(failures: Sequence[Failure], total: int) -> str:
    """One heading with the counts, then each failure folded under its test's name."""
    parts = [f"### {len(failures)} of {total} tests failed"]
    for failure in failures:
        cause = f"\n\n{html.escape(failure.cause)}" if failure.cause else ""
        evidence = f"\n\nEvidence: <code>{html.escape(failure.evidence)}</code>" if failure.evidence else ""
        text = _first_lines(failure.text)
        fence = "`" * (max(map(len, _backticks(text)), default=0) + 3)
        parts.append(
            f"<details><summary><code>{html.escape(failure.test)}</code></summary>{cause}{evidence}"
            f"\n\n{fence}text\n{text}\n{fence}\n</details>"
        )
    return "\n\n".join(parts) + "\n"


def _first_lines(text: str) -> str:
    return "\n".join(text.strip().splitlines()[:LINES_SHOWN])


def _backticks(text: str) -> list[str]:
    return re.findall("`+", text)


def _message(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _message(text).replace(":", "%3A").replace(",", "%2C")
