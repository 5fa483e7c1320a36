"""pytest hooks that tell of the evidence at the end of a run, at the terminal and on GitHub; reports in, lines out."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from duologue.causes import PROPERTY as CAUSE
from duologue.evidence import PROPERTY as EVIDENCE
from duologue.report import Redactor
from duologue.report.failures import message_of
from duologue.report.github import Failure, annotation, summary


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Where the evidence is; on GitHub also annotations on the tests' lines and the job's summary."""
    stats: dict[str, list[Any]] = terminalreporter.stats
    failed = [*stats.get("failed", []), *stats.get("error", [])]
    passed = [path for report in stats.get("passed", []) for path in _property(report, EVIDENCE)]
    # A test that fails, and then in its teardown too, is there twice.
    pages = list(dict.fromkeys(page for report in failed for page in _pages(report)))
    if pages or passed:
        terminalreporter.section("evidence")
        for page in pages:
            terminalreporter.write_line(page)
        if passed:
            terminalreporter.write_line(f"{len(set(passed))} tests that passed: {Path(passed[0]).parent}")
    if not failed:
        return
    failures = [_failure(report, config.rootpath) for report in failed]
    if os.environ.get("GITHUB_ACTIONS") == "true":
        for failure in failures:
            terminalreporter.write_line(annotation(failure))
    if file := os.environ.get("GITHUB_STEP_SUMMARY"):
        total = sum(len(stats.get(outcome, [])) for outcome in ("passed", "failed", "error"))
        try:
            with Path(file).open("a", encoding="utf-8") as job:
                job.write(summary(failures, total))
        except OSError as error:
            terminalreporter.write_line(f"the job's summary could not be written: {error}")


def _failure(report: Any, root: Path) -> Failure:
    file, line = getattr(report, "failed_at", None) or (report.location[0], (report.location[1] or 0) + 1)
    workspace = os.environ.get("GITHUB_WORKSPACE") or root
    return Failure(
        test=report.nodeid,
        file=Path(os.path.relpath(root / file, workspace)).as_posix(),
        line=line,
        text=Redactor().text(message_of(report)),
        cause=next(iter(_property(report, CAUSE)), ""),
        evidence=next(iter(_pages(report)), ""),
    )


def _pages(report: Any) -> list[str]:
    """The evidence of a test that failed: its timeline, or the folder where a full disk left no room for that."""
    pages = [Path(path, "timeline.html") for path in _property(report, EVIDENCE)]
    return [str(page if page.exists() else page.parent) for page in pages]


def _property(report: Any, name: str) -> Sequence[str]:
    """None for a module that cannot be collected: it has no properties."""
    return [str(value) for key, value in getattr(report, "user_properties", ()) if key == name]
