"""Causes where the witnesses of a chat (windows, frames, API) do not tell the same."""

from __future__ import annotations

import re

from duologue.diagnosis.evidence import Evidence
from duologue.diagnosis.finding import Finding

_BY_PAGE = {
    "misplaced": ("misordered-by-page", "order by the server's sequence, not by the order of arrival"),
    "repeated": ("shown-twice", "merge by id: the echo, the answer and what a reload brings are one"),
    "lost": ("history-incomplete", "what is kept of a chat, and what is asked for anew?"),
    "unread": ("miscounted-by-page", "the page's own count strays: which event changes it?"),
}
_BY_SERVER = {
    "repeated": ("stored-twice", "let a client message id make a repeated send one message"),
    "lost": ("not-stored", "does the API answer? see the server's log"),
}


def differs_from_record(evidence: Evidence) -> Finding | None:
    """A window, or its frames, had a message that the server does not have in that chat, or not in these words."""
    symptom = evidence.symptom
    if symptom.kind != "to_agree":
        return None
    record = tuple(evidence.find("api_messages", where=lambda event: event.data["chat"] == symptom.chat)[-1:])
    for fault in symptom.texts if record else []:
        kind, _, what = fault.partition(": ")
        text = f"chat {symptom.chat} had what the server does not have in it, {what}"
        if kind == "foreign":
            remedy = "is it of another chat, not stored, or deleted and still there?"
            return Finding("shown-not-stored", "product", "shown", text, remedy, 45, record)
        if kind == "altered":
            remedy = "does an answer that was long under way replace what an edit has changed meanwhile?"
            return Finding("change-not-shown", "product", "shown", f"{text}, in these words", remedy, 45, record)
    return None


def disagrees(evidence: Evidence) -> Finding | None:
    """Windows, frames and API do not tell the same of a chat; what a page does with what came is at fault."""
    symptom = evidence.symptom
    if symptom.kind != "to_agree" or not symptom.texts:
        return None
    fault, _, what = symptom.texts[0].partition(": ")
    by_server = "in the record" in what  # its own account is the record
    if all(" in the frames of " in text for text in symptom.texts):
        text = f"the frames of chat {symptom.chat} tell what no window shows: {symptom.texts[0]}"
        remedy = "what a page mends is sent wrongly; or does `frame_messages` give what one frame holds newest first?"
        sure = "the frame itself, in the timeline: is it so in there?"
        return Finding("frames-disagree", "product", "frame", text, remedy, 46, (), sure)
    named = _BY_SERVER if by_server else _BY_PAGE
    if fault not in named:
        return None
    cause, remedy = named[fault]
    hop = "stored" if by_server else "counted" if fault == "unread" else "shown"
    cited = tuple(evidence.find("api_messages", where=lambda event: event.data["chat"] == symptom.chat)[-1:])
    return Finding(cause, "product", hop, f"chat {symptom.chat}: {fault}: {what}", remedy, 46, cited)


def change_taken_back(evidence: Evidence) -> Finding | None:
    """A window shows in a message's place what it said before it was changed."""
    symptom = evidence.symptom
    user = evidence.cast.users.get(symptom.window)
    if user is None or not symptom.kind.startswith("to_show"):
        return None
    shown = [seen.text for seen in user.messages]
    for held in evidence.find("api_messages"):
        pairs = list(zip(reversed(shown), reversed(held.data["texts"]), strict=False))
        differing = [(before, now) for before, now in pairs if before != now]
        if len(pairs) != len(shown) or len(differing) != 1:
            continue  # a hole, or another order
        before, now = differing[0]
        if now in symptom.texts and before not in held.data["texts"]:
            text = f"{user.window} shows {before!r} where the server holds {now!r}"
            remedy = "does an answer that was long under way replace what a frame has changed meanwhile?"
            return Finding("change-not-shown", "product", "shown", text, remedy, 57, (held,))
    return None


def edit_not_stored(evidence: Evidence) -> Finding | None:
    """A message was edited, and the server has it as it was."""
    for held in evidence.find("api_messages"):
        as_it_was = {repr(text) for text in held.data["texts"]}
        for text in evidence.symptom.texts:
            edit = re.compile(rf"edits (.*) to {re.escape(repr(text))}", re.DOTALL)
            edits = evidence.find("action", where=lambda event, edit=edit: edit.fullmatch(event.text) is not None)
            found = edit.fullmatch(edits[-1].text) if edits else None
            if found and text not in held.data["texts"] and found[1] in as_it_was:
                said = f"{edits[-1].source} {edits[-1].text}; the server has it as it was"
                remedy = "does the server keep what it told of, and does a request that failed come again?"
                return Finding("edit-not-stored", "product", "stored", said, remedy, 63, (edits[-1], held))
    return None


def deletion_only_shown(evidence: Evidence) -> Finding | None:
    """A window shows as deleted what was deleted in it, and the server has it still."""
    symptom = evidence.symptom
    user = evidence.cast.users.get(symptom.window)
    if user is None:
        return None
    shown = {seen.text for seen in user.messages}
    for held in evidence.find("api_messages"):
        for text in symptom.texts:
            deletes = evidence.find("action", user.window, lambda event, text=text: event.text == f"deletes {text!r}")
            if deletes and text in held.data["texts"] and text not in shown:
                said = f"{user.window} {deletes[-1].text} and shows it as deleted; the server has it still"
                remedy = "show a deletion once the server has taken it, or take it back when the request fails"
                return Finding("deletion-not-stored", "product", "requested", said, remedy, 80, (deletes[-1], held))
    return None


RULES = (differs_from_record, disagrees, change_taken_back, edit_not_stored, deletion_only_shown)
