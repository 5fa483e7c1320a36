"""One stack for all workers of a run, kept stacks, and what killed runs leave behind."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from duologue.errors import StackError
from duologue.stack import Choice, Stack, StackDefinition, acquire, release, sweep
from duologue.stack.ports import pick_ports
from duologue.stack.process_records import SUFFIX
from duologue.stack.state import StackState, save_stack
from tests.harness.stack.tiny import get, service

REPOSITORY = Path(__file__).parents[3]
Define = Callable[..., StackDefinition]


class Worker:
    """Another process that acquires a stack."""

    def __init__(self, root: Path, run_id: str, *options: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.harness.stack.worker", str(root), run_id, *options],
            cwd=REPOSITORY,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def page_url(self) -> str:
        """The address it prints once its stack is ready."""
        assert self.process.stdout
        return self.process.stdout.readline().strip()

    def kill(self) -> None:
        """End it as the kernel would."""
        self.process.kill()
        self.process.communicate()

    def finish(self) -> None:
        """Let it end by itself."""
        self.process.communicate()


@pytest.fixture
def workers() -> Iterator[Callable[..., Worker]]:
    """Starts workers, and ends those that still run."""
    started: list[Worker] = []

    def start(root: Path, run_id: str, *options: str) -> Worker:
        started.append(Worker(root, run_id, *options))
        return started[-1]

    yield start
    for worker in started:
        worker.kill()


def is_up(stack: Stack) -> bool:
    """Whether the page's server answers."""
    try:
        return bool(get(stack.page_url))
    except OSError:
        return False


def folders(definition: StackDefinition) -> list[str]:
    """The stacks that have a folder."""
    return [path.name for path in (definition.root / ".duologue" / "stacks").iterdir()]


def test_all_workers_of_a_run_share_one_stack(
    define: Define, run_id: str, workers: Callable[..., Worker], processes: Choice
) -> None:
    definition = define()
    both = [workers(definition.root, run_id, str(os.getpid())) for _ in range(2)]
    first, second = (worker.page_url() for worker in both)
    ours = acquire(definition, processes, run_id=run_id)
    assert first == second == ours.page_url
    release(definition.root, run_id)
    assert not is_up(ours)
    assert folders(definition) == []


def test_a_killed_worker_takes_the_stack_of_the_run_not_with_it(
    define: Define, run_id: str, workers: Callable[..., Worker], processes: Choice
) -> None:
    definition = define()
    worker = workers(definition.root, run_id, str(os.getpid()))
    url = worker.page_url()
    worker.kill()
    assert sweep(definition.root) == []
    ours = acquire(definition, processes, run_id=run_id)
    assert ours.page_url == url
    pid = get(ours.url("backend"))
    ours.restart("backend")
    assert get(ours.url("backend")) != pid
    release(definition.root, run_id)
    assert not is_up(ours)


@pytest.mark.parametrize("recorded", [True, False], ids=["recorded", "killed before it recorded a process"])
def test_what_a_killed_run_left_is_swept_at_the_next_start(
    define: Define, run_id: str, workers: Callable[..., Worker], recorded: bool
) -> None:
    definition = define()
    worker = workers(definition.root, run_id)
    page_url = worker.page_url()
    worker.kill()
    for path in () if recorded else definition.root.glob(f".duologue/stacks/*/*{SUFFIX}"):
        path.unlink()
    assert get(page_url)
    assert len(sweep(definition.root)) == 1
    with pytest.raises(ConnectionRefusedError):
        get(page_url)
    assert folders(definition) == []
    assert sweep(definition.root) == []


def test_two_runs_in_one_checkout_have_a_stack_each(
    define: Define, run_id: str, workers: Callable[..., Worker], processes: Choice
) -> None:
    definition = define()
    other = workers(definition.root, f"{run_id}-other", "--then-release")
    ours = acquire(definition, processes, run_id=run_id)
    others_url = other.page_url()
    assert get(others_url)
    assert others_url != ours.page_url
    assert sweep(definition.root) == []
    other.finish()
    assert is_up(ours)
    release(definition.root, run_id)
    assert not is_up(ours)


def test_a_kept_stack_is_adopted_and_a_run_that_does_not_keep_it_takes_it_down(
    define: Define, run_id: str, processes: Choice
) -> None:
    definition = define()
    kept = acquire(definition, processes, run_id=run_id, keep=True)
    release(definition.root, run_id)
    assert is_up(kept)
    assert sweep(definition.root) == []
    adopted = acquire(definition, processes, run_id=f"{run_id}-2")
    assert adopted.page_url == kept.page_url
    release(definition.root, f"{run_id}-2")
    assert not is_up(adopted)


def test_a_kept_stack_in_use_is_left_to_its_run(
    define: Define, run_id: str, workers: Callable[..., Worker], processes: Choice
) -> None:
    definition = define()
    kept = acquire(definition, processes, run_id=run_id, keep=True)
    release(definition.root, run_id)
    user = workers(definition.root, f"{run_id}-2", "--then-release")
    assert user.page_url() == kept.page_url
    ours = acquire(definition, processes, run_id=f"{run_id}-3")
    assert ours.page_url != kept.page_url
    release(definition.root, f"{run_id}-3")
    assert is_up(kept)
    user.finish()
    assert not is_up(kept)


def test_a_kept_stack_of_older_sources_is_replaced(define: Define, run_id: str, processes: Choice) -> None:
    definition = define()
    old = acquire(definition, processes, run_id=run_id, keep=True)
    release(definition.root, run_id)
    (definition.root / "source.txt").write_text("changed")
    new = acquire(definition, processes, run_id=f"{run_id}-2")
    assert new.page_url != old.page_url
    assert not is_up(old)
    release(definition.root, f"{run_id}-2")


def test_a_kept_stack_that_died_is_replaced(define: Define, run_id: str, processes: Choice) -> None:
    definition = define()
    old = acquire(definition, processes, run_id=run_id, keep=True)
    old.kill("backend")
    release(definition.root, run_id)
    new = acquire(definition, processes, run_id=f"{run_id}-2")
    assert get(new.url("backend"))
    assert not is_up(old), "what was left of it has ended"
    release(definition.root, f"{run_id}-2")
    assert not is_up(new)


def test_the_second_worker_fails_at_once_with_the_words_of_the_first(
    define: Define, run_id: str, processes: Choice
) -> None:
    broken = define(service("backend", "--exit-with", "3"))
    with pytest.raises(StackError) as first:
        acquire(broken, processes, run_id=run_id)
    with pytest.raises(StackError) as second:
        acquire(broken, processes, run_id=run_id)
    assert str(second.value) == str(first.value)
    release(broken.root, run_id)
    assert folders(broken) == []


def test_a_leftover_whose_engine_is_down_stops_no_run(
    define: Define, run_id: str, processes: Choice, monkeypatch: pytest.MonkeyPatch
) -> None:
    definition = define()
    left = definition.root / ".duologue" / "stacks" / "left"
    save_stack(left, StackState(kind="compose", fingerprint="", ports={}, project="left"))
    [port] = pick_ports(1)
    monkeypatch.setenv("DOCKER_HOST", f"tcp://127.0.0.1:{port}")
    [told] = sweep(definition.root)
    assert told.startswith("left the leftover stack left for later: the Docker engine")
    assert is_up(acquire(definition, processes, run_id=run_id))
    release(definition.root, run_id)
    assert left.exists()


def test_releasing_an_unknown_run_does_nothing(define: Define, run_id: str) -> None:
    definition = define()
    release(definition.root, run_id)
    assert not (definition.root / ".duologue").exists()
