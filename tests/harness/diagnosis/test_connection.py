"""Causes on the way to a connection are told apart by what was seen."""

from __future__ import annotations

import pytest

from duologue.diagnosis import findings
from duologue.errors import Symptom
from tests.harness.diagnosis.scene import API, SOCKET, Scene, connected_scene


def cause(scene: Scene) -> str:
    """The likeliest cause."""
    return findings(scene.evidence())[0].cause


def test_nothing_wrong_finds_nothing() -> None:
    scene = connected_scene()
    scene.probes()

    assert [finding.cause for finding in findings(scene.evidence())] == ["no-rule-fits"]


@pytest.mark.parametrize(
    ("state", "named"), [("refused", "backend-down"), ("broken", "backend-down"), ("silent", "backend-paused")]
)
def test_a_backend_that_is_down_is_told_from_one_that_is_frozen(state: str, named: str) -> None:
    scene = connected_scene()
    scene.sees("backend", "log", "ERROR: cannot bind")
    scene.probes(state)

    assert cause(scene) == named


@pytest.mark.parametrize("token", ["null", "undefined", ""])
def test_a_page_that_dials_without_a_token(token: str) -> None:
    scene = Scene()
    scene.connects("user1", f"{SOCKET}?token={token}")
    scene.closes("user1", 1008, "token missing")
    scene.sees("user1", "page_state", "", keys=["jwt"], scripts=[], served=[], hidden=False)
    scene.probes()

    found = findings(scene.evidence())[0]
    assert found.cause == "no-token"
    assert "jwt" in found.text, "the keys that storage does hold point at the right one"


def test_a_token_that_the_server_refuses() -> None:
    scene = Scene()
    scene.connects("user1")
    scene.closes("user1", 1008, "token invalid")
    scene.probes()

    assert cause(scene) == "token-refused"


def test_a_page_that_goes_on_with_an_expired_token() -> None:
    scene = Scene()
    for _ in range(4):
        scene.connects("user1")
        scene.closes("user1", 1008, "token expired")
    scene.probes()

    assert cause(scene) == "expired-token-reused"


def test_one_refresh_is_no_loop() -> None:
    scene = connected_scene()
    scene.closes("user1", 1008, "token expired")
    scene.connects("user1")
    scene.probes()

    assert cause(scene) == "no-rule-fits"


def test_an_origin_refused_by_the_socket() -> None:
    scene = Scene()
    scene.connects("user1")
    scene.closes("user1", 1008, "origin not allowed")
    scene.probes()

    assert cause(scene) == "origin-refused"


def test_an_origin_refused_for_requests_in_a_browser_that_says_so() -> None:
    scene = Scene()
    scene.sees("user1", "console", "Access to fetch has been blocked by CORS policy", level="error", args=())
    scene.probes()

    assert cause(scene) == "origin-refused"


def test_an_origin_refused_for_requests_in_a_browser_that_says_nothing() -> None:
    scene = Scene()
    scene.sees("user1", "request_failed", f"GET {API}/chats", url=f"{API}/chats", error="NetworkError")
    scene.probes()

    assert cause(scene) == "origin-refused"


@pytest.mark.parametrize(
    ("url", "named"),
    [
        ("ws://127.0.0.1:9999/live?token=good", "wrong-ws-url"),
        ("wss://127.0.0.1:8800/live?token=good", "wrong-ws-url"),
        ("ws://127.0.0.1:8800/socket?token=good", "wrong-ws-path"),
    ],
)
def test_a_page_that_dials_another_address(url: str, named: str) -> None:
    scene = Scene()
    scene.sees("user1", "ws_connecting", url, socket=1)
    scene.closes("user1", 1006)
    scene.probes()

    assert cause(scene) == named


def test_an_address_that_is_right_and_never_becomes_a_socket() -> None:
    scene = Scene()
    scene.sees("user1", "ws_connecting", f"{SOCKET}?token=good", socket=1)
    scene.closes("user1", 1006)
    scene.probes()

    assert cause(scene) == "not-upgraded"


def test_a_page_that_gave_up_reconnecting() -> None:
    scene = connected_scene()
    scene.closes("user2", 1012, "going down")
    scene.wait(9)
    scene.probes()

    assert cause(scene) == "gave-up-reconnecting"


def test_a_page_that_gave_up_after_a_cut_of_ours_is_told_from_one_that_was_cut_off() -> None:
    scene = connected_scene()
    scene.breaks("cuts user2's link", "user2")
    scene.closes("user2", 1006)
    scene.breaks("restores user2's link", "user2", undoes=True)
    scene.wait(12)
    scene.probes()

    finding = findings(scene.evidence())[0]

    assert finding.cause == "gave-up-reconnecting"
    assert "that was ours (cuts user2's link), and restores user2's link: 12 s ago" in finding.text


def test_a_fault_that_the_test_never_mended_is_its_own() -> None:
    scene = connected_scene()
    scene.breaks("kills backend", "backend")
    scene.closes("user2", 1006)
    scene.breaks("cuts user1's link", "user1")
    scene.wait(1)
    scene.probes("refused")

    found = findings(scene.evidence(Symptom("to_show", "user2", "7")))

    ours = next(finding for finding in found if finding.cause == "fault-in-effect")
    assert "kills backend (1 s before)" in ours.text
    assert "user1" not in ours.text


def test_a_page_that_is_about_to_reconnect_has_not_given_up() -> None:
    scene = connected_scene()
    scene.closes("user2", 1012, "going down")
    scene.wait(2)
    scene.probes()

    assert cause(scene) == "no-rule-fits"


def test_somebody_who_signed_out_has_not_given_up() -> None:
    scene = connected_scene()
    scene.sees("user2", "action", "signs out")
    scene.closes("user2", 1000)
    scene.wait(60)
    scene.probes()

    assert cause(scene) == "no-rule-fits"


def test_a_page_that_runs_yesterdays_script() -> None:
    scene = connected_scene()
    scene.sees(
        "user1", "page_state", "", keys=[], scripts=["http://h/assets/a1.js"], served=["/assets/b2.js"], hidden=False
    )
    scene.probes()

    assert cause(scene) == "stale-bundle"
