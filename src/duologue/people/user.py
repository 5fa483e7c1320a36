"""`User`: one window of a person. Verbs act in its page; what they did stands on the timeline."""

from __future__ import annotations

from duologue.app import Chat, SeenMessage
from duologue.errors import Symptom
from duologue.people.message import Message
from duologue.people.surroundings import Surroundings


class User(Surroundings):
    """A person at one window: `user1`, or another tab or device of the same person (`user1/tab2`, `user1/device2`)."""

    def new_tab(self) -> User:
        """Another tab of the same browser, signed in like this one."""
        return self.cast.new_tab(self)

    def new_device(self) -> User:
        """Another browser of the same person, signed in by the form: its session is one of its own."""
        return self.cast.new_device(self)

    # ---- chatting ------------------------------------------------------------------------------------------
    def open_chat(self, chat: Chat) -> None:
        """Open a chat from the list, and wait until it is the open one."""
        key = self.key(chat)
        with self._acting(f"opens chat {chat}") as self.opened_at:
            self.app.open_chat(self.page, key)
        symptom = Symptom("to_open", self.window, chat.id)
        self._wait(lambda: self.is_open(chat) or None, f"chat {chat} to be open", symptom)

    def leave_chat(self, chat: Chat, back_to: str | None = None) -> None:
        """Leave a chat that the page opened by itself, for the one that was open before (its key) or for none."""
        self._wait(lambda: self.is_open(chat) or None, f"chat {chat} to open by itself")
        with self._acting(f"leaves chat {chat}"):
            if back_to is None:
                self.app.leave_chat(self.page)
            else:
                self.app.open_chat(self.page, back_to)
        self._wait(lambda: None if self.is_open(chat) else True, f"chat {chat} to be left")

    def send(self, chat: Chat, text: str) -> Message:
        """Type a message into the chat (opened first unless it is open) and send it; does not wait for it to arrive."""
        if not self.is_open(chat):
            self.open_chat(chat)
        with self._acting(f"sends {text!r} to chat {chat}") as since:
            self.app.send(self.page, text)
        message = Message(text, chat, self.name, since, self.window)
        self.cast.sent.append(message)
        return message

    def type(self, text: str, *, over_s: float = 0) -> None:
        """Type into the composer of the open chat, key by key, without sending; evenly over so many seconds."""
        with self._acting(f"types {text!r}"):
            self.page.locator(self.app.composer).press_sequentially(text, delay=over_s * 1000 / max(len(text), 1))

    def scroll_up(self) -> None:
        """Scroll the open chat up to the first message that is shown, from the last."""
        rows = self.page.locator(self.app.messages.row)
        with self._acting("scrolls up"):
            rows.last.scroll_into_view_if_needed()
            rows.first.scroll_into_view_if_needed()

    def scroll_back(self) -> None:
        """Scroll the open chat up to its first message, and wait until older ones are shown above it."""
        first = self.messages[:1]
        self.scroll_up()
        self._wait(lambda: self.messages[:1] != first or None, "older messages above those that are shown")

    @property
    def typed(self) -> str:
        """What stands in the composer of the open chat."""
        composer = self.page.locator(self.app.composer)
        return str(composer.evaluate("it => it.isContentEditable ? it.innerText.trim() : it.value"))

    def edit(self, message: Message, text: str) -> Message:
        """Give one's own message another text."""
        with self._acting(f"edits {message.text!r} to {text!r}") as since:
            self.app.edit(self.page, self._shown(message).id, text)
        return Message(text, message.chat, self.name, since, self.window)

    def delete(self, message: Message) -> None:
        """Delete one's own message."""
        with self._acting(f"deletes {message.text!r}"):
            self.app.delete(self.page, self._shown(message).id)

    def _shown(self, message: Message) -> SeenMessage:
        def shown_with_id() -> SeenMessage | None:
            return next((seen for seen in self.messages if seen.text == message.text and seen.id), None)

        return self._wait(shown_with_id, f"message {message.text!r} to be shown with its id")
