"""Assertions in Playwright's manner: `expect(user2).to_have_moved_to_top(chat)`.

Each looks at what came after the last action (or after `since`), waits on events, fails with the states it saw, and
refuses to pass where it could not have failed.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import overload

from duologue.expect.base import EXPECT_TIMEOUT_S
from duologue.expect.chats import ChatListExpectations
from duologue.expect.journeys import JourneyExpectations
from duologue.expect.lines import LineExpectations, LogExpectations
from duologue.expect.messages import MessageExpectations
from duologue.expect.sockets import ProtocolExpectations, SocketExpectations
from duologue.expect.witnesses import AgreementExpectations
from duologue.lines import line_of
from duologue.people.message import Message
from duologue.people.protocol import ProtocolUser
from duologue.people.server import Server
from duologue.people.user import User
from duologue.timeline import Cursor

__all__ = ["UserExpectations", "expect", "line_of"]


class UserExpectations(ChatListExpectations, MessageExpectations, LineExpectations, SocketExpectations):
    """All that can be expected of a user's window."""

    def __init__(self, user: User, since: Cursor | Message | None, timeout_s: float) -> None:
        super().__init__(user, since, timeout_s)
        self._app = user.app


@overload
def expect(who: User, *, since: Cursor | Message | None = None, timeout_s: float = ...) -> UserExpectations: ...
@overload
def expect(
    who: ProtocolUser, *, since: Cursor | Message | None = None, timeout_s: float = ...
) -> ProtocolExpectations: ...
@overload
def expect(who: Message, *, timeout_s: float = ...) -> JourneyExpectations: ...
@overload
def expect(who: Sequence[User], *, timeout_s: float = ...) -> AgreementExpectations: ...
@overload
def expect(who: Server, *, since: Cursor | Message | None = None, timeout_s: float = ...) -> LogExpectations: ...
def expect(
    who: User | ProtocolUser | Message | Server | Sequence[User],
    *,
    since: Cursor | Message | None = None,
    timeout_s: float = EXPECT_TIMEOUT_S,
) -> UserExpectations | ProtocolExpectations | JourneyExpectations | LogExpectations | AgreementExpectations:
    """Expectations about a user's window, a protocol user or a service, from the last action (or `since`) on;
    about the way of a message; or about what several windows, their frames and the API say of a chat.
    """
    if isinstance(who, User):
        return UserExpectations(who, since, timeout_s)
    if isinstance(who, ProtocolUser):
        return ProtocolExpectations(who.timeline, who.window, who.app, since, timeout_s)
    if isinstance(who, Message):
        return JourneyExpectations(who, timeout_s)
    if isinstance(who, Sequence):
        return AgreementExpectations(who, timeout_s)
    return LogExpectations(who.timeline, who.service, since, timeout_s)
