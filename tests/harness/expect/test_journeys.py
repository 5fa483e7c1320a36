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
    assert "last seen in user2 since it was sent: nothing" in lost.value.seen
    assert symptom_of(lost.value).kind == "to_have_reached"


def test_a_lost_message_tells_what_was_seen_last_where_it_should_have_come_next() -> None:
    scene = connected_scene()
    scene.sees("user2", "console", "before it was sent", level="log")
    message = scene.sends()
    scene.requests()
    scene.notifies()
    for text in ("long ago", "one", "two", "the socket is asleep"):
        scene.sees("user2", "console", text, level="log")

    with pytest.raises(MessageLost) as lost:
        expect(message, timeout_s=0).to_have_reached(scene.user2)

    told = lost.value.seen.partition("last seen in user2 since it was sent:")[2].splitlines()
    assert [line.split("console")[1].strip() for line in told[1:]] == ["one", "two", "the socket is asleep"]


def test_a_message_that_the_server_told_nobody_of_shows_the_end_of_the_servers_log() -> None:
    scene = connected_scene()
    message = scene.sends()
    scene.requests()
    scene.sees("server", "log", "nobody is listening")

    with pytest.raises(MessageLost, match="lost at the hop 'notified'") as lost:
        expect(message, timeout_s=0).to_have_reached(scene.user2)

    assert "nobody is listening" in lost.value.seen.partition("last seen in server log since it was sent:")[2]


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
