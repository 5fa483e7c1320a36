"""Tiny services for the tests of stacks, and what the tests ask of them."""

from __future__ import annotations

import http.client
import queue
from pathlib import Path
from urllib.parse import quote, urlsplit

from duologue.stack import LogLine, ProcessService

SERVICE = Path(__file__).with_name("service.py")


def get(url: str, timeout_s: float = 5) -> str:
    """The body that the URL answers."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.netloc, timeout=timeout_s)
    connection.request("GET", parts.path or "/")
    body = connection.getresponse().read().decode()
    connection.close()
    return body


def say(url: str, text: str) -> None:
    """Have the service print a line."""
    get(f"{url}/say/{quote(text)}")


class Lines:
    """Collects what a follower hands on."""

    def __init__(self) -> None:
        self._queue: queue.Queue[LogLine] = queue.Queue()
        self.add = self._queue.put

    def await_next(self, timeout_s: float = 5) -> LogLine:
        """The next line, whatever it says."""
        return self._queue.get(timeout=timeout_s)

    def await_line(self, text: str, timeout_s: float = 5) -> LogLine:
        """The next line with exactly this text; those before it are dropped."""
        while True:
            line = self.await_next(timeout_s)
            if line.text == text:
                return line

    def is_empty(self) -> bool:
        """Whether nothing waits to be read."""
        return self._queue.empty()


def service(name: str, *options: str, **more: object) -> ProcessService:
    """A tiny service by that name."""
    return ProcessService.model_validate(
        {
            "name": name,
            "command": ["{python}", str(SERVICE), "{" + name + ".port}", *options],
            "ready": "{" + name + ".url}/",
            **more,
        }
    )
