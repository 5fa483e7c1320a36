"""Causes in unread counts: who counts wrongly, the server or the page, and what is counted that ought not to be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from duologue.app import Chat, ChatRow
from duologue.diagnosis.evidence import Evidence
from duologue.diagnosis.finding import Finding
from duologue.journey import Journey
from duologue.lines import ANYTHING, line_of
from duologue.people.loading import SHOWS
from duologue.people.message import Message
from duologue.people.user import User
from duologue.taps import RECEIVED, SAID
from duologue.timeline import Event

_BEFORE_THE_PAGE = ("requested", "stored", "notified", "frame")


@dataclass(frozen=True, slots=True)
class _Count:
    """What each witness says of one chat's count: the API, where it tells any, the last frame, the page."""

    user: User
    chat: Chat | None
    key: str
    expected: int
    api: tuple[Event, ...]
    held: int | None
    told: int | None
    frames: tuple[Event, ...]
    shown: int | None
    before: int
    reached: bool
    """Whether the window showed the expected number since the last message."""
    beyond: tuple[int, ...]
    """Numbers that the window showed on the way and that do not lie between the one before and the expected one."""

    @property
    def by_server(self) -> bool:
        """Whether the server is wrong, over REST or in its frames; else the page is."""
        told = self.told not in (None, self.expected) and self.told in (self.shown, *self.beyond)
        return told or (bool(self.api) and self.held != self.expected)

    @property
    def by_nobody_known(self) -> bool:
        """Whether it could be the server as well as the page: neither API nor frames tell what the server counts."""
        return not self.api and self.told is None

    @property
    def left(self) -> int:
        """How many are unread yet: by the server's word, or by the page's where there is none."""
        return (self.held if self.api else self.shown) or 0

    @property
    def wrong(self) -> int:
        """The wrong number."""
        numbers = (self.held, self.told, self.shown) if self.by_server else (self.shown, *self.beyond)
        return next((number for number in numbers if number not in (None, self.expected)), 0) or 0

    def __str__(self) -> str:
        told = "" if self.told is None else f", its last frame told {self.told}"
        shows = "no such chat" if self.shown is None else self.shown
        held = "holds no such chat" if self.held is None else f"holds {self.held}"
        server = f"the server {held}" if self.api else "what the server holds is not known"
        showed = f" and showed {', '.join(map(str, self.beyond))}" if self.beyond else ""
        return f"expected {self.expected}, {server}{told}, {self.user.window} shows {shows}{showed}"


def read_in_the_background(evidence: Evidence) -> Finding | None:
    """A window in the background sent a receipt."""
    if "unread" not in evidence.symptom.kind or not evidence.app.lines.read:
        return None
    line = line_of(evidence.app.lines.read, chat=ANYTHING, any=ANYTHING)
    for user in evidence.windows:
        hidden: Event | None = None
        for event in evidence.cast.timeline.find(source=user.window):
            if event.kind == "action" and event.text in ("hides the window", SHOWS):
                hidden = event if event.text.startswith("hides") else None
            elif hidden and event.kind in SAID and line.fullmatch(event.text):
                text = f"{user.window} was in the background and told the server that it read"
                remedy = "read only what is open in a visible window"
                return Finding("read-in-the-background", "product", "read", text, remedy, 88, (hidden, event))
    return None


def receipt_lost(evidence: Evidence) -> Finding | None:
    """A chat was read, and the server was never told so."""
    count = _count(evidence)
    if count is None or count.chat is None or count.expected != 0 or not count.left or not evidence.app.lines.read:
        return None
    read = evidence.acts(count.user.account, f"opens chat {count.chat}")
    sent = [message for message in evidence.cast.sent if message.chat.id == count.chat.id]
    if not read or all(message.sender == count.user.name for message in sent):
        return None  # there was nothing to read
    if _answered_receipts(evidence, count.user, count.chat.id, read[-1].at):
        return None
    told = evidence.receipts(evidence.windows_of(count.user.account), count.chat.id, read[-1].at)
    what = "its receipt was not answered" if told else "sent no receipt"
    text = f"{read[-1].source} read chat {count.chat} and {what}; {count}"
    remedy = "keep a receipt that could not be sent, and send it once connected"
    return Finding("receipt-lost", "product", "read", text, remedy, 82, (read[-1], *told[:2], *count.api))


def _answered_receipts(evidence: Evidence, user: User, chat_id: str, since: float) -> bool:
    """Whether the server took one of them."""
    return bool(evidence.taken(evidence.receipts(evidence.windows_of(user.account), chat_id, since)))


def read_and_not_told(evidence: Evidence) -> Finding | None:
    """A chat was opened, and the server, which was not told, goes on counting what came last."""
    symptom = evidence.symptom
    user = evidence.cast.users.get(symptom.window)
    api = next(iter(evidence.find("api_chats", symptom.window)), None)
    chat = evidence.chat(symptom.chat)
    if symptom.kind != "to_have_read" or user is None or api is None or chat is None or not evidence.app.lines.read:
        return None
    key = user.key(chat)
    held = api.data["unread"].get(key)
    row = next((row for row in user.chats if row.key == key), None)
    sent = [message.cursor.at for message in evidence.cast.sent if message.chat.id == symptom.chat]
    last = max(sent, default=0.0)
    opened = [act for act in evidence.acts(user.account, "opens chat ") if _opens(act, chat) and act.at > last]
    if not held or row is None or (row.unread and not opened):
        return None
    others = sum(message.sender != user.name for message in evidence.cast.sent if message.chat.id == symptom.chat)
    if _answered_receipts(evidence, user, symptom.chat, last) and (row.unread or held >= others):
        return None  # the server was told, and counts on; else the answer was to what had come first
    text = f"{user.window} shows {row.unread or 'nothing'} unread in chat {symptom.chat}, and the server holds {held}"
    remedy = "tell the server what was read last: also what came while a receipt was under way, or lies far above"
    sure = "the request that told of it: does it tell of the last message, and does the server take it?"
    return Finding("receipt-lost", "product", "read", text, remedy, 58, (*opened[-1:], api), sure)


def opened_by_itself(evidence: Evidence) -> Finding | None:
    """A chat is not counted, or not marked, because the page shows it, and nobody opened it there."""
    symptom, count = evidence.symptom, _count(evidence)
    user, chat = evidence.cast.users.get(symptom.window), evidence.chat(symptom.chat)
    counts_nothing = count is not None and count.shown == 0 and count.expected != 0
    if user is None or chat is None or not (counts_nothing or symptom.kind == "to_mark_as_unread"):
        return None
    opens = evidence.find("action", user.window, lambda event: event.text.startswith(("opens chat ", "sends ")))
    if not user.is_open(chat) or any(_opens(act, chat) or act.text.endswith(f"to chat {chat}") for act in opens):
        return None
    text = f"{user.window} shows chat {chat} as the open one, and nobody opened it there: what came was read"
    text += f"; {count}" if count else ""
    remedy = "on loading and reconnecting open no chat that was not chosen; or it is so on purpose: `opens_by_itself`"
    return Finding("opened-by-itself", "product", "read", text, remedy, 83, count.api if count else ())


def miscounted(evidence: Evidence) -> Finding | None:
    """The count is wrong at the server, or only in the page; where its size tells it, what is counted wrongly."""
    count = _count(evidence)
    if count is None or (count.shown == count.expected and not count.beyond and not (count.api and count.by_server)):
        return None
    if not count.api and count.shown is None:
        return None  # the row is missing, or tells no number
    if not count.by_server and _never_came(evidence, count):
        return None  # no page counts what did not come
    if (
        count.by_nobody_known
        and count.shown is not None
        and count.shown < count.expected
        and not _came(evidence, count)
    ):
        return None  # nor what nobody saw come
    cited = (*count.api, *count.frames[-1:])
    page = f"{count.user.window}'s page"
    who = "the server" if count.by_server else f"{page}, or the server," if count.by_nobody_known else page
    if pattern := _pattern(evidence, count):
        cause, what, remedy = pattern
        return Finding(cause, "product", "counted", f"{who} {what}: {count}", remedy, 72, cited)
    if count.by_server:
        remedy = "what is counted: by whom sent, after which receipt, in which chat?"
        return Finding("miscounted-by-server", "product", "counted", str(count), remedy, 64, cited)
    if count.by_nobody_known:
        remedy = "what does the server's answer tell: the number that the page shows, or another?"
        sure = "an API that tells what the server counts (`ChatApi.chats`, capability `api_chats`)"
        return Finding("miscounted", "product", "counted", str(count), remedy, 50, (), sure)
    remedy = "the page's own count strays from the server's: which event changes it?"
    return Finding("miscounted-by-page", "product", "counted", str(count), remedy, 66, cited)


def _last_way(evidence: Evidence, count: _Count) -> Journey | None:
    ways = [way for way in evidence.journeys if way.window == count.user.window and way.message.chat == count.chat]
    return max(ways, key=lambda way: way.message.cursor.index, default=None)


def _came(evidence: Evidence, count: _Count) -> bool:
    """Whether the window is known to have the chat's last message."""
    last = _last_way(evidence, count)
    return last is not None and any(hop.name in ("frame", "console", "shown", "listed") for hop in last.reached)


def _never_came(evidence: Evidence, count: _Count) -> bool:
    """Whether the chat's last message is missing in the window already where its frames are seen."""
    last = _last_way(evidence, count)
    return last is not None and last.missing is not None and last.missing.name in _BEFORE_THE_PAGE


def _pattern(evidence: Evidence, count: _Count) -> tuple[str, str, str] | None:
    """Cause, what the counter does, and remedy, where the wrong number fits something that was done."""
    sent = [message for message in evidence.cast.sent if count.chat and message.chat.id == count.chat.id]
    own = sum(message.sender == count.user.name for message in sent)
    others = len(sent) - own
    too_many = count.wrong - count.expected
    has_read = count.chat is not None and bool(evidence.acts(count.user.account, f"opens chat {count.chat}"))
    if too_many > 0:
        if too_many <= len(_deletions(evidence, count.user, count.chat)):
            remedy = "a deletion lowers the count, whichever unread message it is"
            return "deleted-ones-counted", "counts what was deleted", remedy
        if own and too_many == own:
            remedy = "leave out what the counting person sent, at whichever window"
            return "own-messages-counted", "counts one's own messages", remedy
        if has_read and others == count.wrong:
            remedy = "count from the last receipt on"
            if not evidence.app.lines.read:
                remedy += "; whether the page sent one, the adapter's `lines.read` would tell"
            return "read-ones-counted", "counts what was read already", remedy
        if count.expected > count.before and count.wrong - count.before == 2 * (count.expected - count.before):
            return "counted-twice", "counts each message twice", "is there one handler too many, or a repeated frame?"
    if too_many < 0:
        elsewhere = [
            event for event in evidence.acts(count.user.account, "opens chat ") if not _opens(event, count.chat)
        ]
        if count.wrong == 0 and elsewhere and _fell_after(evidence, count, elsewhere[-1]):
            remedy = "reading a chat clears that chat alone"
            return "cleared-with-another", f"cleared it when {elsewhere[-1].text.replace('opens', 'opening')}", remedy
        if count.reached:
            remedy = "only reading lowers a count; what came just before: an own message from elsewhere, a reload?"
            return "cleared-unread", "counted it, and let go of it though nobody had read it", remedy
        if count.wrong == count.before:
            return "not-counted", "did not count what came", "which event raises the count?"
    return None


def _opens(event: Event, chat: Chat | None) -> bool:
    return chat is not None and event.text == f"opens chat {chat}"


def _fell_after(evidence: Evidence, count: _Count, act: Event) -> bool:
    """Whether the window showed more than nothing for the chat until the act."""
    states = evidence.find("view:chats", count.user.window, lambda event: event.at < act.at)
    rows = [row for event in states[-1:] for row in map(evidence.app.chat_row, event.data["rows"])]
    return any(row.key == count.key and row.unread for row in rows)


def total_strays(evidence: Evidence) -> Finding | None:
    """The number over all chats is not what the chats add up to."""
    symptom, api = evidence.symptom, _api(evidence)
    user = evidence.cast.users.get(symptom.window)
    if symptom.kind != "to_have_total_unread" or user is None:
        return None
    held = sum(unread or 0 for unread in api.data["unread"].values()) if api else None
    listed = sum(row.unread or 0 for row in user.chats)
    total = evidence.app.total_unread(user.sign("total"))
    said = "unknown" if held is None else held
    text = f"{user.window}'s number over all chats is {total}, its chats add up to {listed}, the server's to {said}"
    cited = (api,) if api else ()
    if total != listed:
        remedy = "sum up the chats that are there, also after one was left"
        return Finding("total-strays", "product", "counted", text, remedy, 74, cited)
    if held not in (None, symptom.expected):
        return Finding("miscounted-by-server", "product", "counted", text, "what is counted?", 64, cited)
    return Finding("miscounted-by-page", "product", "counted", text, "which event changes the counts?", 66, cited)


def _count(evidence: Evidence) -> _Count | None:
    """None when the failed expectation was not about one chat's count."""
    symptom, api = evidence.symptom, _api(evidence)
    user = evidence.cast.users.get(symptom.window)
    expected = 0 if symptom.kind in ("to_mark_as_read", "to_keep_marked_as_read") else symptom.expected
    if "read" not in symptom.kind or not symptom.chat or user is None or not isinstance(expected, int):
        return None
    chat = evidence.chat(symptom.chat)
    key = user.key(chat) if chat else symptom.chat
    seen = [
        (event, found)
        for event in evidence.find(RECEIVED, user.window)
        for found in evidence.app.frame_messages(event.text)
        if found.chat == symptom.chat
    ]
    deleted = max((event.at for event in _deletions(evidence, user, chat)), default=0.0)
    told = [(event, found.unread) for event, found in seen if found.unread is not None and event.at > deleted]
    last = next((message for message in reversed(evidence.cast.sent) if message.chat.id == symptom.chat), None)
    before = _unread(user.chats_at(last.cursor), key) or 0 if last else 0
    least, most = sorted((before, expected))
    shown = [_unread(tuple(map(evidence.app.chat_row, event.data["rows"])), key) for event in _states(user, last)]
    beyond = dict.fromkeys(number for number in shown[:-1] if number is not None and not least <= number <= most)
    return _Count(
        user=user,
        chat=chat,
        key=key,
        expected=expected,
        api=(api,) if api else (),
        held=api.data["unread"].get(key) if api else None,
        told=told[-1][1] if told else None,
        frames=tuple(event for event, _ in told),
        shown=_unread(user.chats, key),
        before=before,
        reached=expected in shown,
        beyond=tuple(beyond),
    )


def _deletions(evidence: Evidence, user: User, chat: Chat | None) -> list[Event]:
    """What others deleted in a chat."""
    sent = [message for message in evidence.cast.sent if chat and message.chat.id == chat.id]
    lines = {f"deletes {message.text!r}" for message in sent if message.sender != user.name}
    return evidence.find("action", where=lambda event: event.text in lines)


def _states(user: User, message: Message | None) -> list[Event]:
    """What the window's list went through since a message."""
    return user.timeline.find(kind="view:chats", source=user.window, since=message.cursor) if message else []


def _unread(rows: Sequence[ChatRow], key: str) -> int | None:
    return next((row.unread for row in rows if row.key == key), None)


def _api(evidence: Evidence) -> Event | None:
    return next(iter(evidence.find("api_chats", evidence.symptom.window)), None)


RULES = (read_in_the_background, receipt_lost, read_and_not_told, opened_by_itself, miscounted, total_strays)
