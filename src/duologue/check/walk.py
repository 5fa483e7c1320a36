"""Each selector and each verb of an adapter, tried against a chat that runs: a patient comes in, checks go out."""

from __future__ import annotations

import contextlib

from playwright.sync_api import TimeoutError as PlaywrightTimeout

from duologue.app import Chat
from duologue.check.look import near, one_visible
from duologue.check.signs import Signs
from duologue.doctor import Patient, Sheet
from duologue.doctor.patient import USERS, go_elsewhere
from duologue.errors import AdapterError, UnknownVerdict
from duologue.people import Message, User
from duologue.report import Redactor, secrets_of
from duologue.taps import SAID


def walk(patient: Patient, sheet: Sheet) -> None:
    """Try everything that the adapter tells, in the order in which people use it."""
    sheet.clean = lambda text: Redactor(secrets_of(patient.cast.accounts)).text(text)
    _Walk(patient, sheet).all()


class _Walk(Signs):
    def __init__(self, patient: Patient, sheet: Sheet) -> None:
        super().__init__(patient.cast)
        self._sheet, self._makes_people = sheet, not patient.cast.given

    def all(self) -> None:
        """Accounts, the form, the list, a message and what it changes, then the other verbs."""
        ask = self._sheet.ask
        if not ask("accounts and a chat", self._accounts):
            return self._sheet.skip(("form", "chats.row", "messages.row"), "there is no chat of two people")
        user1, user2 = (self._cast.visitor(name) for name in USERS)
        if self._app.form:
            self._form(user1)
        signed_in = [ask(f"sign_in: {user.name}", lambda user=user: self._sign_in(user)) for user in (user1, user2)]
        if not all(signed_in) or self._chat is None:
            return self._sheet.skip(("chats.row", "messages.row"), "not both are signed in")
        if not ask("chats.row", lambda: self._rows(user2)):
            return self._sheet.skip(("messages.row",), "the list cannot be read")
        self._list(user2, self._chat)
        if not ask("open_chat", lambda: self._open(user1)):
            self._sheet.skip(("composer", "send", "messages.row"), "no chat could be opened")
        elif ask("composer", lambda: self._composer(user1)):
            self._message(user1, user2, self._chat)
        else:
            self._sheet.skip(("send", "messages.row"), "there is nothing to type into")
        if self._app.capabilities.sign_out:
            ask("sign_out", lambda: self._sign_out(user1))
        return None

    def _composer(self, user: User) -> str:
        """Some pages mark a chat as open and load it then."""
        with contextlib.suppress(PlaywrightTimeout):
            composer = user.page.locator(self._app.composer).filter(visible=True)
            composer.first.wait_for(timeout=self._app.patience_s * 1000)
        return one_visible(user.page, self._app.composer)

    # ---- coming in ---------------------------------------------------------------------------------------------
    def _accounts(self) -> str:
        one, other = (self._cast.account(name) for name in USERS)
        self._chat = self._cast.chat(one, other)
        if self._makes_people:
            self._cast.chat(self._cast.account("somebody"), other)  # so that the list has an order
        return f"{one.username} and {other.username}, chat {self._chat}"

    def _form(self, user: User) -> None:
        form = self._app.form
        assert form is not None
        user.page.goto(form.path)
        username = user.page.locator(form.username)

        def there() -> str:
            try:
                username.first.wait_for(timeout=self._app.patience_s * 1000)
            except Exception as error:
                seen = near(user.page, form.username)
                raise AdapterError(f"no field at {form.path} after {self._app.patience_s:g} s", seen=seen) from error
            return one_visible(user.page, form.username)

        self._sheet.ask("form.username", there)
        for name in ("password", "submit"):
            self._sheet.ask(f"form.{name}", lambda name=name: one_visible(user.page, getattr(form, name)))
        if form.refusal:
            self._sheet.ask("form.refusal", lambda: self._refused(user, form.refusal))

    def _sign_in(self, user: User) -> str:
        if user.name == USERS[0] and self._app.form:
            user.sign_in_by_form()
        else:
            user.sign_in()
        if not user.timeline.wait_for(lambda: user.view("chats") or None, self._app.patience_s):
            raise AdapterError(
                "signed in, but no row of the chat list is seen",
                seen=f"chats.row = {self._app.chats.row!r}: {near(user.page, self._app.chats.row)}",
                remedy="correct chats.row, or `sign_in` when the page is not the chat's",
            )
        return f"as {user.account.username}; {user.page.url}"

    # ---- the list ------------------------------------------------------------------------------------------------
    def _list(self, user: User, chat: Chat) -> None:
        self._sheet.ask("chats.key", lambda: self._keys(user, chat))
        self._sheet.ask("chats.name", lambda: self._names(user, chat))
        if self._app.chats.unread:
            self._sheet.ask("chats.unread: before", lambda: self._unread_before(user, chat))

    # ---- a message and what it changes ---------------------------------------------------------------------------
    def _one_more(self, user1: User, user2: User, chat: Chat, before: int, sent: list[Message]) -> str:
        """A page may also open it by itself only now: then one more message tells."""
        came = self._wait(lambda: user2.is_open(chat) or self._unread(user2, chat) == before + 1)
        if not came:
            raise self._miscounted(user2, chat, before + 1)
        if user2.is_open(chat):
            if not go_elsewhere(user2, chat):
                raise UnknownVerdict(f"{user2.name} opened chat {chat} by itself, so nothing in it is counted")
            before = self._unread(user2, chat) or 0
            sent.append(user1.send(chat, f"Duologue tries its adapter again ({self._cast.mark})"))
        return self._counted(user2, chat, before + 1)

    def _message(self, user1: User, user2: User, chat: Chat) -> None:
        ask, app = self._sheet.ask, self._app
        counts, dots = app.capabilities.unread == "number", app.capabilities.unread == "dot"
        # A page that opens what it remembers may only do so now.
        if app.capabilities.stays_signed_in and not ask("stays_signed_in", lambda: self._reload(user2)):
            ask("sign_in: user2, again", lambda: self._sign_in(user2))
        opened = [row.key for row in user2.chats if row.is_open]
        if (counts or dots) and not go_elsewhere(user2, chat):
            why = f"chat {chat} is open at {user2.name}, so nothing in it is counted, and no other chat can be opened"
            self._sheet.note("chats.unread: one more", "unknown", 0, why, unseen=True)
            counts = dots = False
        unread_before = self._unread(user2, chat) or 0
        top_before = user2.chats[0].key if user2.chats else ""
        sent: list[Message] = []

        def send() -> str:
            sent.append(user1.send(chat, f"Duologue tries its adapter ({self._cast.mark})"))
            return repr(sent[0].text)

        if not ask("send", send):
            return self._sheet.skip(("messages.row",), "nothing was sent")
        message = sent[0]
        ask("messages.row, .text", lambda: self._shown(user1, message))
        if app.capabilities.statuses and not user2.is_open(chat):
            ask("messages.status: sent", lambda: self._status(user1, message, app.sent_status))
        if app.lines.request:
            ask("lines.request", lambda: self._line(user1, SAID, app.lines.request, message.cursor))
        if counts:
            ask("chats.unread: one more", lambda: self._one_more(user1, user2, chat, unread_before, sent))
            opened += [user2.key(chat)] * (len(sent) - 1)  # one more was sent where it opened only now
            message = sent[-1]
            if app.capabilities.total_unread:
                ask("total", lambda: self._total(user2, chat))
        if dots:
            ask("chats.unread: dot", lambda: self._dotted(user2, chat))
        if not app.capabilities.opens_by_itself:
            ask("opens_by_itself", lambda: self._none_open(opened))
        if app.capabilities.previews:
            ask("chats.preview", lambda: self._preview(user2, chat, message))
        if app.capabilities.order == "recency" and top_before == user2.key(chat):
            why = "the chat was on top before: there is no other, or nobody to write in it"
            self._sheet.note("order: on top", "unknown", 0, why, unseen=True)
        elif app.capabilities.order == "recency":
            ask("order: on top", lambda: self._on_top(user2, chat))
        if app.capabilities.frames:
            ask("frames", lambda: self._frames(user2, message))
        if app.lines.console:
            ask("lines.console", lambda: self._line(user2, {"console"}, app.lines.console, message.cursor))
        if not ask("open_chat: user2", lambda: self._open(user2)):
            return None
        ask("messages: user2", lambda: self._shown(user2, message))
        for name in ("id", "author"):
            if getattr(app.messages, name):
                ask(f"messages.{name}", lambda name=name: self._message_field(user2, message, name))
        if app.capabilities.unread == "number":
            ask("chats.unread: read", lambda: self._counted(user2, chat, 0))
        if app.lines.read:
            ask("lines.read", lambda: self._line(user2, SAID, app.lines.read, user2.opened_at))
        self._signs(user1, user2, message)
        marks = {mark: self._marks(user2, mark) for mark in ("edited", "deleted")}
        if app.capabilities.edits:
            ask("edit", lambda: self._shown(user2, user1.edit(message, f"{message.text}, and edits it")))
            if app.messages.edited:
                ask("messages.edited", lambda: self._marked(user2, "edited", marks["edited"]))
        if app.capabilities.deletions:
            ask("delete", lambda: self._deleted(user1, user2, chat))
            if app.messages.deleted:
                ask("messages.deleted", lambda: self._marked(user2, "deleted", marks["deleted"]))
        return None

    def _signs(self, user1: User, user2: User, message: Message) -> None:
        """Both have the chat open, and user2 has read all of it."""
        ask, app = self._sheet.ask, self._app
        if app.capabilities.receipts:
            ask("messages.status: read", lambda: self._status(user1, message, app.read_status))
        if app.capabilities.typing:
            ask("typing", lambda: self._typing(user1, user2))
        if app.capabilities.presence:
            ask("presence", lambda: self._sign(user1, "presence", app.online_text))
        if app.capabilities.days:
            ask("day", lambda: self._sign(user1, "day", app.today_text))
