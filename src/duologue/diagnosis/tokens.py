"""Causes in tokens: none, one that is refused, one that ran out, and a page that never stops asking with it."""

from __future__ import annotations

import re

from duologue.diagnosis.evidence import Evidence, token_of
from duologue.diagnosis.finding import Finding
from duologue.lines import ANYTHING, line_of
from duologue.people.loading import BY_FORM
from duologue.people.user import User
from duologue.timeline import Event

_NO_TOKEN = ("", "null", "undefined", "None", "[object Object]")
# RFC 6455 has 1008 for any policy; the others are what products use for "who are you?" and "not you".
REFUSING_CODES = (1008, 3000, 3003, 4001, 4003, 4401, 4403)
_OF_TOKENS = re.compile(r"token|jwt|auth|credential|signature|session|signed out|forbidden", re.IGNORECASE)
# A client that refreshes once asks at most twice; more refusals in a row are a loop.
LOOP_REFUSALS = 4
LOOP_REFRESHES = 3


def no_token(evidence: Evidence) -> Finding | None:
    """The page dials without a token; where its storage holds one, that is under another key."""
    for user in evidence.windows:
        dialled = [event for event in evidence.find("ws_connecting", user.window) if token_of(event.text) in _NO_TOKEN]
        missing = evidence.find("ws_closed", user.window, lambda event: "missing" in event.data["reason"])
        if not (dialled or missing):
            continue
        state = evidence.page_state(user.window)
        keys: list[str] = state.data["keys"] if state else []
        tokens: list[str] = state.data.get("tokens", []) if state else []
        if tokens:
            text = f"{user.window} dials without a token, and its storage holds one under another key: {_list(tokens)}"
            remedy = "read the token under the key under which signing in stores it"
        else:
            text = f"{user.window} dials without a token (its storage now holds {_list(keys)})"
            remedy = "does signing in store the token, and the page read it before it dials?"
        cited = (*dialled[:2], *missing[:1], *((state,) if state else ()))
        return Finding("no-token", "product", "connect", text, remedy, 94, cited)
    return None


def sign_in_refused(evidence: Evidence) -> Finding | None:
    """The sign-in form lets somebody not in, and says why, or nothing."""
    for user in evidence.windows:
        said, answers = user.sign("refusal"), evidence.refusals(user.window)
        dialled = bool(evidence.sockets(user.window))
        # Some chats send the password over the socket itself.
        is_told = said and not (dialled and _shown_chats(evidence, user))
        if is_told or (answers and not dialled and _came_by_form(evidence, user)):
            says = repr(said) if said else f"{answers[0].text}, and the form says nothing"
            text = f"{user.window} was not let in as {user.account.username}: {says}"
            remedy = "is it the right account, with the right password, on this stack?"
            cited = (*evidence.find("view:refusal", user.window)[-1:], *answers[:1])
            return Finding("sign-in-refused", "product", "sign in", text, remedy, 89, cited)
    return None


def _shown_chats(evidence: Evidence, user: User) -> list[Event]:
    """The states of the list that had any chats: the window was in."""
    return evidence.find("view:chats", user.window, lambda event: bool(event.data["rows"]))


def _came_by_form(evidence: Evidence, user: User) -> bool:
    """Whether the last that the window did was to give a name and a password, which is asked for without a token."""
    acts = evidence.find("action", user.window)
    return bool(acts) and acts[-1].text == BY_FORM


def sign_in_failed(evidence: Evidence) -> Finding | None:
    """The server failed at a request of a page that shows nothing yet."""
    for user in evidence.windows:
        failed = evidence.find("response", user.window, lambda event: event.data["status"] >= 500)
        if failed and not _shown_chats(evidence, user) and not evidence.sockets(user.window):
            text = f"the server answered {failed[-1].text} before {user.window} was in"
            remedy = "the server's log shows why; was it ready? the stack's `ready` may name an address that says so"
            return Finding("server-error", "product", "sign in", text, remedy, 90, tuple(failed[-2:]))
    return None


def token_refused(evidence: Evidence) -> Finding | None:
    """The server refuses the token, for another reason than that it ran out."""

    def refused(event: Event) -> bool:
        reason = event.data["reason"]
        return event.data["code"] in REFUSING_CODES and bool(_OF_TOKENS.search(reason)) and "expired" not in reason

    for user in evidence.windows:
        closed, answers = evidence.find("ws_closed", user.window, refused), evidence.refusals(user.window)
        if not (closed or answers) or evidence.has_signed_out(user):
            continue
        said = [f"the server closed {user.window}'s socket: {closed[-1].text}"] if closed else []
        if answers:
            said.append(f"the server answered {user.window} {answers[0].text}, and granted it nothing afterwards")
        remedy = "is it an access token, of this server's key, of a session that lives? is the server's clock right?"
        confidence = 88 if answers else 78
        return Finding(
            "token-refused", "product", "connect", "; ".join(said), remedy, confidence, (*closed[:2], *answers[:1])
        )
    return None


def token_expired(evidence: Evidence) -> Finding | None:
    """The token ran out, and the page did not come back with a new one."""
    for user in evidence.windows:
        sockets = evidence.sockets(user.window)
        if sockets and sockets[-1].kind == "ws_closed" and "expired" in sockets[-1].data["reason"]:
            if failed := _last_renewal_failed(evidence, user):
                text = f"{user.window} asked for a new token ({failed.text}), and never again"
                remedy = "what fails in passing is asked again, and dialled with once it is there"
                return Finding("renewal-given-up", "product", "connect", text, remedy, 91, (sockets[-1], failed))
            text = f"the server closed {user.window}'s socket ({sockets[-1].text}), and no new token was dialled with"
            remedy = "on this reason ask for a new token once, and dial with it"
            return Finding("token-expired", "product", "connect", text, remedy, 83, (sockets[-1],))
    return None


def session_ended(evidence: Evidence) -> Finding | None:
    """The sign-in form stands where somebody was signed in, though no new token was refused, only not to be had."""
    for user in evidence.windows:
        state, failed = evidence.page_state(user.window), _last_renewal_failed(evidence, user)
        if failed and state and state.data.get("form") and not evidence.has_signed_out(user):
            text = f"{user.window} shows the sign-in form: the request for a new token failed ({failed.text})"
            remedy = "only a token that is refused ends a session; what fails in passing is asked again"
            return Finding("session-ended-by-itself", "product", "sign in", text, remedy, 93, (failed, state))
    return None


def _last_renewal_failed(evidence: Evidence, user: User) -> Event | None:
    """The answer to a window's last request for a new token, where that failed and was not refused."""
    if not evidence.app.lines.refresh:
        return None
    line = line_of(evidence.app.lines.refresh, any=ANYTHING)
    asked = evidence.find("request", user.window, lambda event: line.fullmatch(event.text) is not None)
    ends = evidence.find({"response", "request_failed"}, user.window)
    answers = [event for event in ends if asked and event.data["id"] == asked[-1].data["id"]]
    return next((event for event in answers if event.data.get("status", 500) >= 500), None)


def refused_in_a_loop(evidence: Evidence) -> Finding | None:
    """The page goes on asking with a token that is refused."""
    for user in evidence.windows:
        refused = evidence.find("response", user.window, lambda event: event.data["status"] == 401)
        closed = evidence.find("ws_closed", user.window, lambda event: "expired" in event.data["reason"])
        count = max(len(refused), len(closed))
        if count >= LOOP_REFUSALS:
            text = f"{user.window} was refused {count} times and goes on with the same token"
            remedy = "refresh once on 401 or 1008 and use what came; when that is refused too, sign out"
            cited = tuple((*refused, *closed)[:4])
            return Finding("expired-token-reused", "product", "connect", text, remedy, 90, cited)
    return None


def refresh_loop(evidence: Evidence) -> Finding | None:
    """The page asks for a new token again and again: it gets none, or does not use what it gets."""
    if not evidence.app.lines.refresh:
        return None
    line = line_of(evidence.app.lines.refresh, any=ANYTHING)
    for user in evidence.windows:
        asked = evidence.find("request", user.window, lambda event: line.fullmatch(event.text) is not None)
        if len(asked) < LOOP_REFRESHES:
            continue
        ids = {event.data["id"] for event in asked}
        answers = evidence.find("response", user.window, lambda event, ids=ids: event.data["id"] in ids)
        granted = [event for event in answers if event.data["status"] < 300]
        cited = (*asked[:2], *answers[:2])
        if len(granted) >= LOOP_REFRESHES:
            text = f"{user.window} got {len(granted)} new tokens and goes on with the old one"
            remedy = "use the token that the refresh brought, also where an older one is kept at hand"
            return Finding("expired-token-reused", "product", "connect", text, remedy, 92, cited)
        if granted:
            continue  # it got one in the end, after tries in vain
        text = f"{user.window} asked for a new token {len(asked)} times, and never got one"
        return Finding("refresh-loop", "product", "connect", text, "when a refresh is refused, sign out", 91, cited)
    return None


def _list(keys: list[str]) -> str:
    return ", ".join(keys) or "nothing"


RULES = (
    sign_in_refused,
    sign_in_failed,
    no_token,
    token_refused,
    token_expired,
    refresh_loop,
    session_ended,
    refused_in_a_loop,
)
