"""Causes on a message's way: what the missing hop, and what was seen around it, say."""

from __future__ import annotations

from duologue.diagnosis.evidence import Evidence
from duologue.diagnosis.finding import Finding
from duologue.journey import Journey, frames_of
from duologue.lines import ANYTHING, line_of
from duologue.taps import CLOSED, RECEIVED
from duologue.timeline import Event

# A page that throws because of a frame does so while it handles it.
THREW_WITHIN_S = 1.0


def _lost_at(evidence: Evidence, *hops: str) -> Journey | None:
    return next((way for way in evidence.lost if way.missing and way.missing.name in hops), None)


def _events(evidence: Evidence, way: Journey, kind: str, source: str | None = None) -> list[Event]:
    return evidence.cast.timeline.find(kind=kind, source=source, since=way.message.cursor)


def not_sent(evidence: Evidence) -> Finding | None:
    """Typed, and the page sent no request."""
    way = _lost_at(evidence, "requested")
    if way is None:
        return None
    text = f"{way.message.window} sent no request for {way.message.text!r}"
    return Finding("not-sent", "product", "requested", text, "look at the composer's handler and the outbox", 62)


def server_refused(evidence: Evidence) -> Finding | None:
    """The server answered the request with an error."""
    way = _lost_at(evidence, "stored")
    if way is None:
        return None
    answers = [event for event in _events(evidence, way, "response", way.message.window) if event.data["status"] >= 400]
    if answers:
        status = answers[0].data["status"]
        cause = "server-error" if status >= 500 else "refused"
        text = f"the server answered {answers[0].text}"
        cited = (*answers[:2], *[event for event in _events(evidence, way, "log") if "rror" in event.text][:3])
        return Finding(cause, "product", "stored", text, "the server's log shows why", 87, cited)
    text = f"the request for {way.message.text!r} was not answered"
    return Finding("not-stored", "product", "stored", text, "does the API answer? see the server's log", 58)


def not_notified(evidence: Evidence) -> Finding | None:
    """Stored, and the server told this member, or nobody, of it."""
    way = _lost_at(evidence, "notified")
    if way is None:
        return None
    line = line_of(evidence.app.lines.notified, chat=way.message.chat.id, user=ANYTHING, any=ANYTHING)
    told = [event for event in _events(evidence, way, "log") if line.fullmatch(event.text)]
    stored = tuple(
        event for event in _events(evidence, way, "response", way.message.window) if event.data["status"] < 300
    )
    if told:
        text = f"the server told others of {way.message.text!r}, and not {way.window}"
        remedy = "does the manager know all members of this chat (new chat, new member)?"
        return Finding("not-a-member-in-manager", "product", "notified", text, remedy, 86, tuple(told[:3]))
    text = f"{way.message.text!r} was stored, and the server told nobody of it"
    remedy = "is the notification called after storing? its block must be in the log"
    return Finding("not-notified", "product", "notified", text, remedy, 84, stored[:2])


def not_in_a_frame(evidence: Evidence) -> Finding | None:
    """The server says it told the member, and no frame came."""
    way = _lost_at(evidence, "frame")
    if way is None:
        return None
    sockets = evidence.sockets(way.window)
    if sockets and sockets[-1].kind in CLOSED:
        text = f"{way.window} had no open socket: {sockets[-1].text}"
        return Finding(
            "socket-closed", "product", "frame", text, "why did it not reconnect and catch up?", 70, tuple(sockets[-2:])
        )
    text = f"no frame brought {way.message.text!r} to {way.window}"
    return Finding(
        "not-delivered", "product", "frame", text, "is the socket of this member written to?", 56, tuple(sockets[-2:])
    )


def not_handled(evidence: Evidence) -> Finding | None:
    """The frame came, and the page did nothing with it, or threw."""
    way = _lost_at(evidence, "console", "shown", "listed")
    if way is None:
        return None
    user = evidence.cast.users[way.window]
    frames = frames_of(way.message, user)
    if not frames:
        return None
    errors = [
        event
        for event in _events(evidence, way, "page_error", way.window)
        if 0 <= event.at - frames[0].at <= THREW_WITHIN_S
    ]
    if errors:
        text = f"the page threw on the frame: {errors[0].text}"
        return Finding(
            "page-threw", "product", "console", text, "mend the handler of this frame", 89, (frames[0], errors[0])
        )
    missing = way.missing.name if way.missing else ""
    if missing == "console":
        text = f"the frame with {way.message.text!r} came to {way.window}, and no handler took it"
        return Finding(
            "not-subscribed", "product", "console", text, "is there a handler for this frame?", 82, (frames[0],)
        )
    text = f"{way.window} took {way.message.text!r} in and does not show it ({missing})"
    return Finding(
        "not-shown", "product", missing, text, "does the store change, and the view with it?", 57, (frames[0],)
    )


def sent_elsewhere(evidence: Evidence) -> Finding | None:
    """The message is in another chat than the one it was typed in."""
    for message in reversed(evidence.cast.sent):
        for frame in evidence.cast.timeline.find(kind=RECEIVED, since=message.cursor):
            found = evidence.app.frame_messages(frame.text)
            for seen in (
                seen for seen in found if seen.text == message.text and seen.chat not in ("", message.chat.id)
            ):
                twins = [other for other in evidence.cast.sent if (other.text, other.chat.id) == (seen.text, seen.chat)]
                if not twins:
                    text = f"{message.text!r} was typed in chat {message.chat} and sent to chat {seen.chat}"
                    remedy = "bind the chat when the message is typed, not when it is sent"
                    return Finding("sent-to-another-chat", "product", "requested", text, remedy, 91, (frame,))
    return None


def came_twice(evidence: Evidence) -> Finding | None:
    """A message came, or is shown, more than once."""
    for user in evidence.windows:
        shown = [seen.text for seen in user.messages]
        for message in evidence.cast.sent:
            if [other.text for other in evidence.cast.sent].count(message.text) > 1:
                continue
            ids = {
                seen.id
                for frame in frames_of(message, user)
                if (seen := evidence.app.frame_message(frame.text)) is not None
            }
            if len(ids) > 1:
                text = f"{message.text!r} was stored {len(ids)} times"
                remedy = "let a client message id make a repeated send one message"
                return Finding(
                    "stored-twice", "product", "stored", text, remedy, 88, tuple(frames_of(message, user)[:3])
                )
            if shown.count(message.text) > 1:
                text = f"{user.window} shows {message.text!r} {shown.count(message.text)} times"
                remedy = "merge by id: the echo, the answer and what a reload brings are one message"
                return Finding("shown-twice", "product", "shown", text, remedy, 85, tuple(frames_of(message, user)[:3]))
    return None


RULES = (
    not_sent,
    server_refused,
    not_notified,
    not_in_a_frame,
    not_handled,
    sent_elsewhere,
    came_twice,
)
