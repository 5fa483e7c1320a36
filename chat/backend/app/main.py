"""The application: settings in, an ASGI app out."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.middleware.cors import CORSMiddleware
from fastapi.responses import JSONResponse
from sqlalchemy import text

from app.database import DatabaseUnavailable
from app.routes import auth, chats, members, messages, sync, users
from app.services import Services, ServicesDep
from app.settings import Settings
from app.websocket import endpoint

RETRY_S = 0.2
MAX_BODY_BYTES = 1 << 20


def create_app(settings: Settings) -> FastAPI:
    app = FastAPI(
        title="Reference chat",
        lifespan=_lifespan,
        max_body_size=MAX_BODY_BYTES,
        # Spans would carry the socket's URL, and with it the token.
        telemetry={"tracing": False, "metrics": False, "logs": False, "operation_spans": False},
    )
    app.state.services = Services(settings)
    app.add_middleware(
        CORSMiddleware,
        allow_origins=list(settings.cors_origins),
        allow_methods=["GET", "POST", "PATCH", "DELETE"],
        allow_headers=["Authorization", "Content-Type"],
        max_age=600,
    )
    app.add_exception_handler(DatabaseUnavailable, _database_unavailable)
    app.add_exception_handler(RequestValidationError, _bad_input)
    for room in (auth, users, chats, members, messages, sync):
        app.include_router(room.router, prefix="/api")
    app.include_router(endpoint.router)
    app.add_api_route("/health", health, methods=["GET"])
    return app


@contextlib.asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    services: Services = app.state.services
    waiting: asyncio.Task[None] | None = None
    try:
        await _prepare(services)
    except DatabaseUnavailable:
        # A database that starts beside us may take longer: serve 503 until it is there.
        waiting = asyncio.create_task(_prepare_when_there(services))
    yield
    if waiting:
        waiting.cancel()
    await services.database.close()


async def _prepare(services: Services) -> None:
    await services.database.prepare()
    if services.settings.seed_users:
        from app.seed import seed

        await seed(services)


async def _prepare_when_there(services: Services) -> None:
    while True:
        await asyncio.sleep(RETRY_S)
        with contextlib.suppress(DatabaseUnavailable):
            return await _prepare(services)


async def health(services: ServicesDep) -> JSONResponse:
    async with services.database.read() as session:
        await session.execute(text("SELECT 1"))
    return JSONResponse({"status": "ok"})


async def _database_unavailable(_request: Request, _error: Exception) -> JSONResponse:
    return JSONResponse({"detail": "The database is away; try again"}, 503, {"Retry-After": "1"})


async def _bad_input(_request: Request, error: Exception) -> JSONResponse:
    """One sentence; never the input itself, which may hold what no answer can (a lone surrogate) or a password."""
    assert isinstance(error, RequestValidationError)
    first = error.errors()[0]
    where = ".".join(part for part in first["loc"][1:] if isinstance(part, str))
    what = str(first["msg"]).removeprefix("Value error, ")
    detail = f"{where}: {what}" if where else what
    return JSONResponse({"detail": detail.encode("utf-8", "replace").decode()}, 422)
