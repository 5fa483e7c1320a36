"""pytest hooks that name the cause of each failure: a section in its report, and one line at the end of the run."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from typing import Any, ClassVar

import pytest

from duologue.diagnosis import Evidence, Finding, diagnose, diagnose_stack
from duologue.errors import StackError
from duologue.run import Run, redactor_of

PROPERTY = "duologue_cause"


@dataclass(frozen=True, slots=True)
class Causes:
    """What was found about one failed test; in its stash for whoever writes reports."""

    evidence: Evidence | None
    """None where the stack did not come up, or nobody was at a window."""
    findings: tuple[Finding, ...]

    KEY: ClassVar[pytest.StashKey[Causes]]


Causes.KEY = pytest.StashKey[Causes]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Diagnose a test that failed while its windows are still open."""
    report = yield
    cast, stack = item.stash.get(Run.CAST, None), item.stash.get(Run.STACK, None)
    error = call.excinfo.value if call.excinfo else None
    if not report.failed or report.when == "teardown" or error is None:
        return report
    if stack is None and not isinstance(error, StackError):
        return report  # it has nothing to do with a chat
    evidence = None
    try:
        if cast is None or stack is None:
            found = [diagnose_stack(error, stack)]
        else:
            evidence, found = diagnose(cast, stack.page_url, stack.api_url, error, stack)
    except Exception as failure:  # the test's own failure must reach its reader, whatever befalls the diagnosis
        report.sections.append(("Diagnosis", f"the diagnosis itself failed: {failure!r}"))
        return report
    item.stash[Causes.KEY] = Causes(evidence, tuple(found))
    ways = [str(way) for way in evidence.lost[:2]] if evidence else []
    report.sections.append(("Diagnosis", "\n".join([*map(str, found), *ways])))
    for properties in (item.user_properties, report.user_properties):  # JUnit XML takes those of the teardown
        properties.append((PROPERTY, redactor_of(item).text(found[0].line())))
    return report


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """One line per failure."""
    reports = [*terminalreporter.stats.get("failed", []), *terminalreporter.stats.get("error", [])]
    lines = [
        (value, report.nodeid)
        for report in reports
        for name, value in getattr(report, "user_properties", ())  # a module that cannot be collected has none
        if name == PROPERTY
    ]
    if lines:
        terminalreporter.section("causes")
        for line, nodeid in dict.fromkeys(lines):  # a teardown that failed too bears the same
            terminalreporter.write_line(f"{line}  [{nodeid}]")
