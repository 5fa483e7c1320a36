"""The database: a URL in; snapshot reads, write transactions and "is it there" out."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

from sqlalchemy import event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine

from app.models import SCHEMA_REVISION

logger = logging.getLogger("app")

CONNECT_TIMEOUT_S = 3
STATEMENT_TIMEOUT_S = 5
# PostgreSQL's classes of errors for too few resources (a full disk), an operator's intervention, and a failing system.
LACKING = ("53", "57", "58")


class DatabaseUnavailable(Exception):
    """The database did not answer: the request may be repeated later."""


class Database:
    """One engine. `read()` sees one snapshot throughout; `write()` commits at its end, or rolls back on an error."""

    def __init__(self, url: str) -> None:
        self.is_sqlite = make_url(url).get_backend_name() == "sqlite"
        self.engine = _sqlite_engine(url) if self.is_sqlite else _postgres_engine(url)
        read_options = {} if self.is_sqlite else {"isolation_level": "REPEATABLE READ"}
        write_options = {"sqlite_begin": "BEGIN IMMEDIATE"} if self.is_sqlite else {}
        self._read_engine = self.engine.execution_options(**read_options)
        self._write_engine = self.engine.execution_options(**write_options)
        self.ready = False
        self._away = False

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncSession]:
        """Raises DatabaseUnavailable."""
        async with self._session(self._read_engine) as session:
            yield session

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncSession]:
        """Raises DatabaseUnavailable; then nothing was stored, unless the connection was lost in the commit itself."""
        async with self._session(self._write_engine) as session, session.begin():
            yield session

    @asynccontextmanager
    async def _session(self, engine: AsyncEngine) -> AsyncIterator[AsyncSession]:
        if not self.ready:
            raise DatabaseUnavailable
        with self._reaching():
            async with AsyncSession(engine, expire_on_commit=False) as session:
                yield session

    @contextmanager
    def _reaching(self) -> Iterator[None]:
        """Turns what means that the database is away into DatabaseUnavailable; logs when that begins and ends."""
        try:
            yield
        except Exception as error:
            if not _means_away(error):
                raise
            if not self._away:
                logger.error("Database unavailable: %s", str(error).partition("\n")[0] or type(error).__name__)
            self._away = True
            raise DatabaseUnavailable from error
        if self._away:
            logger.info("Database available again")
        self._away = False

    async def prepare(self) -> None:
        """Bring the schema up to date. Raises DatabaseUnavailable."""
        with self._reaching():
            async with self.engine.begin() as connection:
                if await connection.run_sync(_revision) != SCHEMA_REVISION:
                    from app.migrate import upgrade  # alembic is slow to import and seldom needed

                    await connection.run_sync(upgrade)
        self.ready = True

    async def close(self) -> None:
        self.ready = False
        await self.engine.dispose()


def _means_away(error: Exception) -> bool:
    """Every way a driver says "cannot reach it"."""
    if isinstance(error, DBAPIError):
        is_away = error.connection_invalidated or isinstance(error, OperationalError | InterfaceError)
        return is_away or (getattr(error.orig, "sqlstate", None) or "")[:2] in LACKING
    # OSError holds refusals and TimeoutError; asyncpg's own errors escape unwrapped while connecting.
    return isinstance(error, OSError | PoolTimeout) or type(error).__module__.startswith("asyncpg.")


def _revision(connection: Any) -> str | None:
    table = connection.dialect.has_table(connection, "alembic_version")
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar() if table else None


def _postgres_engine(url: str) -> AsyncEngine:
    timeouts = {"timeout": CONNECT_TIMEOUT_S, "command_timeout": STATEMENT_TIMEOUT_S}
    # pre_ping: the first request after the database came back must not be the one that finds the old connection dead.
    return create_async_engine(url, pool_pre_ping=True, pool_size=10, pool_timeout=5, connect_args=timeouts)


def _sqlite_engine(url: str) -> AsyncEngine:
    engine = create_async_engine(url)

    @event.listens_for(engine.sync_engine, "connect")
    def _configure(connection: Any, _record: object) -> None:
        # The driver would begin transactions lazily and never for reads; `_begin` does it, so that reads are snapshots.
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def _begin(connection: Any) -> None:
        connection.exec_driver_sql(connection.get_execution_options().get("sqlite_begin", "BEGIN"))

    return engine
