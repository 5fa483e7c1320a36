"""Causes in what a window shows: signs that stay, what must not be there, what the last one left behind."""

from __future__ import annotations

import json
import re
from typing import cast

from duologue.diagnosis.evidence import Evidence
from duologue.diagnosis.finding import Finding
from duologue.people.user import User
from duologue.taps import CLOSED, RECEIVED
from duologue.timeline import Event


def sign_stays(evidence: Evidence) -> Finding | None:
    """A sign such as "typing", "online" or "Today" does not change."""
    symptom = evidence.symptom
    user = evidence.cast.users.get(symptom.window)
    if symptom.kind not in ("to_show_sign", "to_still_show_sign") or user is None:
        return None
    name, wanted = cast("tuple[str, str]", symptom.expected)
    states = evidence.find(f"view:{name}", user.window)
    passed = evidence.find("action", user.window, lambda event: event.text.endswith(" s pass"))
    cited = (*states[-1:], *passed[-1:])
    text = f"{user.window} goes on showing {user.sign(name)!r} as {name}, not {wanted!r}"
    if name == "day" and passed:
        remedy = "what the date says has to change at midnight, and when a machine wakes"
        return Finding("date-stands-still", "product", "shown", text, remedy, 73, cited)
    cause = f"{name}-never-ends" if not wanted else f"{name}-wrong"
    remedy = f"what ends it: an event, a timer, a closing socket? see {name}"
    return Finding(cause, "product", "shown", text, remedy, 60, cited)


def misplaced_sign(evidence: Evidence) -> Finding | None:
    """A sign such as "typing" shows where nothing gives a reason for it."""
    symptom = evidence.symptom
    user = evidence.cast.users.get(symptom.window)
    if symptom.kind != "never_to_show_sign" or user is None:
        return None
    name = symptom.texts[0]
    shown = [event for event in evidence.find(f"view:{name}", user.window) if event.data["rows"]]
    text = f"{user.window} shows {name} where it must not" + (
        f": {shown[-1].data['rows'][0]['text']!r}" if shown else ""
    )
    remedy = "is what came held against the chat that is open, and against whom it is about?"
    return Finding(f"{name}-wrong", "product", "shown", text, remedy, 60, tuple(shown[-1:]))


def lost_sign(evidence: Evidence) -> Finding | None:
    """A sign such as "typing" goes while its reason goes on."""
    symptom = evidence.symptom
    if symptom.kind != "never_to_lose_sign":
        return None
    name = symptom.texts[0]
    gone = [event for event in evidence.find(f"view:{name}", symptom.window) if not event.data["rows"]]
    text = f"{symptom.window} stopped showing {name}, and what it tells of went on"
    remedy = "does each new event put off the end of it, or does an older one's timer end it?"
    return Finding(f"{name}-wrong", "product", "shown", text, remedy, 60, tuple(gone[-1:]))


def draft_wrong(evidence: Evidence) -> Finding | None:
    """The composer holds something else than what was typed into it and not sent."""
    symptom = evidence.symptom
    if symptom.kind != "to_have_typed":
        return None
    text = f"{symptom.window}'s composer was to hold {symptom.expected!r}, and held something else"
    remedy = "which chat's draft is it, and what empties it: what was sent, and nothing else?"
    return Finding("draft-wrong", "product", "typed", text, remedy, 70)


def out_of_view(evidence: Evidence) -> Finding | None:
    """A message is in the page, and not where somebody looks."""
    symptom = evidence.symptom
    user = evidence.cast.users.get(symptom.window)
    if symptom.kind != "to_show_in_view" or user is None:
        return None
    if symptom.expected not in [seen.text for seen in user.messages]:
        return None  # it is not there at all
    text = f"{symptom.window} holds {symptom.expected!r} beyond the edge of what is seen"
    remedy = "who is at the end of a chat stays there: scroll once the message has its height"
    return Finding("out-of-view", "product", "shown", text, remedy, 70)


def never_sent(evidence: Evidence) -> Finding | None:
    """What a test typed by itself, key by key, and waits for, is none of the chat's messages."""
    symptom = evidence.symptom
    held = next(iter(evidence.find("api_messages")), None)
    if symptom.kind not in ("to_show", "to_show_exactly") or held is None:
        return None
    sent = {message.text for message in evidence.cast.sent}
    missing = [text for text in symptom.texts if text not in sent and text not in held.data["texts"]]
    if not missing:
        return None
    newest = ", ".join(map(repr, held.data["texts"][-3:])) or "nothing at all"
    text = f"no page sent {missing[0]!r} to chat {held.data['chat']}, whose newest are {newest}"
    remedy = "what did the keys do? look at the composer's handlers, and at what had the focus"
    return Finding("not-sent", "product", "requested", text, remedy, 30, (held,))


def kept_after_sign_out(evidence: Evidence) -> Finding | None:
    """Somebody signed out, and their socket is open, or what they saw is still there."""
    remedy = "when somebody signs out close the socket and forget all that they saw"
    for user in evidence.windows:
        acts = evidence.signings(user)
        sockets = evidence.sockets(user.window)
        is_out = bool(acts) and acts[-1].text == "signs out"
        # A page that is loaded after that is one for guests, and may have a socket of its own.
        anew = is_out and evidence.find("document", user.window, lambda event, out=acts[-1]: event.at > out.at)
        if is_out and not anew and sockets and sockets[-1].kind not in CLOSED:
            text = f"{acts[-1].source} signed out, and {user.window}'s socket is open"
            return Finding("kept-after-sign-out", "product", "connect", text, remedy, 85, (acts[-1], sockets[-1]))
        out = evidence.find("action", user.window, lambda event: event.text == "signs out")
        foreign, api = _foreign_chats(evidence, user)
        if out and foreign:
            text = f"{user.window} shows chats {', '.join(foreign)} of the one who signed out"
            return Finding("kept-after-sign-out", "product", "shown", text, remedy, 85, (out[-1], *api))
    return None


def preview_not_newest(evidence: Evidence) -> Finding | None:
    """An edit of an older message became the preview of its chat."""
    symptom = evidence.symptom
    user = evidence.cast.users.get(symptom.window)
    if user is None or symptom.kind != "never_to_show":
        return None
    mine = [message.text for message in evidence.cast.sent if user.account in message.chat.members]
    edits = {f"edits {older!r} to {symptom.expected!r}" for older in mine}
    acts = evidence.find("action", where=lambda event: event.text in edits)
    if not acts:
        return None
    text = f"{user.window} took {symptom.expected!r} for the newest message of a chat: it is an older one, edited"
    remedy = "does an edit change the preview only where it is the newest message's?"
    return Finding("preview-not-newest", "product", "listed", text, remedy, 85, tuple(acts[-1:]))


def leaked(evidence: Evidence) -> Finding | None:
    """Something came to somebody who must not have it."""
    symptom = evidence.symptom
    if preview_not_newest(evidence) or _deleted(evidence, symptom.expected):
        return None  # they may know of it
    about = symptom.kind.startswith(("never_to_show", "never_to_receive")) and symptom.kind != "never_to_show_sign"
    if about or symptom.kind == "never_to_have_reached":
        text = f"{symptom.expected!r} came to {symptom.window}, who must not have it"
        frames = evidence.find(RECEIVED, symptom.window, lambda event: str(symptom.expected) in event.text)
        remedy = "who is a member when it is sent out, and who still hears?"
        return Finding("leaked", "product", "frame", text, remedy, 84, tuple(frames[:2]))
    for user in evidence.windows:
        foreign, api = _foreign_chats(evidence, user)
        if foreign and symptom.kind == "to_have_lost":
            text = f"{user.window} goes on showing chats {', '.join(foreign)}, which the server has no more for them"
            return Finding("left-chat-stays", "product", "listed", text, "take the chat out of the list", 68, api)
    return None


def _foreign_chats(evidence: Evidence, user: User) -> tuple[list[str], tuple[Event, ...]]:
    """The chats that a window lists and the server does not list for its person."""
    api = next(iter(evidence.find("api_chats", user.window)), None)
    if api is None:
        return [], ()
    return [row.key for row in user.chats if row.key not in api.data["unread"]], (api,)


def change_not_shown(evidence: Evidence) -> Finding | None:
    """A message was edited or deleted, and a window shows it as it was."""
    symptom = evidence.symptom
    user = evidence.cast.users.get(symptom.window)
    if user is None or not symptom.kind.startswith(("to_show", "to_have", "to_mark", "never_to_show")):
        return None
    if symptom.kind == "never_to_show" and (acts := _deleted(evidence, symptom.expected)):
        said = f"{acts[-1].source} {acts[-1].text}; {user.window} shows it again"
        remedy = "what keeps it: a preview of its own, an answer from before, a cache?"
        return Finding("change-not-shown", "product", "shown", said, remedy, 85, (acts[-1],))
    for text in symptom.texts:
        changes = re.compile(f"edits .* to {re.escape(repr(text))}|deletes {re.escape(repr(text))}", re.DOTALL)
        acts = evidence.find("action", where=lambda event, changes=changes: changes.fullmatch(event.text) is not None)
        if not acts:
            continue
        act = acts[-1]
        is_edit = act.text.startswith("edits ")
        # Of a deletion without an id any frame may have told.
        forms = {text, json.dumps(text)[1:-1]} if is_edit else _ids(evidence, user, text) or {""}
        told = [event for event in evidence.find(RECEIVED, user.window) if event.at >= act.at]
        told = [event for event in told if any(form in event.text for form in forms)]
        does = f"{act.source} {act.text}"
        if told:
            remedy = "does the handler of this change reach every view: the open chat, the preview, the count?"
            said = f"{does}; {user.window} was told, and does not show it"
            return Finding("change-not-shown", "product", "shown", said, remedy, 61, (act, *told[:2]))
        remedy = "whom does the server tell of an edit, or of a deletion?"
        said = f"{does}, and no frame told {user.window}"
        return Finding("change-not-delivered", "product", "frame", said, remedy, 59, (act,))
    return None


def _deleted(evidence: Evidence, text: object) -> list[Event]:
    """The deletions of a message of this text."""
    return evidence.find("action", where=lambda event: event.text == f"deletes {text!r}")


def _ids(evidence: Evidence, user: User, text: str) -> set[str]:
    """The ids of the messages of this text, as frames brought them to the window."""
    told = (seen for event in evidence.find(RECEIVED, user.window) for seen in evidence.app.frame_messages(event.text))
    return {seen.id for seen in told if seen.text == text and seen.id}


RULES = (
    sign_stays,
    misplaced_sign,
    lost_sign,
    draft_wrong,
    out_of_view,
    never_sent,
    kept_after_sign_out,
    preview_not_newest,
    leaked,
    change_not_shown,
)
