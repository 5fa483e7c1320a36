"""What the contract tests speak with: accounts with verbs over HTTP, and sockets that read frames with a timeout."""

from __future__ import annotations

import json
import uuid
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import httpx
import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

FRAME_TIMEOUT_S = 5
PASSWORD = "password123"
Frame = dict[str, Any]


class Socket:
    """One WebSocket. Frames come in order, so whatever is not there before a `pong` was not sent."""

    def __init__(self, connection: ClientConnection) -> None:
        self.connection = connection
        self.say = connection.send

    def tell(self, **frame: Any) -> None:
        self.connection.send(json.dumps(frame))

    def next(self) -> Frame:
        return json.loads(self.connection.recv(FRAME_TIMEOUT_S))

    def until(self, kind: str) -> Frame:
        """The next frame of this type; others before it are passed over."""
        while (frame := self.next())["type"] != kind:
            pass
        return frame

    def so_far(self, kind: str | None = None) -> list[Frame]:
        """Every frame that was sent up to now (of this type)."""
        self.tell(type="ping")
        frames = list(iter(self.next, {"type": "pong"}))
        return [frame for frame in frames if kind in (None, frame["type"])]

    def closed(self) -> tuple[int, str]:
        """Reads on until the server closes; the close code and reason."""
        rest = iter(lambda: self.connection.recv(FRAME_TIMEOUT_S), None)
        with pytest.raises(ConnectionClosed) as end:
            deque(rest, maxlen=0)
        assert end.value.rcvd, "the connection was cut without a close frame"
        return end.value.rcvd.code, end.value.rcvd.reason


class Account:
    """A signed-in user: verbs that must succeed, and `http` for all else."""

    def __init__(self, http: httpx.Client, session: Frame, open_socket: Callable[..., Socket]) -> None:
        self.http, self.session, self.user, self.id = http, session, session["user"], session["user"]["id"]
        http.headers["Authorization"] = f"Bearer {session['access_token']}"
        self._open_socket = open_socket

    def socket(self) -> Socket:
        """Open, and past its `connected` frame."""
        socket = self._open_socket(self.session["access_token"])
        assert socket.next()["type"] == "connected"
        return socket

    def chat_with(self, *others: Account, name: str | None = None) -> int:
        body = {"member_ids": [other.id for other in others], "name": name}
        return self.http.post("/chats", json=body).raise_for_status().json()["id"]

    def send(self, chat_id: int, content: str = "hello", client_id: str = "") -> Frame:
        body = {"content": content, "client_id": client_id or str(uuid.uuid4())}
        return self.http.post(f"/chats/{chat_id}/messages", json=body).raise_for_status().json()

    def read(self, chat_id: int, seq: int) -> Frame:
        return self.http.post(f"/chats/{chat_id}/read", json={"seq": seq}).raise_for_status().json()

    def chats(self) -> list[Frame]:
        return self.http.get("/chats").raise_for_status().json()["chats"]

    def chat(self, chat_id: int) -> Frame:
        return self.http.get(f"/chats/{chat_id}").raise_for_status().json()

    def messages(self, chat_id: int, **page: int) -> list[Frame]:
        return self.http.get(f"/chats/{chat_id}/messages", params=page).raise_for_status().json()["messages"]

    def cursor(self) -> int:
        return self.http.get("/chats").raise_for_status().json()["cursor"]

    def sync(self, after: int, **page: int) -> Frame:
        return self.http.get("/sync", params={"after": after, **page}).raise_for_status().json()


@pytest.fixture
def open_socket(ws_url: str) -> Iterator[Callable[..., Socket]]:
    """Opens `/ws` with whatever token and headers; closed after the test."""
    with ExitStack() as sockets:

        def opened(token: str | None = None, **options: Any) -> Socket:
            url = f"{ws_url}/ws" + (f"?token={token}" if token is not None else "")
            return Socket(sockets.enter_context(connect(url, proxy=None, **options)))

        yield opened


@pytest.fixture
def http(api_url: str) -> Iterator[httpx.Client]:
    """A client that is nobody."""
    with httpx.Client(base_url=api_url, trust_env=False) as client:
        yield client


@pytest.fixture
def accounts(api_url: str, open_socket: Callable[..., Socket]) -> Iterator[Callable[[int], list[Account]]]:
    """`ann, bob = accounts(2)`: new users that no other test knows."""
    with ExitStack() as clients:

        def made(count: int) -> list[Account]:
            return [account() for _ in range(count)]

        def account() -> Account:
            client = clients.enter_context(httpx.Client(base_url=api_url, trust_env=False))
            body = {"username": f"contract-{uuid.uuid4().hex[:12]}", "password": PASSWORD}
            return Account(client, client.post("/auth/register", json=body).raise_for_status().json(), open_socket)

        yield made
