"""Copies of a checkout: in goes its folder, out come folders beside it that may be mutated, built and tested."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

FRONTEND = Path("chat/frontend")
TIMEOUT_S = 120


class CopyError(Exception):
    """A copy that cannot be made, patched or built: what was tried, and what was said."""


def snapshot(checkout: Path, folder: Path) -> Path:
    """Copy what git knows of the checkout, as it is in the working tree now, and build its page.

    The working tree itself is only read; later edits of it reach no copy. Raises CopyError.
    """
    listed = _run(["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], checkout)
    for name in filter(None, listed.split("\0")):
        source, target = checkout / name, folder / name
        if not source.is_file():
            continue  # deleted and not committed yet
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(source, target)
    modules = checkout / FRONTEND / "node_modules"
    if modules.is_dir():
        (folder / FRONTEND / "node_modules").symlink_to(modules, target_is_directory=True)
        build(folder)
    _assert_runs_itself(folder)
    return folder


def mutated(base: Path, folder: Path, patch: Path) -> Path:
    """Copy a snapshot, apply the patch, and build the page anew when the patch is about it. Raises CopyError."""
    shutil.copytree(base, folder, symlinks=True, ignore=shutil.ignore_patterns(".duologue", "__pycache__"))
    # Outside of a repository `git apply` takes every path for one below the current folder.
    _run(["git", "apply", "--whitespace=nowarn", str(patch.resolve())], folder)
    numbers = _run(["git", "apply", "--numstat", str(patch.resolve())], folder)
    if any(Path(line.split("\t")[2]).is_relative_to(FRONTEND) for line in numbers.splitlines()):
        build(folder)
    return folder


def commit(checkout: Path) -> str:
    """The newest commit that a checkout knows; empty where there is none yet. Raises CopyError without a repository."""
    return _run(["git", "rev-list", "--max-count=1", "--all"], checkout).strip()


def build(folder: Path) -> None:
    """Build the page of a copy. Raises CopyError."""
    vite = "vite.cmd" if sys.platform == "win32" else "vite"
    _run([str(folder / FRONTEND / "node_modules" / ".bin" / vite), "build", "--logLevel=warn"], folder / FRONTEND)


def environment(folder: Path) -> dict[str, str]:
    """The environment in which a copy's own harness is used, not that of the checkout which is installed editable."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    return {**env, "PYTHONPATH": os.pathsep.join([str(folder / "src"), str(folder)]), "PYTHONUTF8": "1"}


def _assert_runs_itself(folder: Path) -> None:
    if not (folder / "src" / "duologue").is_dir():
        return
    imported = _run([sys.executable, "-c", "import duologue; print(duologue.__file__)"], folder).strip()
    if not Path(imported).resolve().is_relative_to(folder.resolve()):
        raise CopyError(f"the copy does not run its own harness, but {imported}")


def _run(command: list[str], folder: Path) -> str:
    own = environment(folder) if command[0] == sys.executable else dict(os.environ)
    try:
        done = subprocess.run(
            command,
            cwd=folder,
            env={**own, "GIT_CEILING_DIRECTORIES": str(folder.parent)},
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=TIMEOUT_S,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise CopyError(f"{' '.join(command[:2])}: {error}") from None
    if done.returncode != 0:
        said = "\n".join((done.stderr + done.stdout).strip().splitlines()[-12:])
        raise CopyError(f"{Path(command[0]).name} {command[1]} failed:\n{said}")
    return done.stdout
