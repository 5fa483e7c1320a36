"""Expectations about a message's way: `expect(message).to_have_reached(user2)`."""

from __future__ import annotations

from duologue.errors import (
    ExpectationFailed,
    MessageLeaked,
    MessageLost,
    MessageRepeated,
    MessagesOutOfOrder,
    Symptom,
    UnknownVerdict,
    VacuousExpectation,
)
from duologue.journey import Hop, Journey, frames_of, journey, sightings
from duologue.people.message import Message
from duologue.people.user import User

_LAST = 3


class JourneyExpectations:
    """What becomes of one message."""

    def __init__(self, message: Message, timeout_s: float) -> None:
        self._message, self._timeout_s = message, timeout_s

    def to_have_reached(self, user: User) -> Journey:
        """It came to the member's window: once, after those sent before it, through every hop that can be seen.

        Raises MessageLost, MessageRepeated or MessagesOutOfOrder; VacuousExpectation for somebody who is no member.
        """
        if user.account not in self._message.chat.members:
            raise VacuousExpectation(
                f"{user.window} is no member of chat {self._message.chat}: {self._message.text!r} must not come there",
                remedy="never_to_have_reached says that",
            )

        def arrived() -> Journey | None:
            way = journey(self._message, user)
            came = any(hop.source == user.window and hop.name != "typed" for hop in way.reached)
            return way if way.missing is None and (came or self._message.window == user.window) else None

        way = user.timeline.wait_for(arrived, self._timeout_s)
        if way is None:
            lost = journey(self._message, user)
            if lost.missing is None:
                text = f"{self._message.text!r}: nobody could see whether it came to {user.window}"
                remedy = "open the chat there, or let the adapter tell more: `chats.preview`, `frame_message`, `lines`"
                raise UnknownVerdict(text, seen=str(lost), remedy=remedy)
            at = lost.missing.name
            seen = f"{lost}\n{self._meanwhile(lost.missing, user)}"
            raise self._failed(MessageLost, user, f"was lost at the hop {at!r} within {self._timeout_s:g} s", seen)
        self._once(user, way)
        self._in_order(user, way)
        return way

    def never_to_have_reached(self, user: User, *, until: Message) -> None:
        """No frame and no view of the window held it, until a later message came there."""
        JourneyExpectations(until, self._timeout_s).to_have_reached(user)
        if found := sightings(self._message, user):
            where = "; ".join(map(str, found[:3]))
            raise self._failed(MessageLeaked, user, f"came to {user.window} all the same", where)

    def _meanwhile(self, missing: Hop, user: User) -> str:
        """What was seen last where the message should have come next."""
        is_window = missing.source in user.cast.users
        there = user.timeline.find(
            since=self._message.cursor,
            where=lambda event: event.source == missing.source if is_window else event.lane == missing.lane,
        )
        last = [f"\n        {event}" for event in there[-_LAST:]]
        return f"        last seen in {missing.source} since it was sent:{''.join(last) or ' nothing'}"

    def _once(self, user: User, way: Journey) -> None:
        frames = len(frames_of(self._message, user))
        shown = sum(seen.text == self._message.text for seen in user.messages)
        if frames > 1 or shown > 1:
            raise self._failed(MessageRepeated, user, f"came {frames} times, and is shown {shown} times", str(way))

    def _in_order(self, user: User, way: Journey) -> None:
        earlier = [
            other
            for other in user.cast.sent
            if (other.sender, other.chat.id) == (self._message.sender, self._message.chat.id)
            and other.cursor.index < self._message.cursor.index
        ]
        shown = [seen.text for seen in user.messages]
        for other in earlier:
            if {other.text, self._message.text} <= set(shown) and shown.index(other.text) > shown.index(
                self._message.text
            ):
                text = f"is shown before {other.text!r}, which was sent before it"
                raise self._failed(MessagesOutOfOrder, user, text, f"{shown[-8:]}\n        {way}")

    def _failed(self, kind: type[ExpectationFailed], user: User, what: str, seen: str) -> ExpectationFailed:
        error = kind(f"{self._message.text!r} {what}", seen=seen)
        name = "never_to_have_reached" if kind is MessageLeaked else "to_have_reached"
        error.symptom = Symptom(name, user.window, self._message.chat.id, self._message.text)
        return error
