"""Each test here has a toy chat of its own, so that it may misbehave."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from duologue.run import Run
from duologue.stack import Choice, StackDefinition
from tests.harness.toy import TOY, ToyChat, toy_stack


@pytest.fixture(scope="session")
def _run(pytestconfig: pytest.Config) -> Run:
    """Whatever stack the run has: the toy chat is a local process."""
    return replace(pytestconfig.stash[Run.KEY], choice=Choice("processes", "the toy chat"))


@pytest.fixture
def stack_definition(tmp_path: Path) -> StackDefinition:
    """The toy chat."""
    return toy_stack(tmp_path)


@pytest.fixture(scope="session")
def chat_app() -> ToyChat:
    """Its adapter."""
    return TOY
