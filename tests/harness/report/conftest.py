"""For tests that look at the folders of evidence."""

from __future__ import annotations

import pytest


@pytest.fixture
def chromium_alone(browser_name: str) -> None:
    """Once will do."""
    if browser_name != "chromium":
        pytest.skip("names of folders hold the browser's")
