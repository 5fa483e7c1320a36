"""How long a stack takes: `python bench/bench_stack.py [processes compose …] [--rounds N]`; prints medians in seconds.

cold: nothing runs, images are built. kept: the stack of the run before is adopted. log line: from its print to a
follower. down: until everything has ended.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from queue import Queue
from statistics import median
from time import perf_counter, time
from urllib.request import urlopen

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from duologue.stack import Choice, Stack, acquire, choose, release
from fixtures.stack import STACK

AIMS = {("processes", "cold"): 0.6, ("compose", "cold"): 2.0, ("processes", "kept"): 0.2, ("compose", "kept"): 0.2}


def measure(choice: Choice, rounds: int) -> dict[str, list[float]]:
    """Seconds of each step, of each round."""
    times: dict[str, list[float]] = {"cold": [], "kept": [], "log line": [], "down": []}
    acquire(STACK, choice, run_id="bench-build")  # images built, files in the page cache
    release(STACK.root, "bench-build")
    for number in range(rounds):
        begin = perf_counter()
        acquire(STACK, choice, run_id=f"bench-{number}", keep=True)
        times["cold"].append(perf_counter() - begin)
        release(STACK.root, f"bench-{number}")
        begin = perf_counter()
        stack = acquire(STACK, choice, run_id=f"bench-{number}-kept")
        times["kept"].append(perf_counter() - begin)
        times["log line"] += [line_lateness(stack) for _ in range(20)]
        begin = perf_counter()
        release(STACK.root, f"bench-{number}-kept")
        times["down"].append(perf_counter() - begin)
    return times


def line_lateness(stack: Stack) -> float:
    """Seconds from the moment the backend's access log line was stamped to the moment a follower has it."""
    late: Queue[float] = Queue()
    with stack.follow(lambda line: late.put(time() - line.at)):
        urlopen(f"{stack.url('backend')}/health").close()
        return late.get(timeout=5)


def main() -> None:
    """Measure the kinds named on the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kinds", nargs="*", default=["processes", "compose"])
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    for kind in options.kinds:
        begin = perf_counter()
        choice = choose(kind)
        print(f"{kind:10} choose    {perf_counter() - begin:6.3f} s   {choice.why}")
        for step, times in measure(choice, options.rounds).items():
            aim = AIMS.get((kind, step))
            spread = f"{min(times):.3f} to {max(times):.3f}"
            print(f"{kind:10} {step:9} {median(times):6.3f} s   ({spread})" + (f"   aim {aim} s" if aim else ""))


if __name__ == "__main__":
    main()
