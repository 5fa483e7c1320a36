"""Start, restart, and a database that is not there yet: what clients see."""

from __future__ import annotations

import socket
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
from websockets.exceptions import ConnectionClosed

BACKEND = Path(__file__).parents[1]


def test_a_restart_closes_sockets_with_1012_and_keeps_everything(start, next_frame):
    server = start()
    ann, bob, chat = server.direct_chat()
    message = server.call(ann, "POST", f"/chats/{chat}/messages", {"content": "still there", "client_id": "1"})
    with server.socket(bob["access_token"]) as tab:
        next_frame(tab, "connected")
        server.stop()
        with pytest.raises(ConnectionClosed) as end:
            tab.recv(5)
    assert end.value.rcvd.code == 1012

    again = start()

    assert again.call(bob, "GET", "/chats")["chats"][0]["last_message"] == message
    with again.socket(bob["access_token"]) as tab:
        assert next_frame(tab, "connected")


def test_while_the_database_is_away_everything_is_503_and_works_once_it_is_there(start, tmp_path):
    folder = tmp_path / "not yet"
    server = start(DATABASE_URL=f"sqlite+aiosqlite:///{folder / 'chat.db'}")
    health = f"http://{server.address}/health"
    body = {"username": "ann", "password": "password123"}
    page = {"Origin": "http://localhost:3000"}

    away = [httpx.get(health, trust_env=False), server.http.post("/auth/register", json=body, headers=page)]
    folder.mkdir()

    assert [answer.status_code for answer in away] == [503, 503]
    assert away[1].json() == {"detail": "The database is away; try again"}
    assert away[1].headers["Access-Control-Allow-Origin"] == page["Origin"]
    server.wait_for("Database available again")
    assert httpx.get(health, trust_env=False).json() == {"status": "ok"}
    assert server.register("ann")["user"]["username"] == "ann"


def test_a_database_server_that_refuses_does_not_end_the_backend(start):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound and not listening: refuses
        port = taken.getsockname()[1]
        server = start(DATABASE_URL=f"postgresql+asyncpg://nobody:x@127.0.0.1:{port}/chat")

        assert httpx.get(f"http://{server.address}/health", trust_env=False).status_code == 503
        server.wait_for("Database unavailable")
        assert server.process.poll() is None


def test_the_seed_makes_three_accounts_with_chats_once(start):
    server = start(SEED_USERS=1)
    server.stop()
    server = start(SEED_USERS=1)
    chats = {}

    for name in ("user1", "user2", "user3"):
        session = server.http.post("/auth/login", json={"username": name, "password": "password123"}).json()
        rows = server.call(session, "GET", "/chats")["chats"]
        chats[name] = [(row["name"], sorted(member["username"] for member in row["members"])) for row in rows]

    team = ("Team", ["user1", "user2", "user3"])
    assert chats == {
        "user1": [team, (None, ["user1", "user3"]), (None, ["user1", "user2"])],
        "user2": [team, (None, ["user1", "user2"])],
        "user3": [team, (None, ["user1", "user3"])],
    }


def test_a_prepared_file_starts_without_alembic(tmp_path):
    file = tmp_path / "prepared.db"
    subprocess.run([sys.executable, "-m", "app", "--prepare", file], cwd=BACKEND, check=True)
    code = f"""
import asyncio, sys
from app.database import Database
database = Database("sqlite+aiosqlite:///{file}")
async def main():
    await database.prepare()
    await database.close()
asyncio.run(main())
print(database.engine.url, [name for name in ("alembic", "argon2") if name in sys.modules])
"""
    seen = subprocess.run([sys.executable, "-c", code], cwd=BACKEND, check=True, capture_output=True, text=True)

    assert seen.stdout.strip() == f"sqlite+aiosqlite:///{file} []"


@pytest.mark.parametrize(
    "wrong", [{"SEND_QUEUE_LIMIT": "many"}, {"PASSWORD_HASH_COST": "high"}, {"DATABASE_URL": "nonsense"}]
)
def test_a_wrong_setting_ends_the_start_with_its_name(wrong):
    [(name, value)] = wrong.items()

    ended = subprocess.run([sys.executable, "-m", "app"], cwd=BACKEND, env=wrong, capture_output=True, text=True)

    assert ended.returncode != 0
    assert name in ended.stderr
    assert value in ended.stderr
    assert "Traceback" not in ended.stderr
