"""A client that does not read is closed with 1013 and delays nobody; one that takes no close frame is cut off."""

from __future__ import annotations

import socket
import time
import uuid

import pytest
from websockets.exceptions import ConnectionClosed

FLOOD_S = 20
# One frame fills the client library's queue; and it does not wait long for a server that closes its own way.
DEAF = {"max_queue": 1, "close_timeout": 0.1}


def lazy_socket(address: str) -> socket.socket:
    """Takes little into its buffers, so that a server notices early that nobody reads."""
    host, port = address.split(":")
    connection = socket.socket()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    connection.connect((host, int(port)))
    return connection


def flood(server, sender, chat: int, watcher, next_frame) -> int:
    """Send until the server gives up on the slow one; each message reaches the watcher meanwhile. Returns how many."""
    content, sent, deadline = "😀" * 10_000, 0, time.monotonic() + FLOOD_S
    while not any("disconnected" in line for line in server.lines):
        assert time.monotonic() < deadline, f"still not closed after {sent} messages"
        message = {"content": content, "client_id": str(uuid.uuid4())}
        server.call(sender, "POST", f"/chats/{chat}/messages", message)
        assert next_frame(watcher, "new_message")["message"]["client_id"] == message["client_id"]
        sent += 1
    return sent


def test_a_slow_client_is_closed_with_1013_and_reads_so_when_it_wakes(start, next_frame):
    server = start(SEND_QUEUE_LIMIT=4, CLOSE_GRACE_S=30)
    ann, bob, chat = server.direct_chat()
    slow_one = server.socket(bob["access_token"], sock=lazy_socket(server.address), **DEAF)
    with server.socket(ann["access_token"]) as watcher, slow_one as slow:
        sent = flood(server, ann, chat, watcher, next_frame)
        heard = []
        with pytest.raises(ConnectionClosed) as end:
            heard.extend(iter(lambda: next_frame(slow, "new_message")["seq"], None))

    assert (end.value.rcvd.code, end.value.rcvd.reason) == (1013, "too slow")
    # What it missed is there when it comes back.
    missed = server.call(bob, "GET", "/sync?after=1&limit=500")["events"]
    assert [event["type"] for event in missed] == ["new_message"] * sent


def test_a_client_that_takes_not_even_the_close_frame_is_cut_off_and_delays_no_shutdown(start, next_frame):
    server = start(SEND_QUEUE_LIMIT=4, CLOSE_GRACE_S=0.2)
    ann, bob, chat = server.direct_chat()
    deaf_one = server.socket(bob["access_token"], sock=lazy_socket(server.address), **DEAF)
    with deaf_one:
        with server.socket(ann["access_token"]) as watcher:
            flood(server, ann, chat, watcher, next_frame)
        server.wait_for("Socket cut off: .* 1013 too slow")
        server.stop()
    assert not any("timeout graceful shutdown exceeded" in line for line in server.lines)


def test_a_peer_that_reads_nothing_does_not_hold_up_the_shutdown_either(start):
    server = start()
    ann, bob, chat = server.direct_chat()
    with server.socket(bob["access_token"], sock=lazy_socket(server.address), **DEAF):
        for n in range(160):
            server.call(ann, "POST", f"/chats/{chat}/messages", {"content": "😀" * 10_000, "client_id": str(n)})
        server.stop()
    server.wait_for("timeout graceful shutdown exceeded")  # so there was somebody to wait for
