"""Migrations make exactly the tables that the models describe."""

from __future__ import annotations

import pytest
from sqlalchemy import inspect, text

pytestmark = pytest.mark.anyio


async def test_a_fresh_file_gets_the_tables_of_the_models(services):
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    from app.models import SCHEMA_REVISION, Base

    def differences(connection):
        context = MigrationContext.configure(connection, opts={"compare_server_default": False})
        assert context.get_current_revision() == SCHEMA_REVISION
        return compare_metadata(context, Base.metadata), set(inspect(connection).get_table_names())

    async with services.database.engine.connect() as connection:
        found, tables = await connection.run_sync(differences)

    assert found == []
    assert tables == {*Base.metadata.tables, "alembic_version"}


def test_the_revision_that_a_start_looks_for_is_the_newest():
    from alembic.script import ScriptDirectory

    from app.migrate import config
    from app.models import SCHEMA_REVISION

    assert ScriptDirectory.from_config(config()).get_current_head() == SCHEMA_REVISION


async def test_going_down_leaves_nothing(services):
    from alembic import command

    from app.migrate import config

    async with services.database.engine.begin() as connection:
        await connection.run_sync(lambda sync: command.downgrade(config(sync), "base"))
        tables = await connection.run_sync(lambda sync: inspect(sync).get_table_names())

    assert tables == ["alembic_version"]


async def test_sqlite_writes_ahead_and_minds_foreign_keys(services):
    async with services.database.read() as session:
        pragmas = [
            (await session.execute(text(f"PRAGMA {name}"))).scalar()
            for name in ("journal_mode", "foreign_keys", "synchronous")
        ]

    assert pragmas == ["wal", 1, 1]
