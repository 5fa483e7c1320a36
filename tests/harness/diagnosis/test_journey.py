"""A message's way, hop by hop: reached, missing, or unknown where nobody could have seen it."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any

import pytest

from duologue.app import Lines
from duologue.diagnosis import _settle, findings
from duologue.errors import MessageLeaked, UnknownVerdict
from duologue.expect import expect
from duologue.journey import journey
from tests.harness.diagnosis.scene import API, Scene, connected_scene
from tests.harness.expect.window import soon


def test_a_message_that_arrived_has_no_missing_hop() -> None:
    scene = connected_scene()
    message = scene.sends()
    scene.requests()
    scene.notifies()
    scene.delivers()
    scene.sees("user2", "console", "news in 7", level="log", args=["Hello"])
    scene.lists("user2", unread=1, preview="Hello")

    way = journey(message, scene.user2)

    assert way.missing is None
    assert [hop.name for hop in way.reached] == [
        "typed",
        "requested",
        "stored",
        "notified",
        "frame",
        "console",
        "listed",
    ]
    assert way.ms("typed", "listed") == pytest.approx(70)


def test_a_hop_that_nobody_saw_before_one_that_was_reached_is_unknown_not_missing() -> None:
    scene = connected_scene()
    message = scene.sends()
    scene.delivers()

    states = {hop.name: hop.state for hop in journey(message, scene.user2).hops}

    assert states["requested"] == states["stored"] == states["notified"] == "unknown"
    assert (states["frame"], states["console"], states["listed"]) == ("reached", "missing", "missing")


@pytest.mark.parametrize("text", ["if so:\n    then", 'it\'s "quoted"', "naïve"])
@pytest.mark.parametrize("as_json", [False, True])
def test_a_console_line_may_hold_the_text_in_any_spelling(text: str, as_json: bool) -> None:
    scene = connected_scene()
    message = scene.sends(text)
    scene.sees("user2", "console", "news in 7", level="log", args=[json.dumps({"text": text}) if as_json else text])

    assert {hop.name: hop.state for hop in journey(message, scene.user2).hops}["console"] == "reached"


def test_a_preview_is_one_line_whatever_was_typed() -> None:
    scene = connected_scene()
    message = scene.sends("if so:\n    then  that")
    scene.lists("user2", unread=1, preview="User1: if so: then that")

    assert {hop.name: hop.state for hop in journey(message, scene.user2).hops}["listed"] == "reached"


def test_without_a_server_log_the_notification_is_unknown() -> None:
    scene = connected_scene()
    message = scene.sends()
    scene.requests()

    states = {hop.name: hop.state for hop in journey(message, scene.user2).hops}

    assert (states["stored"], states["notified"], states["frame"]) == ("reached", "unknown", "missing")


@pytest.fixture
def unknown_request() -> Scene:
    """A chat whose adapter does not say how it sends."""
    scene = connected_scene()
    app = scene.cast.app
    scene.cast.app = app.model_copy(update={"lines": app.lines.model_copy(update={"request": ""})})
    return scene


def test_nothing_left_the_window_though_nobody_said_how_it_sends(unknown_request: Scene) -> None:
    unknown_request.sends()

    assert findings(unknown_request.evidence())[0].cause == "not-sent"


def test_what_left_the_window_may_be_the_message_unless_one_knows_how_it_sends(unknown_request: Scene) -> None:
    message = unknown_request.sends()
    unknown_request.sees("user1", "request", f"PUT {API}/sealed", id=1, url=f"{API}/sealed")

    assert journey(message, unknown_request.user2).hops[1].state == "unknown"
    assert findings(unknown_request.evidence())[0].cause == "not-delivered"


@pytest.mark.parametrize("frame", ['say|7|It\'s "ok", naïve', '{"say": "It\'s \\"ok\\", na\\u00efve"}'])
def test_a_frame_with_the_text_in_it_is_the_message_on_its_way(unknown_request: Scene, frame: str) -> None:
    message = unknown_request.sends('It\'s "ok", naïve')
    unknown_request.sees("user1", "ws_sent", frame)

    assert journey(message, unknown_request.user2).hops[1].state == "reached"


def test_a_frame_may_be_what_the_adapter_says_sends_a_message(unknown_request: Scene) -> None:
    lines = unknown_request.cast.app.lines.model_copy(update={"request": "say|{chat}|{any}"})
    unknown_request.cast.app = unknown_request.cast.app.model_copy(update={"lines": lines})
    message = unknown_request.sends()
    unknown_request.sees("user1", "ws_sent", "typing|7")
    before = [hop.state for hop in journey(message, unknown_request.user2).hops]

    unknown_request.sees("user1", "ws_sent", "say|7|Hello")

    after = [hop.state for hop in journey(message, unknown_request.user2).hops]
    assert before[:3] == ["reached", "missing", "missing"]
    assert after[:3] == ["reached", "reached", "unknown"], "no answer tells whether the server has it"


def api_has(scene: Scene, *texts: str) -> None:
    """What the API tells of the chat when it is asked after a failure."""
    scene.sees("chat 7", "api_messages", chat="7", texts=list(texts))


def test_what_was_sent_in_a_frame_was_stored_when_the_api_has_it(unknown_request: Scene) -> None:
    message = unknown_request.sends()
    unknown_request.sees("user1", "ws_sent", "say|7|Hello")

    api_has(unknown_request, "Hello")

    way = journey(message, unknown_request.user2)
    assert [hop.name for hop in way.reached] == ["typed", "requested", "stored"]
    assert "✓ stored     reached (API)" in str(way)
    [finding, *_] = findings(unknown_request.evidence())
    assert (finding.cause, finding.hop) == ("not-delivered", "frame")


@pytest.mark.parametrize("others", [(), ("Before",)], ids=["the chat is empty", "another message is there"])
def test_what_was_sent_in_a_frame_and_the_api_has_not_was_not_stored(
    unknown_request: Scene, others: tuple[str, ...]
) -> None:
    for text in (*others, "Hello"):
        unknown_request.sends(text)
        unknown_request.sees("user1", "ws_sent", f"say|7|{text}")
    unknown_request.delivers("Before")
    unknown_request.sees("user2", "console", "news in 7", level="log", args=["Before"])
    unknown_request.lists("user2", unread=1, preview="Before")

    api_has(unknown_request, *others)

    [finding, *_] = findings(unknown_request.evidence())
    assert (finding.cause, finding.hop) == ("not-stored", "stored")
    assert "'Hello'" in finding.text
    assert finding.evidence[0].kind == "api_messages"


@pytest.mark.parametrize("changed", ["another's", "edited"])
def test_an_api_that_tells_texts_otherwise_is_no_witness_of_one(unknown_request: Scene, changed: str) -> None:
    before = unknown_request.sends("Before")
    message = unknown_request.sends()
    unknown_request.sees("user1", "ws_sent", "say|7|Hello")
    told = ("<p>Before</p>", "<p>Hello</p>")
    if changed == "edited":
        unknown_request.sees("user1", "action", "edits 'Hello' to 'Hello!'")
        told = (before.text, "Hello!")

    api_has(unknown_request, *told)

    assert journey(message, unknown_request.user2).hops[2].state == "unknown"


def test_a_frame_that_never_left_is_missing_where_others_left_in_frames(unknown_request: Scene) -> None:
    unknown_request.connects("user1")
    unknown_request.sends("Hello from user2", "user2")
    unknown_request.sees("user2", "ws_sent", "say|7|Hello from user2")
    unknown_request.sends("Hello from user1")
    unknown_request.sees("user1", "ws_sent", "read|7")

    assert findings(unknown_request.evidence())[0].cause == "not-sent"


def test_nobody_could_see_whether_it_came_where_a_closed_chat_has_no_preview_and_no_frame_is_seen() -> None:
    scene = Scene()
    for who in ("user1", "user2"):
        scene.lists(who)
    capabilities = scene.cast.app.capabilities.model_copy(update={"previews": False})
    scene.cast.app = scene.cast.app.model_copy(update={"capabilities": capabilities, "lines": Lines()})
    message = scene.sends()

    with pytest.raises(UnknownVerdict, match="nobody could see whether it came to user2"):
        expect(message, timeout_s=0).to_have_reached(scene.user2)


def test_a_message_that_came_under_another_chat_came_all_the_same() -> None:
    scene = connected_scene()
    message = scene.sends("A secret")
    scene.delivers("A secret", chat="8")
    fence = scene.sends("Later")
    scene.requests()
    scene.notifies()
    scene.delivers("Later")
    scene.sees("user2", "console", "news in 7", level="log", args=["Later"])
    scene.lists("user2", unread=1, preview="Later")

    with pytest.raises(MessageLeaked, match="came to user2 all the same"):
        expect(message, timeout_s=0).never_to_have_reached(scene.user2, until=fence)


def test_what_is_on_its_way_when_an_error_comes_may_arrive_before_it_is_looked_for() -> None:
    scene = Scene()
    page: Any = SimpleNamespace(is_closed=lambda: False)
    for user in (scene.user1, scene.user2):
        user.page = page
        scene.sees(user.name, "document")
        scene.connects(user.name)
        scene.lists(user.name)
    message = scene.sends()
    scene.requests()
    scene.notifies()

    def arrives() -> None:
        for who in ("user1", "user2"):
            scene.delivers(who=who)
            scene.sees(who, "console", "news in 7", args=("Hello",))
            scene.lists(who, preview="Hello")

    timer = soon(arrives)
    assert journey(message, scene.user2).missing

    _settle(scene.cast)

    assert journey(message, scene.user2).missing is None
    timer.join()
