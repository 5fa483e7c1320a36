"""The pulse notes when nothing of this process ran."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from duologue.pulse import felt
from duologue.timeline import Timeline

# Stops its parent, and lets it run on after a while: nothing of the parent can do that.
STOP = "import os, signal, sys, time; os.kill({pid}, signal.SIGSTOP); time.sleep(2); os.kill({pid}, signal.SIGCONT)"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no signal that stops a process")
def test_a_process_that_was_stopped_is_noted_with_how_long() -> None:
    timeline = Timeline()

    with felt(timeline):
        subprocess.run([sys.executable, "-c", STOP.format(pid=os.getpid())], check=True)
        gap = timeline.wait_for(lambda: next(iter(timeline.find(kind="clock_gap")), None), 10)

    assert gap is not None
    assert gap.data["seconds"] > 1
    assert gap.lane == "harness"


def test_a_process_that_runs_has_no_gap() -> None:
    timeline = Timeline()

    with felt(timeline):
        timeline.wait_for(lambda: None, 0.6)

    assert not timeline.find(kind="clock_gap")
