"""A test for an example: that `duologue try` would have found an adapter of that chat, without a word from anybody."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from duologue.app import ChatApp
from duologue.people import Cast
from duologue.stack import Stack

# Four sign-ins and every wait of a search, on a machine whose cores are all busy.
TIMEOUT_S = 180


@pytest.mark.e2e
def test_an_adapter_is_found_by_looking(
    cast: Cast, stack: Stack, chat_app: ChatApp, browser_name: str, tmp_path: Path
) -> None:
    ann, bob = cast.account("ann"), cast.account("bob")
    cast.chat(ann, bob)
    assert chat_app.form
    options = ["--browser", browser_name]
    for number, account in enumerate((ann, bob), 1):
        options += [f"--user{number}", f"{account.username}:{account.password}"]
        options += [f"--called{number}", account.display_name]

    done = subprocess.run(
        [sys.executable, "-m", "duologue.cli", "try", f"{stack.page_url}{chat_app.form.path}", *options],
        cwd=tmp_path,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        timeout=TIMEOUT_S,
        check=False,
    )

    # It was checked against the chat: what does not fit, or is a guess, ends with another code.
    assert done.returncode == 0, done.stdout + done.stderr
