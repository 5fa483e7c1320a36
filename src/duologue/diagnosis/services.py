"""Causes in services: one that ended, froze or does not listen, and a page that runs what is not served any more."""

from __future__ import annotations

from urllib.parse import urlsplit

from duologue.diagnosis.evidence import Evidence
from duologue.diagnosis.finding import Finding
from duologue.diagnosis.logs import raised_in
from duologue.errors import StackError
from duologue.people.user import User
from duologue.taps import CLOSED
from duologue.timeline import Event

# A service writes of an error as it answers; on a busy machine a while before the page has that answer.
RAISED_WITHIN_S = 2.0


def backend_down(evidence: Evidence) -> Finding | None:
    """Nobody listens where the API ought to be: it ended, froze, or runs and listens elsewhere."""
    probe = evidence.probe("api")
    if probe is None or probe.data["state"] not in ("refused", "broken") or evidence.in_effect(""):
        return None
    ended = _services(evidence, "exited")
    last = evidence.find("log", ended[0].source if ended else None)[-4:]
    if ended:
        text = f"nobody answers at {evidence.api_url}: {ended[0].text}{_last_words(ended[0])}"
        return Finding(
            "backend-down", "product", "server", text, "see why it ended, start it", 95, (probe, *ended, *last)
        )
    running = _services(evidence, "running")
    if running:
        text = f"nobody listens at {evidence.api_url}, though {' and '.join(event.source for event in running)} run"
        remedy = "on which address and port does the backend listen?"
        return Finding("backend-not-listening", "product", "server", text, remedy, 93, (probe, *running, *last))
    text, remedy = f"nobody answers at {evidence.api_url}", "start the backend; its last log lines say why it ended"
    return Finding("backend-down", "product", "server", text, remedy, 95, (probe, *last))


def backend_paused(evidence: Evidence) -> Finding | None:
    """The port is open and nothing answers."""
    probe, paused = evidence.probe("api"), _services(evidence, "paused")
    if (not paused and (probe is None or probe.data["state"] != "silent")) or evidence.in_effect(""):
        return None
    text = f"{evidence.api_url} takes connections and does not answer" + (f": {paused[0].text}" if paused else "")
    remedy = "let the process run on" if paused else "look for a blocked loop or a frozen process"
    return Finding("backend-paused", "product", "server", text, remedy, 93, (*((probe,) if probe else ()), *paused))


def service_exited(evidence: Evidence) -> Finding | None:
    """A service ended while the API goes on answering, such as a database behind it."""
    ended = _services(evidence, "exited")
    if not ended or not evidence.api_answers or evidence.in_effect(""):
        return None
    text = f"{ended[0].text}{_last_words(ended[0])}"
    return Finding("service-exited", "product", "server", text, "see why it ended, start it", 79, tuple(ended))


def page_down(evidence: Evidence) -> Finding | None:
    """Nobody serves the page."""
    probe = evidence.probe("page")
    if probe is None or probe.data["state"] == "answers" or evidence.in_effect(""):
        return None
    remedy = "start what serves the page, or correct the address"
    # Where one server serves both, what is known of it as the API's says more.
    is_one_server = urlsplit(str(probe.data.get("url"))).netloc == urlsplit(evidence.api_url).netloc
    return Finding("page-down", "product", "page", probe.text, remedy, 90 if is_one_server else 96, (probe,))


def page_refused(evidence: Evidence) -> Finding | None:
    """What a window shows instead of the chat is the server's answer that it cannot or will not give the page."""
    for user in evidence.windows:
        state = evidence.page_state(user.window)
        status = state.data.get("status", 0) if state else 0
        if state is not None and status >= 400:
            text = f"{user.window}'s page was answered {status} at {state.text}"
            remedy = "the server's log shows why: was it ready, is it overloaded? is the adapter's path right?"
            return Finding("page-refused", "product", "page", text, remedy, 92, (state,))
    return None


def stale_bundle(evidence: Evidence) -> Finding | None:
    """The page runs scripts that its server does not serve any more: from a cache, or from a service worker."""
    for state in evidence.find("page_state"):
        served, running = state.data["served"], state.data["scripts"]
        worker = state.data.get("worker", "")
        by = f", from the service worker {worker}" if worker else ""
        changed = state.data.get("changed", [])
        if served and running and not set(served) & set(running):
            text = f"{state.source} runs {_file(running[0])}{by}, and {_file(served[0])} is served"
        elif changed:
            name, ran, now = changed[0]
            text = f"{state.source} runs a {_file(name)} of {ran} bytes{by}, and one of {now} bytes is served"
        else:
            continue
        remedy = "clear the cache; a script that changes needs another name, or must not be kept; " + (
            "let the service worker take the new one over" if worker else "index.html must not be kept"
        )
        return Finding("stale-bundle", "product", "page", text, remedy, 97, (state,))
    return None


def of_stack(error: StackError) -> Finding:
    """The cause of a stack that did not come up; there is no timeline yet."""
    said = f"{error.what}. {_last_line(error.seen)}".rstrip(". ")
    if error.service:
        return Finding(f"{error.service}-down", "product", "server", said, "its last lines, in the error, say why", 99)
    return Finding("stack-not-up", "environment", "stack", said, error.remedy or "see the error", 99)


def request_failed_in_server(evidence: Evidence) -> Finding | None:
    """The server failed at a request of a page since that page's last act, and nothing was broken by the test."""
    for user in evidence.windows:
        if evidence.faults(user.window):
            continue
        since = max((event.at for event in evidence.find("action", user.window)), default=0.0)
        answers = _failed_answers(evidence, user, since)
        # An error that nobody handled is answered without the headers that would let the page read the answer.
        failed = evidence.find("request_failed", user.window, lambda event, since=since: event.at >= since)
        raised = [
            line
            for line in raised_in(evidence.find("log", where=lambda event, since=since: event.at >= since))
            if any(abs(line.at - event.at) < RAISED_WITHIN_S for event in (*answers, *failed))
        ]
        if not answers and not raised:
            continue
        at = f": {raised[0].text.strip()}" if raised else ""
        text = f"the server failed at a request of {user.window}, {(answers or failed)[0].text}{at}"
        remedy = "the server's log shows where"
        return Finding("server-error", "product", "server", text, remedy, 89, (*answers[:2], *failed[:1], *raised[:3]))
    return None


def _failed_answers(evidence: Evidence, user: User, since: float) -> list[Event]:
    """The answers 5xx since a moment, but those that the server always gives, and those that a later try mended."""
    answers = evidence.find("response", user.window)
    usual = {event.text for event in answers if event.at < since}
    mended = {_asked(event): event.at for event in answers if event.data["status"] < 400}
    return [
        event
        for event in answers
        if event.at >= since and event.data["status"] >= 500 and event.text not in usual
        if mended.get(_asked(event), 0.0) < event.at
    ]


def _asked(answer: Event) -> str:
    """The method and the address that an answer is to."""
    return answer.text.partition(" ")[2]


def _services(evidence: Evidence, state: str) -> list[Event]:
    return evidence.find("service", where=lambda event: event.data["state"] == state)


def _last_words(service: Event) -> str:
    lines = service.data["lines"]
    return f"; its last line: {lines[-1].strip()}" if lines else ""


def _last_line(text: str) -> str:
    return (text.strip().splitlines() or [""])[-1].strip()


def _file(url: str) -> str:
    return url.rpartition("/")[2]


def socket_broken_by_a_frame(evidence: Evidence) -> Finding | None:
    """A client sent a frame, and had its socket closed instead of an answer."""
    symptom = evidence.symptom
    sent = evidence.find("action", symptom.window, lambda event: event.text.startswith("sends frame "))
    sockets = evidence.sockets(symptom.window)
    if symptom.kind != "to_receive_frame" or not sent or not sockets or sockets[-1].kind not in CLOSED:
        return None
    last, closed = sent[-1], sockets[-1]
    if closed.at < last.at:
        return None
    raised = [
        line
        for line in raised_in(evidence.find("log", where=lambda event: event.at >= last.at))
        if line.at - last.at < RAISED_WITHIN_S
    ]
    at = f": {raised[0].text.strip()}" if raised else ""
    text = f"{symptom.window} {last.text}, and its socket closed ({closed.text.strip()}) without an answer{at}"
    remedy = "answer a frame that makes no sense with an error, whatever is in it"
    return Finding("socket-broken-by-frame", "product", "frame", text, remedy, 72, (last, closed, *raised[:3]))


RULES = (
    backend_down,
    backend_paused,
    service_exited,
    page_down,
    page_refused,
    stale_bundle,
    request_failed_in_server,
    socket_broken_by_a_frame,
)
