"""`doctor`: the command as a person runs it, in a process of its own."""

from __future__ import annotations

import json
import os
import shlex
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from tests.harness.inner import passed_on

ROOT = Path(__file__).resolve().parents[3]
ADAPTERS = "tests.harness.doctor.adapters"
# Three sign-ins and every wait of the doctor, on a machine whose cores are all busy.
TIMEOUT_S = 120


@dataclass(frozen=True, slots=True)
class Answer:
    """What the terminal got."""

    code: int
    out: str
    err: str

    @property
    def data(self) -> dict[str, Any]:
        """With `--json`."""
        return json.loads(self.out)

    @property
    def verdicts(self) -> dict[str, str]:
        """By check."""
        return {check["name"]: check["verdict"] for check in self.data["checks"]}

    @property
    def causes(self) -> list[str]:
        """The likeliest first."""
        return [finding["cause"] for finding in self.data["findings"]]


Doctor = Callable[..., Answer]


@pytest.fixture(scope="session")
def doctor(pytestconfig: pytest.Config) -> Doctor:
    """Run it at these addresses, in the browser of the run; for the reference chat unless told otherwise."""

    def run(page: str, *options: str, api: str, ws: str, adapter: str = f"{ADAPTERS}:REFERENCE", **env: str) -> Answer:
        command = [sys.executable, "-m", "duologue.cli", "doctor", page]
        given = [f"--api-url={api}", f"--ws-url={ws}", f"--adapter={adapter}", *passed_on(pytestconfig)]
        done = subprocess.run(
            [*command, *given, *options],
            cwd=ROOT,
            env={**os.environ, "PYTHONUTF8": "1", **env},
            capture_output=True,
            encoding="utf-8",
            timeout=TIMEOUT_S,
            check=False,
        )
        return Answer(done.returncode, done.stdout, done.stderr)

    return run


@pytest.fixture
def command_that() -> Iterator[Callable[[Callable[[], None]], str]]:
    """`command_that(act)`: a command which, run by whomever, makes this test act, and ends when that is done."""
    servers: list[HTTPServer] = []

    def make(act: Callable[[], None]) -> str:
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                act()
                self.send_response(204)
                self.end_headers()

        servers.append(HTTPServer(("127.0.0.1", 0), Handler))
        Thread(target=servers[-1].serve_forever, daemon=True).start()
        asks = f"import urllib.request; urllib.request.urlopen('http://127.0.0.1:{servers[-1].server_port}/')"
        return shlex.join([sys.executable, "-c", asks])

    yield make
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture
def silent_port() -> Iterator[int]:
    """A port that nobody listens on, nor can while the test runs."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield held.getsockname()[1]
