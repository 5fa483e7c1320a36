"""Settings: environment variables in, one frozen object out (the table is in chat/API.md)."""

from __future__ import annotations

import logging
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field

logger = logging.getLogger("app")


@dataclass(frozen=True)
class Settings:
    """Everything a start can choose. Durations are seconds, limits are counts."""

    database_url: str = "sqlite+aiosqlite:///chat.db"
    secret_key: str = field(default_factory=lambda: secrets.token_urlsafe(48), repr=False)
    cors_origins: tuple[str, ...] = ("http://localhost:3000", "http://127.0.0.1:3000")
    access_token_ttl_s: float = 900
    refresh_token_ttl_s: float = 2_592_000
    seed_users: bool = False
    password_hash_cost: str = "normal"
    send_queue_limit: int = 256
    typing_ttl_s: float = 5
    close_grace_s: float = 5

    @classmethod
    def from_env(cls, env: Mapping[str, str] = os.environ) -> Settings:
        """Read the environment; an unset or empty variable means its default. Raises ValueError naming a bad one."""
        given: dict[str, object] = {}
        for name, convert in _CONVERTERS.items():
            if text := env.get(name.upper(), "").strip():
                try:
                    given[name] = convert(text)
                except ValueError as error:
                    raise ValueError(f"{name.upper()}={text}: {error}") from error
        if "secret_key" not in given:
            logger.warning("SECRET_KEY is not set: using a random one, so a restart signs everybody out")
        return cls(**given)  # type: ignore[arg-type]


def _cost(text: str) -> str:
    if text not in ("normal", "low"):
        raise ValueError("it is 'normal' or 'low'")
    return text


def _database_url(text: str) -> str:
    if not text.startswith(("sqlite+aiosqlite:///", "postgresql+asyncpg://")):
        raise ValueError("it begins with sqlite+aiosqlite:/// or postgresql+asyncpg://")
    return text


_CONVERTERS = {
    "database_url": _database_url,
    "secret_key": str,
    "cors_origins": lambda text: tuple(origin.strip().rstrip("/") for origin in text.split(",") if origin.strip()),
    "access_token_ttl_s": float,
    "refresh_token_ttl_s": float,
    "seed_users": lambda text: text.lower() in ("1", "true", "yes", "on"),
    "password_hash_cost": _cost,
    "send_queue_limit": int,
    "typing_ttl_s": float,
    "close_grace_s": float,
}
