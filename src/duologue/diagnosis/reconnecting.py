"""Causes in connections that are not there: never dialled, not again, given up, or back without what was missed."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from urllib.parse import urlsplit

from duologue.diagnosis.evidence import Evidence
from duologue.diagnosis.finding import Finding
from duologue.diagnosis.tokens import REFUSING_CODES
from duologue.journey import Journey
from duologue.people.loading import SHOWS
from duologue.people.surroundings import TELLS_ONLINE
from duologue.people.user import User
from duologue.taps import CLOSED, DIALLED, OPENED, RECEIVED
from duologue.timeline import Event

# A shorter silence than this says nothing: clients back off for some seconds already after a few tries.
GIVEN_UP_AFTER_S = 8.0
# Clients commonly cap their backoff at 10 to 15 s; a silence longer than this proves that one gave up.
LONGEST_BACKOFF_S = 20.0
# A page that hears its socket open shows it within a frame or two; a starved machine within this.
SHOWN_AFTER_S = 2.0
# What dials at once does so within milliseconds; a starved machine within this.
AT_ONCE_S = 5.0
# What tells a page that is waiting to dial now: its cause where it does not, what was told, by which event. A page that
# dials when the network is back may have no need to look at whether it is seen.
_WAKING = {
    TELLS_ONLINE: ("online-unheeded", "was told by its browser that the network is back", "online", 88),
    SHOWS: ("visible-unheeded", "was looked at again", "visibilitychange", 55),
}


def never_dialled(evidence: Evidence) -> Finding | None:
    """A window shows its list, and never dialled a socket."""
    if not evidence.app.capabilities.socket:
        return None
    for user in evidence.windows:
        lists = evidence.find("view:chats", user.window, lambda event: bool(event.data["rows"]))
        if not lists or evidence.sockets(user.window) or evidence.has_left(user):
            continue
        if evidence.socket_urls.get(user.name):
            text = f"{user.window} shows its chats, and never dialled a socket"
            remedy = "is connecting reached? see its console and page errors"
            return Finding("never-dialled", "product", "connect", text, remedy, 80, (lists[0],))
    return None


def gave_up(evidence: Evidence) -> Finding | None:
    """The socket closed, the server is back, and the page does not dial any more."""
    if not evidence.api_answers:
        return None
    end = max((event.at for event in evidence.cast.timeline), default=0.0)
    for user in evidence.windows:
        sockets = evidence.sockets(user.window)
        if not sockets or sockets[-1].kind not in CLOSED or evidence.has_left(user) or evidence.in_effect(user.window):
            continue
        polls = _polls_in_vain(evidence, user, sockets[-1])
        last = polls[-1] if polls else sockets[-1]
        tries = _tries_in_vain(sockets) + len(polls)
        silent_s = end - last.at
        code = sockets[-1].data["code"]
        if silent_s < GIVEN_UP_AFTER_S or code in REFUSING_CODES or evidence.refusals(user.window):
            continue  # who is refused need not ask again
        closed = f"{user.window}'s socket closed ({sockets[-1].text or 'it says not why'})"
        if ours := evidence.faults(user.window):
            closed += f"; that was ours ({ours[0].text}), and {ours[-1].text}: {end - ours[-1].at:.0f} s ago"
        sure = "" if silent_s > LONGEST_BACKOFF_S else "does it dial later? see the cap of its backoff, and wait for it"
        if tries:
            text = f"{closed}, and after {tries} tries in vain was not dialled again for {silent_s:.0f} s"
            cited = (*ours[:1], *sockets[-4:], *ours[-1:])
            return Finding(
                "gave-up-reconnecting", "product", "connect", text, "retry for as long as it takes", 86, cited, sure
            )
        text = f"{closed} and was never dialled again, for {silent_s:.0f} s"
        cited = (*ours[:1], last, *ours[-1:])
        return Finding("never-reopened", "product", "connect", text, "dial again after a close", 84, cited, sure)
    return None


def dialled_late(evidence: Evidence) -> Finding | None:
    """The network is back, or the window looked at again, and the page waited for its next try all the same."""
    user = evidence.cast.users.get(evidence.symptom.window)
    if user is None or not evidence.app.capabilities.dials_when_online or evidence.in_effect(user.window):
        return None
    told = evidence.find("action", user.window, lambda event: event.text in _WAKING)[-1:]
    sockets = evidence.sockets(user.window)
    before = [event for event in sockets if told and event.at < told[0].at]
    if not before or before[-1].kind not in CLOSED:
        return None
    dialled = [event for event in sockets if event.kind in DIALLED and event.at >= told[0].at][:1]
    end = dialled[0].at if dialled else max(event.at for event in evidence.cast.timeline)
    if (waited_s := end - told[0].at) < AT_ONCE_S:
        return None
    then = f"dialled {waited_s:.0f} s later" if dialled else f"has not dialled for {waited_s:.0f} s"
    cause, signal, event, certainty = _WAKING[told[0].text]
    remedy = f"on `{event}` dial at once, each time, and not when the backoff ends"
    cited = (before[-1], *told, *dialled)
    return Finding(cause, "product", "connect", f"{user.window} {signal}, and {then}", remedy, certainty, cited)


def silence_unnoticed(evidence: Evidence) -> Finding | None:
    """A connection carried nothing any more, and the page went on believing in it."""
    symptom = evidence.symptom
    sockets = evidence.sockets(symptom.window)
    silences = [
        event for event in evidence.faults(symptom.window) if any(word in event.text for word in ("stalls", "pauses"))
    ]
    if symptom.kind != "to_have_opened_socket" or not sockets or sockets[-1].kind not in OPENED or not silences:
        return None
    begun = silences[-1]
    if sockets[-1].at > begun.at:
        return None
    text = f"{begun.text}: {symptom.window}'s connection carried nothing, and was neither given up nor dialled anew"
    remedy = "ask the server for an answer now and then, and give up a connection that brings none in time"
    return Finding("silence-unnoticed", "product", "connect", text, remedy, 83, (sockets[-1], begun))


def opened_in_vain(evidence: Evidence) -> Finding | None:
    """The socket is open and brought frames, and the page does not say that it is connected."""
    end = max((event.at for event in evidence.cast.timeline), default=0.0)
    for user in evidence.windows:
        sockets = evidence.sockets(user.window)
        signs = evidence.find("view:connection", user.window)
        if not sockets or not signs or sockets[-1].kind not in OPENED or evidence.has_left(user) or user.is_connected:
            continue
        state = evidence.page_state(user.window)
        if not any(event.data["rows"] for event in signs):
            if evidence.symptom.window not in ("", user.window) or (state and state.data.get("form")):
                continue  # another window failed, or nobody is in yet
            text = f"nothing in {user.window} is what the adapter calls its sign of a connection, which is open"
            remedy = "does ChatApp.connection fit the page, also for somebody without any chat?"
            return Finding("selector-does-not-fit", "harness", "page", text, remedy, 88, (sockets[-1], signs[-1]))
        opened = sockets[-1]
        frames = evidence.find(RECEIVED, user.window, lambda event, at=opened.at: event.at >= at)
        if not frames or end - opened.at < SHOWN_AFTER_S:
            continue
        before = [event for event in sockets if event.kind in CLOSED]
        text = f"{user.window}'s socket is open and brings frames, and its page says {user.sign('connection')!r}"
        if before:
            text += f"; the connection before it ended ({before[-1].text or 'it says not why'})"
        remedy = "what is to follow the opening did not run: does it wait for the first attempt alone?"
        return Finding(
            "not-subscribed", "product", "connect", text, remedy, 88, (*before[-1:], opened, frames[0], signs[-1])
        )
    return None


def missed_while_away(evidence: Evidence) -> Finding | None:
    """What was sent while a window had no socket never came there, though it is connected again."""
    if evidence.symptom.kind == "to_have_no_errors":
        return None  # all came true that the test expected
    for user in evidence.windows:
        away = last_outage(evidence, user)
        if away is None:
            continue
        lost, back = away
        ways = [
            way
            for way in evidence.lost
            if way.window == user.window and lost.at <= way.message.cursor.at <= back.at and not _came(way)
            if not _is_covered(evidence, way)
        ]
        later = {message.text for message in evidence.cast.sent if message.cursor.at > back.at}
        texts = [way.message.text for way in ways] or [
            text for text in _texts_missing(evidence, user) if text not in later
        ]
        if not texts or _are_holes(evidence, user, away, texts):
            continue
        named = ", ".join(map(repr, texts[:3])) + (f" and {len(texts) - 3} more" if len(texts) > 3 else "")
        text = f"{user.window} was away and is connected again, and never fetched {named}"
        remedy = "on connecting resume from the last sequence seen, page by page until caught up"
        return Finding("missed-while-away", "product", "frame", text, remedy, 87, (lost, back))
    return None


def _are_holes(evidence: Evidence, user: User, away: tuple[Event, Event], texts: Sequence[str]) -> bool:
    """Whether what is missing are holes in what was fetched, which no outage leaves.

    The window has what was sent before the missing one and after it, both while it was away; or, where nobody knows
    when that was, what lies between two that are missing.
    """
    lost, back = away
    shown = {seen.text for seen in user.messages}
    sent = [message for message in evidence.cast.sent if lost.at <= message.cursor.at <= back.at]
    missing = next((message for message in sent if message.text == texts[0]), None)
    if missing is None:
        held: list[str] = [text for event in evidence.find("api_messages")[:1] for text in event.data["texts"]]
        gaps = [text in texts for text in held if text in texts or text in shown]
        return sum(gap and not before for before, gap in pairwise([False, *gaps])) > 1
    around = [message.cursor.index < missing.cursor.index for message in sent if message.text in shown]
    return True in around and False in around


def _polls_in_vain(evidence: Evidence, user: User, closed: Event) -> list[Event]:
    """The requests since a close to where the socket was, by which transports with a fallback come back."""
    path = urlsplit(evidence.sockets(user.window)[0].text).path
    return evidence.find(
        "request_failed",
        user.window,
        lambda event: event.at > closed.at and urlsplit(str(event.data["url"])).path == path,
    )


def _tries_in_vain(sockets: list[Event]) -> int:
    """How many dials after the last connection that stood ended without one."""
    stood = max((index for index, event in enumerate(sockets) if event.kind in OPENED), default=-1)
    return sum(event.kind in DIALLED for event in sockets[stood + 1 :])


def last_outage(evidence: Evidence, user: User) -> tuple[Event, Event] | None:
    """The last close of a window's socket, and the opening after it; None while it is away, or was at rest."""
    sockets = evidence.sockets(user.window)
    opened = [event for event in sockets if event.kind in OPENED]
    if not opened or sockets[-1].kind in CLOSED:
        return None
    # A page that was loaded anew has read everything afresh.
    loaded = max((event.at for event in evidence.find("document", user.window)), default=0.0)
    closed = [event for event in sockets if event.kind in CLOSED and loaded < event.at < opened[-1].at]
    # Of many dials in vain the first close is the begin.
    stood = max((event.at for event in opened[:-1]), default=0.0)
    since = [event for event in closed if event.at >= stood]
    return (since[0], opened[-1]) if since else None


def _came(way: Journey) -> bool:
    """Whether the window had it, by whichever way: what is caught up with in one answer is never listed one by one."""
    return any(hop.name in ("frame", "console", "shown", "listed") for hop in way.reached)


def _is_covered(evidence: Evidence, way: Journey) -> bool:
    """Whether a list that shows the chat's newest message and its count tells of this one too: what fails is no gap."""
    is_of_lines_or_counts = evidence.symptom.kind.startswith("to_log") or "unread" in evidence.symptom.kind
    return is_of_lines_or_counts and evidence.has_caught_up(way)


def _texts_missing(evidence: Evidence, user: User) -> list[str]:
    """What the failed expectation wanted shown, the API holds, and neither a frame nor the page brought."""
    symptom = evidence.symptom
    if symptom.window != user.window or not symptom.kind.startswith(("to_show", "to_have_preview")):
        return []
    held = {text for event in evidence.find("api_messages") for text in event.data["texts"]}
    shown = {seen.text for seen in user.messages}
    return [text for text in symptom.texts if text in held and text not in shown]


RULES = (never_dialled, gave_up, dialled_late, silence_unnoticed, opened_in_vain, missed_while_away)
