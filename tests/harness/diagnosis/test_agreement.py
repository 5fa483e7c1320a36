"""Causes where a window does not show what the server holds, after a change."""

from __future__ import annotations

from duologue.diagnosis import findings
from duologue.errors import Symptom
from tests.harness.diagnosis.scene import Scene, connected_scene

EDIT = """edits "It's at one" to "It's at two\""""


def shows(scene: Scene, who: str, *texts: str) -> None:
    """A window shows messages in its open chat."""
    scene.lists(who, is_open=True)
    scene.sees(who, "view:messages", "messages", name="messages", rows=tuple({"text": text} for text in texts))


def test_a_change_is_taken_back_by_what_came_late() -> None:
    scene = connected_scene()
    shows(scene, "user1", "Hello", "Meet at two")
    shows(scene, "user1", "Hello", "Meet at one")
    scene.probes(messages=["Hello", "Meet at two"])

    found = findings(scene.evidence(Symptom("to_show", "user1", "7", "Meet at two")))[0]

    assert (found.cause, found.verdict, found.hop) == ("change-not-shown", "product", "shown")
    assert found.text == "user1 shows 'Meet at one' where the server holds 'Meet at two'"


def test_a_message_that_is_missing_at_the_end_was_not_changed() -> None:
    scene = connected_scene()
    shows(scene, "user1", "Hello")
    scene.probes(messages=["Hello", "Meet at two"])

    causes = [found.cause for found in findings(scene.evidence(Symptom("to_show", "user1", "7", "Meet at two")))]

    assert "change-not-shown" not in causes


def test_an_edit_that_the_server_told_of_and_did_not_keep() -> None:
    scene = connected_scene()
    scene.sees("user1", "action", EDIT)
    scene.delivers("It's at two")
    shows(scene, "user2", "Hello", "It's at one")
    scene.probes(messages=["Hello", "It's at one"])

    found = findings(scene.evidence(Symptom("to_show_exactly", "user2", "7", ("Hello", "It's at two"))))[0]

    assert (found.cause, found.hop) == ("edit-not-stored", "stored")
    assert found.text == f"user1 {EDIT}; the server has it as it was"


def test_a_deletion_that_the_server_never_took_is_shown() -> None:
    scene = connected_scene()
    shows(scene, "user1", "Hello")
    scene.sees("user1", "action", "deletes 'Hello'")
    shows(scene, "user1", "Message deleted")
    scene.probes(messages=["Hello"])

    found = findings(scene.evidence(Symptom("to_keep_showing_once", "user1", "7", "Hello")))[0]

    assert (found.cause, found.verdict, found.hop) == ("deletion-not-stored", "product", "requested")


def test_a_deletion_that_was_taken_back_is_none() -> None:
    scene = connected_scene()
    scene.sees("user1", "action", "deletes 'Hello'")
    shows(scene, "user1", "Hello")
    scene.probes(messages=["Hello"])

    causes = [found.cause for found in findings(scene.evidence(Symptom("to_keep_showing_once", "user1", "7", "Hello")))]

    assert "deletion-not-stored" not in causes
