"""A job's summary on GitHub: comes in as pytest's JUnit files, goes out as Markdown with the tests that failed."""

from __future__ import annotations

import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

LINES_SHOWN = 30
"""A failure's first lines say what was expected and seen; the artifact holds the rest."""


def summary(files: list[Path]) -> str:
    """One heading with the counts, then each failure folded under its test's name."""
    cases = [case for file in files for case in ElementTree.parse(file).iter("testcase")]
    failures = [(case, problem) for case in cases for problem in case if problem.tag in ("failure", "error")]
    parts = [f"### {len(failures)} of {len(cases)} tests failed"]
    for case, problem in failures:
        text = (problem.get("message") or problem.text or "").strip()
        shown = "\n".join(text.splitlines()[:LINES_SHOWN])
        name = f"{case.get('classname')}::{case.get('name')}"
        parts.append(f"<details><summary><code>{name}</code></summary>\n\n````text\n{shown}\n````\n</details>")
    return "\n\n".join(parts)


if __name__ == "__main__":
    present = [Path(name) for name in sys.argv[1:] if Path(name).exists()]
    print(summary(present) if present else "### No test ran: see the log of the set-up")
