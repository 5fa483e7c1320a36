"""The Python environment: comes in as constraints.txt and pyproject.toml, goes out as .venv with this project in it."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from scripts.steps import ROOT, VENV, SetupError, digest, ensure, quietly

OLDEST = (3, 11)
NAMES = ("python3.13", "python3.12", "python3.11")

PYTHON = VENV / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")

PIP = (PYTHON, "-m", "pip", "--disable-pip-version-check", "--no-input", "install", "--quiet")


def program(name: str) -> Path:
    """The path of a program that a package put into the environment."""
    return PYTHON.with_name(f"{name}.exe" if sys.platform == "win32" else name)


def prepare() -> None:
    """Make .venv and install what constraints.txt pins, then this project itself. Raises SetupError."""
    if not PYTHON.exists():
        ensure("venv", "making .venv", "", _make_venv)
    constraints = digest(ROOT / "constraints.txt")
    ensure("packages", "installing what constraints.txt pins", constraints, _install_packages)
    project = digest(constraints, ROOT / "pyproject.toml")
    ensure("project", "installing this project, editable", project, _install_project)


def _make_venv() -> Path:
    quietly(
        [_base_python(), "-m", "venv", "--clear", VENV],
        fails="the virtual environment .venv cannot be made",
        remedy="on Debian and Ubuntu install the package python3-venv; elsewhere a Python with its venv and ensurepip",
    )
    return PYTHON


def _base_python() -> str:
    if sys.version_info >= OLDEST:
        return sys.executable
    newer = next(filter(None, map(shutil.which, NAMES)), None)
    if newer is None:
        raise SetupError(
            "Python {}.{} or newer is needed".format(*OLDEST),
            seen="Python {}.{} at {}, and none of {} on the PATH".format(
                *sys.version_info[:2], sys.executable, ", ".join(NAMES)
            ),
            remedy="install a newer Python, then `python3.11 run ...` with its name",
        )
    return newer


def _install_packages() -> Path:
    quietly(
        [*PIP, "--require-hashes", "--requirement", ROOT / "constraints.txt"],
        fails="pip could not install the packages of constraints.txt",
        remedy="without a network pip needs an index that it can reach (`pip config list`); "
        "a broken environment goes with the folder .venv: delete it and run again",
    )
    return PYTHON


def _install_project() -> Path:
    quietly(
        [*PIP, "--no-deps", "--no-build-isolation", "--editable", ROOT],
        fails="pip could not install this project itself",
        remedy="see pyproject.toml; a broken environment goes with the folder .venv: delete it and run again",
    )
    return PYTHON
