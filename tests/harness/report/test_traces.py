"""Playwright's traces are kept without secrets, and still are traces."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from duologue.report import Redactor, redact_trace

SECRET = "8f14e45fceea167a5a36dedd4bea2543"
HEADERS = [{"name": "Authorization", "value": SECRET}, {"name": "Accept", "value": "*/*"}]


@pytest.fixture
def trace(tmp_path: Path) -> Path:
    path = tmp_path / "trace-user1.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("trace.network", f"{json.dumps({'request': {'headers': HEADERS}})}\n{{broken token={SECRET}\n")
        archive.writestr("trace.trace", json.dumps({"params": {"value": "known by heart", "text": "hello"}}))
        archive.writestr("resources/a.json", json.dumps({"access_token": SECRET, "text": "hello"}))
        archive.writestr("resources/b.jpeg", bytes(range(256)))
    return path


def test_it_holds_no_secret_and_all_the_rest(trace: Path) -> None:
    redact_trace(trace, Redactor({"known by heart": "password"}))

    with zipfile.ZipFile(trace) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    assert not any(SECRET.encode() in content or b"by heart" in content for content in members.values())
    request, broken, _ = members["trace.network"].decode().split("\n")
    assert json.loads(request)["request"]["headers"][1] == {"name": "Accept", "value": "*/*"}
    assert broken == "{broken token=[redacted]"
    assert json.loads(members["trace.trace"])["params"]["text"] == "hello"
    assert json.loads(members["resources/a.json"])["text"] == "hello"
    assert members["resources/b.jpeg"] == bytes(range(256))


def test_nothing_is_left_beside_it(trace: Path) -> None:
    redact_trace(trace, Redactor())

    assert [path.name for path in trace.parent.iterdir()] == [trace.name]
