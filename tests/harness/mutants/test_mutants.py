"""`./run mutants` on a checkout of four lines: who is caught, who survives, and what is said of a wrong patch."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from tests.mutants.catalogue import Mutant, chosen

ROOT = Path(__file__).resolve().parents[3]

SUM = "def total(numbers):\n    return sum(numbers)\n"
TESTS = """from total import total

def test_the_total_of_two_numbers():
    assert total([2, 3]) == 5

def test_the_total_of_nothing_is_zero():
    assert total([]) == 0
"""
PATCH = """--- a/total.py
+++ b/total.py
@@ -1,2 +1,2 @@
 def total(numbers):
-    return sum(numbers)
+    return {instead}
"""
CAUSE = "adds-wrongly"
TABLE = '[{name}]\nwrong = "It adds up wrongly."\nsource = "nobody"\ntests = ["{test}"]\ncauses = ["' + CAUSE + '"]\n'
SAYS_CAUSE = """def pytest_terminal_summary(terminalreporter):
    terminalreporter.write_line("CAUSE  product · counted · {cause}: two and three are five · add · at once")
"""

Try = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A repository with a program, its tests, and no mutant yet."""
    files = {
        "total.py": SUM,
        "tests/e2e/test_total.py": TESTS,
        "pytest.ini": "[pytest]\npythonpath = .\n",
        "conftest.py": SAYS_CAUSE.replace("{cause}", CAUSE),
    }
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    (tmp_path / "tests" / "mutants").mkdir()
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    return tmp_path


@pytest.fixture
def add(checkout: Path) -> Callable[..., None]:
    """`add(name, instead="0")`: a mutant that returns something else than the sum."""

    def make(name: str, instead: str, test: str = "test_the_total_of_two_numbers", patch: str = PATCH) -> None:
        folder = checkout / "tests" / "mutants"
        (folder / f"{name}.patch").write_text(patch.replace("{instead}", instead), encoding="utf-8")
        with (folder / "mutants.toml").open("a", encoding="utf-8") as file:
            file.write(TABLE.format(name=name, test=test))

    return make


@pytest.fixture
def mutants(checkout: Path) -> Try:
    """Run it on the checkout."""

    def run(*options: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "tests.mutants.runner", f"--checkout={checkout}", *options]
        return subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", timeout=120)

    return run


def test_a_mutant_that_its_test_catches_is_right(checkout: Path, add: Callable[..., None], mutants: Try) -> None:
    add("off-by-one", instead="sum(numbers) + 1")

    done = mutants(f"--json={checkout / 'out.json'}")

    assert done.returncode == 0, done.stdout + done.stderr
    [outcome] = json.loads((checkout / "out.json").read_text())
    assert outcome["verdict"] == "caught"
    assert outcome["test"].startswith("test_the_total_of_two_numbers")
    assert outcome["cause"] == CAUSE
    assert (checkout / "total.py").read_text() == SUM


def test_a_mutant_that_no_test_notices_survives(add: Callable[..., None], mutants: Try) -> None:
    add("only-shorter", instead="sum(list(numbers))")

    done = mutants()

    assert done.returncode == 1
    assert "survived" in done.stdout


def test_a_mutant_that_only_an_unrelated_test_notices_is_not_caught(add: Callable[..., None], mutants: Try) -> None:
    add("nothing-is-none", instead="sum(numbers) or None")

    done = mutants()

    assert done.returncode == 1
    assert "by an unrelated test" in done.stdout
    assert "test_the_total_of_nothing_is_zero" in done.stdout


@pytest.mark.parametrize(("named", "verdict", "code"), [(CAUSE, "caught", 0), ("cannot-count", "wrong cause", 1)])
def test_the_cause_that_a_run_names_is_held_against_the_mutants(
    checkout: Path, add: Callable[..., None], mutants: Try, named: str, verdict: str, code: int
) -> None:
    add("off-by-one", instead="sum(numbers) + 1")
    (checkout / "conftest.py").write_text(SAYS_CAUSE.replace("{cause}", named), encoding="utf-8")

    done = mutants(f"--json={checkout / 'out.json'}")

    [outcome] = json.loads((checkout / "out.json").read_text())
    assert (outcome["cause"], outcome["verdict"], done.returncode) == (named, verdict, code)


def test_a_run_that_names_no_cause_is_not_enough(checkout: Path, add: Callable[..., None], mutants: Try) -> None:
    add("off-by-one", instead="sum(numbers) + 1")
    (checkout / "conftest.py").unlink()

    done = mutants()

    assert done.returncode == 1
    assert "no cause named" in done.stdout


def test_a_patch_that_does_not_apply_is_broken_and_shown(add: Callable[..., None], mutants: Try) -> None:
    add("outdated", instead="0", patch=PATCH.replace("sum(numbers)", "add(numbers)"))

    done = mutants()

    assert done.returncode == 1
    assert "broken" in done.stdout
    assert "patch does not apply" in done.stdout


def test_a_test_that_is_red_without_a_mutant_ends_the_trial(
    checkout: Path, add: Callable[..., None], mutants: Try
) -> None:
    add("off-by-one", instead="sum(numbers) + 1")
    (checkout / "total.py").write_text(SUM.replace("sum(numbers)", "7"), encoding="utf-8")

    done = mutants()

    assert done.returncode == 1
    assert "unmutated, before: the suite red" in done.stdout


@pytest.mark.parametrize(
    ("break_it", "says"),
    [
        (lambda folder: (folder / "lone.patch").write_text(""), "alone are: lone"),
        (lambda folder: (folder / "mutants.toml").write_text("[off-by-one]\n"), "[off-by-one]"),
        (lambda folder: (folder / "mutants.toml").write_text("["), "cannot be read"),
    ],
    ids=["a patch without a table", "a table without its fields", "no TOML"],
)
def test_a_wrong_catalogue_is_refused_in_words(
    checkout: Path, add: Callable[..., None], mutants: Try, break_it: Callable[[Path], object], says: str
) -> None:
    add("off-by-one", instead="0")
    break_it(checkout / "tests" / "mutants")

    done = mutants()

    assert done.returncode == 2
    assert says in done.stdout


def test_a_pattern_that_names_no_test_is_refused(add: Callable[..., None], mutants: Try) -> None:
    add("off-by-one", instead="0", test="test_that_was_renamed")

    done = mutants()

    assert done.returncode == 2
    assert "no test is called test_that_was_renamed" in done.stdout


def test_a_name_and_a_sample_choose_among_all(add: Callable[..., None], mutants: Try) -> None:
    for name in ("one", "two", "three"):
        add(name, instead="sum(numbers) + 1")

    named = mutants("-k=thr", "-k=tw")
    done = mutants("-k=thr", "-k=tw", "--sample=1")

    assert "2 of 2 mutants caught" in named.stdout
    assert "one: caught" not in named.stdout
    assert "1 of 1 mutants caught" in done.stdout
    assert "one: caught" not in done.stdout


def test_a_sample_is_the_same_for_a_commit_and_another_for_others() -> None:
    known = [
        Mutant(name=name, wrong="", source="", tests=(), causes=(), patch=ROOT)
        for name in ("one", "two", "three", "four")
    ]

    def names(mutants: list[Mutant], commit: str) -> frozenset[str]:
        return frozenset(mutant.name for mutant in chosen(mutants, [], 2, commit))

    assert names(known, "a commit") == names(known[::-1], "a commit")
    samples = {names(known, f"commit {number}") for number in range(9)}
    assert len(samples) > 1
    assert all(len(sample) == 2 for sample in samples)


ENDLESS = """import threading
from pathlib import Path

def pytest_runtest_setup():
    Path({began!r}).write_text("now")
    threading.Event().wait()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGTERM that a program could notice")
def test_a_run_that_is_cancelled_leaves_nothing_behind(
    checkout: Path, add: Callable[..., None], tmp_path_factory: pytest.TempPathFactory
) -> None:
    add("off-by-one", instead="0")
    outside = tmp_path_factory.mktemp("outside")
    began, temp = outside / "began", outside / "temp"
    temp.mkdir()
    os.mkfifo(began)
    (checkout / "conftest.py").write_text(ENDLESS.format(began=str(began)), encoding="utf-8")
    command = [sys.executable, "-m", "tests.mutants.runner", f"--checkout={checkout}"]
    runner = subprocess.Popen(command, cwd=ROOT, env={**os.environ, "TMPDIR": str(temp)})
    assert began.read_text(encoding="utf-8") == "now"  # waits for whoever writes
    [child] = psutil.Process(runner.pid).children()

    for _ in range(2):  # as `timeout` of coreutils does
        runner.send_signal(signal.SIGTERM)

    assert runner.wait(30) == 130
    assert not child.is_running()
    assert list(temp.iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="TMPDIR is POSIX's")
def test_the_copies_of_a_killed_run_are_swept_at_the_next_start(
    add: Callable[..., None], mutants: Try, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add("off-by-one", instead="sum(numbers) + 1")
    temp = tmp_path / "temp"
    gone, alive = temp / f"duologue-mutants-{2**31 - 2}-x", temp / f"duologue-mutants-{os.getpid()}-x"
    for folder in (gone, alive):
        (folder / "unmutated").mkdir(parents=True)
    monkeypatch.setenv("TMPDIR", str(temp))

    assert mutants().returncode == 0

    assert list(temp.iterdir()) == [alive]
