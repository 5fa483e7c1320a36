"""A wrong order, of chats or of messages, is the server's or the page's: the API's word tells which."""

from __future__ import annotations

from duologue.diagnosis import findings
from duologue.errors import Symptom
from tests.harness.diagnosis.scene import Scene, connected_scene

TOP = Symptom("to_have_moved_to_top", "user2", "7")
EXACTLY = Symptom("to_show_exactly", "user2", "", ("One", "Two"))


def lists(scene: Scene, *keys: str) -> None:
    """user2's window shows chats in this order."""
    scene.sees("user2", "view:chats", "chats", name="chats", rows=tuple({"key": key} for key in keys))


def shows(scene: Scene, *texts: str) -> None:
    """user2's open chat shows messages in this order."""
    scene.sees("user2", "view:messages", "messages", name="messages", rows=tuple({"text": text} for text in texts))


def cause(scene: Scene, symptom: Symptom) -> str:
    """The likeliest cause."""
    return findings(scene.evidence(symptom))[0].cause


def test_a_chat_that_the_server_has_on_top_and_the_page_has_not() -> None:
    scene = connected_scene()
    lists(scene, "8", "7")
    scene.probes(chats=("7", "8"))

    found = findings(scene.evidence(TOP))[0]
    assert found.cause == "not-moved"
    assert "is number 2" in found.text


def test_a_chat_that_even_the_server_does_not_have_on_top() -> None:
    scene = connected_scene()
    lists(scene, "8", "7")
    scene.probes(chats=("8", "7"))

    assert cause(scene, TOP) == "misordered-by-server"


def test_a_page_that_was_told_of_no_message_sorts_nothing_wrong() -> None:
    scene = connected_scene()
    lists(scene, "8", "7")
    scene.sends()
    scene.requests()
    scene.probes(chats=("7", "8"))

    assert [found.cause for found in findings(scene.evidence(TOP))] == ["not-delivered"]


def test_a_page_that_moves_chats_by_itself() -> None:
    scene = connected_scene()
    lists(scene, "8", "7")
    scene.probes(chats=("7", "8"))

    assert cause(scene, Symptom("to_keep_order", "user2")) == "misordered-by-page"


def test_an_order_that_was_wrong_for_a_while() -> None:
    scene = connected_scene()
    lists(scene, "8", "7")
    lists(scene, "7", "8")
    scene.probes(chats=("7", "8"))

    assert cause(scene, Symptom("to_keep_order", "user2")) == "misordered-by-page"


def test_a_message_that_the_page_leaves_out() -> None:
    scene = connected_scene()
    shows(scene, "One", "Three")
    scene.probes(messages=["One", "Two", "Three"])

    found, *others = findings(scene.evidence(Symptom("to_show_exactly", "user2", "", ("One", "Two", "Three"))))
    assert found.cause == "history-incomplete"
    assert not others
    assert "and not 'Two'" in found.text


def test_a_message_that_only_a_reload_brings() -> None:
    scene = connected_scene()
    shows(scene, "One", "Two")
    scene.sees("user2", "document")
    shows(scene, "One", "While you were gone", "Two")
    scene.probes(messages=("One", "While you were gone", "Two"))

    found = findings(scene.evidence(EXACTLY))[0]
    assert found.cause == "history-incomplete"
    assert "shows 'While you were gone' since it was loaded afresh" in found.text


def test_messages_that_the_page_shows_in_another_order_than_the_server_has() -> None:
    scene = connected_scene()
    shows(scene, "Two", "One")
    scene.probes(messages=["One", "Two"])

    assert cause(scene, EXACTLY) == "misordered-by-page"


def test_messages_that_the_server_has_in_the_wrong_order() -> None:
    scene = connected_scene()
    shows(scene, "Two", "One")
    scene.probes(messages=["Two", "One"])

    assert cause(scene, EXACTLY) == "misordered-by-server"


def test_a_chat_that_went_from_the_list_and_is_still_held_by_the_server() -> None:
    scene = connected_scene()
    scene.sees("user2", "view:chats", "chats", name="chats", rows=())
    scene.probes()

    assert findings(scene.evidence())[0].cause == "chat-vanished"


def test_a_chat_that_a_new_document_does_not_show_yet_has_not_vanished() -> None:
    scene = connected_scene()
    scene.sees("user2", "document", "http://h/")
    scene.sees("user2", "view:chats", "chats", name="chats", rows=())
    scene.probes()

    assert "chat-vanished" not in [finding.cause for finding in findings(scene.evidence())]


def test_a_list_that_a_reload_changes() -> None:
    scene = connected_scene()
    rows = tuple({"key": key, "name": key, "preview": "Gone"} for key in ("7", "8"))
    scene.sees("user2", "view:chats", "chats", name="chats", rows=rows)
    scene.sees("user2", "document")
    rows = tuple({"key": key, "name": key, "preview": "Still there"} for key in ("8", "7"))
    scene.sees("user2", "view:chats", "chats", name="chats", rows=rows)
    scene.probes(chats=("8", "7"))

    found = findings(scene.evidence(Symptom("to_still_have_rows", "user2")))[0]

    assert found.cause == "changed-by-reload"
    assert "preview of 7: 'Gone', then 'Still there'" in found.text
    assert "order: ['7', '8'], then ['8', '7']" in found.text


def test_a_message_that_the_server_does_not_have() -> None:
    scene = connected_scene()
    scene.probes(messages=["Hello"])
    faults = ("foreign: 'Hullo', in the window user2",)

    found = findings(scene.evidence(Symptom("to_agree", "user1", "7", faults)))[0]

    assert found.cause == "shown-not-stored"
    assert "'Hullo', in the window user2" in found.text
    assert found.evidence[0].data["texts"] == ["Hello"]


def test_a_message_that_an_older_answer_brought_back() -> None:
    scene = connected_scene()
    scene.probes(messages=["Meet at one"])
    faults = ("altered: 'Meet at noon', in the window user2",)

    assert cause(scene, Symptom("to_agree", "user1", "7", faults)) == "change-not-shown"


def test_messages_that_overtook_one_whose_request_failed() -> None:
    scene = connected_scene()
    for text, status in (("One", 503), ("Two", 201)):
        scene.sends(text)
        scene.requests(status)
    shows(scene, "Two", "One")
    scene.probes(messages=["Two", "One"])

    found = findings(scene.evidence(EXACTLY))[0]
    assert found.cause == "sends-overtake"
    assert found.evidence[0].text.startswith("503 POST")
