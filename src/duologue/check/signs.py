"""What a page tells beside its rows: who types, who is there, what became of a message, which day it is."""

from __future__ import annotations

from dataclasses import replace

from duologue.app import Chat
from duologue.check.look import near
from duologue.check.questions import Questions
from duologue.errors import AdapterError, UnknownVerdict
from duologue.people import Message, User


class Signs(Questions):
    """Questions about the signs of the open chat, and about what an own message bears."""

    def _sign(self, user: User, name: str, wanted: str) -> str:
        """One sign, by its name in the adapter, comes to read this."""
        view = self._app.views().get(name)
        if view is None:
            raise AdapterError(f"{name} is promised, and no selector tells where it is", remedy=f"give ChatApp.{name}")
        if self._wait(lambda: wanted in [row.get("text") for row in user.view(name)]):
            return repr(wanted)
        if user.view(name):
            seen = f"it reads {user.sign(name)!r}"
        else:
            seen = f"{name} = {view.row!r}: {near(user.page, view.row)}"
        remedy = f"correct {name}, or what it reads in the adapter"
        raise AdapterError(f"{name} does not come to read {wanted!r}", seen=seen, remedy=remedy)

    def _refused(self, user: User, selector: str) -> str:
        """A wrong password, once: it is to be refused in words."""
        self._app.sign_in(user.page, replace(user.account, password="not the password"))
        if self._wait(lambda: user.sign("refusal") != ""):
            return repr(user.sign("refusal"))
        seen = f"form.refusal = {selector!r}: {near(user.page, selector)}"
        remedy = "what does the page say to a wrong password, and where? form.refusal is to read that"
        raise AdapterError("a wrong password was given, and no refusal is read", seen=seen, remedy=remedy)

    def _typing(self, user1: User, user2: User) -> str:
        """What is typed is taken back: a draft would stay in somebody's account."""
        user1.type("Duologue types")
        try:
            return self._sign(user2, "typing", self._app.typing_text.format(name=user1.account.display_name))
        finally:
            user1.page.locator(self._app.composer).fill("")

    def _status(self, user: User, message: Message, status: str) -> str:
        """What one's own message bears, or bore since it was sent: what comes after may come at once."""

        def borne() -> list[str]:
            states = user.timeline.find(kind="view:messages", source=user.window, since=message.cursor)
            seen = [self._app.seen_message(row) for state in states for row in state.data["rows"]]
            return list(dict.fromkeys(one.status for one in seen if one.text == message.text))

        if self._wait(lambda: status in borne()):
            return repr(status)
        seen = f"it reads {borne()}; {self._missing(user, 'messages', 'status')}"
        remedy = "correct messages.status, sent_status or read_status"
        raise AdapterError(f"the message does not come to bear {status!r}", seen=seen, remedy=remedy)

    def _total(self, user: User, chat: Chat) -> str:
        """The number of all unread messages is the sum of the rows'."""

        def counts() -> tuple[int, int]:
            return self._app.total_unread(user.sign("total")), sum(row.unread or 0 for row in user.chats)

        if self._wait(lambda: counts()[0] == counts()[1]):
            if not counts()[0]:
                raise UnknownVerdict("nothing is unread, so the number tells nothing")
            return str(counts()[0])
        total, rows = counts()
        seen = f"{total}, read from {user.sign('total')!r}; the rows add up to {rows}, that of chat {chat} among them"
        raise AdapterError("total is not the number of unread messages", seen=seen, remedy="override total_unread")

    def _marks(self, user: User, mark: str) -> int:
        """How many messages bear a mark, `edited` or `deleted`."""
        return sum(getattr(seen, mark) for seen in user.messages)

    def _marked(self, user: User, mark: str, before: int) -> str:
        """One more message bears it than before."""
        if self._wait(lambda: self._marks(user, mark) > before):
            return f"one message is shown as {mark}"
        raise AdapterError(f"no message is shown as {mark}", seen=self._missing(user, "messages", mark))
