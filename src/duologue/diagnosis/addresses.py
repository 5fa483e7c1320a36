"""Causes in addresses: the page asks elsewhere, is not let in from where it is, or meets a proxy that cannot."""

from __future__ import annotations

import re
from urllib.parse import SplitResult, urlsplit

from duologue.diagnosis.evidence import Evidence
from duologue.diagnosis.finding import Finding
from duologue.diagnosis.logs import raised_in
from duologue.taps import RECEIVED
from duologue.timeline import Event

_MIXED = re.compile(r"mixed content|insecure (?:websocket|content|resource)", re.IGNORECASE)


def origin_refused(evidence: Evidence) -> Finding | None:
    """The server does not let the page's origin in."""

    def says_so(event: Event) -> bool:
        return "CORS" in event.text or "Access-Control-Allow-Origin" in event.text

    # Where the page was let in before, a lone answer without the header is that of a server that failed at it.
    was_let_in = bool(evidence.find("response", where=lambda event: event.data["url"].startswith(evidence.api_url)))
    lines = evidence.find("console", where=lambda event: says_so(event) and not (was_let_in and _is_of_answer(event)))
    closed = evidence.find("ws_closed", where=lambda event: "origin" in event.data["reason"].lower())
    # Firefox tells nobody of CORS: a request that fails in the page and not outside it is the sign.
    failed = evidence.find("request_failed", where=lambda event: event.data["url"].startswith(evidence.api_url))
    if was_let_in and not lines:
        failed = []
    if failed and raised_in(evidence.find("log")):
        return None  # the answer to a request that raised an error bears no headers at all
    if lines or closed or (failed and evidence.api_answers):
        cited = (*lines[:2], *closed[:2], *failed[:2])
        where = " and ".join(name for name, seen in (("REST", lines or failed), ("the socket", closed)) if seen)
        text = f"the server refuses the page's origin, for {where}"
        return Finding(
            "origin-refused", "product", "connect", text, "add the page's origin to the allowed ones", 92, cited
        )
    return None


def _is_of_answer(line: Event) -> bool:
    """Whether a browser's line is about the answer itself, and not about the question whether it may ask."""
    return "preflight" not in line.text.lower()


def mixed_content(evidence: Evidence) -> Finding | None:
    """A page of https asks for what is not encrypted, which browsers refuse."""
    said = [event for kind in ("console", "page_error") for event in evidence.find(kind) if _MIXED.search(event.text)]
    insecure = [
        event
        for state in evidence.find("page_state")
        if state.text.startswith("https:")
        for kind in ("ws_connecting", "request")
        for event in evidence.find(kind, state.source)
        if str(event.data.get("url", event.text)).startswith(("ws:", "http:"))
    ]
    if not (said or insecure):
        return None
    text = f"a page of https asks for what is not encrypted: {(said or insecure)[0].text[:200]}"
    remedy = "give the page addresses of https and wss"
    return Finding("mixed-content", "product", "connect", text, remedy, 96, (*said[:2], *insecure[:2]))


def wrong_socket_address(evidence: Evidence) -> Finding | None:
    """The page dials another address than the stack's."""
    for user in evidence.windows:
        expected = evidence.socket_urls.get(user.name, "")
        dialled = evidence.find("ws_connecting", user.window)
        if not dialled or not expected:
            continue
        seen = [event.text.partition("?")[0] for event in dialled]
        if expected in seen:
            continue
        # One host may have several names: where frames come all the same, something else may be wrong.
        certainty = 40 if evidence.find(RECEIVED, user.window) else 91
        other = _difference(urlsplit(expected), urlsplit(seen[0]))
        text = f"{user.window} dials {seen[0]}, and the server is at {expected}: another {other}"
        if other == "path":
            remedy = "compare the path that the page dials with the server's route"
            return Finding("wrong-ws-path", "product", "connect", text, remedy, certainty, tuple(dialled[:2]))
        remedy = "what address do the page's settings hold, and does it read them?"
        return Finding("wrong-ws-url", "product", "connect", text, remedy, certainty, tuple(dialled[:2]))
    return None


def wrong_api_address(evidence: Evidence) -> Finding | None:
    """The page never asks the stack's API, but another address, in vain."""
    if not evidence.cast.app.capabilities.requests:
        return None  # the API is the tests' own way in, and no page need ask it
    for user in evidence.windows:
        asked = evidence.find("request", user.window)
        if not asked or any(event.data["url"].startswith(evidence.api_url) for event in asked):
            continue
        ids = {event.data["id"] for event in asked}
        answers = evidence.find("response", user.window, lambda event, ids=ids: event.data["id"] in ids)
        unknown = [event for event in answers if event.data["status"] in (404, 405)]
        if not unknown and any(event.data["status"] < 400 for event in answers):
            continue  # it is served where it asks: one host may have several names
        failed = evidence.find("request_failed", user.window, lambda event, ids=ids: event.data["id"] in ids)
        vain = [*failed, *unknown]
        if not vain:
            continue
        other = _difference(urlsplit(evidence.api_url), urlsplit(str(vain[0].data["url"])))
        text = f"{user.window} asks {vain[0].data['url']}, and the API is at {evidence.api_url}: another {other}"
        remedy = "what address do the page's settings hold, and does it read them?"
        return Finding("wrong-api-url", "product", "connect", text, remedy, 90, tuple(vain[:2]))
    return None


def never_upgraded(evidence: Evidence) -> Finding | None:
    """The right address never becomes a WebSocket, and the API answers."""
    for user in evidence.windows:
        sockets = evidence.sockets(user.window)
        opened = any(event.kind == "ws_open" for event in sockets)
        closed = [event for event in sockets if event.kind == "ws_closed" and event.data["code"] == 1006]
        if closed and not opened and evidence.api_answers:
            text = f"{user.window}'s socket is refused before it opens, while the API answers"
            remedy = "does a proxy on the way pass Upgrade on? does the route exist?"
            sure = "dial the server itself, past the proxy: if that opens, it is the proxy"
            return Finding("not-upgraded", "product", "connect", text, remedy, 60, tuple(closed[:2]), sure)
    return None


def _difference(want: SplitResult, got: SplitResult) -> str:
    for name, one, other in (
        ("scheme", want.scheme, got.scheme),
        ("host", want.hostname, got.hostname),
        ("port", want.port, got.port),
    ):
        if one != other:
            return name
    return "path"


RULES = (origin_refused, mixed_content, wrong_socket_address, wrong_api_address, never_upgraded)
