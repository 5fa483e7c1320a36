"""A disk that is full: what could still be written is there, what could not is said, and the verdict stays."""

from __future__ import annotations

import sys

import pytest

from tests.harness.inner import Inner
from tests.harness.report.texts import PYTEST_HTML

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.skipif(sys.platform == "win32", reason="a file's size is limited by setrlimit, which Windows lacks"),
]

# For the process of the test alone, and after its browser has started: larger files cannot be written any more.
TEST = """
import resource

def test_it(user1, user2, chats):
    chat = chats.direct(user1, user2)
    resource.setrlimit(resource.RLIMIT_FSIZE, (16_384, resource.getrlimit(resource.RLIMIT_FSIZE)[1]))
    user1.send(chat, "The last words")
    expect(user2, timeout_s=0.5).to_have_unread(chat, 7)
"""


def test_a_failure_on_a_full_disk_is_still_told_with_its_cause_and_no_report_links_what_is_not_there(
    inner: Inner, monkeypatch: pytest.MonkeyPatch
) -> None:
    inner.write(conftest=(inner.path / "conftest.py").read_text(encoding="utf-8") + PYTEST_HTML, test_it=TEST)
    summary = inner.path / "summary.md"
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))

    result = inner.run("--browser=chromium", "--html=reports/index.html", "-s")

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*expected 7 unread in chat*", "CAUSE *"])
    result.stdout.no_fnmatch_line("*INTERNALERROR*")
    (folder,) = (inner.path / "test-results").iterdir()
    assert "came in" in (folder / "toy.log").read_text(encoding="utf-8"), "what fits is whole"
    result.stdout.fnmatch_lines(["*timeline.html could not be had: *File too large*"])
    result.stdout.fnmatch_lines(["::error file=test_it.py,*"])
    result.stdout.no_fnmatch_line("*LINK Timeline*")
    said = summary.read_text(encoding="utf-8")
    assert "CAUSE" in said
    assert "timeline.html" not in said
    assert inner.leftovers() == []
