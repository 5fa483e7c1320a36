"""A stack of containers: the same promises as a stack of processes, and what a Docker engine adds to go wrong."""

from __future__ import annotations

import functools
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from docker.errors import NotFound
from docker.models.containers import ContainerCollection

from duologue.errors import StackError
from duologue.stack import (
    Choice,
    ComposeDefinition,
    ComposeService,
    Stack,
    StackDefinition,
    acquire,
    clocks,
    release,
    sweep,
)
from duologue.stack.compose_command import ComposeCommand
from duologue.stack.engine import Engine
from duologue.stack.ports import is_free, require_free
from tests.harness.stack.tiny import Lines, get, say

pytestmark = pytest.mark.docker

HERE = Path(__file__).parent
COMPOSE = Choice("compose", "asked for")
Define = Callable[..., StackDefinition]


def left_of(project: str) -> tuple[list[str], list[str], list[str]]:
    """The containers, networks and volumes of a project, by `docker`."""
    label = f"--filter=label=com.docker.compose.project={project}"
    kinds = (["ps", "--all"], ["network", "ls"], ["volume", "ls"])
    commands = [["docker", *kind, "--quiet", label] for kind in kinds]
    told = [subprocess.run(command, capture_output=True, text=True, check=True).stdout.split() for command in commands]
    return told[0], told[1], told[2]


@pytest.fixture
def compose(define: Define) -> Callable[..., StackDefinition]:
    """Makes a definition with the tiny compose file; settings of the file by name."""

    def compose(**env: str) -> StackDefinition:
        backend = ComposeService(
            name="backend", port=8000, publish="BACKEND_PORT", ready="{backend.url}/", built=True, disk="/disk"
        )
        database = ComposeService(name="database", ready_command=["true"])
        return define(
            page="{backend.url}",
            compose=ComposeDefinition(
                files=[HERE / "compose.yml"], services=[backend, database], env=env, settings=["PYTHON_IMAGE"]
            ),
        )

    return compose


@pytest.fixture
def stack(compose: Callable[..., StackDefinition], run_id: str) -> Iterator[Stack]:
    """The tiny stack, up."""
    definition = compose()
    try:
        yield acquire(definition, COMPOSE, run_id=run_id)
    finally:
        release(definition.root, run_id)


def test_services_answer_at_their_addresses(stack: Stack) -> None:
    assert stack.services == ("backend", "database")
    assert stack.page_url == stack.url("backend")
    assert get(stack.url("backend"))
    with pytest.raises(StackError, match="database has no address"):
        stack.url("database")
    assert stack.url("backend") in stack.describe()


def test_a_printed_line_reaches_the_follower_with_the_time_it_was_printed(stack: Stack) -> None:
    lines = Lines()
    with stack.follow(lines.add):
        before = time.time()
        say(stack.url("backend"), "hello 👋")
        line = lines.await_line("hello 👋")
    assert line.service == "backend"
    assert before <= line.at <= time.time()


def test_logs_since_a_moment_leave_out_what_came_before(stack: Stack) -> None:
    lines = Lines()
    with stack.follow(lines.add):
        say(stack.url("backend"), "early")
        lines.await_line("early")
        say(stack.url("backend"), "late")
        late = lines.await_line("late")
    assert [line.text for line in stack.logs("backend")][-2:] == ["early", "late"]
    assert stack.logs("backend", since=late.at) == [late]
    assert "late" not in [line.text for line in stack.logs("database")]


def test_a_line_longer_than_the_engine_stores_in_one_piece_arrives_whole(stack: Stack) -> None:
    lines = Lines()
    with stack.follow(lines.add):
        say(stack.url("backend"), "x" * 40_000)
        assert lines.await_line("x" * 40_000)


def test_restart_keeps_the_address_and_the_follower(stack: Stack) -> None:
    lines = Lines()
    with stack.follow(lines.add):
        stack.restart("backend", timeout_s=5)
        assert lines.await_line("listening on 8000")
        say(stack.url("backend"), "back again")
        assert lines.await_line("back again")
        stack.restart("database", timeout_s=5)
        assert lines.await_line("storing")


def test_a_service_may_run_with_its_clock_off_and_the_next_start_sets_it_right(stack: Stack) -> None:
    for off_s in (3600, -3600, 0):
        stack.stop("backend", timeout_s=5)
        stack.start("backend", clock_off_s=off_s)

        assert float(get(f"{stack.url('backend')}/time")) - time.time() == pytest.approx(off_s, abs=60)


def test_a_service_whose_disk_is_full_is_told_so_by_the_system(
    compose: Callable[..., StackDefinition], run_id: str
) -> None:
    definition = compose(DISK_MB="8")
    try:
        stack = acquire(definition, COMPOSE, run_id=run_id)
        stack.fill_disk("backend")
        assert get(f"{stack.url('backend')}/keep") == "No space left on device"
        stack.free_disk("backend")
        assert get(f"{stack.url('backend')}/keep") == "kept"
        with pytest.raises(StackError, match=r"disk of database cannot be filled[\s\S]*names no disk"):
            stack.fill_disk("database")
    finally:
        release(definition.root, run_id)


def test_a_clock_that_cannot_be_set_off_is_an_error_that_says_why(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clocks, "files", lambda _: {"/etc/ld.so.preload": b""})
    stack.stop("backend", timeout_s=5)

    with pytest.raises(
        StackError, match=r"(?s)clock of backend is not off by \+3600 s.*`date` in its container.*glibc"
    ):
        stack.start("backend", clock_off_s=3600)


def test_a_killed_service_refuses_connections_until_started(stack: Stack) -> None:
    stack.kill("backend")
    with pytest.raises(OSError):  # noqa: PT011 - which one depends on the engine's port forwarding
        get(stack.url("backend"))
    with pytest.raises(StackError, match="backend does not run"):
        stack.kill("backend")
    stack.start("backend")
    assert get(stack.url("backend"))
    with pytest.raises(StackError, match="it runs"):
        stack.start("backend")


def test_a_service_tells_whether_it_runs(stack: Stack) -> None:
    assert str(stack.state("backend")) == "running"

    stack.pause("backend")
    assert str(stack.state("backend")) == "paused"

    stack.resume("backend")
    stack.kill("backend")
    assert str(stack.state("backend")) == "exited with code 137"


def test_a_paused_service_accepts_and_says_nothing(stack: Stack) -> None:
    stack.pause("backend")
    with pytest.raises(TimeoutError):
        get(stack.url("backend"), timeout_s=0.2)
    stack.resume("backend")
    assert get(stack.url("backend"))


def test_down_leaves_no_container_network_volume_or_port(stack: Stack) -> None:
    left = functools.partial(left_of, stack.describe().rpartition("project ")[2])
    assert [len(things) for things in left()] == [2, 1, 1]
    port = int(stack.url("backend").rpartition(":")[2])

    stack.down()

    assert left() == ([], [], [])
    require_free("backend", port)


def test_what_a_killed_run_left_is_swept_at_the_next_start(
    compose: Callable[..., StackDefinition], run_id: str
) -> None:
    definition = compose()
    left = acquire(definition, COMPOSE, run_id=run_id)
    record = definition.root / ".duologue" / "runs" / f"{run_id}.json"
    record.write_text(record.read_text().replace('"owner_created":', '"owner_created":1'))
    assert len(sweep(definition.root)) == 1
    with pytest.raises(StackError, match="backend has no container"):
        left.logs("backend")


def test_containers_whose_records_were_deleted_are_removed_by_the_next_run(
    compose: Callable[..., StackDefinition], run_id: str
) -> None:
    definition = compose()
    lost = acquire(definition, COMPOSE, run_id=run_id)
    shutil.rmtree(definition.root / ".duologue")
    acquire(definition, COMPOSE, run_id=f"{run_id}-2")
    assert not lost.is_ready()
    release(definition.root, f"{run_id}-2")


def test_two_stacks_run_side_by_side_and_one_goes_without_the_other(
    compose: Callable[..., StackDefinition], stack: Stack, run_id: str
) -> None:
    definition = compose()
    other = acquire(definition, COMPOSE, run_id=f"{run_id}-2")
    assert other.page_url != stack.page_url
    release(definition.root, f"{run_id}-2")
    assert not other.is_ready()
    assert stack.is_ready()


def test_a_container_that_goes_while_they_are_listed_is_no_error(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = Engine()
    project = next(iter(engine.projects("")))

    def gone(*_: object) -> None:
        raise NotFound("it was there when the list was made")

    monkeypatch.setattr(ContainerCollection, "get", gone)

    assert project in engine.projects(""), "its networks are there still"
    assert engine.containers(project) == {}
    del stack


def test_a_kept_stack_is_adopted(compose: Callable[..., StackDefinition], run_id: str) -> None:
    definition = compose()
    kept = acquire(definition, COMPOSE, run_id=run_id, keep=True)
    release(definition.root, run_id)
    adopted = acquire(definition, COMPOSE, run_id=f"{run_id}-2")
    assert adopted.page_url == kept.page_url
    release(definition.root, f"{run_id}-2")
    assert not adopted.is_ready()


def test_a_backend_that_exits_at_start_shows_its_code_and_last_lines(
    compose: Callable[..., StackDefinition], run_id: str
) -> None:
    with pytest.raises(StackError, match=r"backend exited with code 3(.|\n)*cannot find the database"):
        acquire(compose(BACKEND_OPTIONS="--exit-with 3"), COMPOSE, run_id=run_id)


def test_a_backend_that_is_never_ready_shows_the_answers_seen(
    compose: Callable[..., StackDefinition], run_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("duologue.stack.compose.START_TIMEOUT_S", 1)
    with pytest.raises(StackError, match=r"not ready within 1 s(.|\n)*HTTP 503(.|\n)*listening on"):
        acquire(compose(BACKEND_OPTIONS="--answer 503"), COMPOSE, run_id=run_id)


def test_an_image_that_cannot_be_built_shows_the_last_lines(
    compose: Callable[..., StackDefinition], run_id: str
) -> None:
    with pytest.raises(StackError, match=r"an image could not be built(.|\n)*no such package"):
        acquire(compose(BUILD_STEP="echo no such package; exit 1"), COMPOSE, run_id=run_id)


def test_a_build_leaves_nothing_in_the_folder_for_temporary_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setenv("TMPDIR", str(tmp_path))

    ComposeCommand(HERE, [HERE / "compose.yml"], {"BACKEND_PORT": "1", "FINGERPRINT": "built-by-a-test"}).build_images()

    assert list(tmp_path.iterdir()) == []


def test_a_taken_port_is_named(
    compose: Callable[..., StackDefinition], stack: Stack, run_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = int(stack.url("backend").rpartition(":")[2])
    monkeypatch.setattr("duologue.stack.shared.pick_ports", lambda _: [taken])
    with pytest.raises(StackError, match=rf"port {taken} is taken"):
        acquire(compose(), COMPOSE, run_id=f"{run_id}-2")
    assert not is_free(taken), "whoever has it keeps it"


@pytest.mark.parametrize(("sources", "builds"), [(["*.txt"], 0), ([], 1)], ids=["named", "not named"])
def test_an_image_whose_sources_are_not_named_is_built_before_each_start(
    compose: Callable[..., StackDefinition],
    monkeypatch: pytest.MonkeyPatch,
    run_id: str,
    sources: list[str],
    builds: int,
) -> None:
    definition = compose().model_copy(update={"sources": sources})
    acquire(definition, COMPOSE, run_id=run_id)
    release(definition.root, run_id)
    built: list[str] = []
    build_images = ComposeCommand.build_images
    monkeypatch.setattr(ComposeCommand, "build_images", lambda command: (built.append("all"), build_images(command)))

    acquire(definition, COMPOSE, run_id=f"{run_id}-again")

    release(definition.root, f"{run_id}-again")
    assert len(built) == builds


def test_a_stack_without_a_compose_file_says_so(define: Define, run_id: str) -> None:
    with pytest.raises(StackError, match=r"no compose file(.|\n)*--stack=processes"):
        acquire(define(), COMPOSE, run_id=run_id)
