"""Migrations from inside the application: an open connection in, the newest schema out."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, text

BACKEND = Path(__file__).resolve().parent.parent
MIGRATION_LOCK = 7_102_001


def config(connection: Connection | None = None) -> Config:
    """Alembic's configuration; with a connection, its commands run in that one's transaction."""
    settings = Config(str(BACKEND / "alembic.ini"))
    settings.attributes["connection"] = connection
    return settings


def upgrade(connection: Connection) -> None:
    """Run what is missing; one process at a time."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": MIGRATION_LOCK})
    command.upgrade(config(connection), "head")
