"""Settings of a stack of one's own: they reach the services that are named, and no others."""

from __future__ import annotations

from pathlib import Path

import pytest

from duologue.errors import StackError
from duologue.stack import ComposeDefinition, ComposeService, ProcessService, StackDefinition

STACK = StackDefinition(
    root=Path(),
    processes=[
        ProcessService(name="backend", command=[], ready="", env={"TTL_S": "900", "COLOUR": "blue"}),
        ProcessService(name="frontend", command=[], ready="", env={"COLOUR": "red"}),
    ],
    compose=ComposeDefinition(
        files=[Path("compose.yml")], services=[ComposeService(name="cache")], env={"TTL_S": "900"}
    ),
    page="",
    api="",
    ws="",
)


def test_a_setting_replaces_that_of_the_named_service_alone() -> None:
    changed = STACK.with_settings({"backend": {"TTL_S": "2"}})

    assert [service.env for service in changed.processes] == [{"TTL_S": "2", "COLOUR": "blue"}, {"COLOUR": "red"}]
    assert changed.compose is not None
    assert changed.compose.env == {"TTL_S": "2"}
    assert STACK.processes[0].env["TTL_S"] == "900"


def test_a_stack_with_other_settings_is_another_stack() -> None:
    assert STACK.with_settings({"backend": {"TTL_S": "2"}}).fingerprint("processes") != STACK.fingerprint("processes")
    assert STACK.with_settings({}).fingerprint("processes") == STACK.fingerprint("processes")


def test_a_setting_of_a_service_that_does_not_exist_is_refused() -> None:
    with pytest.raises(StackError, match=r"no such service[\s\S]*bakend[\s\S]*backend, cache, frontend"):
        STACK.with_settings({"bakend": {"TTL_S": "2"}})
