"""What every route works with, and who is asking: a request in, its services and its signed-in user out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, HTTPException, Request
from pydantic import AfterValidator, Field
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.database import Database
from app.events import Sequencer
from app.models import Chat, Member, Session, User
from app.security import TokenError, read_token
from app.settings import Settings
from app.websocket.manager import ConnectionManager


class Services:
    """One of each per application."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.database = Database(settings.database_url)
        self.manager = ConnectionManager(settings)
        self.sequencer = Sequencer(self.database, self.manager)


def _services(request: Request) -> Services:
    return request.app.state.services


ServicesDep = Annotated[Services, Depends(_services)]


@dataclass(frozen=True)
class Caller:
    """The signed-in user of this request, and the session his token belongs to."""

    user: User
    session_id: str

    @property
    def id(self) -> int:
        return self.user.id


async def _caller(request: Request, services: ServicesDep) -> Caller:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise unauthorized("Not signed in")
    try:
        claims = read_token(services.settings, token.strip(), "access")
    except TokenError as error:
        raise unauthorized(error.reason.capitalize()) from error
    async with services.database.read() as session:
        alive = select(User).join(Session, Session.user_id == User.id).where(Session.id == claims.session_id)
        user = await session.scalar(alive)
    if user is None or user.id != claims.user_id:
        raise unauthorized("Signed out")
    return Caller(user, claims.session_id)


CallerDep = Annotated[Caller, Depends(_caller)]


def unauthorized(detail: str) -> HTTPException:
    return HTTPException(401, detail, {"WWW-Authenticate": "Bearer"})


async def membership(session: AsyncSession, chat_id: int, user_id: int) -> tuple[Chat, Member]:
    """Raises 404 for a chat that is not there and for one that is not his alike."""
    query = select(Chat, Member).join(Member, Member.chat_id == Chat.id)
    row = (await session.execute(query.where(Chat.id == chat_id, Member.user_id == user_id))).one_or_none()
    if row is None:
        raise HTTPException(404, "No such chat")
    return row.tuple()


def _storable(text: str) -> str:
    if "\0" in text:
        raise ValueError("NUL characters cannot be stored")
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise ValueError("half a surrogate pair is no text")
    return text


# What fits the columns: PostgreSQL stores no NUL, its integers have 32 and its big ones 64 bits.
PlainText = Annotated[str, AfterValidator(_storable)]
Id = Annotated[int, Field(ge=1, le=2**31 - 1)]
ClientId = Annotated[PlainText, Field(min_length=1, max_length=64)]
SeqNumber = Annotated[int, Field(ge=0, le=2**63 - 1)]
Shape = dict[str, Any]
