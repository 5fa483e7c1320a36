"""docs/first-15-minutes.md holds what it says: its commands, as they stand there, end in a green test."""

from __future__ import annotations

import os
import re
import secrets
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from duologue.stack import Stack
from fixtures.api import ReferenceApi
from tests.harness.start.conftest import ROOT, TIMEOUT_S

COMMANDS = re.compile(r"^```sh\n(.*?)^```$", re.DOTALL | re.MULTILINE)


@pytest.mark.skipif(sys.platform == "win32", reason="the commands are a shell's")
def test_the_commands_of_the_document_end_in_a_green_test(tmp_path: Path, stack: Stack, browser_name: str) -> None:
    text = (ROOT / "docs" / "first-15-minutes.md").read_text(encoding="utf-8")
    commands = COMMANDS.findall(text)
    assert len(commands) == 4
    mark, api = secrets.token_hex(3), ReferenceApi(stack.api_url, stack.ws_url)
    ann, bob, cyn = (
        api.create_account(f"{name}{mark}", f"{name}{mark}", "a good word") for name in ("ann", "bob", "cyn")
    )
    for one, other in ((ann, bob), (cyn, bob), (cyn, ann)):
        api.create_chat(one, [other])
    api.close()
    env = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    path = os.pathsep.join([str(Path(sys.executable).parent), env.get("PATH", "")])

    done = subprocess.run(
        [shutil.which("bash") or "bash", "-e", "-c", "\n".join(commands)],
        cwd=tmp_path,
        env={
            **env,
            "PATH": path,
            "PYTHONUTF8": "1",
            "DUOLOGUE_BROWSER": browser_name,
            "PYTEST_ADDOPTS": f"--browser={browser_name}",
            "CHAT": stack.page_url,
            "DUOLOGUE_USER1": f"{ann.username}:a good word",
            "DUOLOGUE_USER2": f"{bob.username}:a good word",
        },
        capture_output=True,
        encoding="utf-8",
        timeout=2 * TIMEOUT_S,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr
    assert "1 passed" in done.stdout
