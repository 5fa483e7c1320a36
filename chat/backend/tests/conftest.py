"""A backend of one's own: settings in, a running server with its log out. And its innards, without a server."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest
from websockets.sync.client import ClientConnection, connect

BACKEND = Path(__file__).parents[1]
sys.path.insert(0, str(BACKEND))
LINE_TIMEOUT_S = 10
SECRET_KEY = "k" * 32


class Server:
    """A backend process on a free port; `lines` is its log."""

    def __init__(self, env: dict[str, str]) -> None:
        command = [sys.executable, "-m", "app", "--port", "0"]
        self.process = subprocess.Popen(
            command, cwd=BACKEND, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8"
        )
        self.lines: list[str] = []
        self._more = threading.Condition()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        self.address = self.wait_for(r"Uvicorn running on http://(\S+)")[1]
        self.http = httpx.Client(base_url=f"http://{self.address}/api", trust_env=False)

    def _read(self) -> None:
        for line in self.process.stdout:
            with self._more:
                self.lines.append(line.rstrip("\n"))
                self._more.notify_all()

    def wait_for(self, pattern: str) -> re.Match[str]:
        """The first line of the log that matches."""
        deadline = time.monotonic() + LINE_TIMEOUT_S
        with self._more:
            while not (found := next(filter(None, (re.search(pattern, line) for line in self.lines)), None)):
                left = deadline - time.monotonic()
                assert self._more.wait(max(left, 0)), f"no line like {pattern!r} in:\n" + "\n".join(self.lines)
        return found

    def register(self, username: str) -> dict[str, Any]:
        """A new Session."""
        body = {"username": username, "password": "password123"}
        return self.http.post("/auth/register", json=body).raise_for_status().json()

    def call(self, session: dict[str, Any], method: str, path: str, body: Any = None) -> Any:
        headers = {"Authorization": f"Bearer {session['access_token']}"}
        answer = self.http.request(method, path, json=body, headers=headers).raise_for_status()
        return answer.json() if answer.content else None

    def direct_chat(self) -> tuple[dict[str, Any], dict[str, Any], int]:
        """Two new users' sessions, and the id of their chat."""
        ann, bob = self.register("ann"), self.register("bob")
        return ann, bob, self.call(ann, "POST", "/chats", {"member_ids": [bob["user"]["id"]]})["id"]

    def socket(self, token: str, **options: Any) -> ClientConnection:
        return connect(f"ws://{self.address}/ws?token={token}", proxy=None, **options)

    def stop(self) -> int:
        """End it as a container engine does; the exit code."""
        self.http.close()
        self.process.terminate()
        code = self.process.wait(LINE_TIMEOUT_S)
        self._reader.join()
        self.process.stdout.close()
        return code


def frame(socket: ClientConnection, kind: str) -> dict[str, Any]:
    """The next frame of this type."""
    while (received := json.loads(socket.recv(LINE_TIMEOUT_S)))["type"] != kind:
        pass
    return received


@pytest.fixture
def next_frame() -> Callable[[ClientConnection, str], dict[str, Any]]:
    return frame


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty migrated file, to be copied: that is quicker than migrating for each test."""
    file = tmp_path_factory.mktemp("prepared") / "chat.db"
    subprocess.run([sys.executable, "-m", "app", "--prepare", file], cwd=BACKEND, check=True)
    return file


@pytest.fixture
def start(tmp_path: Path, prepared: Path) -> Iterator[Callable[..., Server]]:
    """`start(TYPING_TTL_S=0.2)`: a server with these settings on an SQLite file of this test."""
    shutil.copy(prepared, tmp_path)
    with ExitStack() as servers:

        def started(**settings: Any) -> Server:
            env = {
                "DATABASE_URL": f"sqlite+aiosqlite:///{tmp_path / 'chat.db'}",
                "SECRET_KEY": SECRET_KEY,
                "PASSWORD_HASH_COST": "low",
            } | {name: str(value) for name, value in settings.items()}
            server = Server(env)
            servers.callback(lambda: server.process.poll() is None and server.stop())
            return server

        yield started


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
async def services(tmp_path: Path) -> AsyncIterator[Any]:
    """The application without its server, on an empty database."""
    from app.services import Services
    from app.settings import Settings

    database_url = f"sqlite+aiosqlite:///{tmp_path / 'chat.db'}"
    innards = Services(Settings(database_url=database_url, secret_key=SECRET_KEY, password_hash_cost="low"))
    await innards.database.prepare()
    yield innards
    await innards.database.close()
