"""Causes in unread counts: who counts wrongly, the server or the page, and what is counted that ought not to be."""

from __future__ import annotations

from duologue.diagnosis.count import Count, api_of, count_of, deletions, opens_chat
from duologue.diagnosis.evidence import Evidence
from duologue.diagnosis.finding import Finding
from duologue.journey import Journey
from duologue.timeline import Event

_BEFORE_THE_PAGE = ("requested", "stored", "notified", "frame")


def miscounted(evidence: Evidence) -> Finding | None:
    """The count is wrong at the server, or only in the page; where its size tells it, what is counted wrongly."""
    count = count_of(evidence)
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


def _last_way(evidence: Evidence, count: Count) -> Journey | None:
    ways = [way for way in evidence.journeys if way.window == count.user.window and way.message.chat == count.chat]
    return max(ways, key=lambda way: way.message.cursor.index, default=None)


def _came(evidence: Evidence, count: Count) -> bool:
    """Whether the window is known to have the chat's last message."""
    last = _last_way(evidence, count)
    return last is not None and any(hop.name in ("frame", "console", "shown", "listed") for hop in last.reached)


def _never_came(evidence: Evidence, count: Count) -> bool:
    """Whether the chat's last message is missing in the window already where its frames are seen."""
    last = _last_way(evidence, count)
    return last is not None and last.missing is not None and last.missing.name in _BEFORE_THE_PAGE


def _pattern(evidence: Evidence, count: Count) -> tuple[str, str, str] | None:
    """Cause, what the counter does, and remedy, where the wrong number fits something that was done."""
    sent = [message for message in evidence.cast.sent if count.chat and message.chat.id == count.chat.id]
    own = sum(message.sender == count.user.name for message in sent)
    others = len(sent) - own
    too_many = count.wrong - count.expected
    has_read = count.chat is not None and bool(evidence.acts(count.user.account, f"opens chat {count.chat}"))
    if too_many > 0:
        if too_many <= len(deletions(evidence, count.user, count.chat)):
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
            event for event in evidence.acts(count.user.account, "opens chat ") if not opens_chat(event, count.chat)
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


def _fell_after(evidence: Evidence, count: Count, act: Event) -> bool:
    """Whether the window showed more than nothing for the chat until the act."""
    states = evidence.find("view:chats", count.user.window, lambda event: event.at < act.at)
    rows = [row for event in states[-1:] for row in map(evidence.app.chat_row, event.data["rows"])]
    return any(row.key == count.key and row.unread for row in rows)


def total_strays(evidence: Evidence) -> Finding | None:
    """The number over all chats is not what the chats add up to."""
    symptom, api = evidence.symptom, api_of(evidence)
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


RULES = (miscounted, total_strays)
