"""What evidence costs: `python bench/bench_evidence.py [--rounds N] [pytest options]`; runs of the suite in turn.

`off` keeps nothing, `retain-on-failure` (the default) what a failure left, `on` the evidence of every test. Wall time
says what a person waits for; processor time of pytest and of what it started says the same on a busy machine too.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from resource import RUSAGE_CHILDREN, getrusage
from statistics import median
from time import perf_counter

from common import ROOT, contestant_env, figures, kept_stack, load

MODES = ("off", "retain-on-failure", "on")
AIM_PERCENT = 5.0
# The default is some twenty minutes on two cores.
SUITE = ("tests/e2e", "-n", "2")
ROUNDS = 2


def run(mode: str, options: Sequence[str]) -> tuple[float, float]:
    """Wall and processor seconds of one run; raises RuntimeError when a test fails."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "pytest", "-q", "--stack=processes", "--keep-stack", f"--output={folder}/kept"]
        command += [f"--evidence={mode}", *(options or SUITE)]
        before, begin = getrusage(RUSAGE_CHILDREN), perf_counter()
        done = subprocess.run(command, cwd=ROOT, env=contestant_env(), capture_output=True, text=True)
        wall, after = perf_counter() - begin, getrusage(RUSAGE_CHILDREN)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)} exited with {done.returncode}\n{done.stdout}{done.stderr}")
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    """Measure the modes in turn."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    known, options = parser.parse_known_args()
    walls: dict[str, list[float]] = {mode: [] for mode in MODES}
    busy: dict[str, list[float]] = {mode: [] for mode in MODES}
    with kept_stack():
        for _ in range(known.rounds):
            for mode in MODES:
                wall, processor = run(mode, options)
                walls[mode].append(wall)
                busy[mode].append(processor)
                # A run that fails ends the measurement; what was measured until then is known.
                print(f"{mode}: wall {wall:.1f} s, processor {processor:.1f} s", file=sys.stderr, flush=True)
    print(load())
    for mode in MODES:
        more_wall, more_busy = (100 * (median(it[mode]) / median(it["off"]) - 1) for it in (walls, busy))
        print(f"{mode:18} wall {figures(walls[mode])}  {more_wall:+.1f} %   processor {more_busy:+.1f} %")
    print(f"aim: at most {AIM_PERCENT:g} % more wall time")


if __name__ == "__main__":
    main()
