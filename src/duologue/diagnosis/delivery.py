"""Causes on a message's way: what the missing hop, and what was seen around it, say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Set
from difflib import SequenceMatcher

from duologue.diagnosis.evidence import Evidence
from duologue.diagnosis.finding import Finding
from duologue.diagnosis.logs import raised_in
from duologue.journey import Journey, frames_of, notifications
from duologue.lines import ANYTHING, line_of
from duologue.taps import CLOSED, RECEIVED
from duologue.timeline import Event

# A page that throws because of a frame does so while it handles it.
THREW_WITHIN_S = 1.0
# Backoff of a healthy client is capped well below the patience of who waits for it.
RETRIED_WITHIN_S = 8.0
# Comparing takes the square of the length.
LONGEST_COMPARED = 400


def _lost_at(evidence: Evidence, *hops: str) -> Journey | None:
    return next((way for way in evidence.lost if way.missing and way.missing.name in hops), None)


def _events(evidence: Evidence, way: Journey, kind: str | Set[str], source: str | None = None) -> list[Event]:
    return evidence.cast.timeline.find(kind=kind, source=source, since=way.message.cursor)


def not_sent(evidence: Evidence) -> Finding | None:
    """Typed, and the page sent no request."""
    way = _lost_at(evidence, "requested")
    if way is None:
        return None
    if hanging := _hanging_before(evidence, way):
        text = f"the request for {hanging.message.text!r} was never answered, and {way.message.text!r} waits behind it"
        remedy = "give up a request that gets no answer, and send it again: its client id keeps it one message"
        return Finding("not-retried", "product", "requested", text, remedy, 64)
    text = f"{way.message.window} typed {way.message.text!r} and sent nothing for it"
    remedy = "look at the composer's handler and the outbox; does the button move away under the pointer?"
    return Finding("not-sent", "product", "requested", text, remedy, 62)


def _hanging_before(evidence: Evidence, way: Journey) -> Journey | None:
    """An earlier message to the same chat whose request was neither answered nor ended."""
    for other in evidence.lost:
        message, is_open = other.message, other.missing is not None and other.missing.name == "stored"
        if is_open and (message.window, message.chat.id) == (way.message.window, way.message.chat.id):
            ends = {"response", "request_failed"}
            asked = {hop.at for hop in other.reached if hop.name == "requested"}
            ids = {
                event.data["id"] for event in _events(evidence, other, "request", message.window) if event.at in asked
            }
            ended = {event.data["id"] for event in _events(evidence, other, ends, message.window)}
            if ids - ended:
                return other
    return None


def twin_not_sent(evidence: Evidence) -> Finding | None:
    """The same text was sent more than once, and the server has it less often."""
    held = next(iter(evidence.find("api_messages")), None)
    if held is None:
        return None
    sent = Counter(message.text for message in evidence.cast.sent if message.chat.id == held.data["chat"])
    for text, count in sent.items():
        stored = held.data["texts"].count(text)
        if count > 1 and 0 < stored < count:
            said = f"{text!r} was sent {count} times to chat {held.data['chat']}, and the server has it {stored} times"
            remedy = "what makes two sends one? a message is known by an id of its own, never by its text"
            return Finding("not-sent", "product", "requested", said, remedy, 64, (held,))
    return None


def server_refused(evidence: Evidence) -> Finding | None:
    """The server answered the request with an error."""
    way, unsent = _lost_at(evidence, "stored"), _lost_at(evidence, "requested")
    if way is None or (unsent and unsent.message.text in evidence.symptom.texts):
        return None  # what is missed is another one, which was not even asked for
    held = evidence.find("api_messages", where=lambda event: event.data["chat"] == way.message.chat.id)[-1:]
    if held and not _was_a_request(evidence, way):
        text = f"{way.message.window} sent {way.message.text!r}, and the API has it not among the chat's messages"
        remedy = "does the server take what the page sends, and keep it? see its log"
        return Finding("not-stored", "product", "stored", text, remedy, 58, tuple(held))
    answers = [event for event in _events(evidence, way, "response", way.message.window) if event.data["status"] >= 400]
    failed = _events(evidence, way, "request_failed", way.message.window)
    if given_up := _not_retried(evidence, way, [event for event in answers if event.data["status"] >= 500] + failed):
        return given_up
    if answers:
        status = answers[0].data["status"]
        cause = "server-error" if status >= 500 else "token-refused" if status == 401 else "refused"
        text = f"the server answered {answers[0].text}"
        cited = (*answers[:2], *[event for event in _events(evidence, way, "log") if "rror" in event.text][:3])
        certainty = 90 if status >= 500 else 87
        return Finding(cause, "product", "stored", text, "the server's log shows why", certainty, cited)
    # An error that nobody handled is answered without the headers that would let the page read the answer.
    raised = raised_in(_events(evidence, way, "log"))
    if failed and raised:
        text = f"the server failed at the request for {way.message.text!r}: {raised[0].text.strip()}"
        cited = (*raised[:3], *failed[:1])
        return Finding("server-error", "product", "stored", text, "the server's log shows where", 91, cited)
    text = f"the request for {way.message.text!r} was not answered" + (f": {failed[0].text}" if failed else "")
    return Finding(
        "not-stored", "product", "stored", text, "does the API answer? see the server's log", 58, tuple(failed[:2])
    )


def _was_a_request(evidence: Evidence, way: Journey) -> bool:
    """Or was nothing seen to leave, or a frame, which has no answer."""
    asked = {hop.at for hop in way.reached if hop.name == "requested"}
    return any(event.at in asked for event in _events(evidence, way, "request", way.message.window))


def _not_retried(evidence: Evidence, way: Journey, failures: list[Event]) -> Finding | None:
    """The last of these was by a fault of the test's, which was mended since."""
    window = way.message.window
    last = max(failures, key=lambda event: event.at, default=None)
    ours = evidence.in_effect(window, last.at) if last else []
    if last is None or not ours or evidence.in_effect(window):
        return None
    mended = evidence.faults(window)[-1]
    if max(event.at for event in evidence.cast.timeline) - mended.at < RETRIED_WITHIN_S:
        return None  # it may be about to
    text = f"{way.message.text!r} failed ({last.text}) while the test {ours[0].text}, and was not tried again since"
    remedy = "what failed in passing is sent again, for as long as it takes; only a refusal is final"
    return Finding("not-retried", "product", "requested", text, remedy, 90, (last, ours[0], mended))


def not_notified(evidence: Evidence) -> Finding | None:
    """Stored, and the server told this member, or nobody, of it."""
    way = _lost_at(evidence, "notified")
    if way is None or not evidence.is_connected(way.window, way.message.cursor.at):
        return None  # nobody tells somebody who is away
    told = notifications(way.message, evidence.cast.users[way.window], ANYTHING)
    answered = {hop.at for hop in way.reached if hop.name == "stored"}
    stored = tuple(event for event in _events(evidence, way, "response", way.message.window) if event.at in answered)
    block = _notifying(evidence, way)
    if told or block:
        whom = "others" if told else "nobody"
        text = f"the server set out to tell of {way.message.text!r}, told {whom}, and not {way.window}"
        remedy = "does the manager know all members of this chat (new chat, new member), and their connections?"
        sure = "the members and connections that the cited lines name"
        cited = (*block, *told[:3])
        return Finding("not-a-member-in-manager", "product", "notified", text, remedy, 86, cited, sure)
    text = f"{way.message.text!r} was stored, and the server told nobody of it"
    remedy = "is the notification called after storing? its block must be in the log"
    return Finding("not-notified", "product", "notified", text, remedy, 84, stored[:2])


def _notifying(evidence: Evidence, way: Journey) -> list[Event]:
    """The line with which the server set out to tell the chat's members, and those after it."""
    if not evidence.app.lines.notifying:
        return []
    line = line_of(evidence.app.lines.notifying, chat=way.message.chat.id, any=ANYTHING)
    log = _events(evidence, way, "log")
    begin = next((index for index, event in enumerate(log) if line.fullmatch(event.text)), None)
    return [] if begin is None else [event for event in log[begin:] if event.source == log[begin].source][:5]


def not_in_a_frame(evidence: Evidence) -> Finding | None:
    """The server says it told the member, and no frame came."""
    way = _lost_at(evidence, "frame")
    if way is None:
        return None
    sockets = evidence.sockets(way.window)
    if changed := _changed(evidence, way):
        came, event = changed
        text = f"{way.message.text!r} was sent, and {came!r} came to {way.window}"
        remedy = "follow the text from the request to the store: encoding, length, escaping"
        return Finding("text-changed", "product", "stored", text, remedy, 83, (event,))
    if sockets and sockets[-1].kind in CLOSED:
        text = f"{way.window} had no open socket: {sockets[-1].text}"
        return Finding(
            "socket-closed", "product", "frame", text, "why did it not reconnect and catch up?", 70, tuple(sockets[-2:])
        )
    text = f"no frame brought {way.message.text!r} to {way.window}"
    remedy = "is the socket of this member written to?"
    sure = "a socket opened by hand with the same token: what comes there? a link that is dead closes nothing"
    return Finding("not-delivered", "product", "frame", text, remedy, 56, tuple(sockets[-2:]), sure)


def _changed(evidence: Evidence, way: Journey) -> tuple[str, Event] | None:
    """Another text than any that was sent, which came to the window in that chat, with its event."""
    sent = {message.text for message in evidence.cast.sent}
    for event in _events(evidence, way, RECEIVED, way.window):
        for seen in evidence.app.frame_messages(event.text):
            is_of_chat = seen.chat == way.message.chat.id and seen.text not in sent
            if is_of_chat and _alike(seen.text, way.message.text):
                return seen.text, event
    return None


def _alike(one: str, other: str) -> bool:
    """Whether one may be what became of the other; two messages of different people are not."""
    return SequenceMatcher(None, one[:LONGEST_COMPARED], other[:LONGEST_COMPARED]).ratio() > 0.4


def not_handled(evidence: Evidence) -> Finding | None:
    """The frame came, and the page did nothing with it, or threw."""
    way = _lost_at(evidence, "console", "shown", "listed")
    if way is None:
        return None
    user = evidence.cast.users[way.window]
    frames = frames_of(way.message, user)
    if not frames:
        return None
    before = {event.text for event in evidence.find("console", way.window) if event.at <= way.message.cursor.at}
    errors = [
        event
        for kind in ("page_error", "console")
        for event in _events(evidence, way, kind, way.window)
        if 0 <= event.at - frames[0].at <= THREW_WITHIN_S and (kind == "page_error" or _is_error(event))
        if event.text not in before and not evidence.is_harmless(event)
    ]
    if errors:
        text = f"the page threw on the frame: {errors[0].text}"
        return Finding(
            "page-threw", "product", "console", text, "mend the handler of this frame", 89, (frames[0], errors[0])
        )
    missing = way.missing.name if way.missing else ""
    if missing == "console":
        text = f"the frame with {way.message.text!r} came to {way.window}, and no handler took it"
        return Finding(
            "not-subscribed", "product", "console", text, "is there a handler for this frame?", 82, (frames[0],)
        )
    text = f"{way.window} took {way.message.text!r} in and does not show it ({missing})"
    remedy = "does the store change, and the view with it?"
    sure = "after a reload it is there: then the store has it, and the view was not told"
    return Finding("not-shown", "product", missing, text, remedy, 57, (frames[0],), sure)


def not_announced(evidence: Evidence) -> Finding | None:
    """What was caught up with is listed and counted, and the line about it is missing in the console."""
    symptom = evidence.symptom
    ways = [way for way in evidence.journeys if way.window == symptom.window and symptom.kind.startswith("to_log")]
    unseen = [way for way in ways if not {"frame", "console"} & {hop.name for hop in way.reached}]
    way = next((way for way in unseen if way.window != way.message.window and evidence.has_caught_up(way)), None)
    if way is None or not evidence.app.lines.console:
        return None
    text = f"{way.window} caught up with {way.message.text!r}, and wrote no line about it"
    remedy = "one handler for what comes live and for what is fetched"
    return Finding("not-announced", "product", "console", text, remedy, 70)


def _is_error(event: Event) -> bool:
    """What frameworks write when a handler throws; the browser's own lines are no such thing."""
    return event.data.get("level") == "error" and not event.data.get("browser")


def sent_elsewhere(evidence: Evidence) -> Finding | None:
    """The message is in another chat than the one it was typed in."""
    for message in reversed(evidence.cast.sent):
        for frame in evidence.cast.timeline.find(kind=RECEIVED, since=message.cursor):
            found = evidence.app.frame_messages(frame.text)
            for seen in (
                seen for seen in found if seen.text == message.text and seen.chat not in ("", message.chat.id)
            ):
                twins = [other for other in evidence.cast.sent if (other.text, other.chat.id) == (seen.text, seen.chat)]
                if not twins:
                    text = f"{message.text!r} was typed in chat {message.chat} and sent to chat {seen.chat}"
                    remedy = "bind the chat when the message is typed, not when it is sent"
                    return Finding("sent-to-another-chat", "product", "requested", text, remedy, 91, (frame,))
    return None


def came_twice(evidence: Evidence) -> Finding | None:
    """A message came, or is shown, more than once."""
    for user in evidence.windows:
        shown = [seen.text for seen in user.messages]
        for message in evidence.cast.sent:
            if [other.text for other in evidence.cast.sent].count(message.text) > 1:
                continue
            ids = {
                seen.id
                for frame in frames_of(message, user)
                for seen in evidence.app.frame_messages(frame.text)
                if seen.text == message.text
            }
            if len(ids) > 1:
                text = f"{message.text!r} was stored {len(ids)} times"
                remedy = "let a client message id make a repeated send one message"
                return Finding(
                    "stored-twice", "product", "stored", text, remedy, 88, tuple(frames_of(message, user)[:3])
                )
            if shown.count(message.text) > 1:
                text = f"{user.window} shows {message.text!r} {shown.count(message.text)} times"
                remedy = "merge by id: the echo, the answer and what a reload brings are one message"
                return Finding("shown-twice", "product", "shown", text, remedy, 85, tuple(frames_of(message, user)[:3]))
    return None


RULES = (
    not_sent,
    twin_not_sent,
    server_refused,
    not_notified,
    not_in_a_frame,
    not_handled,
    not_announced,
    sent_elsewhere,
    came_twice,
)
