"""What a person sees of the plugin: its options, its header, its markers, and what it says of a wrong one."""

from __future__ import annotations

import pytest

from tests.harness.inner import Inner

PASSES = "def test_it(): assert True"


def test_the_options_stand_in_one_group_of_the_help(inner: Inner) -> None:
    shown = inner.run("--help").stdout.str()

    group = shown.split("Duologue: end-to-end tests for realtime chat:\n")[1].split("\n\n")[0]
    for option in ("--stack=auto|compose|processes|URL", "--api-url=URL", "--ws-url=URL", "--keep-stack"):
        assert option in group
        assert shown.count(option) == 1


def test_the_header_says_which_stack_and_why(inner: Inner) -> None:
    inner.write(test_it=PASSES)

    result = inner.run()

    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(["stack: processes (asked for)"])


def test_a_run_that_only_collects_chooses_no_stack(inner: Inner) -> None:
    inner.write(test_it=PASSES)

    result = inner.run("--collect-only", stack="nonsense")

    assert result.ret == 0
    result.stdout.no_fnmatch_line("stack: *")


@pytest.mark.parametrize(
    ("stack", "lines"),
    [
        ("nonsense", ["ERROR: --stack=nonsense is no stack", "*use auto, compose, processes, or the address*"]),
    ],
)
def test_a_stack_that_is_none_is_one_clear_error(inner: Inner, stack: str, lines: list[str]) -> None:
    inner.write(test_it=PASSES)

    result = inner.run(stack=stack)

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(lines)
    assert "Traceback" not in result.stderr.str() + result.stdout.str()


def test_the_addresses_of_the_shared_stack_are_none_of_a_tests_own(inner: Inner) -> None:
    inner.write(
        test_it="""
@pytest.mark.own_stack
def test_it(stack, api_url): raise AssertionError("is not run")
"""
    )

    result = inner.run()

    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*api_url would be of the stack that all tests share*", "*take stack.api_url*"])


def test_the_markers_are_known_and_a_misspelt_one_is_not(inner: Inner) -> None:
    inner.write(
        test_it="""
@pytest.mark.e2e
@pytest.mark.own_stack
@pytest.mark.promised("groups")
@pytest.mark.expects_errors("404")
def test_known(): assert True
""",
        test_misspelt="""
@pytest.mark.expect_errors("404")
def test_unknown(): assert True
""",
    )

    inner.run("--strict-markers", "test_it.py").assert_outcomes(passed=1)
    misspelt = inner.run("--strict-markers", "test_misspelt.py")
    misspelt.assert_outcomes(errors=1)
    misspelt.stdout.fnmatch_lines(["*'expect_errors' not found in `markers` configuration option*"])
    markers = inner.run("--markers").stdout
    for name in ("e2e", "own_stack", "promised", "expects_errors"):
        markers.fnmatch_lines([f"@pytest.mark.{name}*: *"])


def test_what_a_chat_does_not_promise_is_reported_as_that(inner: Inner) -> None:
    inner.write(
        test_it="""
@pytest.mark.promised("typing")
def test_typing(user1, user2): raise AssertionError("is not run")

@pytest.mark.promised("groups", "unread=dot")
def test_dots(): raise AssertionError("is not run")

@pytest.mark.promised("groups", "unread=number")
def test_promised(): assert True
"""
    )

    result = inner.run("-v")

    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(
        [
            "*::test_typing* NOT PROMISED*not promised: typing*",
            "*::test_dots NOT PROMISED*not promised: unread=dot*",
            "*::test_promised PASSED*",
            "*1 passed, * 2 not promised in *",
        ]
    )
    assert "skipped" not in result.stdout.str()
    assert not (inner.path / ".duologue" / "stacks").exists(), "no stack is brought up for them"


def test_a_checkout_that_takes_no_lock_of_the_evidence_stops_no_run(inner: Inner) -> None:
    inner.write(test_it="def test_it(): pass")
    (inner.path / ".duologue").mkdir()
    (inner.path / ".duologue" / "outputs").write_text("no folder can be made here")

    inner.run().assert_outcomes(passed=1)


def test_a_capability_that_does_not_exist_is_one_clear_error(inner: Inner) -> None:
    inner.write(test_it="@pytest.mark.promised('telepathy')\ndef test_it(): assert True")

    result = inner.run()

    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["there is no capability 'telepathy'", "*to do: one of: unread, *, order, *"])


def test_a_suite_test_keeps_its_own_modules_marks(inner: Inner) -> None:
    inner.write(test_it="from duologue.suite import *")

    collected = inner.run("--collect-only", "-q", "-m", "e2e and not promised").stdout.str()

    assert "::test_a_message_appears_in_the_open_chat_once" in collected, "of a module that needs nothing promised"
    assert "::test_opening_a_chat_clears_its_count" not in collected, "its module needs unread=number"
