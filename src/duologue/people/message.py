"""A message that a test sent: what, where, by whom, and the place in the timeline just before."""

from __future__ import annotations

from dataclasses import dataclass

from duologue.app import Chat
from duologue.timeline import Cursor


@dataclass(frozen=True, slots=True)
class Message:
    """Expectations take it for the text, and as `since` for the place from where to look."""

    text: str
    chat: Chat
    sender: str
    cursor: Cursor
    window: str = ""
    """Where it was typed; empty when it was sent without a page."""

    def __str__(self) -> str:
        return self.text
