"""`to_have_reached`: once, in order, through every hop; else each has an error of its own."""

from __future__ import annotations

import pytest

from duologue.diagnosis.evidence import symptom_of
from duologue.errors import MessageLost, MessageRepeated, MessagesOutOfOrder
from duologue.expect import expect
from duologue.people import Message
from tests.harness.diagnosis.scene import Scene, connected_scene


def shown_scene(*shown: str) -> tuple[Scene, list[Message]]:
    """user1 sent One and Two, both came to user2, who has the chat open and sees these."""
    scene = connected_scene()
    scene.opens("user2")
    sent = [scene.sends(text) for text in ("One", "Two")]
    for number, text in enumerate(("One", "Two")):
        scene.requests()
        scene.notifies()
        scene.delivers(text, message_id=f"m{number}")
        scene.sees("user2", "console", "news in 7", level="log", args=[text])
        scene.lists("user2", preview=text, is_open=True)
    rows = tuple({"text": text} for text in shown)
    scene.sees("user2", "view:messages", "messages", name="messages", rows=rows)
    return scene, sent


def test_a_message_that_came_once_and_in_order_has_its_whole_way_told() -> None:
    scene, (_, message) = shown_scene("One", "Two")

    way = expect(message, timeout_s=0).to_have_reached(scene.user2)

    assert way.missing is None
    assert {"typed", "frame", "shown"} <= {hop.name for hop in way.reached}


def test_a_message_that_came_to_no_window_is_lost_at_its_hop() -> None:
    scene = connected_scene()
    message = scene.sends()
    scene.requests()
    scene.notifies()

    with pytest.raises(MessageLost, match="'Hello' was lost at the hop 'frame'") as lost:
        expect(message, timeout_s=0).to_have_reached(scene.user2)
    assert "frame" in str(lost.value.seen)
    assert symptom_of(lost.value).kind == "to_have_reached"


def test_a_message_that_is_shown_twice_is_repeated() -> None:
    scene, (_, message) = shown_scene("One", "Two", "Two")

    with pytest.raises(MessageRepeated, match="'Two' came 1 times, and is shown 2 times"):
        expect(message, timeout_s=0).to_have_reached(scene.user2)


def test_a_message_that_came_in_two_frames_is_repeated() -> None:
    scene, (_, message) = shown_scene("One", "Two")
    scene.delivers("Two", message_id="m1")

    with pytest.raises(MessageRepeated, match="'Two' came 2 times, and is shown 1 times"):
        expect(message, timeout_s=0).to_have_reached(scene.user2)


def test_a_message_that_is_shown_before_an_earlier_one_is_out_of_order() -> None:
    scene, (_, message) = shown_scene("Two", "One")

    with pytest.raises(MessagesOutOfOrder, match="'Two' is shown before 'One', which was sent before it"):
        expect(message, timeout_s=0).to_have_reached(scene.user2)
