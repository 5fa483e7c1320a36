"""Which stack `--stack` gives, and why; and a stack that runs already."""

from __future__ import annotations

import os
import socket
import stat
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

import pytest

from duologue.errors import StackError, UsageError
from duologue.stack import Choice, Stack, StackDefinition, acquire, choose, engine, release
from duologue.stack.ports import pick_ports

FakeDocker = Callable[..., None]


@pytest.fixture
def fake_docker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FakeDocker:
    """Puts a `docker` on PATH that answers as told: by default as a healthy one does."""
    if os.name == "nt":
        pytest.skip("the stand-in is a shell script")

    def install(version: str = "echo 28.2.2", compose: str = "echo 2.40.0") -> None:
        program = tmp_path / "bin" / "docker"
        program.parent.mkdir()
        program.write_text(f'#!/bin/sh\nif [ "$1" = compose ]; then {compose}; else {version}; fi\n')
        program.chmod(program.stat().st_mode | stat.S_IEXEC)
        monkeypatch.setenv("PATH", str(program.parent), prepend=os.pathsep)

    return install


def test_auto_takes_containers_when_an_engine_answers(fake_docker: FakeDocker) -> None:
    fake_docker()
    assert choose("auto") == Choice("compose", "Docker Engine 28.2.2 answers, compose 2.40.0", is_auto=True)


def test_without_an_engine_auto_takes_processes_and_compose_fails(fake_docker: FakeDocker) -> None:
    fake_docker(version="echo 'Cannot connect to the Docker daemon' >&2; exit 1")
    assert choose("auto") == Choice("processes", "no Docker engine answers (Cannot connect to the Docker daemon)")
    with pytest.raises(StackError, match=r"no Docker engine answers(.|\n)*Cannot connect(.|\n)*start Docker"):
        choose("compose")


def test_without_docker_auto_takes_processes(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert choose("auto") == Choice("processes", "no Docker engine answers (there is no docker command on PATH)")
    with pytest.raises(StackError, match="install Docker"):
        choose("compose")


def test_without_the_compose_plugin_auto_takes_processes_and_compose_fails(fake_docker: FakeDocker) -> None:
    fake_docker(compose="echo \"'compose' is not a docker command\" >&2; exit 1")
    assert choose("auto").kind == "processes"
    assert "compose plugin is missing" in choose("auto").why
    with pytest.raises(StackError, match="install the compose plugin"):
        choose("compose")


def test_a_hung_engine_is_given_up(fake_docker: FakeDocker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_module("duologue.stack.choose"), "ENGINE_TIMEOUT_S", 0.2)
    fake_docker(version="exec sleep 30")
    assert choose("auto").kind == "processes"
    with pytest.raises(StackError, match=r"gave no answer within 0.2 s"):
        choose("compose")


def test_an_engine_that_stops_answering_during_the_run_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "REQUEST_TIMEOUT_S", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        monkeypatch.setenv("DOCKER_HOST", f"tcp://127.0.0.1:{silent.getsockname()[1]}")
        with pytest.raises(StackError, match=r"Docker engine did not do(.|\n)*timed out"):
            engine.Engine()


def test_processes_asks_no_engine(fake_docker: FakeDocker, tmp_path: Path) -> None:
    asked = tmp_path / "asked"
    fake_docker(version=f"touch {asked}", compose=f"touch {asked}")
    assert choose("processes") == Choice("processes", "asked for")
    assert not asked.exists()


@pytest.mark.parametrize("spec", ["podman", "", "localhost:3000", "http://"])
def test_an_unknown_stack_is_told_what_there_is(spec: str) -> None:
    with pytest.raises(UsageError, match="auto, compose, processes, or the address"):
        choose(spec)


@pytest.mark.parametrize(
    "told", [{"api_url": "localhost:8000"}, {"ws_url": "http://localhost:3000"}, {"ws_url": "ws://localhost:x"}]
)
def test_an_address_beside_the_page_that_is_none(told: dict[str, str]) -> None:
    with pytest.raises(UsageError, match=r"--(api|ws)-url is no address"):
        choose("http://localhost:3000", **told)


def test_api_and_websocket_that_are_not_told_of_are_where_the_page_is() -> None:
    choice = choose("https://localhost:3000/")

    assert (choice.page_url, choice.api_url, choice.ws_url) == (
        "https://localhost:3000",
        "https://localhost:3000",
        "wss://localhost:3000",
    )


@pytest.fixture
def running(stack: Stack) -> Choice:
    """`--stack=URL` for services that run already."""
    return choose(f"{stack.page_url}/", api_url=stack.api_url, ws_url=stack.ws_url)


def test_a_stack_that_runs_already_is_used_and_not_touched(
    running: Choice, stack: Stack, define: Callable[..., StackDefinition], run_id: str
) -> None:
    theirs = acquire(define(), running, run_id=run_id)
    assert (theirs.page_url, theirs.api_url, theirs.ws_url) == (stack.page_url, stack.api_url, stack.ws_url)
    assert theirs.services == ()
    for act in (theirs.stop, theirs.start, theirs.kill, theirs.pause, theirs.resume, theirs.restart, theirs.logs):
        with pytest.raises(StackError, match="is not ours"):
            act("backend")
    theirs.down()
    assert theirs.is_ready()


def test_a_dead_address_is_named(define: Callable[..., StackDefinition], run_id: str) -> None:
    [port] = pick_ports(1)
    dead = choose(f"http://127.0.0.1:{port}", api_url=f"http://127.0.0.1:{port}/api", ws_url=f"ws://127.0.0.1:{port}")
    with pytest.raises(StackError, match=rf"nothing answers at http://127.0.0.1:{port} (.|\n)*Connection refused"):
        acquire(define(), dead, run_id=run_id)


def test_a_stack_without_a_compose_file_gets_processes_where_nobody_asked_for_containers(
    define: Callable[..., StackDefinition], run_id: str
) -> None:
    definition = define(compose=None)

    stack = acquire(definition, Choice("compose", "an engine answers", is_auto=True), run_id=run_id)
    try:
        assert stack.kind == "processes"
    finally:
        release(definition.root, run_id)
