"""The evidence of a test that failed is found from every report."""

from __future__ import annotations

import pytest

from tests.harness.inner import Inner
from tests.harness.report.texts import FOLDER, LOST, PYTEST_HTML

pytestmark = pytest.mark.usefixtures("chromium_alone")


def test_pytest_htmls_report_links_to_the_timeline(inner: Inner) -> None:
    inner.write(test_it=LOST)
    with (inner.path / "conftest.py").open("a", encoding="utf-8") as conftest:
        conftest.write(PYTEST_HTML)

    result = inner.run("--html=reports/index.html", "-s")

    result.stdout.fnmatch_lines([f"*LINK Timeline ../{FOLDER.as_posix()}/timeline.html"])


@pytest.mark.parametrize("workers", [(), ("-n1",)])
def test_github_is_told_the_line_the_cause_and_the_evidence(
    inner: Inner, monkeypatch: pytest.MonkeyPatch, workers: tuple[str, ...]
) -> None:
    inner.write(test_it=LOST)
    summary = inner.path / "summary.md"
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    monkeypatch.setenv("GITHUB_WORKSPACE", str(inner.path.parent))

    result = inner.run(*workers)

    line = 1 + (inner.path / "test_it.py").read_text().splitlines().index(LOST.splitlines()[-1])
    name = inner.path.name
    result.stdout.fnmatch_lines([f"::error file={name}/test_it.py,line={line},title=*::*user2: expected*"])
    said = summary.read_text(encoding="utf-8")
    assert said.startswith("### 1 of 1 tests failed")
    assert str(FOLDER / "timeline.html") in said
    assert "CAUSE" in said


def test_a_module_that_cannot_be_collected_is_annotated_too(inner: Inner, monkeypatch: pytest.MonkeyPatch) -> None:
    inner.write(test_it="import no_such_module")
    monkeypatch.setenv("GITHUB_ACTIONS", "true")

    result = inner.run()

    result.stdout.fnmatch_lines(["::error file=test_it.py,line=1,*no_such_module*"])
    result.stdout.no_fnmatch_line("*INTERNALERROR*")
