"""Causes in reading: receipts that were lost or sent unasked, and chats that opened by themselves."""

from __future__ import annotations

from duologue.diagnosis.count import api_of, count_of, opens_chat
from duologue.diagnosis.evidence import Evidence
from duologue.diagnosis.finding import Finding
from duologue.lines import ANYTHING, line_of
from duologue.people.loading import SHOWS
from duologue.people.user import User
from duologue.taps import SAID
from duologue.timeline import Event


def read_in_the_background(evidence: Evidence) -> Finding | None:
    """A window in the background sent a receipt."""
    if "unread" not in evidence.symptom.kind or not evidence.app.lines.read:
        return None
    line = line_of(evidence.app.lines.read, chat=ANYTHING, any=ANYTHING)
    for user in evidence.windows:
        hidden: Event | None = None
        for event in evidence.cast.timeline.find(source=user.window):
            if event.kind == "action" and event.text in ("hides the window", SHOWS):
                hidden = event if event.text.startswith("hides") else None
            elif hidden and event.kind in SAID and line.fullmatch(event.text):
                text = f"{user.window} was in the background and told the server that it read"
                remedy = "read only what is open in a visible window"
                return Finding("read-in-the-background", "product", "read", text, remedy, 88, (hidden, event))
    return None


def receipt_lost(evidence: Evidence) -> Finding | None:
    """A chat was read, and the server was never told so."""
    count = count_of(evidence)
    if count is None or count.chat is None or count.expected != 0 or not count.left or not evidence.app.lines.read:
        return None
    read = evidence.acts(count.user.account, f"opens chat {count.chat}")
    sent = [message for message in evidence.cast.sent if message.chat.id == count.chat.id]
    if not read or all(message.sender == count.user.name for message in sent):
        return None  # there was nothing to read
    if _answered_receipts(evidence, count.user, count.chat.id, read[-1].at):
        return None
    told = evidence.receipts(evidence.windows_of(count.user.account), count.chat.id, read[-1].at)
    what = "its receipt was not answered" if told else "sent no receipt"
    text = f"{read[-1].source} read chat {count.chat} and {what}; {count}"
    remedy = "keep a receipt that could not be sent, and send it once connected"
    return Finding("receipt-lost", "product", "read", text, remedy, 82, (read[-1], *told[:2], *count.api))


def _answered_receipts(evidence: Evidence, user: User, chat_id: str, since: float) -> bool:
    """Whether the server took one of them."""
    return bool(evidence.taken(evidence.receipts(evidence.windows_of(user.account), chat_id, since)))


def read_and_not_told(evidence: Evidence) -> Finding | None:
    """A chat was opened, and the server, which was not told, goes on counting what came last."""
    symptom = evidence.symptom
    user = evidence.cast.users.get(symptom.window)
    api = api_of(evidence)
    chat = evidence.chat(symptom.chat)
    if symptom.kind != "to_have_read" or user is None or api is None or chat is None or not evidence.app.lines.read:
        return None
    key = user.key(chat)
    held = api.data["unread"].get(key)
    row = next((row for row in user.chats if row.key == key), None)
    sent = [message.cursor.at for message in evidence.cast.sent if message.chat.id == symptom.chat]
    last = max(sent, default=0.0)
    opened = [act for act in evidence.acts(user.account, "opens chat ") if opens_chat(act, chat) and act.at > last]
    if not held or row is None or (row.unread and not opened):
        return None
    others = sum(message.sender != user.name for message in evidence.cast.sent if message.chat.id == symptom.chat)
    if _answered_receipts(evidence, user, symptom.chat, last) and (row.unread or held >= others):
        return None  # the server was told, and counts on; else the answer was to what had come first
    text = f"{user.window} shows {row.unread or 'nothing'} unread in chat {symptom.chat}, and the server holds {held}"
    remedy = "tell the server what was read last: also what came while a receipt was under way, or lies far above"
    sure = "the request that told of it: does it tell of the last message, and does the server take it?"
    return Finding("receipt-lost", "product", "read", text, remedy, 58, (*opened[-1:], api), sure)


def opened_by_itself(evidence: Evidence) -> Finding | None:
    """A chat is not counted, or not marked, because the page shows it, and nobody opened it there."""
    symptom, count = evidence.symptom, count_of(evidence)
    user, chat = evidence.cast.users.get(symptom.window), evidence.chat(symptom.chat)
    counts_nothing = count is not None and count.shown == 0 and count.expected != 0
    if user is None or chat is None or not (counts_nothing or symptom.kind == "to_mark_as_unread"):
        return None
    opens = evidence.find("action", user.window, lambda event: event.text.startswith(("opens chat ", "sends ")))
    if not user.is_open(chat) or any(opens_chat(act, chat) or act.text.endswith(f"to chat {chat}") for act in opens):
        return None
    text = f"{user.window} shows chat {chat} as the open one, and nobody opened it there: what came was read"
    text += f"; {count}" if count else ""
    remedy = "on loading and reconnecting open no chat that was not chosen; or it is so on purpose: `opens_by_itself`"
    return Finding("opened-by-itself", "product", "read", text, remedy, 83, count.api if count else ())


RULES = (read_in_the_background, receipt_lost, read_and_not_told, opened_by_itself)
