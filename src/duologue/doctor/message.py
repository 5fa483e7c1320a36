"""The message test: user1 sends, and how far the message comes, hop by hop; then what user2 shows of it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

from duologue.app import Chat
from duologue.diagnosis.probes import ask_messages
from duologue.doctor.patient import ANSWER_TIMEOUT_S, go_elsewhere
from duologue.doctor.sheet import Sheet
from duologue.errors import ExpectationFailed
from duologue.expect import expect
from duologue.journey import journey
from duologue.people import Cast, Message, User

SENT, _TOP, _UNREAD = "user1 sends", "user2: moved to top", "user2: one more unread"
_SENT_SHOWS, _OPENED_SHOWS, _NEXT_SHOWS = "user1: shows it", "user2: opened, shows it", "user2: shows the next one"


class MessageTest:
    """Its checks, on the sheet."""

    def __init__(self, cast: Cast, sheet: Sheet) -> None:
        self._cast, self._sheet = cast, sheet

    def run(self, chat: Chat, user1: User, user2: User) -> None:
        """user1 sends; each hop to user2 is a check, and what user2 shows is one."""
        sent: list[Message] = []
        is_elsewhere = go_elsewhere(user2, chat)

        def send() -> str:
            sent.append(user1.send(chat, f"Duologue's doctor was here ({self._cast.mark})"))
            return repr(sent[0].text)

        if not self._sheet.ask(SENT, send):
            return
        self._sheet.ask(_SENT_SHOWS, lambda: self._shows(sent[0], user1))
        is_lost = self._is_lost(sent[0], user2)
        capabilities = self._cast.app.capabilities
        checks: dict[str, Callable[[], str]] = {}
        if capabilities.order == "recency":
            checks[_TOP] = lambda: self._moved(sent[0], user2)
        if capabilities.unread == "number" and is_elsewhere:
            checks[_UNREAD] = lambda: self._counted(sent[0], user2)
        elif capabilities.unread == "number":
            why = f"the page opened chat {chat} by itself, where nothing is counted, and there is no other"
            self._sheet.note(_UNREAD, "unknown", 0, why, unseen=True)
        checks[_OPENED_SHOWS] = lambda: self._opened(sent[0], user2)
        checks[_NEXT_SHOWS] = lambda: self._shows(
            user1.send(chat, f"Duologue's doctor was still here ({self._cast.mark})"), user2
        )
        for name, question in checks.items():
            if is_lost:  # what a chat shows that is loaded now would hide where the message was lost
                self._sheet.skip((name,), "the message did not arrive")
            elif not self._sheet.ask(name, question) and name == _UNREAD:
                is_lost = self._sheet.checks[-1].verdict == "failed"  # whoever opens it has read it: nothing to compare

    def _is_lost(self, message: Message, user2: User) -> bool:
        """A check for each hop, with the time from the one before, and one for the whole."""

        def arrives() -> str:
            expect(message, timeout_s=self._cast.app.patience_s).to_have_reached(user2)
            return "once, and in order"

        # Where neither list nor frames tell of a message, the chat does once it is opened.
        self._sheet.ask("the message reaches user2", arrives, may_be_unseen=True)
        is_lost = self._sheet.checks[-1].verdict == "failed"
        with suppress(ExpectationFailed):  # the frame may be quicker than the answer to whoever sent it
            expect(self._cast.users[message.window], timeout_s=ANSWER_TIMEOUT_S).to_have_no_request_open()
        if is_lost:
            ask_messages(self._cast, message.chat)
        way = journey(message, user2)
        before: float | None = None
        for hop in way.hops:
            name = f"hop: {hop.name}"
            if hop.at is not None:
                self._sheet.note(name, "passed", hop.at - (before or hop.at), hop.source)
                before = hop.at
            elif hop.state == "reached":
                self._sheet.note(name, "passed", 0, f"the {hop.source} has it; nobody saw when")
            elif hop is way.missing:
                self._sheet.note(name, "failed", 0, f"the message was lost here ({hop.source})")
            elif hop.state == "missing":
                self._sheet.note(name, "unknown", 0, "behind the hop at which the message was lost")
            else:
                self._sheet.note(name, "unknown", 0, f"nobody can see it ({hop.source})", unseen=True)
        return is_lost

    def _moved(self, message: Message, user: User) -> str:
        expect(user, since=message, timeout_s=self._cast.app.patience_s).to_have_moved_to_top(message.chat)
        return ""

    def _opened(self, message: Message, user: User) -> str:
        user.open_chat(message.chat)
        return self._shows(message, user)

    def _shows(self, message: Message, user: User) -> str:
        expect(user, timeout_s=self._cast.app.patience_s).to_show(message)
        return ""

    def _counted(self, message: Message, user: User) -> str:
        key = user.key(message.chat)
        before = next((row.unread or 0 for row in user.chats_at(message.cursor) if row.key == key), 0)
        expect(user, since=message, timeout_s=self._cast.app.patience_s).to_have_unread(message.chat, before + 1)
        return f"{before} before, {before + 1} now"
