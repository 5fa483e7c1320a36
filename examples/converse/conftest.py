"""What a repository tells Duologue of its chat: its stack and its adapter (see fixtures/)."""

from __future__ import annotations

from typing import Any

import pytest

from duologue.stack import StackDefinition
from fixtures.chat import CONVERSE, Converse
from fixtures.stack import STACK


@pytest.fixture(scope="session")
def stack_definition() -> StackDefinition:
    """What to start."""
    return STACK


@pytest.fixture(scope="session")
def chat_app() -> Converse:
    """Where things are in the page, and what its API can do."""
    return CONVERSE


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any], browser_name: str) -> dict[str, Any]:
    """The page speaks to this machine alone."""
    if browser_name != "chromium":
        return browser_type_launch_args
    loopback = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost"
    return {**browser_type_launch_args, "args": [*browser_type_launch_args.get("args", ()), loopback]}
