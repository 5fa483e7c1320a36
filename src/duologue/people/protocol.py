"""`ProtocolUser`: a user without a page, over the chat's API and a WebSocket, with the same verbs."""

from __future__ import annotations

import base64
import threading
import time
from contextlib import ExitStack
from typing import TYPE_CHECKING

from duologue.app import Account, Chat, ChatApi, ChatApp, SeenMessage
from duologue.errors import AdapterError, ExpectationFailed
from duologue.people.message import Message
from duologue.timeline import Event, Timeline

if TYPE_CHECKING:
    from websockets.sync.client import ClientConnection


class ProtocolUser:
    """A person who chats without a browser; frames stand on the timeline as those of a page do."""

    def __init__(self, name: str, account: Account, app: ChatApp, api: ChatApi, timeline: Timeline) -> None:
        self.name, self.account, self.app, self.api, self.timeline = name, account, app, api, timeline
        self.window = f"{name}/protocol"
        self._opened = ExitStack()
        self._socket: ClientConnection | None = None
        self._reader: threading.Thread | None = None

    def connect(self, url: str | None = None, *, timeout_s: float = 10) -> None:
        """Open the WebSocket (at the app's own address by default); frames are read until it closes.

        Raises ExpectationFailed when it cannot be opened.
        """
        # Few tests have such users, and every run loads this module.
        from websockets.exceptions import WebSocketException
        from websockets.sync.client import connect

        url = url or self.api.socket_url(self.account)
        if not url:
            raise AdapterError(f"{self.window} does not know where to connect", remedy="override ChatApi.socket_url")
        self.timeline.act(self.name, "connects", source=self.window)
        try:
            headers = self.api.socket_headers(self.account)
            socket = connect(url, additional_headers=headers, open_timeout=timeout_s, max_size=None, proxy=None)
            self._socket = self._opened.enter_context(socket)
        except (OSError, WebSocketException, TimeoutError) as error:
            raise ExpectationFailed(f"{self.window} could not open its WebSocket", seen=str(error)) from error
        self._note("ws_open", url.partition("?")[0])
        self._reader = threading.Thread(target=self._read, args=(self._socket,), daemon=True)
        self._reader.start()

    def _read(self, socket: ClientConnection) -> None:
        from websockets.exceptions import ConnectionClosed

        try:
            while True:
                frame = socket.recv()
                if isinstance(frame, str):
                    self._note("ws_received", frame)
                else:
                    self._note("ws_received", f"[{len(frame)} bytes]", base64=base64.b64encode(frame).decode())
        except ConnectionClosed:
            self._note(
                "ws_closed",
                f"{socket.close_code} {socket.close_reason}",
                code=socket.close_code,
                reason=socket.close_reason,
            )

    def _note(self, kind: str, text: str, **data: object) -> None:
        self.timeline.append(Event(time.time(), self.name, kind, text, data, self.window))

    def send_frame(self, frame: str | bytes) -> None:
        """Send a frame as it is."""
        if self._socket is None:
            raise ExpectationFailed(f"{self.window} is not connected", remedy="call connect() first")
        self.timeline.act(self.name, f"sends frame {frame!r}", source=self.window)
        self._socket.send(frame)

    def send(self, chat: Chat, text: str) -> Message:
        """Send a message to the chat."""
        cursor = self.timeline.act(self.name, f"sends {text!r} to chat {chat}", source=self.window)
        self.api.send(self.account, chat, text)
        return Message(text, chat, self.name, cursor)

    def edit(self, message: Message, text: str) -> Message:
        """Give one's own message another text."""
        cursor = self.timeline.act(self.name, f"edits {message.text!r} to {text!r}", source=self.window)
        self.api.edit(self.account, self._stored(message), text)
        return Message(text, message.chat, self.name, cursor)

    def delete(self, message: Message) -> None:
        """Delete one's own message."""
        self.timeline.act(self.name, f"deletes {message.text!r}", source=self.window)
        self.api.delete(self.account, self._stored(message))

    def open_chat(self, chat: Chat) -> None:
        """Read all of the chat, as a window does that opens it."""
        self.timeline.act(self.name, f"opens chat {chat}", source=self.window)
        self.api.read(self.account, chat)

    def _stored(self, message: Message) -> SeenMessage:
        history = self.history(message.chat)
        for seen in reversed(history):
            if seen.text == message.text:
                return seen
        raise ExpectationFailed(
            f"{self.window} finds no message {message.text!r} in chat {message.chat}",
            seen=f"{[seen.text for seen in history[-8:]]}",
        )

    def history(self, chat: Chat) -> list[SeenMessage]:
        """All messages of the chat as the API gives them."""
        return self.api.messages(self.account, chat)

    def disconnect(self) -> None:
        """Close the WebSocket, and wait until its reader has ended."""
        if self._socket is not None and self._reader is not None:
            self._opened.close()
            self._reader.join()
            self._socket = self._reader = None
