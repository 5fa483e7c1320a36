"""A chat is clicked in the list and does not open."""

from __future__ import annotations

from duologue.diagnosis import Finding, findings
from duologue.errors import Symptom
from tests.harness.diagnosis.scene import Scene, connected_scene


def clicked(scene: Scene) -> None:
    """user2 clicks the chat."""
    scene.sees("user2", "action", "opens chat 7")


def lists_two(scene: Scene, opened: str, preview: str = "") -> None:
    """user2's list has chats 7 and 8, one of them open."""
    rows = tuple(
        {"key": key, "unread": "0", "preview": preview, "is_open": "" if key == opened else None} for key in "78"
    )
    scene.sees("user2", "view:chats", "chats", name="chats", rows=rows)


def found(scene: Scene) -> Finding:
    """The likeliest cause."""
    return findings(scene.evidence(Symptom("to_open", "user2", "7")))[0]


def test_a_list_drawn_anew_swallows_the_click() -> None:
    scene = connected_scene()
    clicked(scene)
    scene.lists("user2", preview="Hello")
    scene.probes()

    assert found(scene).cause == "click-lost"
    assert [event.kind for event in found(scene).evidence] == ["action", "view:chats"]


def shut_scene() -> Scene:
    """The page asks for the chat that was clicked, and then its list is gone."""
    scene = connected_scene()
    scene.lists("user2")
    clicked(scene)
    scene.sees("user2", "request", "GET /api/chats/7/messages", id=1, url="/api/chats/7/messages")
    scene.sees("user2", "view:chats", "chats", name="chats", rows=())
    return scene


def test_a_list_that_is_hidden_by_the_chat_that_opened_tells_of_no_page_that_starts_anew() -> None:
    scene = shut_scene()
    scene.probes()

    assert found(scene).cause == "chat-vanished"


def test_a_page_that_starts_anew_behind_the_click_shuts_what_it_opened() -> None:
    scene = shut_scene()
    scene.lists("user2")
    scene.probes()

    assert found(scene).cause == "chat-closed-by-itself"
    assert "its list was gone for a moment" in found(scene).text


def test_a_list_that_moved_under_the_pointer_opens_another_chat() -> None:
    scene = connected_scene()
    clicked(scene)
    lists_two(scene, opened="8")
    scene.probes(chats=("7", "8"))

    assert found(scene).cause == "misdirected-click"
    assert "and 8 " in found(scene).text


def test_the_chat_that_was_open_before_is_not_taken_for_the_one_that_opened() -> None:
    scene = connected_scene()
    lists_two(scene, opened="8")
    clicked(scene)
    lists_two(scene, opened="8", preview="Hello")
    scene.probes(chats=("7", "8"))

    assert found(scene).cause == "click-lost"


def test_what_a_page_asks_meanwhile_takes_no_click_where_chats_have_opened_before() -> None:
    scene = connected_scene()
    lists_two(scene, opened="8")
    clicked(scene)
    scene.sees("user2", "request", "GET /api/sync", id=1, url="/api/sync")
    lists_two(scene, opened="8", preview="Hello")
    scene.probes(chats=("7", "8"))

    assert found(scene).cause == "click-lost"


def test_a_page_that_takes_the_click_and_marks_no_row() -> None:
    scene = connected_scene()
    clicked(scene)
    scene.sees("user2", "request", "GET /api/chats/7/messages", id=1, url="/api/chats/7/messages")
    scene.lists("user2")
    scene.probes()

    assert (found(scene).cause, found(scene).verdict) == ("selector-does-not-fit", "harness")
    assert "the page reacted" in found(scene).text


def test_a_click_that_does_nothing() -> None:
    scene = connected_scene()
    clicked(scene)
    scene.wait(5)
    scene.lists("user2", preview="Hello")
    scene.probes()

    assert (found(scene).cause, found(scene).verdict) == ("selector-does-not-fit", "harness")
    assert "the page did nothing" in found(scene).text


def test_a_chat_that_was_open_and_that_nobody_left() -> None:
    scene = connected_scene()
    clicked(scene)
    scene.opens("user2")
    scene.lists("user2")
    scene.probes()

    found = findings(scene.evidence(Symptom("to_show", "user2", "7", "Go on")))[0]
    assert found.cause == "chat-closed-by-itself"


def test_a_chat_that_somebody_left_is_not_closed_by_itself() -> None:
    scene = connected_scene()
    clicked(scene)
    scene.opens("user2")
    scene.sees("user2", "action", "leaves chat 7")
    scene.lists("user2")
    scene.probes()

    causes = [it.cause for it in findings(scene.evidence(Symptom("to_show", "user2", "7", "Go on")))]
    assert "chat-closed-by-itself" not in causes
