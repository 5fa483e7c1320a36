"""A message that was read, and is not shown so: lost at the reader's page, at the server, or at the sender's page."""

from __future__ import annotations

from duologue.diagnosis import Finding, findings
from duologue.errors import Symptom
from tests.harness.diagnosis.scene import API, APP, SOCKET, Scene, connected_scene

READ = Symptom("to_have_status", "user1", "", ("Hello", APP.read_status))


def sent() -> Scene:
    """user1's message came to user2."""
    scene = connected_scene()
    scene.sends()
    scene.requests()
    scene.notifies()
    for who in ("user1", "user2"):
        scene.delivers(who=who)
        scene.sees(who, "console", "news in 7", args=("Hello",))
        scene.lists(who, preview="Hello")
    return scene


def reads(scene: Scene) -> None:
    """user2's page tells the server that the chat was read."""
    url = f"{API}/chats/7/read"
    scene.sees("user2", "request", f"POST {url}", id=5, method="POST", url=url)
    scene.sees("user2", "response", f"200 POST {url}", id=5, method="POST", url=url, status=200)


def found_in(scene: Scene) -> Finding:
    """The likeliest cause."""
    scene.probes()
    return findings(scene.evidence(READ))[0]


def test_a_reader_who_sends_no_receipt() -> None:
    assert found_in(sent()).cause == "receipt-lost"


def test_a_server_that_tells_the_sender_nothing() -> None:
    scene = sent()
    reads(scene)

    assert found_in(scene).cause == "receipt-not-delivered"


def test_a_page_that_was_told_and_shows_nothing_of_it() -> None:
    scene = sent()
    reads(scene)
    scene.delivers("", who="user1", message_id="")

    found = found_in(scene)
    assert (found.cause, found.hop) == ("status-wrong", "shown")


def test_a_receipt_that_came_while_the_sender_was_away() -> None:
    scene = sent()
    scene.closes("user1", 1006)
    reads(scene)
    scene.connects("user1", f"{SOCKET}?token=good")

    assert found_in(scene).cause == "missed-while-away"


def test_a_message_that_is_read_no_more() -> None:
    scene = connected_scene()
    row = {"text": "Seen?", "status": "sent"}
    scene.sees("user1", "view:messages", "messages", name="messages", rows=(row,))
    scene.probes()

    found = findings(scene.evidence(Symptom("never_to_have_status", "user1", "", ("Seen?", "sent"))))[0]
    assert found.cause == "status-wrong"
    assert found.evidence[0].data["rows"] == (row,)
