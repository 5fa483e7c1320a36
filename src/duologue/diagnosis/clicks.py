"""Causes where a chat that somebody clicked in the list did not open, or did not stay open."""

from __future__ import annotations

from duologue.diagnosis.evidence import Evidence
from duologue.diagnosis.finding import Finding
from duologue.people.surroundings import CRASHES
from duologue.people.user import User
from duologue.taps import SAID
from duologue.timeline import Event

# A page that takes a click asks, sends or draws something at once; on a busy machine the click itself takes a second.
TAKES_S = 3.0
_CHANGES_WHAT_IS_OPEN = (
    "opens chat",
    "leaves",
    "reloads",
    "signs",
    "comes back",
    "sets the clock",
    "empties",
    CRASHES,
)
_ELSEWHERE = "what takes the page elsewhere: a list that was read anew, a token that was renewed in another tab?"


def not_opened(evidence: Evidence) -> Finding | None:
    """The click opened another chat, was lost in a list that was drawn anew under it, or opened nothing."""
    symptom = evidence.symptom
    acts = evidence.find("action", symptom.window, lambda event: event.text == f"opens chat {symptom.chat}")
    if symptom.kind != "to_open" or not acts:
        return None
    act = acts[-1]
    user, chat = evidence.cast.users[symptom.window], evidence.chat(symptom.chat)
    if chat is None or user.is_open(chat):
        return None  # it did open, and late
    polls = user.app.poll_patterns()
    events = evidence.find(
        {"view:chats", "view:messages", *SAID},
        user.window,
        lambda event: 0 < event.at - act.at < TAKES_S and not any(poll.fullmatch(event.text) for poll in polls),
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
    key = user.key(chat)
    # Where some chat was open once, the adapter fits; what was asked or sent meanwhile may be of something else.
    fits = any(row.is_open for event in before for row in user.app.chat_rows(event.data["rows"]))
    gone = [event for event in drawn if not _has(user, event, key)]
    was_there = bool(before) and _has(user, before[-1], key) and any(row.key == key for row in user.chats)
    if gone and was_there and (fits or taken) and not any(row.is_open for row in user.chats):
        text = f"{user.window} clicked chat {symptom.chat}, and then its list was gone for a moment: nothing is open"
        return Finding("chat-closed-by-itself", "product", "page", text, _ELSEWHERE, 66, (act, gone[0]))
    if drawn and (fits or not taken):
        text = f"{user.window}'s list changed while chat {symptom.chat} was clicked, and the click opened nothing"
        remedy = "does a row that is drawn anew lose the press before its release? keep its element, by a key"
        sure = "the same step where nothing comes meanwhile: does the chat open?"
        return Finding("click-lost", "product", "page", text, remedy, 56, (act, *drawn[:2]), sure)
    shown = "the page reacted, and no row became the open one" if taken else "the page did nothing"
    text = f"{user.window} clicked chat {symptom.chat}: {shown}"
    remedy = "do ChatList.row (or open_chat) and ChatList.is_open fit the page?"
    sure = "the window's screenshot: is the chat open there?"
    return Finding("selector-does-not-fit", "harness", "page", text, remedy, 40, (act, *taken[:2]), sure)


def _has(user: User, event: Event, key: str) -> bool:
    """Whether the list had the chat then."""
    return any(row.key == key for row in user.app.chat_rows(event.data["rows"]))


def closed_by_itself(evidence: Evidence) -> Finding | None:
    """A chat that was open is open no more, and nobody left it."""
    symptom = evidence.symptom
    user = evidence.cast.users.get(symptom.window)
    if user is None or not symptom.kind.startswith(("to_show", "to_have_typed")):
        return None
    acts = evidence.find("action", user.window, lambda event: event.text.startswith(_CHANGES_WHAT_IS_OPEN))
    chat = evidence.chat(acts[-1].text.removeprefix("opens chat ")) if acts else None
    if chat is None or symptom.chat not in ("", chat.id) or user.is_open(chat):
        return None
    key = user.key(chat)
    was_open = [
        event
        for event in evidence.find("view:chats", user.window, lambda event: event.at >= acts[-1].at)
        if any(row.key == key and row.is_open for row in user.app.chat_rows(event.data["rows"]))
    ]
    if not was_open or all(row.key != key for row in user.chats):
        return None
    text = f"{user.window} had chat {chat} open, and has not any more, though nobody left it"
    return Finding("chat-closed-by-itself", "product", "page", text, _ELSEWHERE, 71, (acts[-1], was_open[-1]))


RULES = (not_opened, closed_by_itself)
