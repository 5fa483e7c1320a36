"""The timeline's requests and sockets as a HAR file: records go in, HAR 1.2 data comes out.

Frames stand in `_webSocketMessages`, Chrome's extension, as DevTools and HAR viewers read it. The tap sees no headers
and no bodies of requests, so those are empty; what HAR cannot know is -1, as its specification asks.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from duologue.report.records import Record

_UNKNOWN = -1
_SWITCHING_PROTOCOLS = 101
_TEXT, _BINARY = 1, 2  # opcodes of frames, RFC 6455 section 5.2


def har(records: Iterable[Record], browser: str = "", browser_version: str = "") -> dict[str, Any]:
    """A page for each window, an entry for each request and each socket, in order of their start."""
    # A document numbers its requests and sockets anew, so the newest of a number is meant.
    requests: dict[tuple[str, Any], dict[str, Any]] = {}
    sockets: dict[tuple[str, Any], dict[str, Any]] = {}
    pages: dict[str, dict[str, Any]] = {}
    entries: list[dict[str, Any]] = []

    def begin(record: Record, method: str, url: str) -> dict[str, Any]:
        window = record.source
        if window not in pages:
            pages[window] = {"startedDateTime": _time(record.at), "id": window, "title": window, "pageTimings": {}}
        entries.append(_entry(record.at, window, method, url))
        return entries[-1]

    for record in records:
        data = record.data
        match record.kind:
            case "request":
                requests[record.source, data["id"]] = begin(record, data["method"], data["url"])
            case "response" | "request_failed" if entry := requests.pop((record.source, data["id"]), None):
                if record.kind == "response":
                    entry["response"]["status"] = data["status"]
                    _takes(entry, data["ms"])
                else:
                    entry["response"]["_error"] = data["error"]
            case "ws_connecting":
                sockets[record.source, data["socket"]] = _socket(begin(record, "GET", record.text))
            case "ws_open" | "ws_sent" | "ws_received" | "ws_closed":
                key = record.source, data.get("socket")
                # People without a browser tell of a socket once it is open.
                entry = sockets.get(key) or sockets.setdefault(key, _socket(begin(record, "GET", record.text)))
                _tell(entry, record)
            case _:
                pass

    creator = {"name": "duologue", "version": version("duologue")}
    log: dict[str, Any] = {"version": "1.2", "creator": creator, "pages": list(pages.values()), "entries": entries}
    if browser:
        log["browser"] = {"name": browser, "version": browser_version}
    return {"log": log}


def _tell(entry: dict[str, Any], record: Record) -> None:
    """Note on a socket's entry that it opened, closed, or carried a frame."""
    if record.kind == "ws_open":
        entry["response"] |= {"status": _SWITCHING_PROTOCOLS, "statusText": "Switching Protocols"}
        _takes(entry, (record.at - datetime.fromisoformat(entry["startedDateTime"]).timestamp()) * 1000)
    elif record.kind == "ws_closed":
        entry["_webSocketClosed"] = {"time": record.at, **{key: record.data.get(key) for key in ("code", "reason")}}
    else:
        binary = record.data.get("base64")
        entry["_webSocketMessages"].append(
            {
                "type": "send" if record.kind == "ws_sent" else "receive",
                "time": record.at,
                "opcode": _BINARY if binary is not None else _TEXT,
                "data": record.text if binary is None else binary,
            }
        )


def _takes(entry: dict[str, Any], ms: float) -> None:
    entry["time"] = entry["timings"]["wait"] = max(ms, 0.0)


def _socket(entry: dict[str, Any]) -> dict[str, Any]:
    return _update(entry, _resourceType="websocket", _webSocketMessages=[])


def _update(entry: dict[str, Any], **more: Any) -> dict[str, Any]:
    entry.update(more)
    return entry


def _entry(at: float, window: str, method: str, url: str) -> dict[str, Any]:
    head: dict[str, Any] = {
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": [],
        "headersSize": _UNKNOWN,
        "bodySize": _UNKNOWN,
    }
    query = [{"name": name, "value": value} for name, value in parse_qsl(urlsplit(url).query, keep_blank_values=True)]
    content = {"size": 0, "mimeType": "x-unknown"}
    return {
        "pageref": window,
        "startedDateTime": _time(at),
        "time": 0,
        "request": {"method": method, "url": url, "queryString": query, **head},
        "response": {"status": 0, "statusText": "", "content": content, "redirectURL": "", **head},
        "cache": {},
        "timings": {"send": 0, "wait": 0, "receive": 0},
    }


def _time(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat()
