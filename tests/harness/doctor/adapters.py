"""Adapters that wait less long for what will not come; two of them see nothing of a message where it comes to."""

from __future__ import annotations

from typing import Any

from duologue.app import SeenMessage
from fixtures.chat import REFERENCE_CHAT
from tests.harness.toy import TOY, ToyChat

REFERENCE, TOY_CHAT = (chat.model_copy(update={"patience_s": 5.0}) for chat in (REFERENCE_CHAT, TOY))


class MuteChat(ToyChat):
    """`duologue.app.ChatApp` for a transport that nobody can read."""

    def frame_message(self, frame: str) -> SeenMessage | None:
        """Never one."""
        del frame


_SEEN: dict[str, Any] = {
    "chats": TOY.chats.model_copy(update={"preview": None}),
    "capabilities": TOY.capabilities.model_copy(update={"previews": False, "frames": False}),
}
MUTE = MuteChat(**(dict(TOY_CHAT) | _SEEN))
# Its chats show other messages than what it looks at.
ELSEWHERE = MUTE.model_copy(update={"messages": TOY.messages.model_copy(update={"row": "#nowhere"})})
