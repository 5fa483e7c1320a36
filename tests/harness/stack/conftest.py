"""A stack of two tiny services."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from duologue.stack import Choice, ProcessService, Stack, StackDefinition, acquire, release
from tests.harness.stack.tiny import SERVICE, service


@pytest.fixture
def define(tmp_path: Path) -> Callable[..., StackDefinition]:
    """Makes a definition of the given services, `backend` and `frontend` when none are given."""

    def define(*services: ProcessService, **more: object) -> StackDefinition:
        # An image that was built of an older service must not be taken for this one's.
        (tmp_path / "source.txt").write_bytes(SERVICE.read_bytes())
        return StackDefinition.model_validate(
            {
                "root": tmp_path,
                "processes": services or (service("backend"), service("frontend")),
                "page": "{frontend.url}" if not services else "{backend.url}",
                "api": "{backend.url}/api",
                "ws": "{backend.ws_url}",
                "sources": ["*.txt"],
                **more,
            }
        )

    return define


@pytest.fixture
def run_id() -> str:
    """A run's id that no other test has."""
    return f"test-{secrets.token_hex(3)}"


@pytest.fixture
def processes() -> Choice:
    """The choice of `--stack=processes`."""
    return Choice("processes", "asked for")


@pytest.fixture
def stack(define: Callable[..., StackDefinition], processes: Choice, run_id: str) -> Iterator[Stack]:
    """The two services, up."""
    definition = define()
    try:
        yield acquire(definition, processes, run_id=run_id)
    finally:
        release(definition.root, run_id)
