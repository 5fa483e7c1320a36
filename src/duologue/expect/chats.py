"""Expectations about the chat list: order, unread counts, previews. Each reads the list as a whole."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from duologue.app import Chat, ChatRow
from duologue.errors import UnknownVerdict, VacuousExpectation
from duologue.expect.base import WindowExpectations
from duologue.people.message import Message
from duologue.timeline import Event


class ChatListExpectations(WindowExpectations):
    """What becomes of the chat list after an action, and what must stay as it is."""

    # ---- what changes ---------------------------------------------------------------------------------------
    def to_have_moved_to_top(self, chat: Chat) -> float:
        """The chat was in the list but not on top before, then it is, and the others keep their order.

        Returns the time at which the page showed it, epoch seconds.
        """
        before = self._list_before()
        key = self._user.key(chat)
        keys = [row.key for row in before]
        if key not in keys:
            self._fail(f"chat {chat} to move to the top", f"it was not in the list before: {self._states_seen(before)}")
        if keys[0] == key:
            raise VacuousExpectation(
                f"{self._source}: chat {chat} was on top before the action, so it could not move there",
                seen=self._states_seen(before),
                remedy="bring another chat to the top first",
            )

        def moved(rows: Sequence[ChatRow]) -> bool:  # with all rows: a list that is drawn anew may come one by one
            return bool(rows) and rows[0].key == key and {row.key for row in rows} >= set(keys)

        at, after = self._wait_for_state(moved, before, f"chat {chat} on top")
        rest = [other for other in keys if other != key]
        if [row.key for row in after if row.key in rest] != rest:
            self._fail(f"the other chats to keep their order when chat {chat} moved", self._states_seen(before))
        return at

    def to_have_appeared_on_top(self, chat: Chat) -> float:
        """The chat was not in the list before, then it is, on top; returns when."""
        before = self._list_before()
        if self._row(before, chat):
            raise VacuousExpectation(
                f"{self._source}: chat {chat} was in the list before", seen=self._states_seen(before)
            )
        key = self._user.key(chat)
        return self._wait_for_state(
            lambda rows: bool(rows) and rows[0].key == key, before, f"chat {chat} to appear on top"
        )[0]

    def to_list(self, chat: Chat) -> float:
        """The chat was not in the list before, then it is, wherever; returns when."""
        before = self._list_before()
        if self._row(before, chat):
            raise VacuousExpectation(
                f"{self._source}: chat {chat} was in the list before", seen=self._states_seen(before)
            )
        return self._wait_for_state(
            lambda rows: self._row(rows, chat) is not None, before, f"chat {chat} to be listed"
        )[0]

    def to_have_lost(self, chat: Chat) -> None:
        """The chat was in the list before, then it is not.

        A list that is drawn anew is empty for a moment: one of several chats has left it when others are shown. Of the
        only one that cannot be told.
        """
        before = self._list_before()
        if not self._row(before, chat):
            raise VacuousExpectation(
                f"{self._source}: chat {chat} was not in the list before", seen=self._states_seen(before)
            )

        def lost(rows: Sequence[ChatRow]) -> bool:
            return not self._row(rows, chat) and (len(before) == 1 or bool(rows))

        self._wait_for_state(lost, before, f"chat {chat} to leave the list")

    def to_have_unread(self, chat: Chat, count: int) -> float:
        """The chat's unread count was another before, then it is exactly `count`; returns when."""
        before = self._list_before()
        row = self._row(before, chat)
        if row and row.unread == count:
            raise VacuousExpectation(
                f"{self._source}: chat {chat} had {count} unread before the action",
                seen=self._states_seen(before),
                remedy="to_keep_unread says that it stays, to_still_have_unread that it is so after a reload",
            )
        return self._wait_for_state(self._counts(chat, count), before, f"{count} unread in chat {chat}")[0]

    def to_have_read(self, chat: Chat) -> None:
        """Something was unread in the chat before, then nothing is: in the window, and at the server if its API counts.

        A page may show a chat as read before the server hears of it, and until then the server goes on counting.
        """
        row = self._row(self._list_before(), chat)
        if row is None or not row.unread:
            raise VacuousExpectation(f"{self._source}: nothing was unread in chat {chat} before the action")
        account, api = self._user.account, self._user.cast.api
        tells = self._user.app.capabilities.api_chats

        def held() -> int | None:
            return None if not tells else next((row.unread for row in api.chats(account) if row.key == chat.id), None)

        def shown() -> int | None:
            row = self._row(self._user.chats, chat)
            return row.unread if row else None

        self._wait(
            lambda: True if shown() == 0 and held() in (0, None) else None,
            f"chat {chat} to be read, as the server knows too",
            lambda: f"the window shows {shown()} unread, the server holds {held()}",
            "did the page send a receipt?",
        )

    def to_mark_as_unread(self, chat: Chat) -> float:
        """The chat was not marked as unread before, then it is, with a number or without one; returns when."""
        before = self._list_before()
        if self._is_marked(before, chat):
            raise VacuousExpectation(
                f"{self._source}: chat {chat} was marked as unread before the action", seen=self._states_seen(before)
            )
        return self._wait_for_state(
            lambda rows: self._is_marked(rows, chat), before, f"chat {chat} to be marked as unread"
        )[0]

    def to_mark_as_read(self, chat: Chat) -> float:
        """The chat was marked as unread before, then it is there and not marked; returns when."""
        before = self._list_before()
        if not self._is_marked(before, chat):
            raise VacuousExpectation(
                f"{self._source}: chat {chat} was not marked as unread before the action",
                seen=self._states_seen(before),
            )
        return self._wait_for_state(
            lambda rows: self._row(rows, chat) is not None and not self._is_marked(rows, chat),
            before,
            f"chat {chat} to be marked as unread no more",
        )[0]

    def to_keep_marked_as_read(self, chat: Chat, *, until: Message) -> None:
        """From the action until a later message came, no state of the list marks the chat as unread."""
        self._keep(lambda rows: not self._is_marked(rows, chat), f"chat {chat} to be marked as read", until)

    def _is_marked(self, rows: Sequence[ChatRow], chat: Chat) -> bool:
        row = self._row(rows, chat)
        return row is not None and row.unread != 0

    def to_have_total_unread(self, count: int) -> float:
        """The number over all chats was another before, then it is exactly `count`; returns when."""
        before = self._timeline.last(kind="view:total", source=self._source, before=self._since)
        if before is None:
            raise UnknownVerdict(
                f"{self._source}: no number over all chats had been seen before the action",
                remedy="tell the adapter's `total`, or require the capability `total_unread`",
            )
        if self._total(before) == count:
            raise VacuousExpectation(f"{self._source}: {count} were unread in all before the action")
        return self._wait(
            lambda: next((event for event in self._events("view:total") if self._total(event) == count), None),
            f"{count} unread in all chats together",
            lambda: self._listing(self._events("view:total"), "no change of the number over all chats"),
        ).at

    def _total(self, event: Event) -> int:
        rows = event.data["rows"]
        return self._user.app.total_unread((rows[0].get("text") or "") if rows else "")

    def to_have_preview(self, chat: Chat, text: str | Message) -> float:
        """The chat's preview was another before, then it is exactly this; returns when."""
        before, text = self._list_before(), str(text)
        row = self._row(before, chat)
        if row and row.preview == text:
            raise VacuousExpectation(
                f"{self._source}: chat {chat} had the preview {text!r} before", seen=self._states_seen(before)
            )

        def shows(rows: Sequence[ChatRow]) -> bool:
            return any(row.key == self._user.key(chat) and row.preview == text for row in rows)

        return self._wait_for_state(shows, before, f"preview {text!r} in chat {chat}")[0]

    def to_have_lost_preview(self, chat: Chat, text: str | Message) -> float:
        """The chat's preview was this before, then it is another; returns when."""
        before, text = self._list_before(), str(text)
        row = self._row(before, chat)
        if not row or row.preview != text:
            raise VacuousExpectation(
                f"{self._source}: chat {chat} did not have the preview {text!r} before", seen=self._states_seen(before)
            )

        def shows_another(rows: Sequence[ChatRow]) -> bool:
            return any(row.key == self._user.key(chat) and row.preview != text for row in rows)

        return self._wait_for_state(shows_another, before, f"another preview than {text!r} in chat {chat}")[0]

    # ---- what is so, in a list that was read afresh (a reload, another device) ----------------------------------
    def to_still_have_unread(self, chat: Chat, count: int) -> None:
        """A list read after the action shows exactly this count.

        Raises VacuousExpectation for none in a chat that is open there.
        """
        self._wait_for_state(self._counts(chat, count), (), f"{count} unread in chat {chat}, read afresh")
        if count == 0 and (row := self._row(self._user.chats, chat)) and row.is_open:
            raise VacuousExpectation(
                f"{self._source}: the page shows chat {chat}, where nothing is ever unread",
                seen=self._states_seen(),
                remedy="open another chat before the list is read afresh",
            )

    def to_still_have_order(self, *chats: Chat) -> None:
        """A list read after the action shows these chats, and only these, in this order."""
        keys = [self._user.key(chat) for chat in chats]
        self._wait_for_state(
            lambda rows: [row.key for row in rows] == keys, (), f"the chats in the order {keys}, read afresh"
        )

    def to_still_have_rows(self, rows: Sequence[ChatRow]) -> None:
        """A list read after the action shows these rows, as `user.chats` was before it, whichever is open."""
        wanted = [replace(row, is_open=False) for row in rows]
        self._wait_for_state(
            lambda seen: [replace(row, is_open=False) for row in seen] == wanted, rows, "the same rows, read afresh"
        )

    # ---- what stays, until a later message has come --------------------------------------------------------------
    def to_keep_unread(self, chat: Chat, count: int, *, until: Message) -> None:
        """From the action until a later message came, no state of the list shows another count."""
        self._keep(
            lambda rows: (row := self._row(rows, chat)) is None or row.unread == count,
            f"chat {chat} to keep {count} unread",
            until,
        )
        if count == 0:
            self._not_open_by_itself(chat)

    def _not_open_by_itself(self, chat: Chat) -> None:
        """Nothing is ever unread in a chat that the page shows; that this one is shown must be the test's own doing."""
        row = self._row(self._user.chats, chat)
        opened = self._timeline.find(
            kind="action", source=self._source, where=lambda event: event.text.startswith("opens chat ")
        )
        if row and row.is_open and (not opened or opened[-1].text != f"opens chat {chat}"):
            raise VacuousExpectation(
                f"{self._source}: the page opened chat {chat} by itself, where nothing is ever unread",
                seen=self._states_seen(),
                remedy="leave the chat first; a page that always does so has the capability `opens_by_itself`",
            )

    def to_keep_order(self, *, until: Message) -> None:
        """From the action until a later message came, no state of the list shows another order.

        The later message moves its own chat: it has to be on top already.
        """
        before = self._list_before()
        keys = [row.key for row in before]
        if len(keys) < 2:
            raise VacuousExpectation(
                f"{self._source}: fewer than two chats are always in order", seen=self._states_seen(before)
            )

        def in_order(rows: Sequence[ChatRow]) -> bool:
            shown = [row.key for row in rows]
            return [key for key in keys if key in shown] == shown

        self._keep(in_order, f"the chats to keep their order {keys}", until)

    def _keep(self, holds: Callable[[Sequence[ChatRow]], bool], expected: str, until: Message) -> None:
        """No state may break it; one in which rows are missing is of a list that is drawn anew, if they come back."""
        before = self._list_before()
        if not before or not holds(before):
            raise UnknownVerdict(
                f"{self._source}: {expected}, but it was not so before", seen=self._states_seen(before)
            )
        self._wait_until(until)
        keys = {row.key for row in before}
        self._wait(
            lambda: keys <= {row.key for row in self._user.chats} or None,
            f"{expected}, and none of them to go",
            lambda: self._states_seen(before),
        )
        if not all(holds(rows) for _, rows in self._list_states()):
            self._fail(f"{expected} until {until.text!r} came", self._states_seen(before))

    # ---- inner -----------------------------------------------------------------------------------------------------
    def _counts(self, chat: Chat, count: int) -> Callable[[Sequence[ChatRow]], bool]:
        return lambda rows: any(row.key == self._user.key(chat) and row.unread == count for row in rows)

    def _wait_for_state(
        self, holds: Callable[[Sequence[ChatRow]], bool], before: Sequence[ChatRow], expected: str
    ) -> tuple[float, tuple[ChatRow, ...]]:
        state = self._wait(
            self._first("view:chats", lambda event: holds(self._rows(event))),
            expected,
            lambda: self._states_seen(before),
        )
        return state.at, self._rows(state)
