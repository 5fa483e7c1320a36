"""One run of pytest: its stack, its id, and what its workers have to know of it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, ClassVar

import pytest

from duologue.app import Account
from duologue.people import Cast
from duologue.report import Redactor, secrets_of
from duologue.stack import Choice, Stack
from duologue.timeline import Timeline


@dataclass(frozen=True, slots=True)
class Run:
    """The same in the controller and in every worker of pytest-xdist."""

    id: str
    owner_pid: int
    choice: Choice
    keep: bool
    root: Path
    output: Path
    """Where its evidence is kept."""
    notes: tuple[str, ...] = ()
    """What its header says beside its stack."""

    KEY: ClassVar[pytest.StashKey[Run]]
    CAST: ClassVar[pytest.StashKey[Cast]]
    STACK: ClassVar[pytest.StashKey[Stack]]
    TIMELINE: ClassVar[pytest.StashKey[Timeline]]
    ACCOUNTS: ClassVar[pytest.StashKey[list[Account]]]
    """Those of people without a window."""

    def as_data(self) -> dict[str, Any]:
        """For a worker, as plain data."""
        return asdict(self) | {"root": str(self.root), "output": str(self.output)}

    @classmethod
    def of_data(cls, data: dict[str, Any]) -> Run:
        """In a worker, from `as_data`."""
        root, output = Path(data["root"]), Path(data["output"])
        return cls(data["id"], data["owner_pid"], Choice(**data["choice"]), data["keep"], root, output)


def redactor_of(item: pytest.Item) -> Redactor:
    """What takes the secrets of a test's people out of what is told of it."""
    cast = item.stash.get(Run.CAST, None)
    return Redactor(secrets_of([*item.stash.get(Run.ACCOUNTS, list[Account]()), *(cast.accounts if cast else ())]))


Run.KEY = pytest.StashKey[Run]()
Run.CAST = pytest.StashKey[Cast]()
Run.STACK = pytest.StashKey[Stack]()
Run.TIMELINE = pytest.StashKey[Timeline]()
Run.ACCOUNTS = pytest.StashKey[list[Account]]()
