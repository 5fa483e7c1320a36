"""`/ws?token=…`: lets a socket in or closes it with a reason, then hears what the client says."""

from __future__ import annotations

import json
from typing import Any

from fastapi import APIRouter, WebSocket
from sqlalchemy import select

from app.database import DatabaseUnavailable
from app.models import Member, Session
from app.security import Claims, TokenError, read_token
from app.services import Services
from app.websocket.connection import Connection, close
from app.websocket.manager import encode

router = APIRouter()

POLICY_VIOLATION = 1008
SERVER_ERROR = 1011


class Refused(Exception):
    """The socket is closed with this code and reason."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code, self.reason = code, reason


@router.websocket("/ws")
async def websocket_endpoint(websocket: WebSocket) -> None:
    # Accepted before anything is judged: a browser shows a refused handshake as 1006, without a reason.
    await websocket.accept()
    services: Services = websocket.app.state.services
    try:
        claims = _authenticate(websocket, services)
        connection = await _join(websocket, services, claims)
    except Refused as refusal:
        await close(websocket, refusal.code, refusal.reason, services.settings.close_grace_s)
        return
    try:
        await connection.serve(lambda text: _hear(text, connection, services))
    finally:
        services.manager.disconnect(connection)
        await connection.close()


def _authenticate(websocket: WebSocket, services: Services) -> Claims:
    origin, allowed = websocket.headers.get("origin"), services.settings.cors_origins
    if origin is not None and origin not in allowed and "*" not in allowed:
        raise Refused(POLICY_VIOLATION, "origin not allowed")
    token = websocket.query_params.get("token")
    if not token:
        raise Refused(POLICY_VIOLATION, "token missing")
    try:
        return read_token(services.settings, token, "access")
    except TokenError as error:
        raise Refused(POLICY_VIOLATION, error.reason) from error


async def _join(websocket: WebSocket, services: Services, claims: Claims) -> Connection:
    """Under the sequencer's lock: whatever happens after the look at the database reaches this socket."""
    async with services.sequencer.lock:
        try:
            async with services.database.read() as session:
                owner = await session.scalar(select(Session.user_id).where(Session.id == claims.session_id))
                if owner != claims.user_id:
                    raise Refused(POLICY_VIOLATION, "signed out")
                chats = select(Member.chat_id).where(Member.user_id == owner).order_by(Member.chat_id)
                chat_ids = (await session.scalars(chats)).all()
        except DatabaseUnavailable as error:
            raise Refused(SERVER_ERROR, "database unavailable") from error
        connection = Connection(websocket, claims.user_id, claims.session_id, services.settings)
        services.manager.connect(connection, chat_ids)
        return connection


async def _hear(text: str, connection: Connection, services: Services) -> None:
    try:
        frame = json.loads(text)
    except (ValueError, RecursionError):
        return _complain(connection, "bad_frame", "A frame is a JSON object")
    match frame:
        case {"type": "ping"}:
            connection.enqueue(encode({"type": "pong"}))
        case {"type": "typing", "chat_id": int(chat_id), "typing": bool(typing)} if not isinstance(chat_id, bool):
            _typing(chat_id, typing, connection, services)
        case {"type": "typing"}:
            _complain(connection, "bad_frame", "typing needs chat_id, a number, and typing, true or false")
        case {"type": str()}:
            _complain(connection, "unknown_type", "The types a client may send are ping and typing")
        case _:
            _complain(connection, "bad_frame", "A frame is a JSON object with a type")
    return None


def _typing(chat_id: int, typing: bool, connection: Connection, services: Services) -> None:
    if not services.manager.is_member(chat_id, connection.user_id):
        _complain(connection, "not_a_member", "No such chat, or not a member of it")
    elif typing:
        services.manager.typing.start(chat_id, connection)
    else:
        services.manager.typing.stop(chat_id, connection.user_id)


def _complain(connection: Connection, code: str, detail: str) -> None:
    error: dict[str, Any] = {"type": "error", "code": code, "detail": detail}
    connection.enqueue(encode(error))
