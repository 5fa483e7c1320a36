"""A wrong order, of chats or of messages, is the server's or the page's: the API's word tells which."""

from __future__ import annotations

from dataclasses import replace

import pytest

from duologue.app import Chat
from duologue.diagnosis import findings
from duologue.errors import MessagesOutOfOrder, Symptom, VacuousExpectation
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


def test_a_new_chat_that_never_came_into_a_list() -> None:
    scene = connected_scene()
    scene.cast.chats["9"] = Chat("9", scene.chat.members, {})
    scene.probes(chats=("7", "9"))

    found = findings(scene.evidence(Symptom("to_have_appeared_on_top", "user2", "9")))
    assert [finding.cause for finding in found] == ["chat-not-listed"]
    assert "holds chat 9 for user2" in found[0].text


def test_a_new_chat_is_not_missed_by_a_window_that_is_away() -> None:
    scene = connected_scene()
    scene.cast.chats["9"] = Chat("9", scene.chat.members, {})
    for who in ("user1", "user2"):
        scene.closes(who, 1006)
    scene.probes(chats=("7", "9"))

    assert cause(scene, Symptom("to_list", "user2", "9")) == "no-rule-fits"


def test_a_chat_that_was_on_top_already_because_the_page_sorts_wrongly() -> None:
    scene = connected_scene()
    lists(scene, "7", "8")
    scene.probes(chats=("8", "7"))
    error = VacuousExpectation("chat 7 was on top before the action")
    error.symptom = Symptom("vacuous", "user2", "7")

    causes = [found.cause for found in findings(scene.evidence(error=error))]
    assert causes == ["misordered-by-page", "vacuous-expectation"]


@pytest.mark.parametrize(("written", "first"), [(False, "misordered-by-server"), (True, "vacuous-expectation")])
def test_a_chat_that_was_on_top_already_because_the_server_puts_a_new_one_below(written: bool, first: str) -> None:
    scene = connected_scene()
    scene.cast.chats["8"] = replace(scene.chat, id="8")
    lists(scene, "7", "8")
    if written:
        scene.sends("Up")
    lists(scene, "7", "8")
    scene.probes(chats=("7", "8"))
    error = VacuousExpectation("chat 7 was on top before the action")
    error.symptom = Symptom("vacuous", "user2", "7")

    found = [finding.cause for finding in findings(scene.evidence(error=error))]
    assert next(cause for cause in found if cause in ("misordered-by-server", "vacuous-expectation")) == first


@pytest.mark.parametrize("moved", [False, True])
def test_a_chat_that_was_on_top_already_because_another_one_never_came_there(moved: bool) -> None:
    scene = connected_scene()
    other = replace(scene.chat, id="8")
    lists(scene, "8", "7")
    scene.sends()
    scene.delivers()
    lists(scene, *("78" if moved else "87"))
    lists(scene, "8", "7")
    scene.wait(1)
    last = scene.sends("On top")
    scene.cast.sent[-1] = replace(last, chat=other)
    error = VacuousExpectation("chat 8 was on top before the action")
    error.symptom = Symptom("vacuous", "user2", "8")

    found = [finding.cause for finding in findings(scene.evidence(error=error))]
    assert ("not-moved" in found) != moved
    assert moved or found.index("not-moved") < found.index("vacuous-expectation")


@pytest.mark.parametrize(
    ("fault", "named"),
    [
        ("misplaced: 'Two', in the window user1", "misordered-by-page"),
        ("repeated: 'Two', in the window user1", "shown-twice"),
        ("repeated: 'Two', in the record more often than it was sent", "stored-twice"),
        ("lost: 'Two', in the window user1", "history-incomplete"),
        ("lost: 'Two', sent, and not in the record", "not-stored"),
        ("unread: '7: 2 instead of 1', unread in user1", "miscounted-by-page"),
        ("misplaced: 'Two', in the frames of user1", "frames-disagree"),
    ],
)
def test_what_witnesses_do_not_agree_on_is_named_by_its_kind(fault: str, named: str) -> None:
    scene = connected_scene()
    scene.probes()

    assert cause(scene, Symptom("to_agree", "user1", "7", (fault,))) == named


def test_a_message_that_is_shown_before_an_earlier_one_of_its_sender() -> None:
    scene = connected_scene()
    scene.probes()

    found = findings(scene.evidence(error=MessagesOutOfOrder("'Two' is shown before 'One'")))
    assert [finding.cause for finding in found] == ["misordered-by-page"]


def test_a_message_that_was_stored_and_that_the_server_has_no_more() -> None:
    scene = connected_scene()
    scene.sends("One")
    scene.requests()
    shows(scene, "Two")
    scene.probes(messages=["Two"])

    found = next(it for it in findings(scene.evidence(EXACTLY)) if it.cause == "history-incomplete")
    assert (found.hop, found.certainty) == ("stored", 63)
