"""The mutants as data: in goes the folder with mutants.toml and NAME.patch, out come `Mutant`s, whole or refused."""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError


class CatalogueError(Exception):
    """What is wrong in mutants.toml or beside it, in one sentence."""


class Mutant(BaseModel):
    """A known bug as a patch, with the tests that may rightly catch it and the causes that name it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    wrong: str
    """What a user of the chat would see, in a sentence."""
    source: str
    """Where a public product had it."""
    tests: tuple[str, ...]
    """Names of test functions, `*` allowed; the likeliest first. A name with `[` means that parameter alone."""
    causes: tuple[str, ...]
    """The diagnosis is right when it names one of these."""
    patch: Path

    def may_be_caught_by(self, node_id: str) -> bool:
        """Whether a failure of this test says what is wrong."""
        return any(names(pattern, node_id) for pattern in self.tests)


def names(pattern: str, node_id: str) -> bool:
    """Whether a pattern of mutants.toml means this test; the browser that pytest-playwright adds is no parameter."""
    function, _, parameter = node_id.rpartition("::")[2].partition("[")
    if "[" in pattern:
        wanted, _, inside = pattern.partition("[")
        return wanted == function and re.sub(r"^[a-z]+-", "", parameter, count=1) == inside
    return fnmatchcase(function, pattern)


def load(folder: Path) -> list[Mutant]:
    """Every mutant of the folder. Raises CatalogueError."""
    try:
        tables = tomllib.loads((folder / "mutants.toml").read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise CatalogueError(f"mutants.toml cannot be read: {error}") from None
    mutants: list[Mutant] = []
    for name, table in tables.items():
        try:
            mutants.append(Mutant(name=name, patch=folder / f"{name}.patch", **table))
        except (TypeError, ValidationError) as error:
            raise CatalogueError(f"mutants.toml, [{name}]: {error}") from None
    described, there = set(tables), {path.stem for path in folder.glob("*.patch")}
    if described != there:
        lone = ", ".join(sorted(described ^ there))
        raise CatalogueError(f"a mutant is a table in mutants.toml and a patch of its name; alone are: {lone}")
    return mutants


def chosen(mutants: Iterable[Mutant], words: Sequence[str], sample: int | None, seed: str = "") -> list[Mutant]:
    """Those whose name holds one of the words (all when there is none), of them a sample: the same for a seed."""
    found = [mutant for mutant in mutants if not words or any(word in mutant.name for word in words)]
    if sample is None or sample >= len(found):
        return found
    picked = sorted(found, key=lambda mutant: hashlib.sha256(f"{seed}{mutant.name}".encode()).digest())[:sample]
    return [mutant for mutant in found if mutant in picked]


def expected_tests(mutants: Iterable[Mutant], node_ids: Sequence[str]) -> list[str]:
    """The tests that the patterns name, in their order. Raises CatalogueError for a pattern that names none."""
    found: dict[str, None] = {}
    for mutant in mutants:
        for pattern in mutant.tests:
            matching = [node_id for node_id in node_ids if names(pattern, node_id)]
            if not matching:
                raise CatalogueError(f"mutants.toml, [{mutant.name}]: no test is called {pattern}")
            found.update(dict.fromkeys(matching))
    return list(found)
