"""Wrong counts and orders are the server's or the page's: the API's word tells which."""

from __future__ import annotations

from duologue.diagnosis import findings
from duologue.errors import AdapterError, Symptom, UnknownVerdict, VacuousExpectation
from tests.harness.diagnosis.scene import API, Scene, connected_scene

UNREAD = Symptom("to_have_unread", "user2", "7", 1)


def causes(scene: Scene, symptom: Symptom | None = None, error: Exception | None = None) -> list[str]:
    """All that hold, the likeliest first."""
    return [finding.cause for finding in findings(scene.evidence(symptom, error))]


def test_the_server_counts_wrong() -> None:
    scene = connected_scene()
    scene.sends()
    scene.lists("user2", unread=6, preview="Hello")
    scene.probes(unread=6)

    assert "miscounted-by-server" in causes(scene, UNREAD)


def test_the_page_counts_wrong() -> None:
    scene = connected_scene()
    scene.sends()
    scene.lists("user2", unread=6, preview="Hello")
    scene.probes(unread=1)

    assert "miscounted-by-page" in causes(scene, UNREAD)


def test_a_window_in_the_background_told_the_server_that_it_read() -> None:
    scene = connected_scene()
    scene.sees("user2", "action", "hides the window")
    scene.sees("user2", "request", f"POST {API}/chats/7/read", id=2, method="POST", url=f"{API}/chats/7/read")
    scene.probes()

    assert causes(scene, UNREAD)[0] == "read-in-the-background"


def test_a_window_that_is_looked_at_may_read() -> None:
    scene = connected_scene()
    scene.sees("user2", "action", "hides the window")
    scene.sees("user2", "action", "shows the window")
    scene.sees("user2", "request", f"POST {API}/chats/7/read", id=2, method="POST", url=f"{API}/chats/7/read")
    scene.probes(unread=1)

    assert "read-in-the-background" not in causes(scene, UNREAD)


def test_typing_that_never_ends() -> None:
    scene = connected_scene()
    scene.sees("user2", "view:typing", "typing", name="typing", rows=({"text": "User1 is typing…"},))
    scene.probes()

    assert causes(scene, Symptom("to_show_sign", "user2", "", ("typing", "")))[0] == "typing-never-ends"


def test_what_came_to_somebody_who_must_not_have_it() -> None:
    scene = connected_scene()
    scene.probes()

    assert causes(scene, Symptom("never_to_receive", "user2", "", ("a secret",)))[0] == "leaked"


def test_verdicts_that_are_the_tests_own_fault() -> None:
    scene = connected_scene()
    scene.probes()

    assert causes(scene, error=VacuousExpectation("it was so before"))[0] == "vacuous-expectation"
    assert causes(scene, error=UnknownVerdict("nothing was seen"))[0] == "unknown"
    assert causes(scene, error=AdapterError("no such element"))[0] == "selector-does-not-fit"


def test_a_row_selector_that_finds_nothing_while_the_api_lists_chats() -> None:
    scene = Scene()
    scene.connects("user2")
    scene.sees("user2", "view:chats", "chats", name="chats", rows=())
    scene.probes()

    assert causes(scene)[0] == "selector-does-not-fit"


def test_a_page_that_crashed_is_the_environments() -> None:
    scene = connected_scene()
    scene.sees("user1", "page_crashed", "http://h/")
    scene.probes()

    assert findings(scene.evidence())[0].verdict == "environment"


def test_an_overloaded_machine_is_named_last() -> None:
    scene = connected_scene()
    scene.sees("machine", "probe", "load 40 on 2 cores", load=40.0, cores=2)

    assert causes(scene) == ["machine-starved"]
