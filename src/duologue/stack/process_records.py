"""The processes of a stack, so that any process can act on them later: the folder remembers each service's by pid and
create time, and services, with all that they start, carry the folder's path in their environment."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from pathlib import Path

import psutil

from duologue.errors import StackError

SUFFIX = ".process.json"
# The environment's name for the stack's folder: whatever a service starts inherits it, and keeps it when orphaned.
HOME_VARIABLE = "DUOLOGUE_STACK_HOME"


def record(home: Path, service: str, pid: int) -> None:
    """Remember the process that runs a service now."""
    path = home / f"{service}{SUFFIX}"
    fresh = path.with_suffix(".new")
    fresh.write_text(json.dumps([pid, psutil.Process(pid).create_time()]))
    fresh.replace(path)


def recorded_pid(home: Path, service: str) -> int | None:
    """The pid of the service's last process, whether it runs or not."""
    path = home / f"{service}{SUFFIX}"
    return json.loads(path.read_text())[0] if path.exists() else None


def recorded(home: Path, service: str) -> psutil.Process | None:
    """The service's process when it still runs; another process with its old pid is not taken for it."""
    path = home / f"{service}{SUFFIX}"
    if not path.exists():
        return None
    pid, created = json.loads(path.read_text())
    return alive(pid, created)


def end_all(home: Path) -> None:
    """Kill every process of a stack's folder, with its children: those recorded, and those that carry its path, since
    whoever started them may have been killed before it recorded them."""
    for path in home.glob(f"*{SUFFIX}"):
        if process := recorded(home, path.name.removesuffix(SUFFIX)):
            kill_tree(process)
    us = {os.getpid(), *(process.pid for process in psutil.Process().parents())}
    for process in psutil.process_iter():
        if process.pid not in us and _home_of(process) == str(home):
            kill_tree(process)


def _home_of(process: psutil.Process) -> str | None:
    """The stack's folder in its environment; None where there is none, or it may not be read."""
    with suppress(psutil.Error, OSError):  # another user's, or it ended meanwhile, which is not always told by psutil
        return process.environ().get(HOME_VARIABLE)
    return None


def alive(pid: int, created: float) -> psutil.Process | None:
    """The process with this pid and create time (epoch seconds), unless it has ended."""
    with suppress(psutil.Error):
        process = psutil.Process(pid)
        if abs(process.create_time() - created) < 0.01 and process.status() != psutil.STATUS_ZOMBIE:
            return process
    return None


def with_children(process: psutil.Process) -> list[psutil.Process]:
    """The process and all that it started; nothing when it has ended."""
    with suppress(psutil.NoSuchProcess):
        return [process, *process.children(recursive=True)]
    return []


def kill_tree(process: psutil.Process, timeout_s: float = 10) -> None:
    """Kill a process and its children; returns when they have ended. Raises `StackError` after `timeout_s`."""
    members = with_children(process)
    for member in members:
        with suppress(psutil.NoSuchProcess):
            member.kill()
    _, left = psutil.wait_procs(members, timeout_s)
    if left := [member for member in left if alive(member.pid, member.create_time())]:
        raise StackError(
            f"pid {left[0].pid} did not end within {timeout_s:g} s of being killed", remedy="end it by hand"
        )
