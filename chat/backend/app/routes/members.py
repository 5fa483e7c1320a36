"""Who belongs to a group: adding, removing, leaving."""

from __future__ import annotations

from fastapi import APIRouter, HTTPException, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from sqlalchemy import func, select

from app.models import Chat, Member, Message, User
from app.render import chat_shapes, user_shape
from app.services import CallerDep, Id, ServicesDep, membership

router = APIRouter(prefix="/chats/{chat_id}/members")


class NewMember(BaseModel):
    user_id: Id


@router.post("", status_code=201)
async def add_member(chat_id: Id, body: NewMember, caller: CallerDep, services: ServicesDep) -> JSONResponse:
    async with services.sequencer.change() as change:
        session = change.session
        chat, _ = await membership(session, chat_id, caller.id)
        _groups_only(chat)
        user = await session.get(User, body.user_id)
        if user is None:
            raise HTTPException(404, "No such user")
        before = (await session.scalars(select(Member.user_id).where(Member.chat_id == chat_id))).all()
        if user.id in before:
            [shape], _ = await chat_shapes(session, services.manager, caller.id, chat_id)
            return JSONResponse(shape, 200)

        told, seq = change.next_seq(), change.next_seq()
        # Whoever joins has nothing to read yet, and the receipts of older messages stay as they are.
        last = await session.scalar(select(func.max(Message.seq)).where(Message.chat_id == chat_id)) or 0
        session.add(Member(chat_id=chat_id, user_id=user.id, joined_seq=seq, last_read_seq=last))
        joins = user_shape(user, services.manager) | {"last_read_seq": last}
        added = {"type": "member_added", "chat_id": chat_id, "user": joins}
        await change.emit(told, added, before, chat_id=chat_id, subject_id=user.id)
        [theirs], _ = await chat_shapes(session, services.manager, user.id, chat_id)
        created = {"type": "chat_created", "chat": theirs | {"unread_as_of": seq}}
        await change.emit(seq, created, [user.id], chat_id=chat_id, subject_id=user.id)
        [mine], _ = await chat_shapes(session, services.manager, caller.id, chat_id)
    return JSONResponse(mine, 201)


@router.delete("/{user_id}", status_code=204)
async def remove_member(chat_id: Id, user_id: Id, caller: CallerDep, services: ServicesDep) -> Response:
    async with services.sequencer.change() as change:
        session = change.session
        chat, _ = await membership(session, chat_id, caller.id)
        _groups_only(chat)
        member = await session.get(Member, (chat_id, user_id))
        if member is None:
            raise HTTPException(404, "No such member")
        if caller.id not in (user_id, chat.created_by):
            raise HTTPException(403, "Only who created the group removes others")
        told = (await session.scalars(select(Member.user_id).where(Member.chat_id == chat_id))).all()
        await session.delete(member)
        await change.forget_deliveries(chat_id, user_id)
        frame = {"type": "member_removed", "chat_id": chat_id, "user_id": user_id}
        await change.emit(change.next_seq(), frame, told, chat_id=chat_id, subject_id=user_id)
    return Response(status_code=204)


def _groups_only(chat: Chat) -> None:
    if not chat.is_group:
        raise HTTPException(409, "A direct chat keeps its two members")
