"""What a test can do, break and expect, and what an adapter can tell, stands in the documents by its name."""

from __future__ import annotations

import inspect
import re
import tomllib
from pathlib import Path

import pytest

from duologue import fixtures
from duologue.app import ChatApi, ChatApp
from duologue.expect import UserExpectations
from duologue.expect.journeys import JourneyExpectations
from duologue.expect.lines import LogExpectations
from duologue.expect.witnesses import AgreementExpectations
from duologue.faults import Frames, Link, Services
from duologue.people import Chats, ProtocolUser, User

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
# What the harness itself calls.
INNER = {"source", "close", "model_config", "poll_patterns", "views"}
OF_PYDANTIC = set(dir(ChatApp)) & {name for base in ChatApp.__mro__[1:] for name in dir(base)}


def undocumented(document: str, names: set[str]) -> set[str]:
    """Names that no code span of the document holds."""
    prose = re.sub(r"^```.*?^```", "", (DOCS / document).read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE)
    spans = re.findall(r"`([^`]+)`", prose)
    return names - set(re.findall(r"\w+", " ".join(spans))) - INNER


@pytest.mark.parametrize(
    "one",
    [
        User,
        ProtocolUser,
        Chats,
        Link,
        Frames,
        Services,
        UserExpectations,
        JourneyExpectations,
        LogExpectations,
        AgreementExpectations,
    ],
)
def test_every_verb_of_a_test_is_in_the_document_of_tests(one: type) -> None:
    assert not undocumented("tests.md", {name for name in dir(one) if not name.startswith("_")})


def test_every_fixture_is_in_the_document_of_tests() -> None:
    of_conftest = {"chat_app", "stack_definition"}
    found = {name for name, it in inspect.getmembers(fixtures) if hasattr(it, "_get_wrapped_function")}
    assert "user1" in found

    assert not undocumented("tests.md", {name for name in found if not name.startswith("_")} - of_conftest)


def test_everything_of_an_adapter_is_in_the_document_of_adapters() -> None:
    fields = set(ChatApp.model_fields) - {"name"}
    verbs = {name for name in dir(ChatApp) if not name.startswith("_")} - OF_PYDANTIC
    of_api = {name for name in dir(ChatApi) if not name.startswith("_")}

    assert not undocumented("adapters.md", fields | verbs | of_api)


def test_every_mutant_is_in_the_document_of_mutants_and_counted_in_the_readme() -> None:
    mutants = tomllib.loads((ROOT / "tests" / "mutants" / "mutants.toml").read_text(encoding="utf-8"))
    slips = sum(mutant["source"] == "a slip" for mutant in mutants.values())
    table, readme = (
        (DOCS / "mutants.md").read_text(encoding="utf-8"),
        (ROOT / "README.md").read_text(encoding="utf-8"),
    )
    rows = re.findall(r"^\| ([a-z0-9-]+) \|", table, re.MULTILINE)

    assert sorted(set(rows) - {"mutant"}) == sorted(mutants)
    counted = f"{len(mutants) - slips} real bugs of real chats, and {slips} slips"
    assert counted in readme
    by_hand, _, _ = table.partition("\n## Unread")
    told = re.findall(r"^\| [a-z-]+ (\| [^|]+)\| [^|]+(\| `\w+` \| [a-z-]+ \|)", by_hand, re.MULTILINE)
    assert len(told) == 9
    assert all("".join(row) in readme for row in told)
