"""user2's window on an empty timeline."""

from __future__ import annotations

import pytest

from duologue.timeline import Timeline
from tests.harness.expect.window import Window


@pytest.fixture
def timeline() -> Timeline:
    """An empty one."""
    return Timeline()


@pytest.fixture
def user2(timeline: Timeline) -> Window:
    """The window that expectations look at."""
    return Window(timeline)
