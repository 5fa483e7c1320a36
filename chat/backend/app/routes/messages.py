"""Messages: reading pages of them, sending, editing, deleting."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, HTTPException, Query, Response
from fastapi.responses import JSONResponse
from pydantic import AfterValidator, BaseModel
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.models import Chat, Member, Message
from app.render import message_shape
from app.services import CallerDep, ClientId, Id, PlainText, SeqNumber, ServicesDep, membership
from app.unread import unread_by_member

router = APIRouter()

CONTENT_LENGTH = 10_000


def _content(text: str) -> str:
    """Judged without the white space around it, kept with it."""
    if not 1 <= len(text.strip()) <= CONTENT_LENGTH:
        raise ValueError(f"a message has 1 to {CONTENT_LENGTH} characters")
    return text


Content = Annotated[PlainText, AfterValidator(_content)]


class NewMessage(BaseModel):
    content: Content
    client_id: ClientId


class Edit(BaseModel):
    content: Content


@router.get("/chats/{chat_id}/messages")
async def list_messages(
    chat_id: Id,
    caller: CallerDep,
    services: ServicesDep,
    before: SeqNumber | None = None,
    after: SeqNumber | None = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
) -> JSONResponse:
    """`has_more`: newer ones with `after`, else older ones."""
    page = select(Message).where(Message.chat_id == chat_id).limit(limit + 1)
    if before is not None:
        page = page.where(Message.seq < before)
    page = page.order_by(Message.seq.desc()) if after is None else page.where(Message.seq > after).order_by(Message.seq)
    async with services.database.read() as session:
        await membership(session, chat_id, caller.id)
        found = (await session.scalars(page)).all()
    messages = sorted(found[:limit], key=lambda message: message.seq)
    return JSONResponse({"messages": [message_shape(message) for message in messages], "has_more": len(found) > limit})


@router.post("/chats/{chat_id}/messages", status_code=201)
async def send(chat_id: Id, body: NewMessage, caller: CallerDep, services: ServicesDep) -> JSONResponse:
    async with services.sequencer.change() as change:
        session = change.session
        await membership(session, chat_id, caller.id)
        repeated = select(Message).where(Message.sender_id == caller.id, Message.client_id == body.client_id)
        if stored := await session.scalar(repeated):
            if stored.chat_id != chat_id:
                raise HTTPException(409, "This client_id belongs to a message in another chat")
            return JSONResponse(message_shape(stored), 200)
        message = Message(
            seq=change.next_seq(),
            chat_id=chat_id,
            sender_id=caller.id,
            client_id=body.client_id,
            content=body.content,
            created_at=datetime.now(UTC),
            deleted=False,
        )
        session.add(message)
        await session.flush()
        shape = message_shape(message)
        unread = await unread_by_member(session, chat_id)
        frame = {"type": "new_message", "chat_id": chat_id, "message": shape}
        await change.emit(message.seq, frame, unread, chat_id=chat_id, message_id=message.id)
    return JSONResponse(shape, 201)


@router.patch("/messages/{message_id}")
async def edit(message_id: Id, body: Edit, caller: CallerDep, services: ServicesDep) -> JSONResponse:
    async with services.sequencer.change() as change:
        session = change.session
        message = await _own_message(session, message_id, caller.id)
        if message.deleted:
            raise HTTPException(409, "This message is deleted")
        message.content = body.content
        message.edited_at = datetime.now(UTC)
        shape = message_shape(message)
        members = (await session.scalars(select(Member.user_id).where(Member.chat_id == message.chat_id))).all()
        frame = {"type": "message_edited", "chat_id": message.chat_id, "message": shape}
        await change.emit(change.next_seq(), frame, members, chat_id=message.chat_id, message_id=message_id)
    return JSONResponse(shape)


@router.delete("/messages/{message_id}", status_code=204)
async def delete(message_id: Id, caller: CallerDep, services: ServicesDep) -> Response:
    async with services.sequencer.change() as change:
        session = change.session
        message = await _own_message(session, message_id, caller.id)
        if message.deleted:
            return Response(status_code=204)
        message.deleted, message.content = True, ""
        await session.flush()
        shape = message_shape(message)
        await change.forget_content(shape)
        unread = await unread_by_member(session, message.chat_id)
        frame = {"type": "message_deleted", "chat_id": message.chat_id, "message_id": message_id, "message": shape}
        await change.emit(change.next_seq(), frame, unread, chat_id=message.chat_id, message_id=message_id)
    return Response(status_code=204)


async def _own_message(session: AsyncSession, message_id: int, user_id: int) -> Message:
    """Raises 404 when he may not even see it, 403 when it is another's."""
    visible = select(Message).join(Chat).join(Member, Member.chat_id == Chat.id)
    message = await session.scalar(visible.where(Message.id == message_id, Member.user_id == user_id))
    if message is None:
        raise HTTPException(404, "No such message")
    if message.sender_id != user_id:
        raise HTTPException(403, "Only its sender changes a message")
    return message
