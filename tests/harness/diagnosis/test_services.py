"""A service that ended is told from one that is frozen, one that listens elsewhere, and a page that is not today's."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from playwright.sync_api import Page

from duologue.app import Account
from duologue.diagnosis import diagnose_stack, findings
from duologue.diagnosis.probes import _page_state
from duologue.errors import StackError, Symptom
from duologue.timeline import Timeline
from tests.harness.diagnosis.scene import API, Scene, connected_scene


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


def test_a_backend_that_exited_is_named_with_its_last_line() -> None:
    scene = connected_scene()
    scene.service("backend", "exited", code=3, lines=["Traceback …", "ValueError: SECRET_KEY is too short"])
    scene.probes("refused")

    found = findings(scene.evidence())[0]
    assert found.cause == "backend-down"
    assert "backend exited with code 3; its last line: ValueError: SECRET_KEY is too short" in found.text


def test_a_backend_that_runs_and_listens_elsewhere() -> None:
    scene = connected_scene()
    scene.service("backend", "running")
    scene.probes("refused")

    assert cause(scene) == "backend-not-listening"


def test_a_process_that_was_stopped_is_paused() -> None:
    scene = connected_scene()
    scene.service("backend", "paused")
    scene.probes("silent")

    found = findings(scene.evidence())[0]
    assert (found.cause, found.remedy) == ("backend-paused", "let the process run on")


def test_a_service_behind_an_api_that_still_answers() -> None:
    scene = connected_scene()
    scene.service("cache", "exited", code=137, lines=["Killed"])
    scene.probes()

    assert cause(scene) == "service-exited"


def test_a_page_that_nobody_serves() -> None:
    scene = connected_scene()
    scene.sees("page", "probe", "http://h/ refuses connections", state="refused", url="http://h/")
    scene.probes()

    assert cause(scene) == "page-down"


def test_where_one_server_serves_page_and_api_its_own_end_says_more() -> None:
    scene = connected_scene()
    scene.sees("page", "probe", f"{API} refuses connections", state="refused", url=API)
    scene.probes("refused")
    scene.service("backend", "exited", -9, ["Killed"])

    assert [finding.cause for finding in findings(scene.evidence())][:2] == ["backend-down", "page-down"]


def test_a_page_that_runs_yesterdays_script() -> None:
    scene = connected_scene()
    scene.page_state("user1", scripts=["http://h/assets/a1.js"], served=["http://h/assets/b2.js"])
    scene.probes()

    assert cause(scene) == "stale-bundle"


def test_a_script_that_changed_under_the_same_name() -> None:
    scene = connected_scene()
    name = "http://h/assets/a.js"
    scene.page_state("user1", scripts=[name], served=["http://h/assets/a.js"], changed=[(name, 91_000, 92_000)])
    scene.probes()

    found = findings(scene.evidence())[0]
    assert found.cause == "stale-bundle"
    assert "a.js of 91000 bytes, and one of 92000 bytes is served" in found.text


def test_a_service_worker_that_serves_yesterdays_script() -> None:
    scene = connected_scene()
    scene.page_state("user1", scripts=["http://h/a1.js"], served=["/b2.js"], worker="http://h/sw.js")
    scene.probes()

    found = findings(scene.evidence())[0]
    assert found.cause == "stale-bundle"
    assert "from the service worker http://h/sw.js" in found.text


def test_a_page_that_is_refused_is_told_with_its_number() -> None:
    scene = Scene()
    scene.page_state("user2", "http://h/chats", status=503)
    scene.sees("machine", "probe", "load 40 on 2 cores", load=40.0, cores=2)
    scene.probes()

    found = findings(scene.evidence())[0]
    assert (found.cause, found.verdict) == ("page-refused", "product")
    assert "user2's page was answered 503 at http://h/chats" in found.text


def test_a_check_of_the_tests_own_with_nobody_at_a_window_is_named_as_one() -> None:
    found = diagnose_stack(AssertionError("/env.js: 'immutable'\nassert 'no-cache' in 'immutable'"), None)

    assert (found.cause, found.verdict) == ("own-check-failed", "product")
    assert "/env.js: 'immutable'" in found.text


def test_a_stack_whose_backend_ends_at_start() -> None:
    error = StackError("backend exited with code 1", seen="its last lines:\n  ValueError: no key", service="backend")

    found = diagnose_stack(error, None)

    assert (found.cause, found.verdict) == ("backend-down", "product")
    assert "ValueError: no key" in found.text


def test_a_stack_that_the_engine_refuses_is_nobodys_bug() -> None:
    found = diagnose_stack(StackError("the Docker engine did not do what it was asked", seen="no socket"), None)

    assert (found.cause, found.verdict) == ("stack-not-up", "environment")


def fails_at_reading(scene: Scene, status: int, number: int = 1) -> None:
    """user1's page asks for its chats, and the server answers so."""
    url = "http://127.0.0.1:8800/api/chats"
    scene.sees("user1", "request", f"GET {url}", id=number, method="GET", url=url)
    scene.sees("user1", "response", f"{status} GET {url}", id=number, method="GET", url=url, status=status)


def test_a_request_at_which_the_server_failed_is_named_with_what_it_wrote() -> None:
    scene = connected_scene()
    fails_at_reading(scene, 500)
    scene.sees("backend", "log", "KeyError: 7")
    scene.probes()

    found = findings(scene.evidence())[0]
    assert found.cause == "server-error"
    assert "500 GET" in found.text
    assert found.text.endswith(": KeyError: 7")


def test_a_request_that_was_tried_again_or_always_fails_is_no_cause() -> None:
    again, always = connected_scene(), connected_scene()
    fails_at_reading(again, 503)
    fails_at_reading(again, 200, 2)
    fails_at_reading(always, 501)
    always.sees("user1", "action", "opens chat 7")
    fails_at_reading(always, 501, 2)
    for scene in (again, always):
        scene.probes()

        assert [finding.cause for finding in findings(scene.evidence())] == ["no-rule-fits"]


def test_a_service_that_the_test_stopped_itself_is_not_down_by_itself() -> None:
    scene = connected_scene()
    scene.breaks("pauses backend", "backend")
    scene.service("backend", "paused")
    scene.probes("silent")

    assert [finding.cause for finding in findings(scene.evidence())] == ["fault-in-effect"]


def test_a_script_by_an_address_of_its_own_page_is_the_one_that_runs(page: Page) -> None:
    page.route("http://h.test/**", lambda route: route.fulfill(body="<script src='./a.js?v=1&amp;w=2'></script>"))
    page.goto("http://h.test/in/")
    cast: Any = SimpleNamespace(timeline=Timeline(), chats={}, app=SimpleNamespace(form=None))
    user: Any = SimpleNamespace(page=page, window="user1", account=Account("user1", "", ""))

    _page_state(cast, user, {"http://h.test/in/": b"<script src='./a.js?v=1&amp;w=2'></script>"}.get)

    state = cast.timeline.find(kind="page_state")[0].data
    assert state["served"] == state["scripts"] == ["http://h.test/in/a.js?v=1&w=2"]


@pytest.mark.parametrize(("closes", "causes"), [(True, ["socket-broken-by-frame"]), (False, ["no-rule-fits"])])
def test_a_frame_that_closes_the_socket_instead_of_being_answered(closes: bool, causes: list[str]) -> None:
    scene = connected_scene()
    scene.sees("broken/protocol", "ws_open", "ws://h/ws")
    scene.sees("broken/protocol", "action", "sends frame '{\"type\": []}'")
    if closes:
        scene.sees("broken/protocol", "ws_closed", "1006 ", code=1006, reason="")
        scene.sees("backend", "log", "TypeError: unhashable type: 'list'")
    scene.probes()

    found = findings(scene.evidence(Symptom("to_receive_frame", "broken/protocol", "", "error")))

    assert [finding.cause for finding in found] == causes
    if closes:
        assert found[0].text.endswith("its socket closed (1006) without an answer: TypeError: unhashable type: 'list'")
