"""A step of the set-up: comes in with what it depends on, goes out done, stamped and told in one line.

A stamp remembers the digest of everything a step depends on and the path that it made. While both still hold, the
step is skipped, which is what makes the second run quick.
"""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
STAMPS = VENV / "stamps"
LOCK = ROOT / ".duologue" / "setup.lock"

LINES_SHOWN = 16
"""How many closing lines of a failed command an error shows; those of a stack trace are left out."""

COLOUR = re.compile(r"\x1b\[[0-9;]*m")
"""Some tools colour what goes to a pipe, whatever NO_COLOR says."""


class SetupError(Exception):
    """A step that failed: `what` is wrong, what was `seen`, and `remedy`, what to do; printed in that order."""

    def __init__(self, what: str, *, seen: str = "", remedy: str = "") -> None:
        parts = [what]
        plain = COLOUR.sub("", seen)
        telling = [line for line in plain.splitlines() if line.strip() and not line.lstrip().startswith("at ")]
        if telling:
            parts.append("\n    ".join(["  seen:", *telling[-LINES_SHOWN:]]))
        if remedy:
            parts.append(f"  to do: {remedy}")
        super().__init__("\n".join(parts))


def digest(*parts: str | bytes | Path) -> str:
    """One digest over texts and the contents of files; a file that does not exist counts as empty."""
    whole = hashlib.sha256()
    for part in parts:
        if isinstance(part, Path):
            content = part.read_bytes() if part.exists() else b""
        else:
            content = part.encode() if isinstance(part, str) else part
        whole.update(len(content).to_bytes(8, "big") + content)
    return whole.hexdigest()


def ensure(name: str, says: str, depends: str, act: Callable[[], Path]) -> None:
    """Run `act`, unless it was done for the same `depends` (a digest) and the path that it returned still exists.

    `says` is the one line that tells what happens. Raises SetupError.
    """
    if _is_fresh(name, depends):
        return
    with _only_one_run():
        if _is_fresh(name, depends):  # another run did it while this one waited for the lock
            return
        with told(name, says):
            made = act()
        STAMPS.mkdir(parents=True, exist_ok=True)
        (STAMPS / name).write_text(f"{depends}\n{made}\n", encoding="utf-8")


def _is_fresh(name: str, depends: str) -> bool:
    try:
        stamped, made = (STAMPS / name).read_text(encoding="utf-8").splitlines()
    except (OSError, ValueError):
        return False
    return stamped == depends and Path(made).exists()


@contextmanager
def told(name: str, says: str) -> Iterator[None]:
    """Tell in one line what happens and how long it took."""
    print(f"run: {name}: {says} ...", end="", flush=True)
    start = time.monotonic()
    try:
        yield
    except BaseException:
        print(" failed", flush=True)
        raise
    print(f" {time.monotonic() - start:.1f} s", flush=True)


@contextmanager
def _only_one_run() -> Iterator[None]:
    """Two runs in one checkout must not set it up at the same time; the system drops the lock of one that dies."""
    LOCK.parent.mkdir(exist_ok=True)
    with LOCK.open("a") as lock:
        if sys.platform == "win32":
            import msvcrt

            while True:
                try:
                    msvcrt.locking(lock.fileno(), msvcrt.LK_LOCK, 1)
                    break
                except OSError:  # LK_LOCK gives up after ten seconds
                    continue
        else:
            import fcntl

            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def quietly(
    command: Sequence[str | Path],
    *,
    fails: str,
    remedy: str,
    cwd: Path = ROOT,
    env: Mapping[str, str] | None = None,
    timeout_s: float | None = None,
) -> str:
    """Run a command, return what it printed. Raises SetupError, with `fails` as what is wrong, on any exit but 0."""
    try:
        done = subprocess.run(
            command,
            cwd=cwd,
            env={**os.environ, **(env or {})},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
            timeout=timeout_s,
            check=True,
        )
    except subprocess.CalledProcessError as error:
        raise SetupError(fails, seen=error.stdout or f"exit code {error.returncode}", remedy=remedy) from None
    except subprocess.TimeoutExpired:
        raise SetupError(fails, seen=f"nothing after {timeout_s:.0f} s", remedy=remedy) from None
    except OSError as error:
        raise SetupError(fails, seen=str(error), remedy=remedy) from None
    return done.stdout
