"""A service that ended is told from one that is frozen, one that listens elsewhere, and a page that is not today's."""

from __future__ import annotations

import pytest

from duologue.diagnosis import diagnose_stack, findings
from duologue.errors import StackError
from tests.harness.diagnosis.scene import Scene, connected_scene


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


def test_a_page_that_runs_yesterdays_script() -> None:
    scene = connected_scene()
    scene.page_state("user1", scripts=["http://h/assets/a1.js"], served=["/assets/b2.js"])
    scene.probes()

    assert cause(scene) == "stale-bundle"


def test_a_script_that_changed_under_the_same_name() -> None:
    scene = connected_scene()
    name = "http://h/assets/a.js"
    scene.page_state("user1", scripts=[name], served=["/assets/a.js"], changed=[(name, 91_000, 92_000)])
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


def test_a_stack_whose_backend_ends_at_start() -> None:
    error = StackError("backend exited with code 1", seen="its last lines:\n  ValueError: no key", service="backend")

    found = diagnose_stack(error, None)

    assert (found.cause, found.verdict) == ("backend-down", "product")
    assert "ValueError: no key" in found.text


def test_a_stack_that_the_engine_refuses_is_nobodys_bug() -> None:
    found = diagnose_stack(StackError("the Docker engine did not do what it was asked", seen="no socket"), None)

    assert (found.cause, found.verdict) == ("stack-not-up", "environment")
