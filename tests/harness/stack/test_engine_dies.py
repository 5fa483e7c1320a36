"""An engine that dies midway: one clear error, and what it left up goes once it is there again."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import threading
from collections.abc import Callable, Iterator
from functools import partial

import pytest

from duologue.errors import StackError
from duologue.stack import StackDefinition, acquire, release, sweep
from tests.harness.stack.test_compose import COMPOSE, compose, left_of

__all__ = ["compose"]

pytestmark = pytest.mark.docker


class Way:
    """A way to the engine that can be closed: what runs over it then ends, and nothing is let in any more."""

    def __init__(self, engine: str) -> None:
        self._engine = engine
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"tcp://127.0.0.1:{self._listener.getsockname()[1]}"
        self._open: list[socket.socket] = [self._listener]
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        """The engine dies, as its clients see it."""
        for one in self._open:
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _ = self._listener.accept()
                far = socket.socket(socket.AF_UNIX)
                far.connect(self._engine)
                self._open += [near, far]
                for source, target in ((near, far), (far, near)):
                    threading.Thread(target=self._carry, args=(source, target), daemon=True).start()

    def _carry(self, source: socket.socket, target: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                target.sendall(data)
            target.shutdown(socket.SHUT_WR)


@pytest.fixture
def way(monkeypatch: pytest.MonkeyPatch) -> Iterator[Way]:
    """The only way to the engine, for as long as it is open."""
    asked = ["docker", "context", "inspect", "--format", "{{.Endpoints.docker.Host}}"]
    host = os.environ.get("DOCKER_HOST") or subprocess.run(asked, capture_output=True, text=True, check=True).stdout
    if not host.startswith("unix://"):
        pytest.skip(f"the engine is at {host.strip()}, and this way leads to a Unix socket alone")
    way = Way(host.strip().removeprefix("unix://"))
    monkeypatch.setenv("DOCKER_HOST", way.address)
    yield way
    way.close()


def test_an_engine_that_dies_midway_is_told_and_its_containers_go_once_it_is_back(
    compose: Callable[..., StackDefinition], run_id: str, way: Way, monkeypatch: pytest.MonkeyPatch
) -> None:
    definition = compose()
    stack = acquire(definition, COMPOSE, run_id=run_id)
    project = stack.describe().rpartition("project ")[2]
    try:
        way.close()

        for ask in (
            partial(stack.state, "backend"),
            partial(stack.logs, "backend"),
            partial(release, definition.root, run_id),
        ):
            with pytest.raises(StackError, match=r"(?s)engine did not do what it was asked.*`docker ps`"):
                ask()
        (told,) = sweep(definition.root)
        assert told.startswith("left the leftover stack ")
    finally:
        monkeypatch.delenv("DOCKER_HOST")
        swept = sweep(definition.root)

    assert [line[:24] for line in swept] == ["swept the leftover stack"]
    assert left_of(project) == ([], [], [])
