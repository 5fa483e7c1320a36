"""Causes where somebody clicked a chat in the list and it did not open."""

from __future__ import annotations

from duologue.diagnosis.evidence import Evidence
from duologue.diagnosis.finding import Finding

# A page that takes a click asks, sends or draws something at once, also on a busy machine.
TAKES_S = 1.0


def not_opened(evidence: Evidence) -> Finding | None:
    """The click opened another chat, was lost in a list that was drawn anew under it, or opened nothing."""
    symptom = evidence.symptom
    acts = evidence.find("action", symptom.window, lambda event: event.text == f"opens chat {symptom.chat}")
    if symptom.kind != "to_open" or not acts:
        return None
    act = acts[-1]
    user = evidence.cast.users[symptom.window]
    events = evidence.find(
        {"view:chats", "view:messages", "request", "ws_sent"},
        user.window,
        lambda event: 0 < event.at - act.at < TAKES_S,
    )
    drawn = [event for event in events if event.kind == "view:chats"]
    taken = [event for event in events if event.kind != "view:chats"]
    before = evidence.find("view:chats", user.window, lambda event: event.at <= act.at)
    was_open = {row.key for event in before[-1:] for row in user.app.chat_rows(event.data["rows"]) if row.is_open}
    opened = [row for row in user.chats if row.is_open and row.key not in was_open]
    if opened:
        text = f"{user.window} clicked chat {symptom.chat}, and {opened[0].key} {opened[0].name!r} opened"
        remedy = "does the list move under the pointer, between the press and the release?"
        return Finding("misdirected-click", "product", "page", text, remedy, 66, (act, *drawn[:2]))
    if drawn and not taken:
        text = f"{user.window}'s list changed while chat {symptom.chat} was clicked, and nothing took the click"
        remedy = "does a row that is drawn anew lose the press before its release? keep its element, by a key"
        sure = "the same step where nothing comes meanwhile: does the chat open?"
        return Finding("click-lost", "product", "page", text, remedy, 56, (act, *drawn[:2]), sure)
    shown = "the page reacted, and no row became the open one" if taken else "the page did nothing"
    text = f"{user.window} clicked chat {symptom.chat}: {shown}"
    remedy = "do ChatList.row (or open_chat) and ChatList.is_open fit the page?"
    sure = "the window's screenshot: is the chat open there?"
    return Finding("selector-does-not-fit", "harness", "page", text, remedy, 40, (act, *taken[:2]), sure)


RULES = (not_opened,)
