"""Who is connected and in which chats: committed events in, frames on the right sockets out."""

from __future__ import annotations

import json
import logging
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from app.settings import Settings
from app.websocket.connection import Connection
from app.websocket.typing import TypingTracker

logger = logging.getLogger("app")

Frame = dict[str, Any]


def encode(frame: Frame) -> str:
    return json.dumps(frame, ensure_ascii=False, separators=(",", ":"))


class ConnectionManager:
    """Live recipients are the members known here that are connected. Nothing in here waits."""

    def __init__(self, settings: Settings) -> None:
        self.active_connections: dict[int, list[Connection]] = {}
        self.chat_members: dict[int, set[int]] = defaultdict(set)
        self.typing = TypingTracker(settings.typing_ttl_s, self._announce_typing)

    @property
    def total_connections(self) -> int:
        return sum(map(len, self.active_connections.values()))

    def is_online(self, user_id: int) -> bool:
        return user_id in self.active_connections

    def is_member(self, chat_id: int, user_id: int) -> bool:
        return user_id in self.chat_members.get(chat_id, ())

    def connect(self, connection: Connection, chat_ids: Iterable[int]) -> None:
        """Add a socket. Its first frame says who is online; his chat mates hear of him when it is his first."""
        user_id = connection.user_id
        first = user_id not in self.active_connections
        self.active_connections.setdefault(user_id, []).append(connection)
        logger.info("User %s connected. Total connections: %s", user_id, self.total_connections)
        for chat_id in chat_ids:
            self.add_member(chat_id, user_id)
        online = sorted(filter(self.is_online, self._chat_mates(user_id)))
        connection.enqueue(encode({"type": "connected", "user_id": user_id, "online": online}))
        if first:
            self._announce_presence(user_id, online=True)

    def disconnect(self, connection: Connection) -> None:
        """Remove a socket; with his last one the user is offline."""
        user_id = connection.user_id
        connections = self.active_connections[user_id]
        connections.remove(connection)
        if not connections:
            del self.active_connections[user_id]
        logger.info("User %s disconnected. Total connections: %s", user_id, self.total_connections)
        self.typing.stop_all(connection)
        if not connections:
            self._announce_presence(user_id, online=False)
            for chat_id in [chat_id for chat_id, members in self.chat_members.items() if user_id in members]:
                self.remove_member(chat_id, user_id)

    def close_session(self, session_id: str, code: int, reason: str) -> None:
        for connections in self.active_connections.values():
            for connection in connections:
                if connection.session_id == session_id:
                    connection.request_close(code, reason)

    def add_member(self, chat_id: int, user_id: int) -> None:
        self.chat_members[chat_id].add(user_id)
        logger.info("Added user %s to chat %s", user_id, chat_id)

    def remove_member(self, chat_id: int, user_id: int) -> None:
        self.chat_members[chat_id].discard(user_id)
        if not self.chat_members[chat_id]:
            del self.chat_members[chat_id]

    def deliver(self, frame: Frame, unread_counts: dict[int, int | None]) -> None:
        """Send a committed event to those of its recipients who are connected, each with his own unread count."""
        match frame["type"]:
            case "new_message":
                self.typing.stop(frame["chat_id"], frame["message"]["sender_id"])
                self.send_message_notification(
                    frame["chat_id"], frame["message"], frame["message"]["sender_id"], unread_counts=unread_counts
                )
                return
            case "chat_created":
                for user_id in filter(self.is_online, unread_counts):
                    self.add_member(frame["chat"]["id"], user_id)
                # Who came or went since the frame was made was announced to nobody of this chat.
                members = [member | {"online": self.is_online(member["id"])} for member in frame["chat"]["members"]]
                frame = frame | {"chat": frame["chat"] | {"members": members}}
            case "member_removed":
                self.typing.stop(frame["chat_id"], frame["user_id"])
                self.remove_member(frame["chat_id"], frame["user_id"])
        for user_id, count in unread_counts.items():
            self._send(user_id, frame if count is None else frame | {"unread_count": count})

    def send_message_notification(
        self, chat_id: int, message_data: Frame, sender_id: int, *, unread_counts: dict[int, int | None]
    ) -> None:
        """Send `new_message` to every connected member of the chat, the sender's own sockets too."""
        members = self.chat_members.get(chat_id, set())
        logger.info("=== SEND MESSAGE NOTIFICATION ===")
        logger.info("Chat ID: %s", chat_id)
        logger.info("Sender ID: %s", sender_id)
        logger.info("Message: %s", message_data)
        logger.info("Active connections: %s", sorted(self.active_connections))
        logger.info("Chat members: %s", members or "{}")
        frame = {"type": "new_message", "seq": message_data["seq"], "chat_id": chat_id, "message": message_data}
        for user_id in sorted(filter(self.is_online, members)):
            logger.info("Sending new_message notification to user %s", user_id)
            self._send(user_id, frame | {"unread_count": unread_counts.get(user_id, 0)})

    def _send(self, user_id: int, frame: Frame) -> None:
        text = encode(frame)
        for connection in self.active_connections.get(user_id, ()):
            connection.enqueue(text)

    def _chat_mates(self, user_id: int) -> set[int]:
        chats = [members for members in self.chat_members.values() if user_id in members]
        return set().union(*chats) - {user_id}

    def _announce_presence(self, user_id: int, online: bool) -> None:
        for mate in self._chat_mates(user_id):
            self._send(mate, {"type": "presence", "user_id": user_id, "online": online})

    def _announce_typing(self, chat_id: int, user_id: int, typing: bool) -> None:
        frame = {"type": "typing", "chat_id": chat_id, "user_id": user_id, "typing": typing}
        for member in self.chat_members.get(chat_id, set()) - {user_id}:
            self._send(member, frame)
