"""Which browser is started: Playwright's own where it is installed, else the system's; an error where none is."""

from __future__ import annotations

import math
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, BrowserType

from duologue.errors import BrowserError

# The headless shell takes half the time of a full Chromium. Debian's /usr/bin wrappers are scripts that do not hand
# signals on, so the binaries behind them come first.
_SYSTEM = {
    "chromium": (
        "/usr/lib/chromium/chromium-headless-shell",
        "chromium-headless-shell",
        "/usr/lib/chromium/chromium",
        "chromium",
        "google-chrome",
    ),
    "firefox": ("firefox-esr", "firefox"),
    "webkit": (),
}
# Where nobody looks, a GPU emulated in software only costs: a test of two users takes a seventh longer with it
# (measured with Chromium 156 on two cores). WebGL and screenshots are the same without.
WITHOUT_GPU = "--disable-gpu"
# A stock Firefox keeps 9 MB of each context that was closed, and each makes the next one dearer: 0.45 s of processor
# time for a context with a page at first, 0.7 s after 40, while a start costs 5 s (measured with Firefox ESR 153).
CONTEXTS_PER_BROWSER = 40
_STOCK_FIREFOX = "moz-firefox"  # speaks WebDriver BiDi, not Playwright's own protocol
_DEBIAN = {"chromium": "chromium-headless-shell", "firefox": "firefox-esr"}


def launch_arguments(browser_type: BrowserType, given: dict[str, Any]) -> dict[str, Any]:
    """The arguments for `browser_type.launch`; what was `given` on the command line or by a fixture stays.

    Raises BrowserError when neither Playwright nor the system has the browser.
    """
    name = browser_type.name
    arguments = dict(given)
    if name == "firefox":
        arguments["firefox_user_prefs"] = {
            # It goes to this machine's own addresses without a proxy unless it is told so.
            "network.proxy.allow_hijacking_localhost": True,
            # It puts off a WebSocket to where others failed, the longer the more of them; a page that dials at once
            # is not to be blamed for that.
            "network.websocket.delay-failed-reconnects": False,
            # A container that starts beside it is a new network to it: what carries nothing for some seconds after
            # that it closes by itself, long before the page would.
            "network.notify.changed": False,
            **arguments.get("firefox_user_prefs", {}),
        }
    headed = given.get("headless") is False
    if name == "chromium" and hasattr(os, "geteuid") and os.geteuid() == 0:
        arguments["args"] = [*arguments.get("args", ()), "--no-sandbox"]  # Chromium refuses to run as root with it
    if name == "chromium" and not headed:
        arguments["args"] = [*arguments.get("args", ()), WITHOUT_GPU]
    if (
        "executable_path" in given
        or "channel" in given
        or Path(browser_type.executable_path).exists()
        or (not headed and _has_shell(browser_type))
    ):
        return arguments
    for candidate in _SYSTEM[name]:
        if headed and "headless-shell" in candidate:
            continue
        if path := shutil.which(candidate):
            arguments["executable_path"] = path
            if name == "firefox":
                arguments["channel"] = _STOCK_FIREFOX
            return arguments
    remedy = f"{sys.executable} -m playwright install {name}"
    if name in _DEBIAN:
        remedy += f"   (or, on Debian: apt-get install {_DEBIAN[name]})"
    raise BrowserError(
        f"the browser {name} is not installed",
        seen=f"nothing at {browser_type.executable_path}, none of the system's",
        remedy=remedy,
    )


def _has_shell(browser_type: BrowserType) -> bool:
    """Whether Playwright's headless shell is there; it lies beside the full browser, under its own name."""
    if browser_type.name != "chromium":
        return False
    revision = Path(browser_type.executable_path).parents[1]
    return revision.with_name(revision.name.replace("chromium-", "chromium_headless_shell-")).exists()


def contexts_per_browser(arguments: dict[str, Any]) -> float:
    """How many contexts the browser of these launch arguments is good for."""
    return CONTEXTS_PER_BROWSER if arguments.get("channel") == _STOCK_FIREFOX else math.inf


class RenewedBrowser:
    """A browser that is started anew once it has died, or has had so many `contexts` and none is open.

    Else it is what it stands for. `browser` is the first one; whoever launched it closes that one, and `close`
    whichever there is now.
    """

    def __init__(self, browser: Browser, launch: Callable[[], Browser], contexts: float = math.inf) -> None:
        self._browser, self._launch, self._limit = browser, launch, contexts
        self._made = 0

    def new_context(self, **kwargs: Any) -> BrowserContext:
        """A context of the present browser, or of a new one."""
        is_worn = self._made >= self._limit and not self._browser.contexts
        if is_worn or not self._browser.is_connected():
            self._browser.close()
            self._browser, self._made = self._launch(), 0
        self._made += 1
        return self._browser.new_context(**kwargs)

    def close(self) -> None:
        """Close the present browser."""
        self._browser.close()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._browser, name)
