"""The log: the guide's lines to the letter, one event a line, and no token anywhere."""

from __future__ import annotations

import contextlib
import re

from websockets.exceptions import ConnectionClosed


def test_connecting_and_leaving_are_logged_as_the_guide_says(start):
    server = start()
    ann, _, chat = server.direct_chat()
    me = ann["user"]["id"]

    with server.socket(ann["access_token"]) as socket:
        socket.recv(5)
    server.wait_for("disconnected")

    ours = [line for line in server.lines if re.search("User |Added", line)]
    assert ours == [
        f"INFO:     User {me} connected. Total connections: 1",
        f"INFO:     Added user {me} to chat {chat}",
        f"INFO:     User {me} disconnected. Total connections: 0",
    ]


def test_each_message_is_logged_as_the_guide_says(start, next_frame):
    server = start()
    ann, bob, chat = server.direct_chat()
    one, other = ann["user"]["id"], bob["user"]["id"]
    with server.socket(ann["access_token"]) as first, server.socket(bob["access_token"]) as second:
        next_frame(first, "connected")
        next_frame(second, "connected")
        content = "two\nlines\u2028\x1b[31m 😀"
        server.call(ann, "POST", f"/chats/{chat}/messages", {"content": content, "client_id": "1"})
        next_frame(second, "new_message")

    server.wait_for(f"notification to user {other}")
    begin = server.lines.index("INFO:     === SEND MESSAGE NOTIFICATION ===")
    block = server.lines[begin : begin + 8]
    message = block.pop(3)
    assert message.startswith("INFO:     Message: {'id': ")
    assert r"'content': 'two\nlines\u2028\x1b[31m 😀'" in message
    assert block == [
        "INFO:     === SEND MESSAGE NOTIFICATION ===",
        f"INFO:     Chat ID: {chat}",
        f"INFO:     Sender ID: {one}",
        f"INFO:     Active connections: [{one}, {other}]",
        f"INFO:     Chat members: {{{one}, {other}}}",
        f"INFO:     Sending new_message notification to user {one}",
        f"INFO:     Sending new_message notification to user {other}",
    ]


def test_a_new_chat_is_logged_for_those_who_are_there(start, next_frame):
    server = start()
    ann, bob = server.register("ann"), server.register("bob")
    with server.socket(bob["access_token"]) as socket:
        next_frame(socket, "connected")
        chat = server.call(ann, "POST", "/chats", {"member_ids": [bob["user"]["id"]]})["id"]
        next_frame(socket, "chat_created")

    server.wait_for("disconnected")
    assert [line for line in server.lines if "Added" in line] == [
        f"INFO:     Added user {bob['user']['id']} to chat {chat}"
    ]


def test_no_token_is_in_any_line_whether_it_was_good_or_not(start):
    server = start()
    session = server.register("ann")
    tokens = [session["access_token"], session["refresh_token"], "not-even-a-jwt"]

    for token in tokens:
        server.http.get(f"http://{server.address}/ws", params={"token": token})
        server.http.get("/users/me", params={"access": token}, headers={"Authorization": f"Bearer {token}"})
        server.http.post("/auth/refresh", json={"refresh_token": token})
        with server.socket(token) as socket, contextlib.suppress(ConnectionClosed):
            socket.recv(5)
    server.call(session, "POST", "/auth/logout")
    server.stop()

    log = "\n".join(server.lines)
    assert "/ws?token=***" in log
    assert [token for token in tokens[:2] if token in log or token.rpartition(".")[2] in log] == []
    assert "token=not-even-a-jwt" not in log
