"""GitHub shows a failure on its line, and all of them in the job's summary."""

from __future__ import annotations

from duologue.report.github import Failure, annotation, summary

FAILURE = Failure(
    test="tests/test_a.py::test_b[x:1,y]",
    file="tests/test_a.py",
    line=12,
    text="user2: expected 100 %\n  seen: nothing",
    cause="CAUSE  product · notified",
    evidence="test-results/a/timeline.html",
)


def test_an_annotation_stands_on_the_line_and_in_one_line_itself() -> None:
    line = annotation(FAILURE)

    assert line.startswith("::error file=tests/test_a.py,line=12,title=tests/test_a.py%3A%3Atest_b[x%3A1%2Cy]::")
    assert "\n" not in line
    assert "expected 100 %25%0A  seen: nothing%0ACAUSE  product · notified%0Atest-results/a/timeline.html" in line


def test_the_summary_counts_and_names_each_failure_with_its_cause_and_evidence() -> None:
    said = summary([FAILURE], 40)

    assert said.startswith("### 1 of 40 tests failed")
    assert "tests/test_a.py::test_b[x:1,y]" in said
    assert "CAUSE  product · notified" in said
    assert "<code>test-results/a/timeline.html</code>" in said
    assert "seen: nothing" in said


def test_text_of_a_failure_ends_no_block_and_is_no_markup() -> None:
    hostile = Failure("t[<img>]", "a.py", 1, "````\n<script>", cause="</details><b>")

    said = summary([hostile], 1)

    assert "`````text\n````\n<script>\n`````" in said
    assert "<img>" not in said
    assert said.count("</details>") == 1


def test_a_long_failure_is_cut() -> None:
    said = summary([Failure("t", "a.py", 1, "\n".join(map(str, range(100))))], 1)

    assert "\n29\n" in said
    assert "\n30\n" not in said
