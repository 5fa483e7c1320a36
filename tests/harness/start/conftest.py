"""`duologue`: a command as a person types it, in a folder of their own; `toy`: a chat that runs, with people in it."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from duologue.stack import Choice, Stack, acquire, release
from tests.harness.inner import passed_on
from tests.harness.toy import ToyApi, toy_stack

ROOT = Path(__file__).resolve().parents[3]
# Four sign-ins and every wait of a search, on a machine whose cores are all busy.
TIMEOUT_S = 180

Duologue = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Somebody's repository, empty."""
    path = tmp_path / "chat-tests"
    path.mkdir()
    return path


@pytest.fixture
def duologue(folder: Path, pytestconfig: pytest.Config) -> Duologue:
    """Run it there; `in_browser` for commands that start one."""

    def run(*options: str, in_browser: bool = False, **env: str) -> subprocess.CompletedProcess[str]:
        browser = passed_on(pytestconfig) if in_browser else []
        return subprocess.run(
            [sys.executable, "-m", "duologue.cli", *options, *browser],
            cwd=folder,
            env={**os.environ, "PYTHONUTF8": "1", "PYTHONPATH": str(ROOT), **env},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            timeout=TIMEOUT_S,
            check=False,
        )

    return run


@contextmanager
def _running(root: Path, *faults: str, others: bool = True) -> Iterator[Stack]:
    """A toy chat; ann and bob have a chat, and each has another one on top of it, where there are `others`."""
    definition, run_id = toy_stack(root, *faults), secrets.token_hex(4)
    stack = acquire(definition, Choice("processes", "the toy chat"), run_id=run_id)
    api = ToyApi(stack.api_url, stack.ws_url)
    ann, bob, cyn = (api.create_account(name, name.capitalize(), "a word") for name in ("ann", "bob", "cyn"))
    for one, other in ((ann, bob), (cyn, bob), (cyn, ann)) if others else ((ann, bob),):
        api.create_chat(one, [other])
    api.close()
    yield stack
    release(definition.root, run_id)


@pytest.fixture
def toy(tmp_path: Path) -> Iterator[Stack]:
    """A chat that is well."""
    with _running(tmp_path) as stack:
        yield stack


@pytest.fixture
def toy_that_reopens(tmp_path: Path) -> Iterator[Stack]:
    """One that opens somebody's first chat by itself when they come in."""
    with _running(tmp_path, "reopens") as stack:
        yield stack


@pytest.fixture
def toy_that_forgets(tmp_path: Path) -> Iterator[Stack]:
    """One that asks for the password at each load."""
    with _running(tmp_path, "forgets") as stack:
        yield stack


@pytest.fixture
def toy_that_remembers(tmp_path: Path) -> Iterator[Stack]:
    """One that opens by itself what was open last, and somebody's first chat where none was."""
    with _running(tmp_path, "reopens", "remembers") as stack:
        yield stack


@pytest.fixture
def toy_that_reopens_late(tmp_path: Path) -> Iterator[Stack]:
    """One that opens somebody's chat by itself a while after they came in, while a message comes."""
    with _running(tmp_path, "reopens-late") as stack:
        yield stack


@pytest.fixture
def toy_that_miscounts(tmp_path: Path) -> Iterator[Stack]:
    """One whose counts are one too high."""
    with _running(tmp_path, "badge") as stack:
        yield stack


@pytest.fixture
def toy_that_reopens_the_only_chat(tmp_path: Path) -> Iterator[Stack]:
    """One in which no other chat can be opened than the one that opens by itself."""
    with _running(tmp_path, "reopens", others=False) as stack:
        yield stack


@pytest.fixture
def toy_that_calls_people_longer(tmp_path: Path) -> Iterator[Stack]:
    """One whose rows are told apart by their names alone, which are more than people sign in with."""
    with _running(tmp_path, "longer", "alike") as stack:
        yield stack


@pytest.fixture
def toy_that_counts_nothing(tmp_path: Path) -> Iterator[Stack]:
    """One whose rows only light up when something is unread, and show nothing of it."""
    with _running(tmp_path, "dots") as stack:
        yield stack


@pytest.fixture
def toy_that_welcomes(tmp_path: Path) -> Iterator[Stack]:
    """One that lays something over its page."""
    with _running(tmp_path, "welcome") as stack:
        yield stack


@pytest.fixture
def toy_that_is_curt(tmp_path: Path) -> Iterator[Stack]:
    """One that says nothing to whom it does not let in, and loads anew."""
    with _running(tmp_path, "curt") as stack:
        yield stack
