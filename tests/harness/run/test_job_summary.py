"""The summary of a CI job names each failed test and what it said."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

SCRIPT = Path(__file__).resolve().parents[3] / "scripts" / "job_summary.py"


def summary(file: Path) -> str:
    return subprocess.run([sys.executable, SCRIPT, file], capture_output=True, text=True, check=True).stdout


def test_a_failed_test_is_named_with_its_message(tmp_path: Path) -> None:
    junit = tmp_path / "junit.xml"
    junit.write_text(
        '<testsuites><testsuite><testcase classname="tests.e2e.test_message" name="test_arrives">'
        '<failure message="chat 7 is not on top">trace</failure></testcase>'
        '<testcase classname="tests.e2e.test_message" name="test_other" /></testsuite></testsuites>'
    )

    said = summary(junit)

    assert "1 of 2 tests failed" in said
    assert "tests.e2e.test_message::test_arrives" in said
    assert "chat 7 is not on top" in said
    assert "test_other" not in said


def test_a_run_that_wrote_no_results_is_said_to_have_run_no_test(tmp_path: Path) -> None:
    assert "No test ran" in summary(tmp_path / "junit.xml")
