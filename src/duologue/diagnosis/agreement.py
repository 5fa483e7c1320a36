"""Causes where the witnesses of a chat (windows, frames, API) do not tell the same."""

from __future__ import annotations

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
    named = _BY_SERVER if by_server else _BY_PAGE
    if fault not in named:
        return None
    cause, remedy = named[fault]
    hop = "stored" if by_server else "counted" if fault == "unread" else "shown"
    cited = tuple(evidence.find("api_messages", where=lambda event: event.data["chat"] == symptom.chat)[-1:])
    return Finding(cause, "product", hop, f"chat {symptom.chat}: {fault}: {what}", remedy, 46, cited)


RULES = (differs_from_record, disagrees)
