"""Passwords and tokens: a password in, a hash out; a user and session in, a JWT out, and back."""

from __future__ import annotations

import asyncio
import time
import uuid
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Literal

import jwt

from app.settings import Settings

if TYPE_CHECKING:
    from argon2 import PasswordHasher

TokenKind = Literal["access", "refresh"]
ALGORITHM = "HS256"


class TokenError(Exception):
    """A token that opens nothing. `reason` is the close reason of the socket: "token invalid" or "token expired"."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Claims:
    user_id: int
    session_id: str


def issue_token(settings: Settings, user_id: int, session_id: str, kind: TokenKind) -> str:
    now = time.time()
    ttl_s = settings.access_token_ttl_s if kind == "access" else settings.refresh_token_ttl_s
    claims = {"sub": str(user_id), "sid": session_id, "kind": kind, "iat": int(now), "exp": int(now + ttl_s)}
    return jwt.encode(claims | {"jti": uuid.uuid4().hex}, settings.secret_key, ALGORITHM)


def read_token(settings: Settings, token: str, kind: TokenKind) -> Claims:
    """The claims of a token of this kind that we signed. Raises TokenError."""
    try:
        # Not by when it was issued: a server whose clock was set back would sign everybody out.
        options = {"require": ["sub", "sid", "kind", "exp"], "verify_iat": False}
        claims = jwt.decode(token, settings.secret_key, [ALGORITHM], options=options)
        if claims["kind"] != kind:
            raise TokenError("token invalid")
        return Claims(int(claims["sub"]), str(claims["sid"]))
    except jwt.ExpiredSignatureError as error:
        raise TokenError("token expired") from error
    except (jwt.InvalidTokenError, ValueError) as error:
        raise TokenError("token invalid") from error


@cache
def _hasher(cost: str) -> PasswordHasher:
    from argon2 import PasswordHasher  # not needed to start

    return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1) if cost == "low" else PasswordHasher()


async def hash_password(settings: Settings, password: str) -> str:
    """In a thread: it takes tens of milliseconds by design."""
    return await asyncio.to_thread(lambda: _hasher(settings.password_hash_cost).hash(password))


async def password_matches(settings: Settings, password: str, password_hash: str) -> bool:
    def verify() -> bool:
        from argon2.exceptions import Argon2Error

        try:
            return _hasher(settings.password_hash_cost).verify(password_hash, password)
        except Argon2Error:
            return False

    return await asyncio.to_thread(verify)
