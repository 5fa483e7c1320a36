"""Where a message was lost, and why, is told by the hops it reached and what was seen around the missing one."""

from __future__ import annotations

import pytest

from duologue.diagnosis import Finding, findings
from duologue.errors import Symptom
from duologue.journey import Hop, journey
from tests.harness.diagnosis.scene import API, APP, Scene, connected_scene


def finding(scene: Scene) -> Finding:
    """The likeliest one."""
    return findings(scene.evidence())[0]


def test_typed_and_not_sent() -> None:
    scene = connected_scene()
    scene.sends()
    scene.probes()

    assert finding(scene).cause == "not-sent"


def test_refused_by_an_error_of_the_server() -> None:
    scene = connected_scene()
    scene.sends()
    scene.requests(status=500)
    scene.probes()

    assert (finding(scene).cause, finding(scene).hop) == ("server-error", "stored")


def test_an_error_that_the_server_did_not_handle_looks_like_a_refused_origin_and_is_none() -> None:
    scene = connected_scene()
    scene.sees("user1", "response", f"200 GET {API}/chats", id=7, method="GET", url=f"{API}/chats", status=200)
    scene.sends("🎉")
    scene.requests(status=None)
    for line in ("Traceback (most recent call last):", '  File "app.py", line 28', "struct.error: requires 36 bytes"):
        scene.sees("backend", "log", line)
    scene.sees("user1", "console", "blocked by CORS policy: No 'Access-Control-Allow-Origin' header", level="error")
    scene.sees("user1", "request_failed", "POST: Failed to fetch", id=1, url=f"{API}/chats/7/messages", error="")
    scene.probes()

    found = findings(scene.evidence())
    assert [it.cause for it in found] == ["server-error"]
    assert found[0].text.endswith("struct.error: requires 36 bytes")


def test_stored_and_nobody_told() -> None:
    scene = connected_scene()
    scene.sends()
    scene.requests()
    scene.sees("backend", "log", "something else")
    scene.probes()

    assert (finding(scene).cause, finding(scene).hop) == ("not-notified", "notified")


def test_stored_and_others_told_but_not_this_member() -> None:
    scene = connected_scene()
    scene.sends()
    scene.requests()
    scene.notifies("1")
    scene.delivers(who="user1")
    scene.probes()

    assert finding(scene).cause == "not-a-member-in-manager"


def test_the_server_set_out_to_tell_the_members_and_knew_none() -> None:
    scene = connected_scene()
    scene.sends()
    scene.requests()
    scene.sees("backend", "log", "telling chat 7")
    scene.sees("backend", "log", "members: {}")
    scene.probes()

    found = finding(scene)
    assert (found.cause, found.hop) == ("not-a-member-in-manager", "notified")
    assert [event.text for event in found.evidence] == ["telling chat 7", "members: {}"]


def test_a_text_that_changed_on_its_way() -> None:
    scene = connected_scene()
    scene.sends("Party 🎉 at eight")
    scene.requests()
    scene.notifies()
    scene.delivers("Party ? at eight")
    scene.probes()

    assert finding(scene).cause == "text-changed"


def test_a_request_that_failed_on_its_way() -> None:
    scene = connected_scene()
    scene.sends()
    scene.requests(status=None)
    scene.sees("user1", "request_failed", "POST: NetworkError", id=1, url="", error="NetworkError")
    scene.probes()

    found = finding(scene)
    assert found.cause == "not-stored"
    assert "NetworkError" in found.text


def test_nobody_need_tell_somebody_who_is_away() -> None:
    scene = connected_scene()
    scene.closes("user2", 1006)
    scene.sends()
    scene.requests()
    scene.notifies("1")
    scene.delivers(who="user1")
    scene.probes()

    assert "not-a-member-in-manager" not in [found.cause for found in findings(scene.evidence())]


def test_told_but_the_socket_was_closed() -> None:
    scene = connected_scene()
    scene.closes("user2", 1006)
    scene.sends()
    scene.requests()
    scene.notifies()
    scene.probes()

    assert finding(scene).cause == "socket-closed"


def test_the_frame_came_and_no_handler_took_it() -> None:
    scene = connected_scene()
    scene.sends()
    scene.requests()
    scene.notifies()
    scene.delivers()
    scene.probes()

    assert finding(scene).cause == "not-subscribed"


def test_the_frame_came_and_the_page_threw() -> None:
    scene = connected_scene()
    scene.sends()
    scene.requests()
    scene.notifies()
    scene.delivers()
    scene.sees("user2", "page_error", "TypeError: x is undefined")
    scene.probes()

    assert finding(scene).cause == "page-threw"
    assert "x is undefined" in finding(scene).text


def test_the_frame_came_and_a_framework_caught_what_its_handler_threw() -> None:
    scene = connected_scene()
    scene.sends()
    scene.requests()
    scene.notifies()
    scene.delivers()
    scene.sees("user2", "console", "TypeError: x is undefined", level="error", args=["TypeError"])
    scene.probes()

    assert finding(scene).cause == "page-threw"


def test_the_frame_was_taken_in_and_the_list_does_not_show_it() -> None:
    scene = connected_scene()
    scene.sends()
    scene.requests()
    scene.notifies()
    scene.delivers()
    scene.sees("user2", "console", "news in 7", level="log", args=["Hello"])
    scene.probes()

    assert (finding(scene).cause, finding(scene).hop) == ("not-shown", "listed")


def test_the_list_moved_and_the_open_chat_does_not_show_it() -> None:
    scene = connected_scene()
    scene.opens("user2")
    message = scene.sends()
    scene.requests()
    scene.notifies()
    scene.delivers()
    scene.sees("user2", "console", "news in 7", level="log", args=["Hello"])
    scene.lists("user2", preview="Hello", is_open=True)
    scene.probes()

    assert journey(message, scene.user2).missing == Hop("shown", "missing", "user2", "user2")
    assert (finding(scene).cause, finding(scene).hop) == ("not-shown", "shown")


@pytest.mark.parametrize("act", ["edits 'Hello' to 'Hi'", "deletes 'Hello'"])
def test_a_chat_opened_after_a_message_was_changed_need_not_show_what_it_was(act: str) -> None:
    scene = connected_scene()
    message = scene.sends()
    scene.delivers()
    scene.lists("user2", preview="Hello")
    scene.sees("user1", "action", act)
    scene.opens("user2")

    assert journey(message, scene.user2).missing is None


def test_the_message_went_to_another_chat() -> None:
    scene = connected_scene()
    scene.sends()
    scene.requests()
    scene.delivers(chat="8")
    scene.probes()

    assert finding(scene).cause == "sent-to-another-chat"


def test_the_message_was_stored_twice() -> None:
    scene = connected_scene()
    scene.sends()
    scene.delivers(message_id="m1")
    scene.delivers(message_id="m2")
    scene.probes()

    assert finding(scene).cause == "stored-twice"


def test_the_message_is_shown_twice() -> None:
    scene = connected_scene()
    scene.sends()
    scene.delivers()
    scene.sees("user2", "view:messages", "messages", name="messages", rows=({"text": "Hello"}, {"text": "Hello"}))
    scene.probes()

    assert finding(scene).cause == "shown-twice"


def test_what_was_caught_up_with_has_no_line_in_the_console() -> None:
    scene = connected_scene()
    scene.closes("user2", 1006)
    scene.sends()
    scene.requests()
    scene.notifies("1")
    scene.connects("user2")
    scene.lists("user2", unread=1, preview="Hello")
    scene.probes(unread=1)

    assert findings(scene.evidence(Symptom("to_log", "user2", "", "news in 7")))[0].cause == "not-announced"


def test_an_error_that_the_adapter_calls_harmless_or_that_was_there_before_is_not_of_the_frame() -> None:
    scene = connected_scene()
    scene.cast.app = APP.model_copy(update={"harmless": ["^Warning: key"]})
    scene.opens("user2")
    scene.sees("user2", "console", "as ever", level="error", args=())
    scene.sends()
    scene.requests()
    scene.notifies()
    scene.delivers(who="user1")
    scene.delivers()
    scene.sees("user2", "console", "as ever", level="error", args=())
    scene.sees("user2", "page_error", "Warning: key is missing")
    scene.probes()

    assert finding(scene).cause == "not-subscribed"


def test_a_send_that_failed_while_the_test_had_broken_something_is_to_be_tried_again() -> None:
    scene = connected_scene()
    scene.breaks("cuts the database off from backend", "backend")
    scene.sends()
    scene.requests(status=503)
    scene.breaks("brings the database back to backend", "backend", undoes=True)
    scene.wait(9)
    scene.probes()

    found = finding(scene)
    assert (found.cause, found.hop) == ("not-retried", "requested")
    assert "while the test cuts the database off from backend" in found.text


def test_a_message_that_waits_behind_a_request_which_is_never_answered() -> None:
    scene = connected_scene()
    scene.sends("One")
    scene.requests(status=None)
    scene.sends("Two")
    scene.probes()

    found = finding(scene)
    assert (found.cause, found.hop) == ("not-retried", "requested")
    assert "'Two' waits behind it" in found.text


def test_two_messages_of_one_text_of_which_one_was_never_sent() -> None:
    scene = connected_scene()
    for _ in range(2):
        scene.sends("Hello?")
        scene.requests()
    scene.probes(messages=["Hello?"])

    found = next(it for it in findings(scene.evidence()) if it.cause == "not-sent")
    assert "was sent 2 times to chat 7, and the server has it 1 times" in found.text


def test_a_line_of_another_chats_notification_notifies_nobody_of_this_one() -> None:
    scene = connected_scene()
    scene.cast.app = APP.model_copy(update={"lines": APP.lines.model_copy(update={"notified": "told {user}"})})
    scene.sends()
    scene.requests()
    scene.sees("backend", "log", "telling chat 8")
    scene.sees("backend", "log", "told 2")
    scene.probes()

    assert finding(scene).cause == "not-notified"


def test_what_the_senders_own_page_shows_is_no_proof_that_it_was_sent() -> None:
    scene = connected_scene()
    scene.opens("user1")
    message = scene.sends()
    scene.sees("user1", "view:messages", "messages", name="messages", rows=({"text": "Hello"},))
    scene.probes()

    assert finding(scene).cause == "not-sent"
    missing = journey(message, scene.user1).missing
    assert missing
    assert missing.name == "requested"
