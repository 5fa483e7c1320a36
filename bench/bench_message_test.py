"""What the guide's message test costs: `python bench/bench_message_test.py [--browser E] [--rounds N] [--tests N]`.

Whole processes, one after the other in turn, on one server with one browser binary; each makes its own accounts and
chats over the API. Duologue runs under pytest with all its evidence on; the script signs in by the form. From the runs
with one test and with ten comes what each further test costs.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from statistics import median
from time import perf_counter

from common import ROOT, contestant_env, figures, kept_stack, launch_options, load
from playwright.sync_api import sync_playwright

BENCH = ROOT / "bench"
# Ratios to the hand-written script: for one whole cold process, and for ten tests in one.
AIM_COLD, AIM_TEN = 1.15, 0.75


def seconds(command: list[str], **env: str) -> float:
    """How long a command takes from start to end; raises RuntimeError with its output when it fails."""
    begin = perf_counter()
    done = subprocess.run(command, cwd=ROOT, env=contestant_env(**env), capture_output=True, text=True)
    took = perf_counter() - begin
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)} exited with {done.returncode}\n{done.stdout}{done.stderr}")
    return took


def main() -> None:
    """Measure one engine."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--browser", default="chromium", choices=["chromium", "firefox"])
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--tests", type=int, default=10, help="tests in one process")
    options = parser.parse_args()
    engine, tests = options.browser, options.tests
    with sync_playwright() as playwright:
        launch = launch_options(playwright, engine)
    pytest = [sys.executable, "-m", "pytest", "-q", f"--browser={engine}"]
    with kept_stack() as stack:
        duologue = [*pytest, "--stack=processes", "--keep-stack", str(BENCH / "test_with_duologue.py")]
        plain = [*pytest, "-p", "no:duologue", "-p", "no:xdist", "-c", os.devnull, f"--rootdir={BENCH}"]
        plain += [f"--confcutdir={BENCH}", str(BENCH / "test_with_pytest_playwright.py")]
        script = [sys.executable, str(BENCH / "handwritten.py"), stack.page_url, stack.api_url, json.dumps(launch)]
        settings = json.dumps({"launch": launch, "page_url": stack.page_url, "api_url": stack.api_url})
        contestants = {
            ("hand-written", 1): lambda: seconds([*script, engine, "1"]),
            ("Duologue", 1): lambda: seconds(duologue, MESSAGE_TESTS="1"),
            ("pytest-playwright", 1): lambda: seconds(plain, BENCH=settings),
            ("hand-written", tests): lambda: seconds([*script, engine, str(tests)]),
            ("Duologue", tests): lambda: seconds(duologue, MESSAGE_TESTS=str(tests)),
        }
        took: dict[tuple[str, int], list[float]] = {contestant: [] for contestant in contestants}
        for contestant in contestants.values():
            contestant()  # files come into the page cache, byte code is written
        for _ in range(options.rounds):
            for name, contestant in contestants.items():
                took[name].append(contestant())
    print(f"{engine}, {load()}")
    for (name, count), times in took.items():
        print(f"{name:18} {count:3} test{'s' if count > 1 else ' '} in a process  {figures(times)}")

    def ratio(name: str, count: int) -> float:
        return median(took[name, count]) / median(took["hand-written", count])

    def further(name: str) -> float:
        return (median(took[name, tests]) - median(took[name, 1])) / (tests - 1)

    print(f"one cold process   Duologue / hand-written           {ratio('Duologue', 1):.2f}   aim {AIM_COLD}")
    print(f"one cold process   pytest-playwright / hand-written  {ratio('pytest-playwright', 1):.2f}")
    print(f"{tests} tests in one     Duologue / hand-written           {ratio('Duologue', tests):.2f}   aim {AIM_TEN}")
    own, other = further("Duologue"), further("hand-written")
    print(f"each further test  Duologue {own:.3f} s, hand-written {other:.3f} s: {own / other:.2f}")


if __name__ == "__main__":
    main()
