"""The hand-written message test under plain pytest-playwright: see `bench_message_test.py`."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from typing import Any

import pytest
from handwritten import message_test
from playwright.sync_api import BrowserContext, Playwright

BENCH = json.loads(os.environ["BENCH"])


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_type_launch_args, **BENCH["launch"]}


def test_message(new_context: Callable[..., BrowserContext], playwright: Playwright) -> None:
    api = playwright.request.new_context(base_url=f"{BENCH['api_url']}/")
    message_test(new_context, BENCH["page_url"], api)
