"""Causes on the way to a connection: token, origin, address, backend, reconnecting."""

from __future__ import annotations

from urllib.parse import urlsplit

from duologue.diagnosis.evidence import Evidence, token_of
from duologue.diagnosis.finding import Finding
from duologue.timeline import Event

_NO_TOKEN = ("", "null", "undefined", "None")
# Backoff of a healthy client is capped well below this; a shorter silence is no proof of giving up.
GIVEN_UP_AFTER_S = 8.0
# A client that refreshes once asks at most twice; more refusals in a row are a loop.
LOOP_REFUSALS = 4


def backend_down(evidence: Evidence) -> Finding | None:
    """Nobody listens where the API ought to be."""
    probe = evidence.probe("api")
    if probe is None or probe.data["state"] not in ("refused", "broken"):
        return None
    last = evidence.find("log")[-4:]
    return Finding(
        "backend-down",
        "product",
        "server",
        f"nobody answers at {evidence.api_url}",
        "start the backend; its last log lines say why it ended",
        95,
        (probe, *last),
    )


def backend_paused(evidence: Evidence) -> Finding | None:
    """The port is open and nothing answers."""
    probe = evidence.probe("api")
    if probe is None or probe.data["state"] != "silent":
        return None
    text = f"{evidence.api_url} takes connections and does not answer"
    return Finding(
        "backend-paused", "product", "server", text, "look for a blocked loop or a frozen process", 93, (probe,)
    )


def no_token(evidence: Evidence) -> Finding | None:
    """The page dials without a token."""
    for user in evidence.windows:
        dialled = [event for event in evidence.find("ws_connecting", user.window) if token_of(event.text) in _NO_TOKEN]
        missing = evidence.find("ws_closed", user.window, lambda event: "missing" in event.data["reason"])
        if not (dialled or missing):
            continue
        state = next(iter(evidence.find("page_state", user.window)), None)
        keys: list[str] = state.data["keys"] if state else []
        text = f"{user.window} dials without a token (its storage holds {', '.join(keys) or 'nothing'})"
        remedy = "does the page read the key under which signing in stores the token?"
        return Finding("no-token", "product", "connect", text, remedy, 94, (*dialled[:2], *missing[:1]))
    return None


def token_refused(evidence: Evidence) -> Finding | None:
    """The server refuses the token."""

    def refused(event: Event) -> bool:
        return event.data["code"] == 1008 and "invalid" in event.data["reason"]

    for user in evidence.windows:
        if closed := evidence.find("ws_closed", user.window, refused):
            text = f"the server closed {user.window}'s socket: {closed[-1].text}"
            remedy = "is it an access token, of this server's key, of a session that lives?"
            return Finding("token-refused", "product", "connect", text, remedy, 78, tuple(closed[:2]))
    return None


def refusals_in_a_loop(evidence: Evidence) -> Finding | None:
    """The page goes on asking with a token that is refused."""
    for user in evidence.windows:
        refused = evidence.find("response", user.window, lambda event: event.data["status"] == 401)
        closed = evidence.find("ws_closed", user.window, lambda event: "expired" in event.data["reason"])
        if max(len(refused), len(closed)) >= LOOP_REFUSALS:
            count = max(len(refused), len(closed))
            text = f"{user.window} was refused {count} times and goes on with the same token"
            remedy = "refresh once on 401 or 1008; when that is refused too, sign out"
            return Finding(
                "expired-token-reused", "product", "connect", text, remedy, 90, tuple((*refused, *closed)[:4])
            )
    return None


def origin_refused(evidence: Evidence) -> Finding | None:
    """The server does not let the page's origin in."""

    def says_so(event: Event) -> bool:
        return "CORS" in event.text or "Access-Control-Allow-Origin" in event.text

    lines = evidence.find("console", where=says_so)
    closed = evidence.find("ws_closed", where=lambda event: "origin" in event.data["reason"])
    # Firefox tells nobody of CORS: a request that fails in the page and not outside it is the sign.
    failed = evidence.find("request_failed", where=lambda event: event.data["url"].startswith(evidence.api_url))
    if lines or closed or (failed and evidence.api_answers and not evidence.find("response")):
        cited = (*lines[:2], *closed[:2], *failed[:2])
        text = "the server refuses the page's origin"
        return Finding(
            "origin-refused", "product", "connect", text, "add the page's origin to the allowed ones", 92, cited
        )
    return None


def wrong_address(evidence: Evidence) -> Finding | None:
    """The page dials another address than the stack's."""
    for user in evidence.windows:
        expected = evidence.socket_urls.get(user.name, "")
        dialled = evidence.find("ws_connecting", user.window)
        if not dialled or not expected:
            continue
        seen = [event.text.partition("?")[0] for event in dialled]
        if expected in seen:
            continue
        want, got = urlsplit(expected), urlsplit(seen[0])
        if (want.hostname, want.port, want.scheme) != (got.hostname, got.port, got.scheme):
            cause, remedy = "wrong-ws-url", "what address do the page's settings hold?"
        else:
            cause, remedy = "wrong-ws-path", "compare the path that the page dials with the server's route"
        text = f"{user.window} dials {seen[0]}, and the server is at {expected}"
        return Finding(cause, "product", "connect", text, remedy, 91, tuple(dialled[:2]))
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
            return Finding("not-upgraded", "product", "connect", text, remedy, 60, tuple(closed[:2]))
    return None


def gave_up(evidence: Evidence) -> Finding | None:
    """The socket closed, the server is back, and the page does not dial any more."""
    if not evidence.api_answers:
        return None
    end = max((event.at for event in evidence.cast.timeline), default=0.0)
    for user in evidence.windows:
        sockets = evidence.sockets(user.window)
        left = evidence.find("action", user.window, lambda it: it.text in ("signs out", "closes the window"))
        if not sockets or sockets[-1].kind != "ws_closed" or left:
            continue
        last = sockets[-1]
        silent_s = end - last.at
        if silent_s >= GIVEN_UP_AFTER_S:
            text = f"{user.window}'s socket closed ({last.text}) and was not dialled again for {silent_s:.0f} s"
            if ours := evidence.faults(user.window):
                text += f"; that was ours ({ours[0].text}), and {ours[-1].text}: {end - ours[-1].at:.0f} s ago"
            return Finding(
                "gave-up-reconnecting",
                "product",
                "connect",
                text,
                "retry for as long as it takes",
                84,
                (*ours[:1], last, *ours[-1:]),
            )
    return None


def stale_bundle(evidence: Evidence) -> Finding | None:
    """The page runs scripts that the server does not serve any more."""
    for state in evidence.find("page_state"):
        served, running = state.data["served"], state.data["scripts"]
        if served and running and not any(script.endswith(name) for script in running for name in served):
            text = f"{state.source} runs {running[0].rpartition('/')[2]}, and {served[0].rpartition('/')[2]} is served"
            remedy = "clear the cache; serve index.html uncached; look for a service worker"
            return Finding("stale-bundle", "product", "page", text, remedy, 97, (state,))
    return None


RULES = (
    backend_down,
    backend_paused,
    no_token,
    token_refused,
    refusals_in_a_loop,
    origin_refused,
    wrong_address,
    never_upgraded,
    gave_up,
    stale_bundle,
)
