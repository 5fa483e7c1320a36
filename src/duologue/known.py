"""Known findings: faults of the product under test that a repository has looked into and written down, with evidence.

In goes `known-findings.toml` beside pytest.ini, a table for each test by its name:

    [test_a_window_in_the_background_reads_nothing]
    seen = "chat .* marked"          # what the failure must say, as a pattern: any other failure is a failure
    why = "The server reads for every window, also for one that nobody looks at."
    browsers = ["chromium"]          # only there; left out: everywhere
    sometimes = true                 # it depends on the moment, as `why` tells; left out: always

`["*"]` holds for every test beside its own: what may befall any of them, always only `sometimes`.

Such a test is reported as "known finding". When it passes, it fails: the finding is gone, and its entry may go too;
one that shows `sometimes` may pass.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Generator
from typing import Any

import pytest

from duologue.data import Data
from duologue.errors import DuologueError, UsageError

FILE = "known-findings.toml"
ANY_TEST = "*"


class KnownFinding(Data):
    """One fault of the product: what the test `seen` says, and `why` it is one, with its evidence."""

    ERROR = UsageError

    seen: str
    why: str
    browsers: tuple[str, ...] = ()
    sometimes: bool = False


KEY = pytest.StashKey[list[KnownFinding]]()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Give each test its known finding. Raises pytest.UsageError for an entry that is wrong, or of no test."""
    try:
        findings = _read(config)
    except DuologueError as error:
        raise pytest.UsageError(str(error)) from None
    unused = set(findings) - {ANY_TEST}
    for item in items:
        name = getattr(item, "originalname", item.name)
        unused -= {name, item.name}
        own = findings.get(item.name) or findings.get(name)
        browser = getattr(getattr(item, "callspec", None), "params", {}).get("browser_name", "")
        known = [finding for finding in (own, findings.get(ANY_TEST)) if finding]
        item.stash[KEY] = [finding for finding in known if not finding.browsers or browser in finding.browsers]
    is_everything = not any("::" in str(argument) or str(argument).endswith(".py") for argument in config.args)
    if unused and is_everything and items:
        raise pytest.UsageError(
            str(UsageError(f"{FILE} names tests that there are not", seen=", ".join(sorted(unused)), remedy="rename"))
        )


def _read(config: pytest.Config) -> dict[str, KnownFinding]:
    file = config.rootpath / FILE
    if not file.exists():
        return {}
    try:
        entries = tomllib.loads(file.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise UsageError(
            f"{FILE} cannot be read", seen=str(error), remedy="it is TOML, a table for each test"
        ) from None
    findings = {name: KnownFinding(**entry) for name, entry in entries.items()}
    if ANY_TEST in findings and not findings[ANY_TEST].sometimes:
        remedy = "say `sometimes = true`, or name the tests that it makes fail each time"
        raise UsageError(f'{FILE}: ["{ANY_TEST}"] holds for every test', seen="sometimes = false", remedy=remedy)
    return findings


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A failure that says what the finding says is the finding; a pass says that it is gone."""
    report = yield
    findings = item.stash.get(KEY, list[KnownFinding]())
    if call.when != "call":
        return report
    always = [finding for finding in findings if not finding.sometimes]
    if report.failed:
        said = str(report.longrepr)
        if seen := next((finding for finding in findings if re.search(finding.seen, said, re.DOTALL)), None):
            report.outcome = "skipped"
            report.wasxfail = f"known finding: {seen.why}"
            return report
        for finding in always:
            text = f"expected to fail, but otherwise: {finding.seen!r} ({finding.why})"
            report.sections.append(("known finding", text))
    elif report.passed and always:
        report.outcome = "failed"
        report.longrepr = f"the known finding is gone: {always[0].why}\n  to do: take the test out of {FILE}"
    return report


@pytest.hookimpl(tryfirst=True)
def pytest_report_teststatus(report: pytest.TestReport) -> tuple[str, str, str] | None:
    """Under its own name, neither passed nor failed."""
    if report.skipped and str(getattr(report, "wasxfail", "")).startswith("known finding"):
        return "known finding", "k", "KNOWN FINDING"
    return None


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Each finding in a line: it is the product's, and should not be forgotten."""
    found = terminalreporter.getreports("known finding")
    if found:
        terminalreporter.section("known findings of the product")
    for report in found:
        terminalreporter.line(f"{report.nodeid.split('::')[-1]}: {report.wasxfail.removeprefix('known finding: ')}")
