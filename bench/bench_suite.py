"""What a test of `tests/e2e` takes: `python bench/bench_suite.py [--browser E …] [--rounds N]`; `-n 1` against `-n 2`.

Whole runs of pytest in turn, on one stack. The wall time per test is that of the run, divided by its tests; median and
95th percentile are of the tests' own times: set-up, call and teardown.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median
from time import perf_counter
from xml.etree import ElementTree

from common import ROOT, contestant_env, figures, kept_stack, load

AIM_SPEED_UP = 1.6


def run(engine: str, workers: int, tests: list[str]) -> tuple[float, list[float]]:
    """Seconds of one run, and of each of its tests; raises RuntimeError when a test fails."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "junit.xml"
        command = [sys.executable, "-m", "pytest", "-q", f"--browser={engine}", f"-n{workers}", f"--junitxml={report}"]
        command += ["--stack=processes", "--keep-stack", *tests]
        begin = perf_counter()
        done = subprocess.run(command, cwd=ROOT, env=contestant_env(), capture_output=True, text=True)
        took = perf_counter() - begin
        if done.returncode:
            raise RuntimeError(f"{' '.join(command)} exited with {done.returncode}\n{done.stdout}{done.stderr}")
        cases = ElementTree.parse(report).iter("testcase")
        return took, [float(case.get("time", "0")) for case in cases if case.find("skipped") is None]


def main() -> None:
    """Measure each engine."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--browser", action="append", choices=["chromium", "firefox"])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("tests", nargs="*", default=["tests/e2e"])
    options = parser.parse_args()
    with kept_stack():
        for engine in options.browser or ["chromium", "firefox"]:
            walls: dict[int, list[float]] = {1: [], 2: []}
            each: dict[int, list[float]] = {1: [], 2: []}
            count = 0
            for _ in range(options.rounds):
                for workers in walls:
                    wall, times = run(engine, workers, options.tests)
                    walls[workers].append(wall)
                    each[workers] += times
                    count = len(times)
                    # A run that fails ends the measurement; what was measured until then is known.
                    print(f"{engine} -n {workers}: {count} tests in {wall:.1f} s", file=sys.stderr, flush=True)
            print(f"{engine}, {count} tests, {load()}")
            for workers, times in walls.items():
                wall = median(times)
                print(
                    f"-n {workers}  run {wall:7.2f} s  per test {wall / count:6.3f} s  a test {figures(each[workers])}"
                )
            print(f"-n 2 against -n 1: {median(walls[1]) / median(walls[2]):.2f} times as quick   aim {AIM_SPEED_UP}")


if __name__ == "__main__":
    main()
