"""What the API shows: rows in, the JSON shapes of chat/API.md out."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.events import current_seq
from app.models import Chat, Member, Message, User
from app.unread import unread_by_chat
from app.websocket.manager import ConnectionManager

Shape = dict[str, Any]


def timestamp(at: datetime | None) -> str | None:
    """SQLite gives UTC without its zone, PostgreSQL with it."""
    return at and at.replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"


def user_shape(user: User, manager: ConnectionManager) -> Shape:
    return {
        "id": user.id,
        "username": user.username,
        "display_name": user.display_name,
        "online": manager.is_online(user.id),
    }


def message_shape(message: Message) -> Shape:
    return {
        "id": message.id,
        "seq": message.seq,
        "chat_id": message.chat_id,
        "sender_id": message.sender_id,
        "client_id": message.client_id,
        "content": message.content,
        "created_at": timestamp(message.created_at),
        "edited_at": timestamp(message.edited_at),
        "deleted": message.deleted,
    }


async def chat_shapes(
    session: AsyncSession, manager: ConnectionManager, user_id: int, chat_id: int | None = None
) -> tuple[list[Shape], int]:
    """The user's chats (or the one, if he is a member), newest activity first, and the seq they were counted at."""
    mine = select(Chat).join(Member, Member.chat_id == Chat.id).where(Member.user_id == user_id)
    if chat_id is not None:
        mine = mine.where(Chat.id == chat_id)
    chats = (await session.scalars(mine)).all()
    ids = [chat.id for chat in chats]
    as_of = await current_seq(session)
    if not ids:
        return [], as_of

    members: dict[int, list[Shape]] = defaultdict(list)
    rows = await session.execute(
        select(Member, User)
        .join(User, User.id == Member.user_id)
        .where(Member.chat_id.in_(ids))
        .order_by(Member.joined_seq, User.id)
    )
    for member, user in rows:
        members[member.chat_id].append(user_shape(user, manager) | {"last_read_seq": member.last_read_seq})
    newest = select(func.max(Message.seq)).where(Message.chat_id.in_(ids)).group_by(Message.chat_id)
    last = {
        message.chat_id: message for message in await session.scalars(select(Message).where(Message.seq.in_(newest)))
    }
    unread = await unread_by_chat(session, user_id, ids)

    shapes = [
        {
            "id": chat.id,
            "name": chat.name,
            "is_group": chat.is_group,
            "created_by": chat.created_by,
            "members": members[chat.id],
            "unread_count": unread[chat.id],
            "unread_as_of": as_of,
            "last_message": message_shape(last[chat.id]) if chat.id in last else None,
            "activity_seq": last[chat.id].seq if chat.id in last else chat.created_seq,
        }
        for chat in chats
    ]
    return sorted(shapes, key=lambda chat: chat["activity_seq"], reverse=True), as_of
