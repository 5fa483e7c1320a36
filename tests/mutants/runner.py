"""`./run mutants`: every known bug, cut into a copy of the chat, must make a test fail that says what is wrong.

In go mutants.toml and its patches, out comes a table, and exit code 1 when a mutant survives, is caught only by a test
that has nothing to do with it, or gets a wrong cause or none; also when a test is red without any mutant.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

from rich.console import Console
from rich.table import Table

from duologue.leftovers import sweep_temp, temp_folder
from duologue.signals import interrupt_by_signals
from tests.mutants.catalogue import CatalogueError, Mutant, chosen, expected_tests, load
from tests.mutants.checkout import CopyError, commit, snapshot
from tests.mutants.trial import Bench, Outcome

ROOT = Path(__file__).resolve().parents[2]
COPIES = "mutants"
LINES_SHOWN = 40
WIDTH = 150
"""Of the table where no terminal tells one."""


def main(arguments: Sequence[str] | None = None) -> int:
    """0: all caught; 1: one was not, or a test is red by itself; 2: it could not be tried; 130: Ctrl-C or SIGTERM."""
    options = _OPTIONS.parse_args(arguments)
    interrupt_by_signals()
    sweep_temp(COPIES)
    console = Console(highlight=False, width=None if sys.stdout.isatty() else WIDTH)
    try:
        mutants = load(options.checkout / "tests" / "mutants")
        picked = chosen(mutants, options.k, options.sample, commit(options.checkout))
        if not picked:
            raise CatalogueError(f"no mutant's name holds {' or '.join(options.k)}")
        with temp_folder(COPIES, os.getpid()) as folder:
            base = snapshot(options.checkout, Path(folder, "unmutated"))
            pytest_options = [f"--stack={options.stack}", *(f"--browser={name}" for name in options.browser)]
            bench = Bench(base, pytest_options)
            tests = [] if len(picked) == len(mutants) else expected_tests(picked, bench.node_ids)
            return _examine(bench, picked, tests, Path(folder), options, console)
    except (CatalogueError, CopyError) as error:
        console.print(f"mutants: {error}", style="red", markup=False)
        return 2
    except KeyboardInterrupt:
        return 130


def _examine(
    bench: Bench,
    picked: Sequence[Mutant],
    tests: Sequence[str],
    folder: Path,
    options: argparse.Namespace,
    console: Console,
) -> int:
    try:
        if not _is_green(bench, tests, options.n, "before", console):
            return 1
        outcomes = _try_all(bench, picked, folder, options.n, console)
        console.print(_table(picked, outcomes))
        if options.json:
            options.json.write_text(json.dumps([_as_data(outcome) for outcome in outcomes], indent=1), encoding="utf-8")
        green = _is_green(bench, tests, options.n, "after", console)
    except KeyboardInterrupt:
        bench.stop()
        raise
    missed = [outcome for outcome in outcomes if not outcome.right]
    for outcome in missed:
        console.rule(f"{outcome.mutant}: {outcome.verdict}", style="red")
        console.print("\n".join(outcome.output.splitlines()[-LINES_SHOWN:]), markup=False)
    console.print(
        f"{len(outcomes) - len(missed)} of {len(outcomes)} mutants caught", style="red" if missed else "green"
    )
    return 0 if green and not missed else 1


def _is_green(bench: Bench, tests: Sequence[str], workers: int, when: str, console: Console) -> bool:
    start = time.monotonic()
    run = bench.unmutated(tests, workers)
    what = f"{len(tests)} tests" if tests else "the suite"
    says = "green" if run.code == 0 else "red"
    console.print(f"unmutated, {when}: {what} {says}, {time.monotonic() - start:.0f} s")
    if run.code != 0:
        console.print(run.output[-6000:], style="red", markup=False)
    return run.code == 0


def _try_all(bench: Bench, picked: Sequence[Mutant], folder: Path, workers: int, console: Console) -> list[Outcome]:
    outcomes: dict[str, Outcome] = {}
    with ThreadPoolExecutor(workers) as pool:
        trials = [pool.submit(bench.tried, mutant, folder / mutant.name) for mutant in picked]
        try:
            for trial in as_completed(trials):
                outcome = trial.result()
                outcomes[outcome.mutant] = outcome
                console.print(f"{outcome.mutant}: {outcome.verdict}, {outcome.seconds:.0f} s", markup=False)
        except BaseException:
            bench.stop()
            pool.shutdown(cancel_futures=True)
            raise
    return [outcomes[mutant.name] for mutant in picked]


def _table(picked: Sequence[Mutant], outcomes: Sequence[Outcome]) -> Table:
    table = Table("mutant", "caught by", "cause named", "verdict", "s")
    for mutant, outcome in zip(picked, outcomes, strict=True):
        cause = outcome.cause or "no cause named"
        style = "" if outcome.right else "red"
        table.add_row(mutant.name, outcome.test or "–", cause, outcome.verdict, f"{outcome.seconds:.0f}", style=style)
    return table


def _as_data(outcome: Outcome) -> dict[str, object]:
    return {
        "mutant": outcome.mutant,
        "verdict": outcome.verdict,
        "test": outcome.test,
        "cause": outcome.cause,
        "seconds": round(outcome.seconds, 1),
        "output": "" if outcome.right else outcome.output,
    }


_OPTIONS = argparse.ArgumentParser(prog="./run mutants", description=__doc__, allow_abbrev=False)
_OPTIONS.add_argument("-k", action="append", default=[], metavar="NAME", help="only mutants whose name holds this")
_OPTIONS.add_argument("-n", type=int, default=1, metavar="N", help="so many at a time, each in a copy of its own")
_OPTIONS.add_argument("--sample", type=int, metavar="N", help="only so many, others for each commit")
_OPTIONS.add_argument("--browser", action="append", default=[], help="as for pytest; default: chromium")
_OPTIONS.add_argument("--stack", default="processes", help="as for pytest; default: processes")
_OPTIONS.add_argument("--json", type=Path, metavar="FILE", help="write the outcomes there too")
_OPTIONS.add_argument("--checkout", type=Path, default=ROOT, help=argparse.SUPPRESS)

if __name__ == "__main__":
    sys.exit(main())
