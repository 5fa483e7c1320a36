"""Catching up: a cursor in, the durable frames after it out."""

from __future__ import annotations

import json
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import JSONResponse
from sqlalchemy import select

from app.events import current_seq
from app.models import Delivery, Event
from app.services import CallerDep, SeqNumber, ServicesDep, Shape
from app.unread import unread_by_chat
from app.websocket.manager import ConnectionManager

router = APIRouter()


@router.get("/sync")
async def sync(
    caller: CallerDep,
    services: ServicesDep,
    after: SeqNumber,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> JSONResponse:
    """`next` is the cursor from here: all of the snapshot when nothing more is there, else the last frame's seq."""
    meant = (
        select(Event.seq, Event.chat_id, Event.frame, Delivery.unread_count)
        .join(Delivery, Delivery.event_seq == Event.seq)
        .where(Delivery.user_id == caller.id, Delivery.event_seq > after)
        .order_by(Delivery.event_seq)
        .limit(limit + 1)
    )
    async with services.database.read() as session:
        as_of = await current_seq(session)
        rows = (await session.execute(meant)).all()
        page, has_more = rows[:limit], len(rows) > limit
        unread = await unread_by_chat(session, caller.id, sorted({row.chat_id for row in page}))
    answer = {
        "events": [_frame(row.frame, row.unread_count, services.manager) for row in page],
        "next": page[-1].seq if has_more else max(after, as_of),
        "has_more": has_more,
        "unread": unread,
        "as_of": as_of,
    }
    return JSONResponse(answer)


def _frame(stored: str, unread_count: int | None, manager: ConnectionManager) -> Shape:
    """As it was sent; only who is online is told as it is now."""
    frame: Shape = json.loads(stored)
    if unread_count is not None:
        frame["unread_count"] = unread_count
    for user in frame.get("chat", {}).get("members", []) + [frame[key] for key in ("user",) if key in frame]:
        user["online"] = manager.is_online(user["id"])
    return frame
