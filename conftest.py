"""What a repository tells Duologue of its chat: its stack, its adapter and its API (see fixtures/)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from duologue.stack import Stack, StackDefinition
from fixtures.api import ReferenceApi
from fixtures.chat import REFERENCE_CHAT, ReferenceChat
from fixtures.stack import STACK


@pytest.fixture(scope="session")
def stack_definition() -> StackDefinition:
    """What to start."""
    return STACK


@pytest.fixture(scope="session")
def chat_app() -> ReferenceChat:
    """Where things are in the page."""
    return REFERENCE_CHAT


@pytest.fixture(scope="session")
def chat_api(stack: Stack) -> Iterator[ReferenceApi]:
    """The API of the stack that runs."""
    api = ReferenceApi(stack.api_url, stack.ws_url)
    yield api
    api.close()
