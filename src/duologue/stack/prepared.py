"""Files made once and copied into each new stack: in goes how one is made, out comes a copy in the stack's folder."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
from pathlib import Path

from filelock import FileLock

from duologue.errors import StackError
from duologue.stack.definition import PreparedFile, ProcessService, Renderer, content_digest

TIMEOUT_S = 60


def copy_prepared(service: ProcessService, root: Path, home: Path) -> None:
    """Put each prepared file of the service into `home`; what is not there yet, or outdated, is made first.

    Raises `StackError` when making one fails.
    """
    for prepared in service.prepared:
        content = content_digest(root, prepared.sources) + prepared.model_dump_json().encode()
        folder = root / ".duologue" / "prepared" / service.name / prepared.name
        made = folder / hashlib.sha256(content).hexdigest()[:16]
        if not made.exists():
            folder.mkdir(parents=True, exist_ok=True)
            with FileLock(folder / "lock"):  # another run may be making the same
                if not made.exists():
                    _make(service, prepared, root, made)
        target = home / prepared.name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(made, target)


def _make(service: ProcessService, prepared: PreparedFile, root: Path, made: Path) -> None:
    fresh = made.with_suffix(".new")
    command = [Renderer({}, made.parent, prepared=fresh.as_posix())(part) for part in prepared.command]
    try:
        done = subprocess.run(command, cwd=root / service.cwd, capture_output=True, text=True, timeout=TIMEOUT_S)
        output = done.stdout + done.stderr
    except (OSError, subprocess.TimeoutExpired) as error:
        output = str(error)
    if not fresh.exists():
        raise StackError(
            f"{prepared.name} of {service.name} could not be made by {' '.join(command)}",
            seen="its last lines:\n" + "\n".join(f"    {line}" for line in output.splitlines()[-20:]),
            remedy="repair what the last lines tell of",
        )
    for older in made.parent.glob("?" * len(made.name)):
        older.unlink()
    fresh.replace(made)
