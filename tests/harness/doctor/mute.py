"""Adapters of the toy chat that see nothing of a message where it comes to: no previews, no frames."""

from __future__ import annotations

from duologue.app import SeenMessage
from tests.harness.toy import TOY, ToyChat


class MuteChat(ToyChat):
    """`duologue.app.ChatApp` for a transport that nobody can read."""

    def frame_message(self, frame: str) -> SeenMessage | None:
        """Never one."""
        del frame


_SEEN = {
    "chats": TOY.chats.model_copy(update={"preview": None}),
    "capabilities": TOY.capabilities.model_copy(update={"previews": False, "frames": False}),
}
MUTE = MuteChat(**(dict(TOY) | _SEEN))
# Its chats show other messages than what it looks at.
ELSEWHERE = MuteChat(**(dict(MUTE) | {"messages": TOY.messages.model_copy(update={"row": "#nowhere"})}))
