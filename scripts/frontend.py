"""The reference chat's page: comes in as the sources in chat/frontend, goes out with its packages and its build."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from scripts.steps import ROOT, SetupError, digest, ensure, quietly

FRONTEND = ROOT / "chat" / "frontend"
NOT_SOURCES = {"node_modules", "dist", "coverage", "fixtures", "tests", "test-results", "__pycache__"}

OLDEST_NODE = (20, 19)
"""Vite 7 and 8 ask for it ("engines" of their package.json)."""

NPM_CI = ("ci", "--no-audit", "--no-fund", "--loglevel=error")


def program(name: str, folder: Path = FRONTEND) -> Path:
    """The path of a program that npm put into a folder's packages."""
    return folder / "node_modules" / ".bin" / (f"{name}.cmd" if sys.platform == "win32" else name)


def install(folder: Path = FRONTEND) -> None:
    """Install the npm packages that a folder's lock file pins. Raises SetupError."""
    name = f"npm-{folder.name}"
    depends = digest(folder / "package.json", folder / "package-lock.json")
    ensure(name, f"installing npm packages in {folder.relative_to(ROOT).as_posix()}", depends, lambda: _npm_ci(folder))


def build(folder: Path = FRONTEND) -> None:
    """Build a folder's page into `dist`, when a source changed since it was built. Raises SetupError."""
    says = f"building {folder.relative_to(ROOT).as_posix()}"
    ensure(f"build-{folder.name}", says, digest(*_sources(folder)), lambda: _build(folder))


def _sources(root: Path) -> list[str | Path]:
    """Every file that the build may read, each after its name."""
    found: list[str | Path] = []
    for folder, folders, files in os.walk(root):
        folders[:] = sorted(name for name in folders if name not in NOT_SOURCES and not name.startswith("."))
        for name in sorted(files):
            path = Path(folder, name)
            found += [str(path.relative_to(root)), path]
    return found


def _npm_ci(folder: Path) -> Path:
    quietly(
        [_npm(), *NPM_CI],
        cwd=folder,
        fails="npm could not install the packages of package-lock.json",
        remedy="without a network npm needs a registry that it can reach (`npm config get registry`)",
    )
    return folder / "node_modules"


def _build(folder: Path) -> Path:
    where = folder.relative_to(ROOT).as_posix()
    quietly(
        [_npm(), "run", "build"],
        cwd=folder,
        fails=f"the page in {where} could not be built",
        remedy=f"`npm run build` in {where} shows all of it",
    )
    return folder / "dist" / "index.html"


def _npm() -> str:
    """npm's path, once it is sure that Node is there and new enough. Raises SetupError."""
    needed = "Node {}.{} or newer with npm is needed for the chat's page".format(*OLDEST_NODE)
    remedy = "install it from the system's packages or nodejs.org; `--stack=compose` builds in a container instead"
    node, npm = shutil.which("node"), shutil.which("npm")
    if not node or not npm:
        missing = " and ".join(name for name, path in (("node", node), ("npm", npm)) if not path)
        raise SetupError(needed, seen=f"no {missing} on the PATH", remedy=remedy)
    version = subprocess.run([node, "--version"], capture_output=True, text=True, check=True).stdout.strip()
    if tuple(map(int, version.lstrip("v").split(".")[:2])) < OLDEST_NODE:
        raise SetupError(needed, seen=f"{version} at {node}", remedy=remedy)
    return npm
