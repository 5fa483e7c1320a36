"""Who is online is told as it is at the moment of telling."""

from __future__ import annotations

import json
from types import SimpleNamespace

from app.websocket.manager import ConnectionManager


class Ear:
    """A connection that keeps what it is told."""

    session_id = "1"

    def __init__(self, user_id):
        self.user_id, self.frames = user_id, []

    def enqueue(self, text):
        self.frames.append(json.loads(text))


def test_a_new_chat_shows_somebody_offline_who_left_while_it_was_made():
    manager, bob = ConnectionManager(SimpleNamespace(typing_ttl_s=1)), Ear(2)
    manager.connect(bob, [])
    made_before = {"id": 7, "members": [{"id": 1, "online": True}, {"id": 2, "online": True}]}

    manager.deliver({"type": "chat_created", "chat": made_before}, {1: None, 2: None})

    members = bob.frames[-1]["chat"]["members"]
    assert {member["id"]: member["online"] for member in members} == {1: False, 2: True}
