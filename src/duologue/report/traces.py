"""Takes secrets out of Playwright's traces, in place: a zip of JSON lines and of what the pages loaded."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

from duologue.report.redact import Redactor

_JSON_LINES = (".trace", ".network", ".stacks")


def redact_trace(path: Path, redactor: Redactor) -> None:
    """Write the trace anew without secrets; pictures and fonts stay as they are. Raises OSError, BadZipFile."""
    clean = path.with_name(f"{path.name}.part")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(clean, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.infolist():
            new.writestr(member, _clean(member.filename, old.read(member), redactor), member.compress_type)
    clean.replace(path)


def _clean(name: str, content: bytes, redactor: Redactor) -> bytes:
    try:
        text = content.decode()
    except UnicodeDecodeError:
        return content
    if name.endswith(_JSON_LINES):
        return "\n".join(_clean_line(line, redactor) for line in text.split("\n")).encode()
    return redactor.text(text).encode()


def _clean_line(line: str, redactor: Redactor) -> str:
    try:
        return json.dumps(redactor.data(json.loads(line)), ensure_ascii=False) if line.strip() else line
    except ValueError:
        return redactor.text(line)
