"""Known findings: a fault of the product is reported as that, any other failure and its end as failures."""

from __future__ import annotations

import pytest

from tests.harness.inner import Inner

TESTS = """
def test_it():
    assert 1 + 1 == 3, "the badge shows two"

def test_another():
    pass
"""


def _written(inner: Inner, findings: str, tests: str = TESTS) -> pytest.RunResult:
    inner.write(test_it=tests)
    (inner.path / "known-findings.toml").write_text(findings, encoding="utf-8")
    return inner.run()


def test_a_failure_that_says_what_is_known_is_neither_passed_nor_failed(inner: Inner) -> None:
    result = _written(inner, '[test_it]\nseen = "badge shows .wo"\nwhy = "It counts twice."\n')

    assert result.ret == 0
    result.stdout.fnmatch_lines(["*known findings of the product*", "test_it: It counts twice."])
    result.stdout.fnmatch_lines(["*1 passed, 1 known finding*"])


def test_a_failure_that_says_something_else_is_a_failure(inner: Inner) -> None:
    result = _written(inner, '[test_it]\nseen = "the badge is absent"\nwhy = "It counts twice."\n')

    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["*expected to fail, but otherwise: 'the badge is absent' (It counts twice.)*"])


def test_a_finding_that_is_gone_fails_until_its_entry_is_gone(inner: Inner) -> None:
    result = _written(inner, '[test_another]\nseen = "badge"\nwhy = "It counts twice."\n', "def test_another(): pass")

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*the known finding is gone: It counts twice.*", "*take the test out of*"])


def test_a_finding_that_shows_only_sometimes_may_pass(inner: Inner) -> None:
    finding = 'seen = "badge"\nwhy = "When two fall in one second."\nsometimes = true\n'

    result = _written(inner, f"[test_it]\n{finding}[test_another]\n{finding}")

    assert result.ret == 0
    result.stdout.fnmatch_lines(["*1 passed, 1 known finding*"])


def test_what_may_befall_any_test_is_known_beside_a_tests_own_finding(inner: Inner) -> None:
    result = _written(
        inner,
        '["*"]\nseen = "badge shows two"\nwhy = "A click is lost."\nsometimes = true\n'
        '[test_it]\nseen = "another thing"\nwhy = "It counts twice."\n',
    )

    assert result.ret == 0
    result.stdout.fnmatch_lines(["test_it: A click is lost.", "*1 passed, 1 known finding*"])


@pytest.mark.parametrize(
    ("findings", "says"),
    [
        ('["*"]\nseen = "a"\nwhy = "b"\n', "holds for every test"),
        ('[test_gone]\nseen = "a"\nwhy = "b"\n', "known-findings.toml names tests that there are not"),
        ('[test_it]\nsen = "a"\nwhy = "b"\n', "KnownFinding.sen = 'a': there is no such field"),
        ("[test_it", "known-findings.toml cannot be read"),
    ],
)
def test_an_entry_that_is_wrong_stops_the_run(inner: Inner, findings: str, says: str) -> None:
    result = _written(inner, findings)

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert says in result.stdout.str() + result.stderr.str()
