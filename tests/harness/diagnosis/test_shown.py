"""What a window shows and must not, or not any more: signs, and what is not for this person."""

from __future__ import annotations

from copy import copy

from duologue.diagnosis import findings
from duologue.errors import Symptom
from tests.harness.diagnosis.scene import Scene, connected_scene


def sign(scene: Scene, name: str, text: str) -> None:
    """user2's window shows a sign."""
    scene.sees("user2", f"view:{name}", name, name=name, rows=({"text": text},))


def cause(scene: Scene, symptom: Symptom | None = None) -> str:
    """The likeliest cause."""
    return findings(scene.evidence(symptom))[0].cause


def test_typing_that_never_ends() -> None:
    scene = connected_scene()
    sign(scene, "typing", "User1 is typing…")
    scene.probes()

    assert cause(scene, Symptom("to_show_sign", "user2", "", ("typing", ""))) == "typing-never-ends"


def test_typing_in_another_chat_than_the_open_one() -> None:
    scene = connected_scene()
    sign(scene, "typing", "User1 is typing…")
    scene.probes()

    assert cause(scene, Symptom("never_to_show_sign", "user2", "", "typing")) == "typing-wrong"


def test_typing_that_goes_while_somebody_types_on() -> None:
    scene = connected_scene()
    sign(scene, "typing", "User1 is typing…")
    scene.sees("user2", "view:typing", "typing", name="typing", rows=())
    sign(scene, "typing", "User1 is typing…")
    scene.probes()

    found = findings(scene.evidence(Symptom("never_to_lose_sign", "user2", "", "typing")))[0]
    assert found.cause == "typing-wrong"
    assert found.evidence[0].data["rows"] == ()


def test_somebody_shown_as_online_who_is_not() -> None:
    scene = connected_scene()
    sign(scene, "presence", "online")
    scene.probes()

    assert cause(scene, Symptom("to_show_sign", "user2", "", ("presence", "offline"))) == "presence-wrong"


def test_a_date_that_stands_still_at_midnight() -> None:
    scene = connected_scene()
    sign(scene, "day", "Today")
    scene.sees("user2", "action", "sees 86400 s pass")
    scene.probes()

    assert cause(scene, Symptom("to_show_sign", "user2", "", ("day", "Yesterday"))) == "date-stands-still"


def test_a_socket_that_outlives_signing_out() -> None:
    scene = connected_scene()
    scene.sees("user1", "action", "signs out")
    scene.probes()

    assert cause(scene) == "kept-after-sign-out"


def test_a_page_for_guests_may_have_a_socket() -> None:
    scene = connected_scene()
    scene.sees("user1", "action", "signs out")
    scene.closes("user1", 1000)
    scene.sees("user1", "document", "http://h/welcome")
    scene.connects("user1")
    scene.probes()

    assert cause(scene) != "kept-after-sign-out"


def test_who_signs_out_on_the_phone_is_still_in_on_the_laptop() -> None:
    scene = connected_scene()
    phone = copy(scene.user1)
    phone.window = "user1/device2"
    scene.cast.users["user1/device2"] = phone
    scene.sees("user1/device2", "action", "signs out")
    scene.probes()

    assert cause(scene) != "kept-after-sign-out"


def test_chats_of_the_one_who_signed_out() -> None:
    scene = connected_scene()
    scene.sees("user1", "action", "signs out")
    scene.closes("user1", 1000)
    scene.sees("user1", "action", "signs in by the form")
    scene.connects("user1")
    scene.sees("user1", "view:chats", "chats", name="chats", rows=({"key": "7"}, {"key": "6"}))
    scene.probes()

    found = findings(scene.evidence())[0]
    assert found.cause == "kept-after-sign-out"
    assert "chats 6" in found.text


def test_a_chat_that_stays_in_the_list_of_somebody_who_left_it() -> None:
    scene = connected_scene()
    scene.sees("user2", "view:chats", "chats", name="chats", rows=({"key": "7"}, {"key": "6"}))
    scene.probes()

    assert cause(scene, Symptom("to_have_lost", "user2", "6")) == "left-chat-stays"


def test_what_came_to_somebody_who_must_not_have_it() -> None:
    scene = connected_scene()
    scene.probes()

    assert cause(scene, Symptom("never_to_receive", "user2", "", "a secret")) == "leaked"


def test_an_edit_of_an_older_message_that_became_the_preview() -> None:
    scene = connected_scene()
    scene.sends("Noon")
    scene.sees("user1", "action", "edits 'Noon' to 'One'")
    scene.probes()

    causes = [found.cause for found in findings(scene.evidence(Symptom("never_to_show", "user2", "", "One")))]
    assert causes[0] == "preview-not-newest"
    assert "leaked" not in causes


def test_an_edit_that_came_and_is_not_shown() -> None:
    scene = connected_scene()
    scene.sees("user1", "action", "edits 'Noon' to 'One \"sharp\"'")
    scene.delivers('One "sharp"')
    scene.probes()

    assert cause(scene, Symptom("to_have_preview", "user2", "7", 'One "sharp"')) == "change-not-shown"


def test_an_edit_of_which_nobody_was_told() -> None:
    scene = connected_scene()
    scene.sees("user1", "action", "edits 'Noon' to 'One'")
    scene.delivers("Something else")
    scene.probes()

    assert cause(scene, Symptom("to_show", "user2", "7", "One")) == "change-not-delivered"


def test_a_deletion_that_came_and_left_the_message_there() -> None:
    scene = connected_scene()
    scene.sees("user1", "action", "deletes 'Noon'")
    scene.delivers("")
    scene.probes()

    assert cause(scene, Symptom("to_have_lost_message", "user2", "7", "Noon")) == "change-not-shown"


def test_a_message_that_nobody_changed_is_no_change_that_is_not_shown() -> None:
    scene = connected_scene()
    scene.sees("user1", "action", "edits 'Noon' to 'One'")
    scene.probes()

    assert cause(scene, Symptom("to_have_preview", "user2", "7", "Noon")) == "no-rule-fits"


def test_a_deleted_message_that_is_back_leaks_to_nobody() -> None:
    scene = connected_scene()
    scene.sees("user1", "action", "deletes 'Noon'")
    scene.probes()

    causes = [found.cause for found in findings(scene.evidence(Symptom("never_to_show", "user2", "", "Noon")))]
    assert causes == ["change-not-shown"]


def test_a_frame_about_something_else_tells_of_no_deletion() -> None:
    scene = connected_scene()
    scene.delivers("Noon", message_id="m-17")
    scene.sees("user1", "action", "deletes 'Noon'")
    scene.delivers("", message_id="m-18")
    scene.probes()

    assert cause(scene, Symptom("to_mark_as_deleted", "user2", "7", "Noon")) == "change-not-delivered"


def test_what_was_typed_key_by_key_and_came_to_the_server_as_something_else() -> None:
    scene = connected_scene()
    scene.probes(messages=["One", "Two"])

    found = findings(scene.evidence(Symptom("to_show", "user2", "", "One\nTwo")))[0]
    assert found.cause == "not-sent"
    assert "whose newest are 'One', 'Two'" in found.text
    assert cause(scene, Symptom("to_show", "user2", "", "Two")) == "no-rule-fits"
