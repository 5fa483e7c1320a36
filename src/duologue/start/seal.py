"""Whether anybody changed a file since it was written: a text comes in, and goes out with its digest on top."""

from __future__ import annotations

import hashlib

_LINE = "# `duologue try` writes over this file as long as nobody changes it: "


def sealed(text: str) -> str:
    """The text, with a first line that fits nothing but it."""
    return f"{_LINE}{_digest(text)}\n{text}"


def is_sealed(text: str) -> bool:
    """Whether it still is as it was sealed."""
    first, _, rest = text.partition("\n")
    return first == f"{_LINE}{_digest(rest)}"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]
