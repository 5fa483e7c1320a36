"""What the harness must be told about one chat, and the words that it uses for what every chat has."""

from duologue.app.api import ChatApi
from duologue.app.capabilities import Capabilities
from duologue.app.chat import ChatApp
from duologue.app.places import ChatList, Form, Lines, MessageList
from duologue.app.things import Account, Chat, ChatRow, SeenMessage
from duologue.taps.view import Field

__all__ = [
    "Account",
    "Capabilities",
    "Chat",
    "ChatApi",
    "ChatApp",
    "ChatList",
    "ChatRow",
    "Field",
    "Form",
    "Lines",
    "MessageList",
    "SeenMessage",
]
