"""Who one is, and finding others."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import JSONResponse
from sqlalchemy import or_, select

from app.models import User
from app.render import user_shape
from app.services import CallerDep, PlainText, ServicesDep

router = APIRouter(prefix="/users")

SEARCH_LIMIT = 20


@router.get("/me")
async def me(caller: CallerDep, services: ServicesDep) -> JSONResponse:
    return JSONResponse(user_shape(caller.user, services.manager))


@router.get("")
async def search(caller: CallerDep, services: ServicesDep, query: PlainText = "") -> JSONResponse:
    """By the start of username or display name; upper and lower case are the same."""
    start = query.casefold()
    found = (
        select(User)
        .where(
            User.id != caller.id,
            or_(
                User.username_key.startswith(start, autoescape=True),
                User.display_name_key.startswith(start, autoescape=True),
            ),
        )
        .order_by(User.username_key)
        .limit(SEARCH_LIMIT)
    )
    async with services.database.read() as session:
        users = (await session.scalars(found)).all()
    return JSONResponse([user_shape(user, services.manager) for user in users])
