"""Temp folders whose name tells which process they belong to: what a killed one leaves, the next one sweeps."""

from __future__ import annotations

import re
import shutil
import tempfile
from pathlib import Path

import psutil


def temp_folder(what: str, owner_pid: int) -> tempfile.TemporaryDirectory[str]:
    """A new folder in the system's temp folder, of the process whose end is the end of its use."""
    return tempfile.TemporaryDirectory(prefix=f"{_prefix(what)}{owner_pid}-", ignore_cleanup_errors=True)


def sweep_temp(what: str, *, ended: int | None = None) -> None:
    """Delete the folders of processes that are gone, and those of process `ended`; not one that somebody works in."""
    left = [it for it in Path(tempfile.gettempdir()).iterdir() if _is_left(it.name, what, ended)]
    if not left:
        return
    # What a killed process had started may go on for a while.
    places = [Path(process.info["cwd"]) for process in psutil.process_iter(["cwd"]) if process.info["cwd"]]
    for folder in left:
        if not any(place.is_relative_to(folder) for place in places):
            shutil.rmtree(folder, ignore_errors=True)


def _is_left(name: str, what: str, ended: int | None) -> bool:
    made = re.fullmatch(rf"{_prefix(what)}(\d+)-.*", name)
    return made is not None and (int(made[1]) == ended or not psutil.pid_exists(int(made[1])))


def _prefix(what: str) -> str:
    return f"duologue-{what}-"
