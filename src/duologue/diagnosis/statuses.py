"""Causes in statuses: a message that ought to bear one and does not, or bears one that it must not."""

from __future__ import annotations

from duologue.diagnosis.evidence import Evidence
from duologue.diagnosis.finding import Finding
from duologue.diagnosis.reconnecting import last_outage
from duologue.people.message import Message
from duologue.people.user import User
from duologue.taps import RECEIVED
from duologue.timeline import Event


def misplaced_status(evidence: Evidence) -> Finding | None:
    """A message bears a status that it must not have."""
    symptom = evidence.symptom
    if symptom.kind != "never_to_have_status":
        return None
    message, status = symptom.texts
    states = evidence.find("view:messages", symptom.window)
    bore = [
        event
        for event in states
        if any(
            (seen.text, seen.status) == (message, status) for seen in map(evidence.app.seen_message, event.data["rows"])
        )
    ]
    text = f"{symptom.window} shows {message!r} as {status!r}, which it must not be"
    remedy = "who is counted among those who have read: one who has not looked, or one who need not look?"
    return Finding("status-wrong", "product", "shown", text, remedy, 60, tuple(bore[-1:]))


def not_shown_as_read(evidence: Evidence) -> Finding | None:
    """A message was read, and its sender's window does not say so: the way of the receipt tells where it was lost."""
    symptom = evidence.symptom
    user = evidence.cast.users.get(symptom.window)
    if symptom.kind != "to_have_status" or user is None or not evidence.app.lines.read:
        return None
    text, status = symptom.texts
    message = next((it for it in reversed(evidence.cast.sent) if it.text == text and it.sender == user.name), None)
    if message is None or status != evidence.app.read_status:
        return None
    readers = {window for window, reader in evidence.cast.users.items() if reader.name != message.sender}
    receipts = evidence.receipts(readers, message.chat.id, message.cursor.at)
    answered = evidence.taken(receipts)
    if not answered:
        said = "its receipt was not answered" if receipts else "no window of a reader sent a receipt"
        remedy = "tell the server what was read, and tell it again when that fails"
        return Finding("receipt-lost", "product", "read", f"{text!r}: {said}", remedy, 62, tuple(receipts[:2]))
    read = answered[-1]
    if (away := last_outage(evidence, user)) and away[0].at <= read.at <= away[1].at:
        said = f"{text!r} was read while {user.window} was away, which is connected again and does not know of it"
        remedy = "what is caught up with holds receipts too"
        return Finding("missed-while-away", "product", "frame", said, remedy, 75, (away[0], read, away[1]))
    return _not_told(evidence, user, message, read)


def _not_told(evidence: Evidence, user: User, message: Message, read: Event) -> Finding:
    told = evidence.find(RECEIVED, user.window, lambda event: event.at >= read.at)
    if told:
        said = f"{message.text!r} was read, frames came to {user.window} after it, and it does not show it as read"
        remedy = "does the handler of a receipt reach the messages that are shown?"
        sure = "is one of these frames the receipt? if not, the server did not tell the sender"
        return Finding("status-wrong", "product", "shown", said, remedy, 58, (read, *told[:3]), sure)
    said = f"{message.text!r} was read, and no frame came to {user.window} after it"
    return Finding(
        "receipt-not-delivered", "product", "frame", said, "whom does the server tell of a receipt?", 61, (read,)
    )


RULES = (misplaced_status, not_shown_as_read)
