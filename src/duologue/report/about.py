"""What it takes to have the same test again: its settings go in, versions and a command come out."""

from __future__ import annotations

import os
import platform
import shlex
from importlib.metadata import PackageNotFoundError, version

import pytest
from playwright.sync_api import Browser

_PACKAGES = ("duologue", "playwright", "pytest", "pytest-playwright", "pytest-xdist")
# Options that decide what a test meets; the others are how a run is cut and shown.
_VALUES = ("stack", "api_url", "ws_url", "browser_channel", "device", "base_url", "slowmo")
_SWITCHES = ("headed",)
_SHOWN = (*_VALUES, *_SWITCHES, "evidence", "tracing", "screenshot", "video", "keep_stack")


def versions(browser: Browser | None) -> dict[str, str]:
    """Of Python, the system, the packages that matter and the browser."""
    found = {"python": platform.python_version(), "system": platform.platform()}
    for name in _PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    if browser is not None:
        found["browser"] = f"{browser.browser_type.name} {browser.version}"
    return found


def settings(config: pytest.Config) -> dict[str, object]:
    """The options that were given or hold by default."""
    return {name: config.getoption(name, None) for name in _SHOWN}


def command(item: pytest.Item, kind: str) -> str:
    """What runs this test alone again, on a stack of that kind, in the folder where pytest was started."""
    config = item.config
    here = os.path.relpath(item.path, config.invocation_params.dir)
    words = ["python", "-m", "pytest", here + "::" + item.nodeid.partition("::")[2]]
    for name in _VALUES:
        value = config.getoption(name, None)
        if value:
            words.append(f"--{name.replace('_', '-')}={kind if value == 'auto' else value}")
    words += [f"--browser={browser}" for browser in config.getoption("browser", None) or ()]
    words += [f"--{name}" for name in _SWITCHES if config.getoption(name, None)]
    return shlex.join(words)
