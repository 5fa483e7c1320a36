"""Wrong addresses, refused origins and proxies are told apart by who was asked and how that ended."""

from __future__ import annotations

import pytest

from duologue.diagnosis import findings
from tests.harness.diagnosis.scene import API, SOCKET, Scene


def cause(scene: Scene) -> str:
    """The likeliest cause."""
    return findings(scene.evidence())[0].cause


def test_an_origin_refused_by_the_socket() -> None:
    scene = Scene()
    scene.connects("user1")
    scene.closes("user1", 1008, "origin not allowed")
    scene.probes()

    found = findings(scene.evidence())[0]
    assert found.cause == "origin-refused"
    assert found.text.endswith("for the socket")


def test_an_origin_refused_for_requests_in_a_browser_that_says_so() -> None:
    scene = Scene()
    scene.sees("user1", "console", "Access to fetch has been blocked by CORS policy", level="error", args=())
    scene.probes()

    found = findings(scene.evidence())[0]
    assert found.cause == "origin-refused"
    assert found.text.endswith("for REST")


def test_an_origin_refused_for_requests_in_a_browser_that_says_nothing() -> None:
    scene = Scene()
    scene.sees("user1", "request_failed", f"GET {API}/chats", url=f"{API}/chats", error="NetworkError")
    scene.probes()

    assert cause(scene) == "origin-refused"


def test_a_method_that_the_preflight_refuses_after_others_were_let_in() -> None:
    scene = Scene()
    scene.sees("user1", "response", f"200 GET {API}/chats", id=1, url=f"{API}/chats", status=200)
    line = "blocked by CORS policy: Response to preflight request doesn't pass access control check"
    scene.sees("user1", "console", line, level="error", args=())
    scene.probes()

    assert cause(scene) == "origin-refused"


@pytest.mark.parametrize(
    ("url", "named", "other"),
    [
        ("ws://elsewhere:8800/live?token=good", "wrong-ws-url", "host"),
        ("ws://127.0.0.1:9999/live?token=good", "wrong-ws-url", "port"),
        ("wss://127.0.0.1:8800/live?token=good", "wrong-ws-url", "scheme"),
        ("ws://127.0.0.1:8800/socket?token=good", "wrong-ws-path", "path"),
    ],
)
def test_a_page_that_dials_another_address(url: str, named: str, other: str) -> None:
    scene = Scene()
    scene.sees("user1", "ws_connecting", url, socket=1)
    scene.closes("user1", 1006)
    scene.probes()

    found = findings(scene.evidence())[0]
    assert found.cause == named
    assert found.text.endswith(f"another {other}")


@pytest.mark.parametrize(
    ("url", "answer", "other"),
    [
        ("http://127.0.0.1:9999/api/login", None, "port"),
        ("http://elsewhere:8800/api/login", None, "host"),
        ("http://127.0.0.1:8800/v2/login", 404, "path"),
    ],
)
def test_a_page_that_asks_another_api(url: str, answer: int | None, other: str) -> None:
    scene = Scene()
    scene.sees("user1", "request", f"POST {url}", id=1, method="POST", url=url)
    kind, more = ("response", {"status": answer}) if answer else ("request_failed", {"error": "refused"})
    scene.sees("user1", kind, url, id=1, url=url, **more)
    scene.probes()

    found = findings(scene.evidence())[0]
    assert found.cause == "wrong-api-url"
    assert found.text.endswith(f"another {other}")


def test_a_page_of_https_that_dials_without_encryption() -> None:
    scene = Scene()
    scene.sees("user1", "ws_connecting", f"{SOCKET}?token=good", socket=1)
    scene.closes("user1", 1006)
    scene.page_state("user1", url="https://chat.example/")
    scene.probes()

    assert cause(scene) == "mixed-content"


def test_a_browser_that_says_mixed_content() -> None:
    scene = Scene()
    scene.sees("user1", "console", "Mixed Content: The page at 'https://h/' was loaded over HTTPS", level="error")
    scene.probes()

    assert cause(scene) == "mixed-content"


def test_an_address_that_is_right_and_never_becomes_a_socket() -> None:
    scene = Scene()
    scene.sees("user1", "ws_connecting", f"{SOCKET}?token=good", socket=1)
    scene.closes("user1", 1006)
    scene.probes()

    found = findings(scene.evidence())[0]
    assert found.cause == "not-upgraded"
    assert found.sure, "it says what would tell a proxy from a missing route"


def test_a_request_that_fails_because_the_server_raised_an_error_is_refused_to_nobody() -> None:
    scene = Scene()
    scene.sees("user1", "request_failed", f"GET {API}/chats", id=1, url=f"{API}/chats")
    scene.sees("backend", "log", "KeyError: 7")
    scene.probes()

    assert cause(scene) == "server-error"


def test_a_socket_that_brings_frames_is_dialled_at_no_wrong_address() -> None:
    scene = Scene()
    scene.connects("user1", "ws://localhost:8800/live?token=good")
    scene.delivers(who="user1")
    scene.probes()

    found = findings(scene.evidence())[0]
    assert (found.cause, found.certainty) == ("wrong-ws-url", 40)
