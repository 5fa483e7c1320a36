"""What connections are made of is no sign that a page hears the chat."""

from __future__ import annotations

import pytest

from duologue.people.window import _tells
from duologue.timeline import Event


@pytest.mark.parametrize(
    ("frame", "tells"),
    [
        ('0{"sid":"x","upgrades":["websocket"]}', False),
        ("3probe", False),
        ("40", False),
        ('40{"sid":"y"}', False),
        ("2", False),
        ('42["msg",{"text":"Hello"}]', True),
        ('{"type":"connected"}', True),
        ("<message/>", True),
    ],
)
def test_a_frame_of_the_handshake_tells_nothing_of_the_chat(frame: str, tells: bool) -> None:
    assert _tells(Event(0.0, "user1", "ws_received", frame, {}, "user1")) is tells
