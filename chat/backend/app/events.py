"""The sequencer: changes in, one order out. The order of seq, of commits and of frames on every socket is the same."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import delete, func, insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.database import Database, DatabaseUnavailable
from app.models import Delivery, Event
from app.websocket.manager import ConnectionManager, encode

# Any number will do; it must only be the same in every process that shares the database.
SEQUENCER_LOCK = 7_102_002


async def current_seq(session: AsyncSession) -> int:
    """The seq of the last event in this transaction's snapshot, 0 before the first."""
    return await session.scalar(select(func.coalesce(func.max(Event.seq), 0))) or 0


@dataclass
class Change:
    """One transaction: what it stores by `session`, and the events that it makes known when it is committed."""

    session: AsyncSession
    _seq: int
    _events: list[tuple[dict[str, Any], dict[int, int | None]]] = field(default_factory=list)

    def next_seq(self) -> int:
        self._seq += 1
        return self._seq

    async def emit(
        self,
        seq: int,
        frame: dict[str, Any],
        recipients: Mapping[int, int | None] | Iterable[int],
        *,
        chat_id: int,
        message_id: int | None = None,
        subject_id: int | None = None,
    ) -> None:
        """Store an event for its recipients; `recipients` as a mapping holds each one's own `unread_count`."""
        counts = dict(recipients) if isinstance(recipients, Mapping) else dict.fromkeys(recipients)
        frame = {"type": frame["type"], "seq": seq, **frame}
        await self.session.flush()
        event = {"seq": seq, "type": frame["type"], "chat_id": chat_id, "frame": encode(frame)}
        await self.session.execute(insert(Event).values(**event, message_id=message_id, subject_id=subject_id))
        deliveries = [{"user_id": user, "event_seq": seq, "unread_count": count} for user, count in counts.items()]
        if deliveries:
            await self.session.execute(insert(Delivery), deliveries)
        self._events.append((frame, counts))

    async def forget_content(self, message: dict[str, Any]) -> None:
        """Put the tombstone into every stored frame of a deleted message, so that /sync does not tell what it said."""
        stored = await self.session.execute(select(Event.seq, Event.frame).where(Event.message_id == message["id"]))
        for seq, frame in stored.all():
            await self._put(seq, json.loads(frame) | {"message": message})
        # Whoever joined while it was the chat's last message was told of it with the chat.
        told = Event.chat_id == message["chat_id"], Event.type == "chat_created"
        for seq, frame in (await self.session.execute(select(Event.seq, Event.frame).where(*told))).all():
            created = json.loads(frame)
            if (created["chat"]["last_message"] or {}).get("id") == message["id"]:
                created["chat"]["last_message"] = message
                await self._put(seq, created)

    async def _put(self, seq: int, frame: dict[str, Any]) -> None:
        await self.session.execute(update(Event).where(Event.seq == seq).values(frame=encode(frame)))

    async def forget_deliveries(self, chat_id: int, user_id: int) -> None:
        """A removed member gets nothing more of the chat, not from /sync either."""
        of_chat = select(Event.seq).where(Event.chat_id == chat_id)
        await self.session.execute(delete(Delivery).where(Delivery.user_id == user_id, Delivery.event_seq.in_(of_chat)))


class Sequencer:
    """Hands out seq numbers. `lock` is also held while a socket joins, so that no event falls between."""

    def __init__(self, database: Database, manager: ConnectionManager) -> None:
        self._database = database
        self._manager = manager
        self.lock = asyncio.Lock()
        # Of a change whose commit was not answered: stored or not, as the next one sees.
        self._in_doubt: list[tuple[dict[str, Any], dict[int, int | None]]] = []

    @asynccontextmanager
    async def change(self) -> AsyncIterator[Change]:
        """Write, take seq numbers, store, commit, enqueue to sockets: one at a time. Raises DatabaseUnavailable."""
        async with self.lock:
            change = None
            try:
                async with self._database.write() as session:
                    if not self._database.is_sqlite:
                        await session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": SEQUENCER_LOCK})
                    seq = await current_seq(session)
                    self._settle(seq)
                    change = Change(session, seq)
                    yield change
            except DatabaseUnavailable:
                self._in_doubt += change._events if change else []
                raise
            self._deliver(change._events)

    def _settle(self, seq: int) -> None:
        """The lock made this change wait for the one before: what that stored is there now, or never will be."""
        in_doubt, self._in_doubt = self._in_doubt, []
        self._deliver([event for event in in_doubt if event[0]["seq"] <= seq])

    def _deliver(self, events: Iterable[tuple[dict[str, Any], dict[int, int | None]]]) -> None:
        for frame, counts in events:
            self._manager.deliver(frame, counts)
