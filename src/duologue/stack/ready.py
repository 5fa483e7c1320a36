"""Readiness asked over HTTP: in goes a URL, out comes the moment it answers, or what was seen instead."""

from __future__ import annotations

import http.client
import socket
import time
from collections.abc import Callable
from threading import Event
from urllib.parse import urlsplit

# What is awaited here is another program's start, which sends no event. A refused connection costs the other side
# nothing; an answer costs it work, and mostly a line in its log.
ASK_EVERY_S = 0.01
ASK_AGAIN_EVERY_S = 0.05


class NotReadyError(Exception):
    """No 2xx in time; the text holds the answers seen, each with its time."""


def ask(url: str, timeout_s: float = 1) -> str:
    """`""` when the URL answers 2xx (or listens, with the scheme tcp), else what was seen. Never through a proxy.

    A URL without a path asks only whether anything answers: below 500 will do, as an API has nothing at its root.
    """
    parts = urlsplit(url)
    if parts.scheme == "tcp":
        return _listens(parts.hostname or "", parts.port or 0, timeout_s)
    connect = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = connect(parts.hostname or "", parts.port, timeout=timeout_s)
    try:
        connection.request("GET", (parts.path or "/") + (f"?{parts.query}" if parts.query else ""))
        status = connection.getresponse().status
        return "" if 200 <= status < (300 if parts.path else 500) else f"HTTP {status}"
    except TimeoutError:
        return f"no answer within {timeout_s:g} s"
    except (OSError, http.client.HTTPException) as error:
        return getattr(error, "strerror", None) or str(error) or type(error).__name__
    finally:
        connection.close()


def _listens(host: str, port: int, timeout_s: float) -> str:
    try:
        socket.create_connection((host, port), timeout_s).close()
    except OSError as error:
        return error.strerror or str(error)
    return ""


def await_ready(
    url: str,
    *,
    timeout_s: float,
    ended: Event,
    raise_if_ended: Callable[[], None],
    refusals_will_do: bool = False,
) -> None:
    """Return when `url` answers 2xx; with `refusals_will_do` also at 3xx or 4xx, as the root of an API may answer.

    `ended` is set when a service may have ended: then `raise_if_ended` is called, which raises if it has.
    Raises `NotReadyError` after `timeout_s`.
    """
    begin = time.monotonic()
    answers: list[tuple[float, str]] = []
    while True:
        answer = ask(url, min(2, timeout_s))
        now = time.monotonic() - begin
        if ended.is_set():
            ended.clear()
            raise_if_ended()
        if not answer or (refusals_will_do and answer.startswith(("HTTP 3", "HTTP 4"))):
            return
        if not answers or answers[-1][1] != answer:
            answers.append((now, answer))
        if now > timeout_s:
            raise NotReadyError("; ".join(f"{answer} (from {at:.2f} s on)" for at, answer in answers[-5:]))
        ended.wait(ASK_AGAIN_EVERY_S if answer.startswith("HTTP") else ASK_EVERY_S)
