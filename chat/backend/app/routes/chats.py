"""The chat list, one chat, a new chat, and how far one has read."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, HTTPException
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from sqlalchemy import func, select

from app.events import Change, current_seq
from app.models import Chat, Member, Message, User
from app.render import chat_shapes
from app.services import CallerDep, ClientId, Id, PlainText, SeqNumber, ServicesDep, Shape, membership
from app.unread import unread_by_chat
from app.websocket.manager import ConnectionManager

router = APIRouter(prefix="/chats")

NAME_LENGTH = 100


class NewChat(BaseModel):
    member_ids: Annotated[list[Id], Field(max_length=200)]
    name: Annotated[PlainText, Field(max_length=NAME_LENGTH)] | None = None
    is_group: bool | None = None
    client_id: ClientId | None = None


class ReadUpTo(BaseModel):
    seq: SeqNumber


@router.get("")
async def list_chats(caller: CallerDep, services: ServicesDep) -> JSONResponse:
    async with services.database.read() as session:
        chats, cursor = await chat_shapes(session, services.manager, caller.id)
    return JSONResponse({"chats": chats, "cursor": cursor})


@router.post("", status_code=201)
async def create_chat(body: NewChat, caller: CallerDep, services: ServicesDep) -> JSONResponse:
    others = set(body.member_ids) - {caller.id}
    name = body.name if body.name and body.name.strip() else None
    is_group = body.is_group if body.is_group is not None else name is not None or len(others) != 1
    if not is_group and len(others) != 1:
        raise HTTPException(422, "A direct chat has one other member")
    async with services.sequencer.change() as change:
        users = (await change.session.scalars(select(User.id).where(User.id.in_(others)))).all()
        if len(users) != len(others):
            raise HTTPException(404, "No such user")
        if is_group:
            same = (Chat.created_by == caller.id) & (Chat.client_id == (body.client_id or ""))
        else:
            same = Chat.direct_key == _direct_key(caller.id, *others)
        if existing := await change.session.scalar(select(Chat.id).where(same)):
            chats, _ = await chat_shapes(change.session, services.manager, caller.id, existing)
            if not chats:
                raise HTTPException(409, "This client_id belongs to a group that you are no member of any more")
            return JSONResponse(chats[0], 200)
        chat = await store_chat(
            change, services.manager, caller.id, others, name=name, is_group=is_group, client_id=body.client_id
        )
    return JSONResponse(chat, 201)


@router.get("/{chat_id}")
async def get_chat(chat_id: Id, caller: CallerDep, services: ServicesDep) -> JSONResponse:
    async with services.database.read() as session:
        chats, _ = await chat_shapes(session, services.manager, caller.id, chat_id)
    if not chats:
        raise HTTPException(404, "No such chat")
    return JSONResponse(chats[0])


@router.post("/{chat_id}/read")
async def read(chat_id: Id, body: ReadUpTo, caller: CallerDep, services: ServicesDep) -> JSONResponse:
    async with services.sequencer.change() as change:
        _, member = await membership(change.session, chat_id, caller.id)
        last = await change.session.scalar(select(func.max(Message.seq)).where(Message.chat_id == chat_id)) or 0
        target = min(body.seq, last)
        as_of = await current_seq(change.session)
        advances = target > member.last_read_seq
        if advances:
            member.last_read_seq = target
            await change.session.flush()
        unread = (await unread_by_chat(change.session, caller.id, [chat_id]))[chat_id]
        if advances:
            as_of = change.next_seq()
            members = await change.session.scalars(select(Member.user_id).where(Member.chat_id == chat_id))
            recipients = dict.fromkeys(members) | {caller.id: unread}
            frame = {"type": "read", "chat_id": chat_id, "user_id": caller.id, "last_read_seq": target}
            await change.emit(as_of, frame, recipients, chat_id=chat_id)
        answer = {"chat_id": chat_id, "last_read_seq": member.last_read_seq, "unread_count": unread, "as_of": as_of}
    return JSONResponse(answer)


async def store_chat(
    change: Change,
    manager: ConnectionManager,
    creator_id: int,
    others: set[int],
    name: str | None = None,
    is_group: bool = False,
    client_id: str | None = None,
) -> Shape:
    """Store a new chat and tell its members; a group without a name gets those of its members."""
    session, seq = change.session, change.next_seq()
    everyone = sorted({creator_id, *others})
    if is_group and name is None:
        names = await session.scalars(select(User.display_name).where(User.id.in_(everyone)).order_by(User.id))
        name = ", ".join(names)[:NAME_LENGTH]
    chat = Chat(
        name=name if is_group else None,
        is_group=is_group,
        direct_key=None if is_group else _direct_key(*everyone),
        client_id=client_id if is_group else None,
        created_by=creator_id,
        created_seq=seq,
    )
    session.add(chat)
    await session.flush()
    session.add_all(Member(chat_id=chat.id, user_id=user_id, joined_seq=seq, last_read_seq=0) for user_id in everyone)
    await session.flush()
    [shape], _ = await chat_shapes(session, manager, creator_id, chat.id)
    shape["unread_as_of"] = seq
    await change.emit(seq, {"type": "chat_created", "chat": shape}, everyone, chat_id=chat.id)
    return shape


def _direct_key(one: int, other: int) -> str:
    return f"{min(one, other)}:{max(one, other)}"
