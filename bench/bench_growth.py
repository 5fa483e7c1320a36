"""Whether a long run grows: `python bench/bench_growth.py [--browser E …] [--tests 300]`, memory, files and threads.

One process runs one test of the suite again and again. After each, resident memory and open files are counted of
pytest's own process, of Playwright's driver and of the browser, and the threads of the first. A figure is the median of
a tenth of the run: of the second, when all is warm, and of the last; their ratio is what matters.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Generator, Iterator
from contextlib import suppress
from pathlib import Path
from statistics import median

import psutil
import pytest
from common import ROOT, contestant_env, kept_stack, load

AIM_RATIO = 1.1
SAMPLES, TESTS = "DUOLOGUE_BENCH_SAMPLES", "DUOLOGUE_BENCH_TESTS"
TEST = "tests/e2e/test_suite.py::test_a_message_reaches_the_other_person"


# ---- within pytest: this file as a plugin ----------------------------------------------------------------------
def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """The test, as often as asked."""
    metafunc.fixturenames.append("repetition")
    metafunc.parametrize("repetition", range(int(os.environ[TESTS])))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown() -> Generator[None]:
    """Count once the test's own things are gone."""
    yield
    with Path(os.environ[SAMPLES]).open("a", encoding="utf-8") as file:
        file.write(json.dumps(dict(_counted())) + "\n")


def _counted() -> Iterator[tuple[str, float]]:
    me = psutil.Process()
    yield "pytest: memory (MB)", me.memory_info().rss / 1e6
    yield "pytest: files", me.num_fds()
    yield "pytest: threads", threading.active_count()
    # By its file: Node calls its main thread otherwise, and that is the name that a process goes by.
    drivers = [child for child in me.children() if Path(child.exe()).stem == "node"]
    browsers = [child for driver in drivers for child in driver.children(recursive=True)]
    for name, processes in (("driver", drivers), ("browser", browsers)):
        memory = files = 0.0
        for process in processes:
            with suppress(psutil.Error):
                memory, files = memory + process.memory_info().rss / 1e6, files + process.num_fds()
        yield f"{name}: memory (MB)", memory
        yield f"{name}: files", files
    yield "browser: processes", len(browsers)


# ---- the script ------------------------------------------------------------------------------------------------
def samples(engine: str, tests: int) -> list[dict[str, float]]:
    """What was counted after each test; raises RuntimeError when one fails."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "samples.jsonl"
        command = [sys.executable, "-m", "pytest", "-q", "-p", "bench_growth", f"--browser={engine}", TEST]
        command += ["--stack=processes", "--keep-stack"]
        env = contestant_env(**{SAMPLES: str(file), TESTS: str(tests), "PYTHONPATH": str(Path(__file__).parent)})
        done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True)
        if done.returncode:
            raise RuntimeError(f"{' '.join(command)} exited with {done.returncode}\n{done.stdout}{done.stderr}")
        return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def main() -> None:
    """Measure each engine."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--browser", action="append", choices=["chromium", "firefox"])
    parser.add_argument("--tests", type=int, default=300)
    options = parser.parse_args()
    with kept_stack():
        for engine in options.browser or ["chromium", "firefox"]:
            counted = samples(engine, options.tests)
            tenth = len(counted) // 10
            print(f"{engine}, {len(counted)} tests, {load()}   aim: no ratio above {AIM_RATIO}")
            for name in counted[0]:
                early, late = (
                    median(sample[name] for sample in part) for part in (counted[tenth : 2 * tenth], counted[-tenth:])
                )
                print(f"{name:<24} {early:8.1f} -> {late:8.1f}   ratio {late / early if early else 1:.2f}")


if __name__ == "__main__":
    main()
