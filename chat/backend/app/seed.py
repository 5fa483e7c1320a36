"""Accounts for trying things out: an empty database in; three users with chats between them out."""

from __future__ import annotations

from sqlalchemy import func, select

from app.models import User
from app.routes.auth import new_user
from app.routes.chats import store_chat
from app.services import Services

NAMES = ("user1", "user2", "user3")
PASSWORD = "password123"


async def seed(services: Services) -> None:
    """Does nothing when there is any user."""
    async with services.database.read() as session:
        if await session.scalar(select(func.count(User.id))):
            return
    users = [await new_user(services.settings, name, PASSWORD, name) for name in NAMES]
    async with services.sequencer.change() as change:
        change.session.add_all(users)
        await change.session.flush()
        first, second, third = (user.id for user in users)
        await store_chat(change, services.manager, first, {second})
        await store_chat(change, services.manager, first, {third})
        await store_chat(change, services.manager, first, {second, third}, name="Team", is_group=True)
