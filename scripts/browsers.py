"""The browsers: come in as the names given to --browser, go out as the path of one that Playwright can drive."""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

from scripts.environment import PYTHON
from scripts.steps import ROOT, SetupError, digest, ensure, quietly

NAMES = ("chromium", "firefox", "webkit")

SYSTEM = {"chromium": ("chromium-headless-shell", "chromium", "google-chrome"), "firefox": ("firefox-esr",)}
"""Programs of the system that are used where Playwright's own browser is missing, the quickest first."""

DEBIAN_PACKAGES = {"chromium": "chromium-headless-shell", "firefox": "firefox-esr"}
DEBIAN_PACKAGES_HEADED = {"chromium": "chromium", "firefox": "firefox-esr"}

STALLED_DOWNLOAD_MS = 10_000
"""Playwright itself waits 30 s in each of five tries."""

DOWNLOAD_S = 900


def prepare(browser: str, *, headed: bool) -> None:
    """Find the browser; where there is none, have Playwright or the system install it. Raises SetupError."""
    name = f"browser-{browser}" + "-headed" * headed
    depends = digest(ROOT / "constraints.txt")
    ensure(name, f"looking for {browser}", depends, lambda: _find_or_install(browser, headed=headed))


def _find_or_install(browser: str, *, headed: bool) -> Path:
    own = "chromium-headless-shell" if browser == "chromium" and not headed else browser
    system = _system(browser, headed=headed)
    found = _own(own)
    # Whoever sets PLAYWRIGHT_BROWSERS_PATH wants Playwright's own; the system's spares anybody else the download.
    if not found and system and not os.environ.get("PLAYWRIGHT_BROWSERS_PATH"):
        return system
    if not found:
        try:
            found = _download(own, browser)
        except SetupError as failure:
            if system:
                return system
            packages = DEBIAN_PACKAGES_HEADED if headed else DEBIAN_PACKAGES
            if browser not in packages or not is_debian_as_root():
                raise
            package = packages[browser]
            apt_install([package], fails=str(failure))
            found = shutil.which(package)
            if not found:
                raise SetupError(f"the package {package} is installed, yet {package} is not on the PATH") from None
            return Path(found)
    if sys.platform == "linux" and (os.environ.get("CI") or os.geteuid() == 0):
        quietly(
            [PYTHON, "-m", "playwright", "install-deps", own],
            fails=f"the system's libraries for {own} could not be installed",
            remedy=f"as root: `{PYTHON} -m playwright install-deps {own}`",
        )
    return found


def _own(own: str) -> Path | None:
    """Where Playwright's own browser is, if it has been installed."""
    plan = quietly(
        [PYTHON, "-m", "playwright", "install", "--dry-run", own],
        fails="Playwright does not say where its browsers are",
        remedy=f"`{PYTHON} -m playwright install --dry-run {own}`",
    )
    location = re.search(r"Install location:\s*(.+)", plan)
    complete = Path(location[1].strip(), "INSTALLATION_COMPLETE") if location else None
    return complete if complete and complete.exists() else None


def _system(browser: str, *, headed: bool) -> Path | None:
    names = (name for name in SYSTEM.get(browser, ()) if not (headed and name.endswith("headless-shell")))
    found = next(filter(None, map(shutil.which, names)), None)
    return Path(found) if found else None


def _download(own: str, browser: str) -> Path:
    packages = " or ".join(SYSTEM.get(browser, ()))
    quietly(
        [PYTHON, "-m", "playwright", "install", own],
        env={"PLAYWRIGHT_DOWNLOAD_CONNECTION_TIMEOUT": str(STALLED_DOWNLOAD_MS)},
        timeout_s=DOWNLOAD_S,
        fails=f"there is no {own}, and Playwright could not download it",
        remedy=f"with a network: `{PYTHON} -m playwright install {own}`"
        + (f"; or install {packages} with the system's packages" if packages else ""),
    )
    found = _own(own)
    if not found:
        raise SetupError(f"Playwright installed {own}, yet does not find it", remedy="see PLAYWRIGHT_BROWSERS_PATH")
    return found


def is_debian_as_root() -> bool:
    """Whether apt-get can install what is missing."""
    release = Path("/etc/os-release")
    return sys.platform == "linux" and os.geteuid() == 0 and "\nID=debian\n" in f"\n{release.read_text()}\n"


def apt_install(packages: Sequence[str], *, fails: str) -> None:
    """Install Debian's packages; `fails` is what is wrong without them. Raises SetupError."""
    apt = {"DEBIAN_FRONTEND": "noninteractive"}
    names = " ".join(packages)
    remedy = f"`apt-get update && apt-get install {names}`"
    fails = f"{fails}\n  and apt-get could not install {names}"
    quietly(["apt-get", "update", "-qq"], env=apt, fails=fails, remedy=remedy)
    quietly(
        ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages], env=apt, fails=fails, remedy=remedy
    )
