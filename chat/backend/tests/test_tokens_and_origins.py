"""Tokens end when they should, and only what this server signed for this purpose counts."""

from __future__ import annotations

import time

import jwt
import pytest
from websockets.exceptions import ConnectionClosed

SECRET_KEY = "k" * 32


def forged(session: dict, key: str = SECRET_KEY, **changes) -> str:
    claims = jwt.decode(session["access_token"], options={"verify_signature": False})
    return jwt.encode({name: value for name, value in (claims | changes).items() if value is not None}, key, "HS256")


@pytest.fixture
def server(start):
    return start()


CASES = [
    ({"exp": 1}, "token expired"),
    ({"exp": None}, "token invalid"),
    ({"sid": None}, "token invalid"),
    ({"kind": None}, "token invalid"),
    ({"sub": "x"}, "token invalid"),
    ({"key": "another server's key, also long enough"}, "token invalid"),
    ({"sub": "4711"}, "signed out"),
    ({"sid": "no such session"}, "signed out"),
]


@pytest.mark.parametrize(("changes", "reason"), CASES, ids=lambda value: str(value))
def test_a_token_that_is_not_good_opens_neither_rest_nor_a_socket(server, changes, reason):
    token = forged(server.register("ann"), **changes)

    answer = server.http.get("/users/me", headers={"Authorization": f"Bearer {token}"})
    with server.socket(token) as socket, pytest.raises(ConnectionClosed) as end:
        socket.recv(5)

    assert (answer.status_code, answer.json()["detail"].lower()) == (401, reason)
    assert (end.value.rcvd.code, end.value.rcvd.reason) == (1008, reason)


def test_a_token_of_a_clock_that_was_fast_is_good(server):
    token = forged(server.register("ann"), iat=int(time.time()) + 3600)

    answer = server.http.get("/users/me", headers={"Authorization": f"Bearer {token}"})

    assert answer.status_code == 200


def test_tokens_live_as_long_as_the_settings_say(start):
    server = start(ACCESS_TOKEN_TTL_S=60, REFRESH_TOKEN_TTL_S=600)
    session = server.register("ann")

    for kind, ttl_s in (("access", 60), ("refresh", 600)):
        claims = jwt.decode(session[f"{kind}_token"], SECRET_KEY, ["HS256"])
        assert claims["exp"] - claims["iat"] == ttl_s
        assert (claims["sub"], claims["kind"]) == (str(session["user"]["id"]), kind)
        assert claims["jti"]


def test_an_expired_refresh_token_gives_no_access(start):
    server = start(REFRESH_TOKEN_TTL_S=-1)
    session = server.register("ann")

    answer = server.http.post("/auth/refresh", json={"refresh_token": session["refresh_token"]})

    assert (answer.status_code, answer.json()) == (401, {"detail": "Token expired"})


def test_an_allowed_page_may_use_rest_and_the_socket_and_another_may_not(start, next_frame):
    server = start(CORS_ORIGINS="http://one.example, http://two.example/")
    session = server.register("ann")
    asking = {"Access-Control-Request-Method": "PATCH", "Access-Control-Request-Headers": "authorization,content-type"}

    for origin in ("http://one.example", "http://two.example"):
        preflight = server.http.options("/users/me", headers={"Origin": origin, **asking})
        refused = server.http.get("/users/me", headers={"Origin": origin})
        assert preflight.headers["Access-Control-Allow-Origin"] == origin
        assert refused.headers["Access-Control-Allow-Origin"] == origin, "a page must be able to read a refusal"
        with server.socket(session["access_token"], origin=origin) as socket:
            assert next_frame(socket, "connected")

    foreign = server.http.get("/users/me", headers={"Origin": "http://three.example"})
    assert "Access-Control-Allow-Origin" not in foreign.headers
    with (
        server.socket(session["access_token"], origin="http://three.example") as socket,
        pytest.raises(ConnectionClosed) as end,
    ):
        socket.recv(5)
    assert (end.value.rcvd.code, end.value.rcvd.reason) == (1008, "origin not allowed")
