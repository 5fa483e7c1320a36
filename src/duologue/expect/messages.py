"""Expectations about the open chat: which messages it shows, how often, in which order, with which status."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from playwright.sync_api import expect as in_page

from duologue.app import SeenMessage
from duologue.errors import ExpectationFailed, UnknownVerdict, VacuousExpectation
from duologue.expect.agreement import Witness, judge
from duologue.expect.base import WindowExpectations
from duologue.people.message import Message
from duologue.timeline import Event, clock

_ENDS = 4


class MessageExpectations(WindowExpectations):
    """What the open chat comes to show after an action, and what it never shows."""

    def to_show(self, message: Message | str) -> float:
        """The message was not shown before, then it is, exactly once; returns when, epoch seconds."""
        text = str(message)
        if text in self._texts_before():
            raise VacuousExpectation(f"{self._source}: {text!r} was shown before the action")
        event = self._wait_for_texts(lambda texts: text in texts, f"{text!r} to be shown in the open chat")
        if (count := self._texts(event).count(text)) != 1:
            self._fail(f"{text!r} to be shown once", f"{count} times: {self._texts_seen()}")
        return event.at

    def to_show_exactly(self, *messages: Message | str) -> None:
        """The open chat comes to show these messages and no others, in this order."""
        wanted = [str(message) for message in messages]
        self._wait_for_texts(
            lambda texts: list(texts) == wanted, f"exactly these messages in order: {_listed(wanted)}", wanted
        )

    def to_show_up_to(self, *messages: Message | str) -> None:
        """The open chat comes to show these messages and no others, in this order, up to the last.

        Where the product promises fewer at once (capability `shown_at_once`), so many of the newest are exact, and
        older ones may be left out: at the top, or in a gap that is filled when one scrolls to it.
        """
        wanted = [str(message) for message in messages]
        fewest = min(self._user.app.capabilities.shown_at_once or len(wanted), len(wanted))
        self._wait_for_texts(
            lambda texts: list(texts[-fewest:]) == wanted[-fewest:] and _in_order(texts, wanted),
            f"the last {fewest} of these {len(wanted)} messages or more, in order: {_listed(wanted)}",
            wanted,
            fewest,
        )

    def to_have_lost_message(self, message: Message | str) -> None:
        """The message was shown before, then it is not.

        A chat that is drawn anew is empty for a moment: one of several messages has left it when others are shown.
        """
        text, before = str(message), self._texts_before()
        if text not in before:
            raise VacuousExpectation(f"{self._source}: {text!r} was not shown before the action")

        def lost(texts: Sequence[str]) -> bool:
            return text not in texts and (len(before) == 1 or bool(texts))

        self._wait_for_texts(lost, f"{text!r} to be shown no more")

    def to_keep_showing_once(self, message: Message | str, *, until: Message) -> None:
        """No state of the open chat shows the message more than once, until a later message came; then it is shown."""
        text = str(message)
        self._wait_until(until)
        counts = [self._texts(event).count(text) for event in self._events("view:messages")]
        if max(counts, default=0) > 1 or [seen.text for seen in self._user.messages].count(text) != 1:
            self._fail(f"{text!r} to be shown exactly once until {until.text!r} came", self._texts_seen())

    def never_to_show(self, text: str, *, until: Message) -> None:
        """Neither the open chat nor a preview shows the text, until a later message came."""
        self._wait_until(until)
        shown = [event for event in self._events("view:messages") if any(text in shown for shown in self._texts(event))]
        previews = [at for at, rows in self._list_states() if any(text in row.preview for row in rows)]
        if shown or previews:
            self._fail(f"never to show {text!r}", f"{self._texts_seen()}{self._states_seen()}")

    def to_have_status(self, message: Message | str, status: str) -> None:
        """The message did not bear this status before, then it does."""
        text = str(message)
        self._wait_for_messages(
            lambda shown: any(seen.text == text and seen.status == status for seen in shown),
            f"{text!r} to have the status {status!r}",
            lambda seen: (seen.text, seen.status),
        )

    def to_name_author(self, message: Message | str, name: str) -> None:
        """The message was not shown under this name before, then it is."""
        text = str(message)
        self._wait_for_messages(
            lambda shown: any(seen.text == text and seen.author == name for seen in shown),
            f"{text!r} to be shown as by {name!r}",
            lambda seen: (seen.text, seen.author),
        )

    def never_to_have_status(self, message: Message | str, status: str, *, until: Message) -> None:
        """The message never bears this status, until a later message came; it is shown all the same."""
        text = str(message)
        self._wait_until(until)
        shown = [seen for event in self._events("view:messages") for seen in self._shown(event) if seen.text == text]
        if not shown:
            raise UnknownVerdict(f"{self._source}: {text!r} was never shown, so its status is unknown")
        if any(seen.status == status for seen in shown):
            self._fail(f"{text!r} never to have the status {status!r}", str([seen.status for seen in shown]))

    def to_mark_as_edited(self, message: Message | str) -> None:
        """The message was not shown with a mark that it was edited, then it is."""
        text = str(message)
        self._wait_for_messages(
            lambda shown: any(seen.text == text and seen.edited for seen in shown),
            f"{text!r} to be marked as edited",
            lambda seen: (seen.text, "edited" if seen.edited else ""),
        )

    def to_mark_as_deleted(self, count: int = 1) -> None:
        """Another number of the messages shown was marked as deleted, then exactly so many are."""
        self._wait_for_messages(
            lambda shown: sum(seen.deleted for seen in shown) == count,
            f"{count} messages marked as deleted",
            lambda seen: (seen.text, "deleted" if seen.deleted else ""),
        )

    def to_show_in_view(self, message: Message | str) -> None:
        """The message comes to lie where somebody looks: nothing has to be scrolled to see it."""
        rows = self._user.page.locator(self._user.app.messages.row)
        try:
            in_page(rows.filter(has_text=str(message)).last).to_be_in_viewport(timeout=self._timeout_s * 1000)
        except AssertionError as error:
            seen = f"it is {'not there' if str(message) not in self._texts_now() else 'beyond the edge'}"
            raise ExpectationFailed(f"{self._source}: expected {str(message)!r} to be in view", seen=seen) from error

    def to_have_typed(self, text: str) -> None:
        """The composer of the open chat comes to hold exactly this, "" for nothing."""
        composer, timeout_ms = self._user.page.locator(self._user.app.composer), self._timeout_s * 1000
        try:
            if composer.evaluate("it => it.isContentEditable"):
                in_page(composer).to_have_text(text, timeout=timeout_ms)
            else:
                in_page(composer).to_have_value(text, timeout=timeout_ms)
        except AssertionError as error:
            expected = f"{self._source}: expected {text!r} to stand in the composer within {self._timeout_s:g} s"
            raise ExpectationFailed(expected, seen=repr(self._user.typed)) from error

    def to_be_refused(self) -> str:
        """The sign-in form says why it refused; returns what it says."""
        self._require_sign("refusal")
        self._wait(
            lambda: next((event for event in self._events("view:refusal") if _text(event)), None),
            "the sign-in form to say why it refuses",
            lambda: self._listing(self._events("view:refusal"), "nothing"),
        )
        return self._user.sign("refusal")

    # ---- signs beside the messages -------------------------------------------------------------------------------
    def to_show_sign(self, name: str, text: str) -> float:
        """`connection`, `typing` or `presence` read otherwise before and comes to read exactly this ("": not there)."""
        self._require_sign(name)
        before = self._timeline.last(kind=f"view:{name}", source=self._source, before=self._since)
        if before is not None and _text(before) == text:
            raise VacuousExpectation(f"{self._source}: {name} read {text!r} before the action")
        return self._wait(
            lambda: next((event for event in self._events(f"view:{name}") if _text(event) == text), None),
            f"{name} to read {text!r}",
            lambda: (
                self._listing(self._events(f"view:{name}"), "no change") + f"\n        now: {self._user.sign(name)!r}"
            ),
        ).at

    def to_still_show_sign(self, name: str, text: str) -> None:
        """It comes to read exactly this, whatever it read before: after an outage, say, in which it may be unknown."""
        self._require_sign(name)
        self._wait(
            lambda: self._user.sign(name) == text or None,
            f"{name} to read {text!r} in the end",
            lambda: f"now: {self._user.sign(name)!r}",
        )

    def never_to_show_sign(self, name: str, *, until: Message, text: str | None = None) -> None:
        """`typing` or the like never shows (with this text, when given), until a later message came."""
        self._require_sign(name)
        self._wait_until(until)
        shown = [event for event in self._events(f"view:{name}") if _text(event) and text in (None, _text(event))]
        if shown:
            self._fail(f"{name} never to show {text or 'anything'}", ", ".join(_text(event) for event in shown))

    def never_to_lose_sign(self, name: str, *, until: Message) -> None:
        """`typing` or the like was there before, and never goes until a later message was begun."""
        self._require_sign(name)
        before = self._timeline.last(kind=f"view:{name}", source=self._source, before=self._since)
        if before is None or not _text(before):
            raise UnknownVerdict(f"{self._source}: {name} was not there before, so it could not go")
        self._wait_until(until)
        states = [event for event in self._events(f"view:{name}") if event.at <= until.cursor.at]
        if not all(map(_text, states)):
            self._fail(f"{name} never to go", ", ".join(f"{clock(event.at)} {_text(event)!r}" for event in states))

    def _require_sign(self, name: str) -> None:
        if name not in self._user.app.views():
            raise UnknownVerdict(
                f"{self._source}: nobody looks for {name}",
                remedy=f"tell the adapter's `{name}`, or require a capability",
            )

    # ---- inner ---------------------------------------------------------------------------------------------------
    def _shown(self, event: Event | None) -> list[SeenMessage]:
        return [self._user.app.seen_message(row) for row in event.data["rows"]] if event else []

    def _wait_for_messages(
        self, holds: Callable[[list[SeenMessage]], bool], expected: str, shows: Callable[[SeenMessage], object]
    ) -> None:
        before = self._timeline.last(kind="view:messages", source=self._source, before=self._since)
        # What an older document showed is no reason why the present one shows it.
        if not self._events("document") and holds(self._shown(before)):
            raise VacuousExpectation(f"{self._source}: {expected}, but so it was before the action")

        def states() -> str:
            events = self._events("view:messages")[-10:]
            lines = [
                f"\n        {clock(event.at)}  {[shows(seen) for seen in self._shown(event)][-8:]}" for event in events
            ]
            return "".join(lines) or "no change of the open chat after the action"

        self._wait(
            lambda: next((True for event in self._events("view:messages") if holds(self._shown(event))), None),
            expected,
            states,
        )

    def _texts(self, event: Event | None) -> list[str]:
        return [seen.text for seen in self._shown(event)]

    def _texts_now(self) -> list[str]:
        return [seen.text for seen in self._user.messages]

    def _texts_before(self) -> list[str]:
        return self._texts(self._timeline.last(kind="view:messages", source=self._source, before=self._since))

    def _wait_for_texts(
        self, holds: Callable[[Sequence[str]], bool], expected: str, wanted: Sequence[str] = (), page: int = 0
    ) -> Event:
        def states() -> str:
            texts = tuple(SeenMessage(seen.text) for seen in self._user.messages)
            shown = Witness("at last", texts, page=page or len(wanted))
            compared = judge([SeenMessage(text) for text in wanted], [shown]) if wanted else ""
            return f"{self._texts_seen()}\n        of {compared}" if compared else self._texts_seen()

        return self._wait(self._first("view:messages", lambda event: holds(self._texts(event))), expected, states)

    def _texts_seen(self) -> str:
        states = [f"\n        {clock(event.at)}  {self._texts(event)[-8:]}" for event in self._events("view:messages")]
        now = self._texts_now()[-8:]
        return "".join(states[-10:]) or f"no change of the open chat after the action; it shows {now}"


def _listed(texts: Sequence[str]) -> str:
    """All of them, or the two ends of a long list."""
    return str(texts) if len(texts) <= 2 * _ENDS else f"{texts[:_ENDS]} … {texts[-_ENDS:]}"


def _in_order(texts: Sequence[str], wanted: Sequence[str]) -> bool:
    """Whether all texts are wanted ones, in their order."""
    rest = iter(wanted)
    return all(text in rest for text in texts)


def _text(event: Event) -> str:
    rows = event.data["rows"]
    return (rows[0].get("text") or "") if rows else ""
