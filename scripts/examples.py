"""The examples: a folder of examples/ comes in, it goes out with all that the chat in it needs.

What it needs stands in its own files: `debian-packages.txt` (a line each: the program, then the package that has it),
`requirements.txt` (with hashes, into a `.venv` of its own), and `package.json` with its lock file and perhaps a script
`build`.
"""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

from scripts import browsers, environment, frontend
from scripts.steps import ROOT, SetupError, digest, ensure, quietly

EXAMPLES = ROOT / "examples"

SYSTEM_FOLDERS = ("/usr/sbin", "/sbin", "/usr/local/sbin")
"""Where servers are; an ordinary user's PATH lacks them."""


def prepare(name: str) -> Path:
    """Install what the example needs; returns its folder. Raises SetupError."""
    known = sorted(path.parent.name for path in EXAMPLES.glob("*/pytest.ini"))
    if name not in known:
        raise SetupError(f"there is no example named {name or '(none)'}", remedy=f"choose of {', '.join(known)}")
    folder = EXAMPLES / name
    _system_packages(folder)
    if (folder / "requirements.txt").exists():
        ensure(
            f"venv-{name}", f"making examples/{name}/.venv", digest(folder / "requirements.txt"), lambda: _venv(folder)
        )
    if (folder / "package.json").exists():
        frontend.install(folder)
        if "build" in json.loads((folder / "package.json").read_text(encoding="utf-8")).get("scripts", {}):
            frontend.build(folder)
    return folder


def _system_packages(folder: Path) -> None:
    """Debian's packages: installed as root on Debian, else named in an error. Raises SetupError."""
    wanted = folder / "debian-packages.txt"
    lines = wanted.read_text(encoding="utf-8").splitlines() if wanted.exists() else []
    missing = [tuple(line.split()) for line in lines if line.strip() and not _program(line.split()[0])]
    if not missing:
        return
    packages = sorted({package for _, package in missing})
    if not browsers.is_debian_as_root():
        raise SetupError(
            f"the example {folder.name} needs {' and '.join(program for program, _ in missing)}",
            seen=f"not on the PATH, nor in {', '.join(SYSTEM_FOLDERS)}",
            remedy=f"`apt-get install {' '.join(packages)}`, or your system's packages of that name",
        )
    ensure(
        f"apt-{folder.name}", f"installing {' '.join(packages)}", digest(wanted), lambda: _apt_install(packages, folder)
    )


def _program(name: str) -> str | None:
    return shutil.which(name, path=os.pathsep.join([os.environ.get("PATH", ""), *SYSTEM_FOLDERS]))


def _apt_install(packages: list[str], folder: Path) -> Path:
    browsers.apt_install(packages, fails=f"the example {folder.name} needs {' '.join(packages)}")
    return folder


def _venv(folder: Path) -> Path:
    python = folder / ".venv" / environment.PYTHON.relative_to(environment.VENV)
    quietly(
        [environment.PYTHON, "-m", "venv", "--clear", folder / ".venv"],
        fails=f"the virtual environment examples/{folder.name}/.venv cannot be made",
        remedy="on Debian and Ubuntu install the package python3-venv",
    )
    quietly(
        [python, *environment.PIP[1:], "--require-hashes", "--requirement", folder / "requirements.txt"],
        fails=f"pip could not install the packages of examples/{folder.name}/requirements.txt",
        remedy="without a network pip needs an index that it can reach (`pip config list`)",
    )
    return python
