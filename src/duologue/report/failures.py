"""What pytest shows of a failure, at the terminal and in JUnit XML: its message, and the report without secrets."""

from __future__ import annotations

from typing import Any

import pytest

from duologue.report.redact import Redactor


def message_of(report: pytest.CollectReport | pytest.TestReport) -> str:
    """What the error says, without the lines of source above it."""
    crash: Any = getattr(report.longrepr, "reprcrash", None)
    return str(crash.message) if crash is not None else report.longreprtext


def clean(report: pytest.TestReport, redactor: Redactor) -> None:
    """Lines of source and of errors, arguments and sections; whatever pytest may yet add to them stays as it is."""
    report.sections = [(title, redactor.text(content)) for title, content in report.sections]
    if isinstance(report.longrepr, str):
        report.longrepr = redactor.text(report.longrepr)
        return
    shown: Any = report.longrepr
    single = getattr(shown, "reprtraceback", None), getattr(shown, "reprcrash", None)
    for traceback, crash, *_ in getattr(shown, "chain", None) or [single]:
        if crash is not None:
            crash.message = redactor.text(crash.message)
        for entry in getattr(traceback, "reprentries", ()):
            entry.lines = [redactor.text(line) for line in entry.lines]
            if variables := getattr(entry, "reprlocals", None):
                variables.lines = [redactor.text(line) for line in variables.lines]
            if arguments := getattr(entry, "reprfuncargs", None):
                arguments.args = [(name, redactor.text(value)) for name, value in arguments.args]
