"""Registering, signing in and out: names and passwords in, tokens out."""

from __future__ import annotations

import uuid
from typing import Annotated

from fastapi import APIRouter, HTTPException, Response
from fastapi.responses import JSONResponse
from pydantic import AfterValidator, BaseModel, Field
from sqlalchemy import delete, select

from app.models import Session, User
from app.render import user_shape
from app.security import TokenError, hash_password, issue_token, password_matches, read_token
from app.services import CallerDep, PlainText, Services, ServicesDep, Shape, unauthorized
from app.settings import Settings

router = APIRouter(prefix="/auth")


def _not_padded(text: str) -> str:
    if not text or text != text.strip():
        raise ValueError("must not be blank, nor begin or end with a space")
    return text


Username = Annotated[PlainText, AfterValidator(_not_padded), Field(max_length=64)]
Password = Annotated[PlainText, Field(max_length=1024)]


class Login(BaseModel):
    username: PlainText
    password: Password


class Registration(BaseModel):
    username: Username
    password: Annotated[Password, Field(min_length=8)]
    display_name: Username | None = None


class Refresh(BaseModel):
    refresh_token: str


@router.post("/register", status_code=201)
async def register(body: Registration, services: ServicesDep) -> JSONResponse:
    user = await new_user(services.settings, body.username, body.password, body.display_name or body.username)
    async with services.sequencer.change() as change:
        taken = select(User.id).where(User.username_key == user.username_key)
        if await change.session.scalar(taken):
            raise HTTPException(409, "This username is taken")
        change.session.add(user)
        await change.session.flush()
        session = Session(id=uuid.uuid4().hex, user_id=user.id)
        change.session.add(session)
    return JSONResponse(_session_shape(services, user, session), 201)


@router.post("/login")
async def login(body: Login, services: ServicesDep) -> JSONResponse:
    async with services.database.read() as reading:
        user = await reading.scalar(select(User).where(User.username_key == body.username.casefold()))
    if user is None or not await password_matches(services.settings, body.password, user.password_hash):
        raise unauthorized("Wrong username or password")
    session = Session(id=uuid.uuid4().hex, user_id=user.id)
    async with services.sequencer.change() as change:
        change.session.add(session)
    return JSONResponse(_session_shape(services, user, session))


@router.post("/refresh")
async def refresh(body: Refresh, services: ServicesDep) -> JSONResponse:
    try:
        claims = read_token(services.settings, body.refresh_token, "refresh")
    except TokenError as error:
        raise unauthorized(error.reason.capitalize()) from error
    async with services.database.read() as session:
        owner = await session.scalar(select(Session.user_id).where(Session.id == claims.session_id))
    if owner != claims.user_id:
        raise unauthorized("Signed out")
    return JSONResponse({"access_token": issue_token(services.settings, owner, claims.session_id, "access")})


@router.post("/logout", status_code=204)
async def logout(caller: CallerDep, services: ServicesDep) -> Response:
    async with services.sequencer.change() as change:
        await change.session.execute(delete(Session).where(Session.id == caller.session_id))
    services.manager.close_session(caller.session_id, 1008, "signed out")
    return Response(status_code=204)


async def new_user(settings: Settings, username: str, password: str, display_name: str) -> User:
    """Not stored yet."""
    return User(
        username=username,
        username_key=username.casefold(),
        display_name=display_name,
        display_name_key=display_name.casefold(),
        password_hash=await hash_password(settings, password),
    )


def _session_shape(services: Services, user: User, session: Session) -> Shape:
    return {
        "access_token": issue_token(services.settings, user.id, session.id, "access"),
        "refresh_token": issue_token(services.settings, user.id, session.id, "refresh"),
        "token_type": "bearer",
        "user": user_shape(user, services.manager),
    }
