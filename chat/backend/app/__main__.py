"""`python -m app`: serves on loopback; `--prepare PATH` only makes an empty, migrated SQLite file."""

from __future__ import annotations

import gc

gc.disable()  # start-up makes many objects and no garbage: a fifth of its time goes to looking for some

import argparse  # noqa: E402
import asyncio  # noqa: E402
import logging.config  # noqa: E402
import sys  # noqa: E402
from pathlib import Path  # noqa: E402

GRACEFUL_SHUTDOWN_S = 1
MAX_CLIENT_FRAME_BYTES = 1 << 20


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m app", description="The reference chat's backend.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000, help="0 picks a free one; the log tells which")
    parser.add_argument("--prepare", type=Path, metavar="PATH", help="make an empty migrated SQLite file, and exit")
    options = parser.parse_args()
    if options.prepare:
        asyncio.run(prepare(options.prepare))
    else:
        serve(options.host, options.port)


async def prepare(path: Path) -> None:
    from app.database import Database

    database = Database(f"sqlite+aiosqlite:///{path}")
    await database.prepare()
    await database.close()


def serve(host: str, port: int) -> None:
    """Until SIGTERM or SIGINT: sockets are closed with 1012 then."""
    import uvicorn

    from app.logs import log_config
    from app.websocket.protocol import AbortableProtocol

    # A container's locale may be C; names and messages in the log are not.
    sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]
    logging.config.dictConfig(log_config())

    from app.main import create_app
    from app.settings import Settings

    try:
        settings = Settings.from_env()
    except ValueError as error:
        sys.exit(f"Wrong setting {error}")
    config = uvicorn.Config(
        create_app(settings),
        host=host,
        port=port,
        log_config=None,
        ws=AbortableProtocol,
        ws_max_size=MAX_CLIENT_FRAME_BYTES,
        ws_per_message_deflate=False,
        proxy_headers=False,
        timeout_keep_alive=75,
        timeout_graceful_shutdown=GRACEFUL_SHUTDOWN_S,
    )
    gc.freeze()
    gc.enable()
    uvicorn.Server(config).run()


if __name__ == "__main__":
    main()
