"""Lines of a log as data: literal ones with holes, and whether a line fits."""

from __future__ import annotations

import re
from typing import cast

Line = str | re.Pattern[str]
ANYTHING = re.compile(".*", re.DOTALL)


def fits(line: Line, text: str) -> bool:
    """Equal to a string as a whole, or matched by a pattern from beginning to end."""
    return text == line if isinstance(line, str) else line.fullmatch(text) is not None


def shown(line: Line) -> str:
    """A line as a failure shows it."""
    return repr(line) if isinstance(line, str) else f"/{line.pattern}/"


def line_of(text: str, /, **parts: object) -> re.Pattern[str]:
    """A pattern from a literal line in which `{name}` stands for a part: a pattern as it is, anything else literally.

    `line_of("Chat ID: {chat}", chat=7)`; a brace that names no part is a brace.
    """
    names = "|".join(map(re.escape, parts)) or r"(?!)"
    pieces = re.split(r"\{(" + names + r")\}", text)
    patterns = [_pattern(parts[piece]) if index % 2 else re.escape(piece) for index, piece in enumerate(pieces)]
    return re.compile("".join(patterns), re.DOTALL)


def _pattern(part: object) -> str:
    return str(cast("re.Pattern[str]", part).pattern) if isinstance(part, re.Pattern) else re.escape(str(part))
