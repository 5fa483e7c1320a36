"""What a repository tells Duologue of its chat: its stack and its adapter (see fixtures/)."""

from __future__ import annotations

import pytest

from duologue.stack import StackDefinition
from fixtures.chat import REFERENCE_CHAT, ReferenceChat
from fixtures.stack import STACK


@pytest.fixture(scope="session")
def stack_definition() -> StackDefinition:
    """What to start."""
    return STACK


@pytest.fixture(scope="session")
def chat_app() -> ReferenceChat:
    """Where things are in the page, and what its API can do."""
    return REFERENCE_CHAT
