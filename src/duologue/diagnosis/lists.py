"""Causes in what is shown: counts, order, signs; the API's word tells whether the server or the page is wrong."""

from __future__ import annotations

from typing import cast

from duologue.app import Chat
from duologue.diagnosis.evidence import Evidence
from duologue.diagnosis.finding import Finding
from duologue.lines import ANYTHING, line_of
from duologue.timeline import Event


def _api(evidence: Evidence) -> Event | None:
    return next(iter(evidence.find("api_chats", evidence.symptom.window)), None)


def read_in_the_background(evidence: Evidence) -> Finding | None:
    """A window in the background sent a receipt."""
    if "unread" not in evidence.symptom.kind or not evidence.app.lines.read:
        return None
    line = line_of(evidence.app.lines.read, chat=ANYTHING, any=ANYTHING)
    for user in evidence.windows:
        hidden: Event | None = None
        for event in evidence.cast.timeline.find(source=user.window):
            if event.kind == "action" and event.text in ("hides the window", "shows the window"):
                hidden = event if event.text.startswith("hides") else None
            elif hidden and event.kind == "request" and line.fullmatch(event.text):
                text = f"{user.window} was in the background and told the server that it read"
                remedy = "read only what is open in a visible window"
                return Finding("read-in-the-background", "product", "read", text, remedy, 88, (hidden, event))
    return None


def miscounted(evidence: Evidence) -> Finding | None:
    """The count is wrong at the server, or only in the page."""
    symptom, api = evidence.symptom, _api(evidence)
    if "unread" not in symptom.kind or api is None:
        return None
    user = evidence.cast.users.get(symptom.window)
    key = user.key(chat) if user and (chat := _chat(evidence, symptom.chat)) else symptom.chat
    held = api.data["unread"].get(key)
    shown = next((row.unread for row in user.chats if row.key == key), None) if user else None
    seen = f"expected {symptom.expected}, the server holds {held}, {symptom.window} shows {shown}"
    if held != symptom.expected:
        remedy = "what is counted: by whom sent, after which receipt, in which chat?"
        return Finding("miscounted-by-server", "product", "counted", seen, remedy, 64, (api,))
    remedy = "the page's own count strays from the server's: which event changes it?"
    return Finding("miscounted-by-page", "product", "counted", seen, remedy, 66, (api,))


def misordered(evidence: Evidence) -> Finding | None:
    """The order is wrong at the server, or only in the page."""
    symptom, api = evidence.symptom, _api(evidence)
    about_order = any(word in symptom.kind for word in ("order", "top"))
    user = evidence.cast.users.get(symptom.window)
    if not about_order or api is None or user is None:
        return None
    held, shown = list(api.data["unread"]), [row.key for row in user.chats]
    if held != shown:
        text = f"the server has {held}, {symptom.window} shows {shown}"
        remedy = "sort by the last message's sequence whenever one comes"
        return Finding("misordered-by-page", "product", "listed", text, remedy, 66, (api,))
    text = f"server and page agree on {held}: the server's order is not that of the last messages"
    remedy = "what orders chats: the server's sequence, or a clock, or something else that happened?"
    return Finding("misordered-by-server", "product", "listed", text, remedy, 62, (api,))


def sign_stays(evidence: Evidence) -> Finding | None:
    """A sign such as "typing" does not change."""
    symptom = evidence.symptom
    if symptom.kind != "to_show_sign":
        return None
    name, wanted = cast("tuple[str, str]", symptom.expected)
    user = evidence.cast.users.get(symptom.window)
    text = f"{symptom.window} goes on showing {user.sign(name)!r} for {name}, not {wanted!r}" if user else ""
    cause = f"{name}-never-ends" if not wanted else f"{name}-wrong"
    return Finding(
        cause, "product", "shown", text, f"what ends it: an event, a timer, a closing socket? see {name}", 60
    )


def leaked(evidence: Evidence) -> Finding | None:
    """Something came to somebody who must not have it."""
    if not evidence.symptom.kind.startswith(("never_to_show", "never_to_receive", "never_to_have_reached")):
        return None
    if evidence.symptom.kind == "never_to_show_sign":
        return None
    words = str(evidence.symptom.expected)
    out = evidence.find("action", evidence.symptom.window, lambda event: "signs out" in event.text)
    if out:
        text, cause = f"{evidence.symptom.window} shows {words} of the one who signed out", "kept-after-sign-out"
        return Finding(
            cause, "product", "shown", text, "forget everything when somebody signs out", 68, tuple(out[-1:])
        )
    text = f"{words} came to {evidence.symptom.window}, who must not have it"
    return Finding("leaked", "product", "frame", text, "who is a member when it is sent out?", 67)


def _chat(evidence: Evidence, chat_id: str) -> Chat | None:
    return next((message.chat for message in evidence.cast.sent if message.chat.id == chat_id), None)


RULES = (read_in_the_background, miscounted, misordered, sign_stays, leaked)
