"""Alembic's entry: uses the application's connection when it is given one, else opens its own from DATABASE_URL."""

import asyncio

from alembic import context
from sqlalchemy import Connection

from app.database import Database
from app.models import Base
from app.settings import Settings


def run(connection: Connection) -> None:
    context.configure(connection=connection, target_metadata=Base.metadata, render_as_batch=True)
    with context.begin_transaction():
        context.run_migrations()


async def run_by_hand() -> None:
    database = Database(Settings.from_env().database_url)
    async with database.engine.begin() as connection:
        await connection.run_sync(run)
    await database.close()


given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    asyncio.run(run_by_hand())
