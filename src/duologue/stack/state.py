"""What `.duologue` remembers of stacks and runs: in goes a checkout's root, out come records that any process can read.

.duologue/lock                 held while runs and stacks are matched; never for long
.duologue/runs/RUN.json        a run: its owner's process, and the stack it uses
.duologue/runs/RUN.lock        held while the run's stack is brought up
.duologue/stacks/ID/           one stack: stack.json, logs, process records, the services' own files
.duologue/stacks/ID/kept       there when the stack outlives its run
.duologue/outputs/             locks of the folders in which runs keep their evidence (`evidence.py`)
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import TypeVar

from filelock import FileLock
from pydantic import BaseModel, ValidationError

from duologue.stack.base import Kind
from duologue.stack.process_records import alive

Record = TypeVar("Record", bound=BaseModel)


class StackState(BaseModel):
    """All that it takes to attach to a stack, or to take it down."""

    kind: Kind
    fingerprint: str
    ports: dict[str, int]
    project: str = ""
    ready: bool = False


class Failure(BaseModel):
    """Why the first worker could not bring the stack up; the others fail with the same words at once."""

    what: str
    seen: str
    remedy: str
    service: str = ""


class RunState(BaseModel):
    """A run that uses, or is about to use, a stack; live as long as its owner's process."""

    owner_pid: int
    owner_created: float
    stack: str
    keep: bool
    failure: Failure | None = None

    def is_live(self) -> bool:
        """Whether the owner's process still runs."""
        return alive(self.owner_pid, self.owner_created) is not None


class Registry:
    """The records below `root/.duologue`."""

    def __init__(self, root: Path) -> None:
        self.folder = root.resolve() / ".duologue"
        self._runs, self._stacks = self.folder / "runs", self.folder / "stacks"

    def make(self) -> None:
        """Create the folders."""
        self._runs.mkdir(parents=True, exist_ok=True)
        self._stacks.mkdir(parents=True, exist_ok=True)

    def lock(self) -> FileLock:
        """The lock of the whole registry."""
        return FileLock(self.folder / "lock")

    def run_lock(self, run_id: str) -> FileLock:
        """The lock of one run's bring-up."""
        return FileLock(self._runs / f"{slug(run_id)}.lock")

    def runs(self) -> dict[str, RunState]:
        """Every recorded run by its id."""
        found = {path.stem: _load(RunState, path) for path in self._runs.glob("*.json")}
        return {run_id: run for run_id, run in found.items() if run}

    def run(self, run_id: str) -> RunState | None:
        """The run's record, if there is one."""
        return _load(RunState, self._runs / f"{slug(run_id)}.json")

    def save_run(self, run_id: str, run: RunState) -> None:
        """Write a run's record."""
        _save(self._runs / f"{slug(run_id)}.json", run)

    def drop_run(self, run_id: str) -> None:
        """Forget a run."""
        (self._runs / f"{slug(run_id)}.json").unlink(missing_ok=True)

    def drop_run_lock(self, run_id: str) -> None:
        """Remove the lock's file, once nobody can wait for it any more."""
        (self._runs / f"{slug(run_id)}.lock").unlink(missing_ok=True)

    def home(self, stack: str) -> Path:
        """The folder of a stack."""
        return self._stacks / stack

    def homes(self) -> list[Path]:
        """The folders of all stacks."""
        return [path for path in self._stacks.glob("*") if path.is_dir()]

    def in_use(self) -> set[str]:
        """The stacks of live runs."""
        return {run.stack for run in self.runs().values() if run.is_live()}


def load_stack(home: Path) -> StackState | None:
    """A stack's record; `None` when its bring-up did not get so far."""
    return _load(StackState, home / "stack.json")


def save_stack(home: Path, state: StackState) -> None:
    """Write a stack's record."""
    home.mkdir(parents=True, exist_ok=True)
    _save(home / "stack.json", state)


def remove_home(home: Path) -> None:
    """Remove a stack's folder; what is still held open (Windows) is left to the next sweep."""
    shutil.rmtree(home, ignore_errors=True)


def slug(text: str) -> str:
    """The text as a file name and compose project name: lower-case letters, digits, `-` and `_`."""
    return re.sub(r"[^a-z0-9_-]+", "-", text.lower()).strip("-_") or "run"


def _load(model: type[Record], path: Path) -> Record | None:
    try:
        return model.model_validate_json(path.read_bytes())
    except (FileNotFoundError, ValidationError):
        return None


def _save(path: Path, record: BaseModel) -> None:
    fresh = path.with_suffix(".new")
    fresh.write_text(record.model_dump_json())
    fresh.replace(path)
