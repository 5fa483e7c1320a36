"""However a run ends, nothing of it stays: no process, no record, and no noise on the terminal."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator

import psutil
import pytest

from tests.harness.inner import CONFTEST, Inner

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there no signal reaches another process")

MID_TEST = """
import os

def test_it(user1, chats, request):
    chats.with_somebody(user1)
    print(f"<mid-test pid={{os.getpid()}}>", flush=True)
    {waits}

def test_after_it(user1): raise AssertionError("is not run")
"""
WAITS = {
    "for an event": "user1.timeline.wait_for(lambda: None, 60)",
    "for the browser": "user1.page.wait_for_function('false')",
    "in Python": "__import__('threading').Event().wait(60)",
}
NOISE = ("INTERNALERROR", "TargetClosedError", "Traceback", "Exception ignored", "Future exception", "ERROR at")
END_S = 60


@pytest.fixture
def start(inner: Inner) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Starts runs of pytest; whatever is left of them is killed."""
    runs: list[subprocess.Popen[str]] = []

    def start(*options: str) -> subprocess.Popen[str]:
        runs.append(inner.start(*options))
        return runs[-1]

    yield start
    for process in inner.processes():
        process.kill()
    for run in runs:
        run.kill()
        run.communicate()


def until_mid_test(run: subprocess.Popen[str]) -> tuple[str, int]:
    """Read until a test is under way; returns what was printed, and the process that it runs in."""
    assert run.stdout is not None
    output = ""
    for line in run.stdout:
        output += line
        if mid_test := re.search(r"<mid-test pid=(\d+)>", line):
            return output, int(mid_test[1])
    pytest.fail(f"the run ended before its test was under way:\n{output}")


def rest_of(run: subprocess.Popen[str]) -> str:
    """What it prints until its end."""
    return run.communicate(timeout=END_S)[0]


def test_a_run_that_ends_by_itself_leaves_nothing(inner: Inner) -> None:
    inner.write(test_it="def test_it(user1): pass")

    inner.run().assert_outcomes(passed=1)

    assert inner.leftovers() == []


@pytest.mark.parametrize("waits", WAITS.values(), ids=WAITS.keys())
def test_ctrl_c_at_the_terminal_ends_the_run_in_order(
    inner: Inner, start: Callable[..., subprocess.Popen[str]], waits: str
) -> None:
    inner.write(test_it=MID_TEST.format(waits=waits))
    run = start()
    until_mid_test(run)

    os.killpg(run.pid, signal.SIGINT)  # a terminal sends it to everybody: pytest, Playwright's driver, the browser

    output = rest_of(run)
    assert run.returncode == pytest.ExitCode.INTERRUPTED, output
    assert "KeyboardInterrupt" in output
    for noise in (
        "INTERNALERROR",
        "TargetClosedError",
        "Traceback",
        "Exception ignored",
        "Future exception",
        "ERROR at",
    ):
        assert noise not in output, output
    assert inner.leftovers() == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_to_pytest_alone_ends_the_run_in_order(
    inner: Inner, start: Callable[..., subprocess.Popen[str]], number: signal.Signals
) -> None:
    inner.write(test_it=MID_TEST.format(waits=WAITS["for an event"]))
    run = start()
    until_mid_test(run)

    os.kill(run.pid, number)

    output = rest_of(run)
    assert run.returncode == pytest.ExitCode.INTERRUPTED, output
    assert number.name in output
    assert "INTERNALERROR" not in output
    assert inner.leftovers() == []


def test_a_signal_after_a_failed_test_ends_the_run_at_once_and_its_evidence_stays(
    inner: Inner, start: Callable[..., subprocess.Popen[str]]
) -> None:
    fails = 'def test_fails(user1): assert not "as it should"\n'
    inner.write(test_it=fails + MID_TEST.format(waits=f"user1.timeline.wait_for(lambda: None, {10 * END_S})"))
    run = start()
    until_mid_test(run)

    os.kill(run.pid, signal.SIGTERM)

    output = rest_of(run)
    assert run.returncode == pytest.ExitCode.INTERRUPTED, output
    assert [*inner.path.glob("test-results/test-it-py-test-fails-*/timeline.html")]
    assert inner.leftovers() == []


def test_a_signal_that_comes_twice_is_one(inner: Inner) -> None:
    inner.write(
        test_it="""
import os, signal, threading, pytest

@pytest.fixture
def somebody(user1):
    yield user1
    os.kill(os.getpid(), signal.SIGTERM)  # while things are taken down

def test_it(somebody):
    os.kill(os.getpid(), signal.SIGTERM)
    threading.Event().wait(60)
"""
    )

    result = inner.run()

    assert result.ret == pytest.ExitCode.INTERRUPTED
    result.stdout.no_fnmatch_line("*Traceback*")
    result.stderr.no_fnmatch_line("*Traceback*")
    assert inner.leftovers() == []


def test_a_killed_worker_leaves_nothing_but_the_evidence_so_far(inner: Inner) -> None:
    inner.write(
        test_it="""
import os, signal

def test_fails(user1): assert not "as it should"

def test_kills_its_worker(user1): os.kill(os.getpid(), signal.SIGKILL)

@pytest.mark.parametrize("number", range(4))
def test_others(user1, number): pass
"""
    )

    result = inner.run("-n", "2")

    outcomes = result.parseoutcomes()
    assert (outcomes["passed"], outcomes["failed"]) == (4, 2)
    result.stdout.fnmatch_lines(["*worker 'gw?' crashed while running 'test_it.py::test_kills_its_worker*'"])
    assert [*inner.path.glob("test-results/test-it-py-test-fails-*/timeline.html")]
    assert inner.leftovers() == []


def test_ctrl_c_ends_all_workers(inner: Inner, start: Callable[..., subprocess.Popen[str]]) -> None:
    inner.write(test_it=MID_TEST.format(waits="open(f'{os.getpid()}.pid', 'w').close(); " + WAITS["for an event"]))
    run = start("-n", "2")
    while not list(inner.path.glob("*.pid")):
        with pytest.raises(psutil.TimeoutExpired):
            psutil.Process(run.pid).wait(0.05)

    os.killpg(run.pid, signal.SIGINT)

    output = rest_of(run)
    assert run.returncode == pytest.ExitCode.INTERRUPTED, output
    assert "INTERNALERROR" not in output
    assert inner.leftovers() == []


UNCONFIGURED = """
import duologue.plugin
from duologue.errors import StackError

def cannot(*_):
    duologue.plugin.release = release
    release(*_)
    raise StackError("the Docker engine did not do what it was asked", seen="it is gone", remedy="see `docker ps`")

release, duologue.plugin.release = duologue.plugin.release, cannot
"""


def test_a_stack_that_cannot_be_taken_down_is_told_and_changes_no_verdict(inner: Inner) -> None:
    inner.write(conftest=CONFTEST + UNCONFIGURED, test_it="def test_it(user1): pass")

    result = inner.run()

    result.assert_outcomes(passed=1)
    assert result.ret == 0
    result.stderr.fnmatch_lines(["ERROR: the stack could not be taken down: the Docker engine*", "*it is gone*"])
    assert not [noise for noise in NOISE if noise in result.stderr.str()]
