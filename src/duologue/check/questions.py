"""What is asked of each part of an adapter: a window comes in, what was found goes out, or what is there instead."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence, Set

from duologue.app import Chat, ChatApp
from duologue.check.look import near, tag
from duologue.errors import AdapterError, ExpectationFailed, UnknownVerdict
from duologue.lines import ANYTHING, line_of
from duologue.people import Cast, Message, User
from duologue.taps import RECEIVED, SAID
from duologue.taps.view import Row
from duologue.timeline import Cursor


class Questions:
    """Each raises AdapterError for a part that does not fit, UnknownVerdict where nothing was seen that could tell."""

    def __init__(self, cast: Cast) -> None:
        self._cast = cast
        self._app: ChatApp = cast.app
        self._chat: Chat | None = None

    def _rows(self, user: User) -> str:
        rows = user.view("chats")
        if not rows:
            raise AdapterError(f"{self._app.chats.row!r} matches nothing", seen=near(user.page, self._app.chats.row))
        return f"{self._app.chats.row} matches {len(rows)}"

    def _keys(self, user: User, chat: Chat) -> str:
        def keys_now() -> list[str]:
            return [self._app.chat_row(row).key for row in user.view("chats")]

        # A list that fills bit by bit after signing in.
        self._wait(lambda: user.key(chat) in keys_now() and "" not in keys_now())
        keys = keys_now()
        if "" in keys:
            seen = f"{keys.count('')} of {len(keys)} rows have none: {self._missing(user, 'chats', 'key')}"
            raise AdapterError("a row has no key", seen=seen, remedy="name an attribute that every row has")
        if user.key(chat) not in keys:
            seen = f"row_key gives {user.key(chat)!r}; the rows have {', '.join(keys[:5])}"
            raise AdapterError("no row has the chat's key", seen=seen, remedy="correct chats.key, or override row_key")
        twice = [key for key, number in Counter(keys).items() if number > 1]
        return f"{keys[0]}, …: {len(keys)} rows" + (f"; {', '.join(twice)} more than once" if twice else "")

    def _names(self, user: User, chat: Chat) -> str:
        row = self._row(user, chat)
        if row is None:
            raise UnknownVerdict("the chat's row is not known")
        name, wanted = row.get("name"), chat.titles.get(user.account.username, "")
        if not name:
            raise AdapterError("the chat's row has no name", seen=self._missing(user, "chats", "name"))
        if wanted and name != wanted:
            seen = f"it reads {name!r}, the API says {wanted!r}"
            raise AdapterError("the chat has another name", seen=seen, remedy="is more than the name inside of it?")
        return repr(name)

    def _unread_before(self, user: User, chat: Chat) -> str:
        row = self._row(user, chat)
        if row is None:
            raise UnknownVerdict("the chat's row is not known")
        raw, unread = row.get("unread"), self._unread(user, chat)
        if unread is None and self._app.capabilities.unread == "number":
            raise AdapterError("the badge of a chat is no number", seen=repr(raw), remedy="override chat_row")
        return f"{unread} (reads {raw!r})"

    def _open(self, user: User) -> str:
        chat = self._known_chat
        if self._row(user, chat) is None:
            raise UnknownVerdict("the chat's row is not known")
        try:
            user.open_chat(chat)
        except ExpectationFailed as error:
            seen = (
                f"{self._missing(user, 'chats', 'is_open')}; the first row now is {tag(user.page, self._app.chats.row)}"
            )
            remedy = "what does the row of the open chat have that no other has? chats.is_open is to read that"
            raise AdapterError("no row is shown as the open one", seen=seen, remedy=remedy) from error
        opened = [row.key for row in user.chats if row.is_open]
        if opened != [user.key(chat)]:
            seen = f"{', '.join(opened)}; opened was {user.key(chat)}"
            raise AdapterError("other rows are shown as open too", seen=seen, remedy="correct chats.is_open")
        return f"chat {chat} is open, no other"

    def _reload(self, user: User) -> str:
        try:
            user.reload()
        except ExpectationFailed as error:
            remedy = "Capabilities(stays_signed_in=False) where it asks for the password again"
            raise AdapterError("a reload does not bring the list back", seen=user.page.url, remedy=remedy) from error
        return "a reload asks for no password"

    def _none_open(self, opened: Sequence[str]) -> str:
        if not opened:
            return "no chat is open that nobody chose"
        remedy = 'Capabilities(opens_by_itself="last") where it is what was open last, else True; or mend the page'
        raise AdapterError("the page opens a chat that nobody chose", seen=opened[0], remedy=remedy)

    def _shown(self, user: User, message: Message) -> str:
        if self._wait(lambda: any(seen.text == message.text for seen in user.messages)):
            return f"{len(user.messages)} shown, one reads {message.text!r}"
        where, rows = self._app.messages, user.view("messages")
        if not rows:
            raise AdapterError(f"{where.row!r} matches nothing", seen=near(user.page, where.row))
        texts = [self._app.seen_message(row).text for row in rows]
        longer = next((text for text in texts if message.text in text), None)
        if longer is not None:
            remedy = "leave out what is no text of the message: a nearer selector, or Field(without=…)"
            raise AdapterError("a message reads more than its text", seen=f"{longer!r}", remedy=remedy)
        missing = self._missing(user, "messages", "text")
        seen = f"{len(rows)} rows, which read {texts[-3:]}; {missing}"
        raise AdapterError(f"{message.text!r} is not shown", seen=seen, remedy="correct messages.text, or `send`")

    def _message_field(self, user: User, message: Message, name: str) -> str:
        seen = next((seen for seen in user.messages if seen.text == message.text), None)
        if seen is None:
            raise UnknownVerdict("the message is not shown")
        if not getattr(seen, name):
            raise AdapterError(f"the message has no {name}", seen=self._missing(user, "messages", name))
        return repr(getattr(seen, name))

    def _counted(self, user: User, chat: Chat, count: int) -> str:
        if self._wait(lambda: self._unread(user, chat) == count):
            return f"{count}"
        raise self._miscounted(user, chat, count)

    def _miscounted(self, user: User, chat: Chat, count: int) -> AdapterError:
        raw = (self._row(user, chat) or {}).get("unread")
        remedy = "does the badge's element differ when it is hidden? override chat_row where it reads otherwise"
        return AdapterError(f"the badge does not come to read {count}", seen=f"it reads {raw!r}", remedy=remedy)

    def _preview(self, user: User, chat: Chat, message: Message) -> str:
        def preview() -> str:
            return next((row.preview for row in user.chats if row.key == user.key(chat)), "")

        if self._wait(lambda: preview() == message.text):
            return repr(message.text)
        remedy = "a nearer selector, or Capabilities(previews=False)"
        seen = f"{preview()!r}; {self._missing(user, 'chats', 'preview')}"
        raise AdapterError("the row does not come to show the message", seen=seen, remedy=remedy)

    def _on_top(self, user: User, chat: Chat) -> str:
        if self._wait(lambda: user.chats[0].key == user.key(chat)):
            return "from below to the top"
        seen = ", ".join(row.key for row in user.chats[:5])
        raise AdapterError("the chat does not move to the top", seen=seen, remedy='Capabilities(order="fixed")?')

    def _frames(self, user: User, message: Message) -> str:
        frames = user.timeline.find(kind=RECEIVED, source=user.window, since=message.cursor)
        if not user.timeline.find(kind=RECEIVED, source=user.window):
            remedy = "without a WebSocket or an event stream, name what is asked for news: `polls`"
            raise UnknownVerdict("no frame came at all", remedy=remedy)
        for frame in frames:
            try:
                found = self._app.frame_messages(frame.text)
            except Exception as error:  # the adapter's own code, in whatever way it fails
                seen = f"{type(error).__name__}: {error}, for {frame.text[:160]!r}"
                raise AdapterError(
                    "frame_messages fails", seen=seen, remedy="a frame it does not know is []"
                ) from error
            if any(seen.text == message.text for seen in found):
                return f"one of {len(frames)} frames has the message"
        holding = next((frame.text for frame in frames if message.text in frame.text), "")
        if holding:
            seen = f"the text is in {holding[:200]!r}"
            raise AdapterError("frame_messages does not find the message", seen=seen, remedy="override it")
        raise UnknownVerdict(f"the message's text is in none of {len(frames)} frames")

    def _dotted(self, user: User, chat: Chat) -> str:
        if self._wait(lambda: (self._row(user, chat) or {}).get("unread") is not None):
            return "the row is marked"
        where = self._app.chats.unread
        raise AdapterError(
            "nothing marks the chat as unread", seen=self._missing(user, "chats", "unread") if where else ""
        )

    def _line(self, user: User, kinds: Set[str], pattern: str, since: Cursor) -> str:
        line = line_of(pattern, chat=self._known_chat.id, user=user.account.id, any=ANYTHING)

        def found() -> str | None:
            events = user.timeline.find(kind=kinds, source=user.window, since=since)
            return next((event.text for event in events if line.fullmatch(event.text)), None)

        if text := user.timeline.wait_for(found, self._app.patience_s):
            return text[:120]
        events = user.timeline.find(kind=kinds, source=user.window, since=since)
        names = "request or frame" if kinds == SAID else "console line"
        seen = "; ".join(event.text[:120] for event in events[-5:]) or f"no {names} at all"
        raise AdapterError(f"no {names} is {pattern!r}", seen=seen, remedy="correct it in `lines`")

    def _deleted(self, user1: User, user2: User, chat: Chat) -> str:
        message = user1.send(chat, f"Duologue deletes this ({self._cast.mark})")
        self._shown(user2, message)
        user1.delete(message)
        if self._wait(lambda: all(seen.text != message.text for seen in user2.messages)):
            return "gone at user2"
        if all(seen.text != message.text for seen in user1.messages):
            remedy = "`delete` works. Does the page learn of others' deletions? if not, that is the product's to mend"
            raise AdapterError("a deleted message is gone at user1 and still shown to user2", remedy=remedy)
        raise AdapterError("a deleted message is still shown to both", remedy="does `delete` confirm what is asked?")

    def _sign_out(self, user: User) -> str:
        user.sign_out()
        return "the form is back" if self._app.form else user.page.url

    # ---- inner ------------------------------------------------------------------------------------------------------
    @property
    def _known_chat(self) -> Chat:
        assert self._chat is not None
        return self._chat

    def _row(self, user: User, chat: Chat) -> Row | None:
        return next((row for row in user.view("chats") if self._app.chat_row(row).key == user.key(chat)), None)

    def _unread(self, user: User, chat: Chat) -> int | None:
        return next((row.unread for row in user.chats if row.key == user.key(chat)), None)

    def _missing(self, user: User, listing: str, name: str) -> str:
        """What a field of a row finds instead."""
        where = getattr(self._app, listing)
        field = getattr(where, name)
        if field is None:
            return f"{listing}.{name} is not given"
        inside = near(user.page, f"{where.row} {field.selector}".strip()) if field.selector else ""
        return f"{listing}.{name} is {field.model_dump(exclude_defaults=True)}" + (f"; {inside}" if inside else "")

    def _wait(self, holds: Callable[[], bool]) -> bool:
        return self._cast.timeline.wait_for(lambda: holds() or None, self._app.patience_s) is not None
