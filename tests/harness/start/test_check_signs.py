"""`duologue check` asks for all that a chat promises: statuses, receipts, typing, presence, days, edits, deletions."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from duologue.stack import Stack
from tests.harness.start.conftest import Duologue

ADAPTER = """
from fixtures.chat import REFERENCE_CHAT

CHAT = REFERENCE_CHAT.model_copy(update={})
"""


def checked(duologue: Duologue, folder: Path, stack: Stack, **otherwise: str) -> dict[str, dict[str, Any]]:
    """Each check by its name, for the reference chat's adapter with these fields told otherwise."""
    (folder / "adapters.py").write_text(ADAPTER.format({"patience_s": 5.0, **otherwise}), encoding="utf-8")
    options = ("--adapter", "adapters:CHAT", "--api-url", stack.api_url, "--ws-url", stack.ws_url, "--json")
    done = duologue("check", stack.page_url, *options, in_browser=True)
    assert done.stdout, done.stderr
    return {check["name"]: check for check in json.loads(done.stdout)["checks"]}


def test_all_that_is_promised_is_asked_for(duologue: Duologue, folder: Path, stack: Stack) -> None:
    checks = checked(duologue, folder, stack)

    assert {name: check for name, check in checks.items() if check["verdict"] != "passed"} == {}
    promised = {"messages.status: sent", "total", "messages.status: read", "typing", "presence", "day"}
    assert checks.keys() >= promised | {"edit", "messages.edited", "delete", "messages.deleted", "sign_out"}


def test_a_sign_that_does_not_fit_says_what_is_there(duologue: Duologue, folder: Path, stack: Stack) -> None:
    checks = checked(
        duologue, folder, stack, typing="#typing", presence="", today_text="Now", read_status="seen", total="h1"
    )

    failed = {name: check["detail"] for name, check in checks.items() if check["verdict"] == "failed"}
    assert failed.keys() == {"total", "messages.status: read", "typing", "presence", "day"}
    assert "it matches 0 elements" in failed["typing"]
    assert "presence is promised, and no selector tells where it is" in failed["presence"]
    assert "it reads 'Today'" in failed["day"]
    assert "'read']" in failed["messages.status: read"]
    assert "the rows add up to 1" in failed["total"]
