"""The order of seq, of commits and of frames is one order, and what fails leaves no trace."""

from __future__ import annotations

import asyncio
import json

import pytest
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

pytestmark = pytest.mark.anyio


class Ear:
    """Stands in for a socket: keeps what it is given."""

    session_id = "session"

    def __init__(self, user_id: int) -> None:
        self.user_id = user_id
        self.frames: list[dict] = []

    def enqueue(self, frame: str) -> None:
        self.frames.append(json.loads(frame))


@pytest.fixture
async def team(services):
    """Two users with a group; one of them listens."""
    from app.routes.auth import new_user
    from app.routes.chats import store_chat

    users = [await new_user(services.settings, name, "password123", name) for name in ("ann", "bob")]
    async with services.sequencer.change() as change:
        change.session.add_all(users)
        await change.session.flush()
        chat = await store_chat(change, services.manager, users[0].id, {users[1].id}, "Team", is_group=True)
    ear = Ear(users[0].id)
    services.manager.connect(ear, [chat["id"]])
    ear.frames.clear()
    return services, chat["id"], [user.id for user in users], ear


async def announce(services, chat_id: int, recipients: list[int], fail: bool = False) -> None:
    async with services.sequencer.change() as change:
        seq = change.next_seq()
        await asyncio.sleep(0)  # lets the others in, if anything does
        await change.emit(seq, {"type": "read", "chat_id": chat_id}, recipients, chat_id=chat_id)
        if fail:
            raise RuntimeError("after the event was stored")


async def test_changes_at_one_instant_are_numbered_committed_and_told_in_one_order(team):
    services, chat_id, users, ear = team

    await asyncio.gather(*(announce(services, chat_id, users) for _ in range(20)))

    told = [frame["seq"] for frame in ear.frames]
    assert told == list(range(told[0], told[0] + 20))


async def test_a_change_that_fails_is_neither_stored_nor_told_and_leaves_no_gap(team):
    from app.events import current_seq
    from app.models import Delivery

    services, chat_id, users, ear = team
    await announce(services, chat_id, users)
    async with services.database.read() as session:
        before = (await current_seq(session), await session.scalar(select(func.count()).select_from(Delivery)))

    with pytest.raises(RuntimeError):
        await announce(services, chat_id, users, fail=True)

    async with services.database.read() as session:
        after = (await current_seq(session), await session.scalar(select(func.count()).select_from(Delivery)))
    assert after == before
    await announce(services, chat_id, users)
    assert [frame["seq"] for frame in ear.frames] == [before[0], before[0] + 1]


async def test_a_read_sees_one_moment_throughout(team):
    from app.events import current_seq

    services, chat_id, users, _ = team
    async with services.database.read() as session:
        first = await current_seq(session)
        await announce(services, chat_id, users)
        assert await current_seq(session) == first


async def test_an_event_is_stored_for_its_recipients_alone(team):
    from app.models import Delivery

    services, chat_id, [ann, bob], _ = team

    await announce(services, chat_id, [bob])

    async with services.database.read() as session:
        last = select(func.max(Delivery.event_seq)).where(Delivery.user_id == ann).scalar_subquery()
        newer = await session.scalars(select(Delivery.user_id).where(Delivery.event_seq > last))
        assert newer.all() == [bob]


@pytest.mark.parametrize(("moment", "told"), [("after_commit", 2), ("before_commit", 1)])
async def test_what_was_stored_though_nobody_answered_is_told_with_the_next_change(team, moment, told):
    from app.database import DatabaseUnavailable

    def no_answer(_: Session) -> None:
        raise TimeoutError

    services, chat_id, users, ear = team
    event.listen(Session, moment, no_answer)
    with pytest.raises(DatabaseUnavailable):
        await announce(services, chat_id, users)
    event.remove(Session, moment, no_answer)
    assert ear.frames == []

    await announce(services, chat_id, users)

    seqs = [frame["seq"] for frame in ear.frames]
    assert seqs == list(range(seqs[0], seqs[0] + told))
