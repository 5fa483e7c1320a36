"""Unread counts: a chat or a user in, exact counts out, in one query."""

from __future__ import annotations

from sqlalchemy import and_, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.models import Member, Message

_COUNTS = (
    select(Member.chat_id, Member.user_id, func.count(Message.id))
    .outerjoin(
        Message,
        and_(
            Message.chat_id == Member.chat_id,
            Message.seq > Member.last_read_seq,
            Message.seq > Member.joined_seq,
            Message.sender_id != Member.user_id,
            Message.deleted.is_(False),
        ),
    )
    .group_by(Member.chat_id, Member.user_id)
)


async def unread_by_member(session: AsyncSession, chat_id: int) -> dict[int, int]:
    """{user id: count} of every member of the chat."""
    rows = await session.execute(_COUNTS.where(Member.chat_id == chat_id))
    return {user_id: count for _, user_id, count in rows}


async def unread_by_chat(session: AsyncSession, user_id: int, chat_ids: list[int]) -> dict[int, int]:
    """{chat id: count} of one user, for those of the chats that he is a member of."""
    rows = await session.execute(_COUNTS.where(Member.user_id == user_id, Member.chat_id.in_(chat_ids)))
    return {chat_id: count for chat_id, _, count in rows}
