"""Requests and sockets are read by whatever reads HAR files."""

from __future__ import annotations

from typing import Any

from duologue.report.har import har
from duologue.timeline import Event
from tests.harness.report.samples import BEGIN, EVENTS, event, kept


def entries(*events: Event) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = har(kept(*events))["log"]["entries"]
    return found


def test_a_request_is_an_entry_with_its_answer_and_the_time_between() -> None:
    (entry,) = entries(*EVENTS[:5])

    assert entry["request"]["method"] == "POST"
    assert entry["request"]["url"].endswith("/api/chats/7/messages")
    assert entry["response"]["status"] == 201
    assert entry["time"] == entry["timings"]["wait"] == 7.0
    assert entry["startedDateTime"].startswith("2023-11-14T22:13:20.040")
    assert entry["pageref"] == "user1"


def test_a_request_that_failed_and_one_without_an_answer_have_no_status() -> None:
    failed, open_ = entries(
        event(0, "user1", "request", "GET /a", id=1, method="GET", url="http://h/a?x=1"),
        event(1, "user1", "request", "GET /b", id=2, method="GET", url="http://h/b"),
        event(2, "user1", "request_failed", "GET /a: refused", id=1, error="refused"),
    )

    assert failed["response"]["status"] == 0
    assert failed["response"]["_error"] == "refused"
    assert failed["request"]["queryString"] == [{"name": "x", "value": "1"}]
    assert open_["response"]["status"] == 0


def test_a_socket_carries_its_frames_in_both_directions() -> None:
    (entry,) = entries(
        event(0, "user2", "ws_connecting", "ws://h/ws", socket=1),
        event(5, "user2", "ws_open", "ws://h/ws", socket=1),
        event(6, "user2", "ws_sent", "ping", socket=1),
        event(7, "user2", "ws_received", "[3 bytes]", socket=1, base64="AAEC", size=3),
        event(9, "user2", "ws_closed", "1006", socket=1, code=1006, reason=""),
    )

    assert entry["_resourceType"] == "websocket"
    assert entry["response"]["status"] == 101
    assert round(entry["time"]) == 5
    assert [(it["type"], it["opcode"], it["data"]) for it in entry["_webSocketMessages"]] == [
        ("send", 1, "ping"),
        ("receive", 2, "AAEC"),
    ]
    assert entry["_webSocketMessages"][0]["time"] == BEGIN + 0.006
    assert entry["_webSocketClosed"]["code"] == 1006


def test_documents_number_anew_and_a_frame_goes_to_the_newest_of_its_number() -> None:
    first, second = entries(
        event(0, "user1", "ws_connecting", "ws://h/1", socket=1),
        event(1, "user1", "ws_connecting", "ws://h/2", socket=1),
        event(2, "user1", "ws_received", "late", socket=1),
    )

    assert first["_webSocketMessages"] == []
    assert [it["data"] for it in second["_webSocketMessages"]] == ["late"]


def test_somebody_without_a_browser_has_a_socket_too() -> None:
    (entry,) = entries(
        event(0, "user3/protocol", "ws_open", "ws://h/ws"), event(1, "user3/protocol", "ws_received", "hi")
    )

    assert entry["request"]["url"] == "ws://h/ws"
    assert [it["data"] for it in entry["_webSocketMessages"]] == ["hi"]


def test_it_has_all_that_har_requires() -> None:
    log = har(kept(*EVENTS), "chromium", "140")["log"]

    assert log["version"] == "1.2"
    assert {"creator", "browser", "pages", "entries"} <= log.keys()
    for entry in log["entries"]:
        assert {"startedDateTime", "time", "request", "response", "cache", "timings"} <= entry.keys()
        assert {"method", "url", "httpVersion", "cookies", "headers", "queryString", "headersSize", "bodySize"} <= (
            entry["request"].keys()
        )
        assert {"status", "statusText", "httpVersion", "cookies", "headers", "content", "redirectURL"} <= (
            entry["response"].keys()
        )
        assert entry["pageref"] in {page["id"] for page in log["pages"]}
