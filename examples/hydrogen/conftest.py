"""What a repository tells Duologue of its chat: its stack and its adapter (see fixtures/)."""

from __future__ import annotations

import pytest

from duologue.stack import StackDefinition
from fixtures.chat import HYDROGEN, Hydrogen
from fixtures.stack import STACK


@pytest.fixture(scope="session")
def stack_definition() -> StackDefinition:
    """What to start."""
    return STACK


@pytest.fixture(scope="session")
def chat_app() -> Hydrogen:
    """Where things are in the page, and what its API can do."""
    return HYDROGEN
