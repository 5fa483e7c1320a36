"""One trial: in goes a mutant and a snapshot of the checkout, out comes who caught it and whether that was right."""

from __future__ import annotations

import re
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from xml.etree import ElementTree

from tests.mutants.catalogue import Mutant, expected_tests
from tests.mutants.checkout import CopyError, environment, mutated

Verdict = Literal["caught", "wrong cause", "no cause", "by an unrelated test", "survived", "broken"]

TEST_TIMEOUT_S = 300
SUITE_TIMEOUT_S = 1800
TAKE_DOWN_S = 30
CAUSE = re.compile(r"^CAUSE\s+(product|environment|harness) · (.+?) · ([\w-]+)[^·]*(?: · .*)?$", re.MULTILINE)


@dataclass(frozen=True)
class Run:
    """One run of pytest: its exit code, the tests that failed, and all that it printed."""

    code: int
    failed: tuple[str, ...]
    output: str

    @property
    def cause(self) -> str:
        """The cause that the run names at its end; empty when it names none."""
        found = CAUSE.search(self.output)
        return found[3] if found else ""


@dataclass(frozen=True)
class Outcome:
    """What became of one mutant; `seconds` hold the copy, the build and the tests."""

    mutant: str
    verdict: Verdict
    test: str = ""
    cause: str = ""
    seconds: float = 0.0
    output: str = ""

    @property
    def right(self) -> bool:
        """Whether the harness did what it is for."""
        return self.verdict == "caught"


class Bench:
    """Runs pytest in copies; `stop()`, from any thread, ends what runs and lets nothing begin."""

    def __init__(self, base: Path, options: Sequence[str]) -> None:
        self.base, self._options = base, list(options)
        self._running: set[subprocess.Popen[str]] = set()
        self._stopped = False
        self._lock = threading.Lock()
        self.node_ids = self._collect()

    def _collect(self) -> list[str]:
        run = self._pytest(self.base, ["--collect-only", "tests/e2e"], TEST_TIMEOUT_S)
        if run.code != 0:
            raise CopyError(f"the e2e tests cannot be collected:\n{run.output[-2000:]}")
        return [line for line in run.output.splitlines() if "::" in line]

    def unmutated(self, tests: Sequence[str], workers: int) -> Run:
        """The tests as they are; the whole suite when none are named."""
        parallel = ["-n", str(workers)] if workers > 1 else []
        return self._pytest(self.base, [*parallel, *(tests or ["tests/e2e"])], SUITE_TIMEOUT_S)

    def tried(self, mutant: Mutant, folder: Path) -> Outcome:
        """Mutate a copy in `folder` and run the tests that ought to fail, then, if none did, the others."""
        start = time.monotonic()

        def outcome(verdict: Verdict, run: Run | None = None, said: str = "") -> Outcome:
            test = run.failed[0] if run and run.failed else ""
            output = said or (run.output if run else "")
            return Outcome(mutant.name, verdict, test, run.cause if run else "", time.monotonic() - start, output)

        try:
            copy = mutated(self.base, folder, mutant.patch)
        except CopyError as error:
            return outcome("broken", said=str(error))
        expected = expected_tests([mutant], self.node_ids)
        run = self._pytest(copy, ["-x", *expected], TEST_TIMEOUT_S)
        if run.failed:
            if not run.cause:
                return outcome("no cause", run)
            return outcome("caught" if run.cause in mutant.causes else "wrong cause", run)
        if run.code != 0:
            return outcome("broken", run)
        others = [node_id for node_id in self.node_ids if node_id not in expected]
        run = self._pytest(copy, ["-x", *others], SUITE_TIMEOUT_S) if others else run
        if run.failed:
            return outcome("by an unrelated test", run)
        return outcome("survived" if run.code == 0 else "broken", run)

    def stop(self) -> None:
        """End every run; pytest takes its stack down. Twice does nothing: it would end the taking down."""
        with self._lock:
            running = [] if self._stopped else list(self._running)
            self._stopped = True
        for process in running:
            process.terminate()

    def _pytest(self, copy: Path, arguments: Sequence[str], timeout_s: float) -> Run:
        report = copy / "mutant-run.xml"
        report.unlink(missing_ok=True)
        fixed = ["-p", "no:cacheprovider", "-q", "--color=no", f"--junitxml={report}"]
        command = [sys.executable, "-m", "pytest", *fixed, *self._options, *arguments]
        with self._lock:
            if self._stopped:
                return Run(-1, (), "stopped")
            process = subprocess.Popen(
                command,
                cwd=copy,
                env=environment(copy),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                encoding="utf-8",
                errors="replace",
                start_new_session=True,  # Ctrl-C is for whoever runs this; it ends its children in its own order
            )
            self._running.add(process)
        try:
            output = _output_of(process, timeout_s)
        finally:
            self._running.discard(process)
        return Run(process.returncode, _failed(report), output)


def _output_of(process: subprocess.Popen[str], timeout_s: float) -> str:
    try:
        return process.communicate(timeout=timeout_s)[0]
    except subprocess.TimeoutExpired:
        return f"{_ended(process)}\nended after {timeout_s:g} s"
    except KeyboardInterrupt:
        _ended(process)
        raise


def _ended(process: subprocess.Popen[str]) -> str:
    """All that it printed; pytest has time to take its stack down."""
    process.terminate()
    try:
        return process.communicate(timeout=TAKE_DOWN_S)[0]
    except subprocess.TimeoutExpired:
        process.kill()
    return process.communicate()[0]


def _failed(report: Path) -> tuple[str, ...]:
    """The tests that failed, or whose fixtures did, in the order in which they ran."""
    try:
        cases = ElementTree.parse(report).iter("testcase")
    except (OSError, ElementTree.ParseError):
        return ()
    return tuple(
        case.get("name", "") for case in cases if case.find("failure") is not None or case.find("error") is not None
    )
