"""Names and texts: taken for markup, or another chat's."""

from __future__ import annotations

from duologue.app import Chat
from duologue.diagnosis import findings
from tests.harness.diagnosis.scene import Scene, connected_scene

NAME = "<svg onload=alert(1)>Eve"


def cause(scene: Scene) -> str:
    """The likeliest cause."""
    return findings(scene.evidence())[0].cause


def test_a_name_that_is_taken_for_markup() -> None:
    scene = connected_scene()
    scene.cast.chats = {"7": Chat("7", scene.chat.members, {"user2": NAME})}
    scene.sees("user2", "view:chats", "chats", name="chats", rows=({"key": "7", "name": "Eve"},))
    scene.probes()

    assert cause(scene) == "shown-as-markup"


def test_a_message_that_is_taken_for_markup() -> None:
    scene = connected_scene()
    scene.sends("<b>bold</b>")
    scene.sees("user2", "view:messages", "messages", name="messages", rows=({"text": "bold"},))
    scene.probes()

    assert cause(scene) == "shown-as-markup"


def test_an_entity_that_is_taken_for_what_it_stands_for() -> None:
    scene = connected_scene()
    scene.sends("this &amp; that")
    scene.sees("user2", "view:messages", "messages", name="messages", rows=({"text": "this & that"},))
    scene.probes()

    found = findings(scene.evidence())[0]
    assert found.cause == "shown-as-markup"
    assert "it shows 'this & that'" in found.text


def test_markup_that_is_shown_as_it_was_typed_is_none() -> None:
    scene = connected_scene()
    scene.cast.chats = {"7": Chat("7", scene.chat.members, {"user2": NAME})}
    scene.sees("user2", "view:chats", "chats", name="chats", rows=({"key": "7", "name": NAME},))
    scene.probes()

    assert cause(scene) == "no-rule-fits"


def test_a_chat_of_two_that_is_called_after_the_one_who_reads_it() -> None:
    scene = connected_scene()
    group = Chat("8", scene.chat.members, {"user1": "Club", "user2": "Club"})
    scene.cast.chats = {"7": Chat("7", scene.chat.members, {"user1": "User2", "user2": "User1"}), "8": group}
    rows = ({"key": "8", "name": "Club"}, {"key": "7", "name": "User2"})
    scene.sees("user2", "view:chats", "chats", name="chats", rows=rows)
    scene.probes()

    found = findings(scene.evidence())[0]

    assert found.cause == "chat-misnamed"
    assert "user2 calls chat 7 'User2', and for them it is 'User1'" in found.text


def test_the_only_chat_that_bears_the_readers_own_name() -> None:
    scene = connected_scene()
    scene.cast.chats = {"7": Chat("7", scene.chat.members, {"user2": "User1"})}
    scene.sees("user2", "view:chats", "chats", name="chats", rows=({"key": "7", "name": "User2"},))
    scene.probes()

    assert cause(scene) == "chat-misnamed"


def doubled_scene(*stored: str, from_the_start: bool = False) -> Scene:
    """The page shows user1 twice to user2, as chat 7, which the test made, and as chat 9."""
    scene = Scene()
    scene.connects("user2")
    scene.cast.chats = {"7": Chat("7", scene.chat.members, {"user1": "User2", "user2": "User1"})}
    made, there = {"key": "9", "name": "User1"}, {"key": "7", "name": "User1"}
    for rows in ((made, there),) if from_the_start else ((there,), (made, there)):
        scene.sees("user2", "view:chats", "chats", name="chats", rows=rows)
    scene.probes(chats=stored)
    return scene


def test_a_chat_that_is_made_a_second_time() -> None:
    found = findings(doubled_scene("7", "9").evidence())[0]
    assert found.cause == "chat-made-twice"
    assert "'User1' twice, as chats 7 and 9" in found.text


def test_two_rows_of_a_chat_that_the_server_has_once_are_not_made_twice() -> None:
    assert cause(doubled_scene("7")) != "chat-made-twice"


def test_two_chats_of_one_name_that_were_there_before_are_not_made_twice() -> None:
    assert cause(doubled_scene("7", "9", from_the_start=True)) != "chat-made-twice"


def test_two_chats_of_one_name_that_the_test_made_are_not_made_twice() -> None:
    scene = doubled_scene("7", "9")
    scene.cast.chats["9"] = Chat("9", scene.chat.members, {"user1": "User2", "user2": "User1"})
    assert "chat-made-twice" not in {finding.cause for finding in findings(scene.evidence())}


def test_names_that_the_adapter_does_not_know_are_no_finding() -> None:
    scene = connected_scene()
    scene.cast.chats = {"7": Chat("7", scene.chat.members, {"user2": "of user1 and user2"})}
    scene.sees("user2", "view:chats", "chats", name="chats", rows=({"key": "7", "name": "User1"},))
    scene.probes()

    assert cause(scene) == "no-rule-fits"
