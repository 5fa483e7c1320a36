"""Causes in order: of chats and of messages; the API's word tells whether the server or the page is wrong."""

from __future__ import annotations

from itertools import pairwise

from duologue.diagnosis.evidence import Evidence
from duologue.diagnosis.finding import Finding
from duologue.errors import MessagesOutOfOrder
from duologue.lines import ANYTHING, line_of
from duologue.people.user import User
from duologue.taps import CLOSED
from duologue.timeline import Event

_BEFORE_THE_PAGE = ("requested", "stored", "notified", "frame")


def chats_misordered(evidence: Evidence) -> Finding | None:
    """The order of chats is wrong at the server, or only in the page."""
    symptom = evidence.symptom
    user = evidence.cast.users.get(symptom.window)
    api = next(iter(evidence.find("api_chats", symptom.window)), None)
    if not any(word in symptom.kind for word in ("order", "top", "vacuous")) or api is None or user is None:
        return None
    chat = evidence.chat(symptom.chat)
    key = user.key(chat) if chat else symptom.chat
    held, shown = list(api.data["unread"]), [row.key for row in user.chats]
    if key and key not in shown:
        return None
    if symptom.kind == "vacuous" and held == shown:
        return _newest_is_below(evidence, user, shown, api)
    seen = f"the server has {held}, {symptom.window} shows {shown}"
    cited: tuple[Event, ...] = (api,)
    # A list that was put right by a later message shows the fault no more; what it went through does.
    moves = [
        event for event in evidence.find("view:chats", user.window) if event.at >= _last_act(evidence, user.window)
    ]
    if "keep_order" in symptom.kind and held == shown:
        cited = (*moves[:2], api)
        text = f"something else than a message moved a chat in {user.window}; {seen} again"
        return Finding("misordered-by-page", "product", "listed", text, "what sorts the list?", 66, cited)
    if held == shown and symptom.kind.startswith("to_log"):
        return None  # lines are missing, and nothing is misplaced
    if held == shown:
        text = f"server and page agree on {held}: the server's order is not that of the last messages"
        remedy = "what orders chats: the server's sequence, or a clock, or something else that happened?"
        return Finding("misordered-by-server", "product", "listed", text, remedy, 62, cited)
    if any(way.window == user.window and way.missing and way.missing.name in _BEFORE_THE_PAGE for way in evidence.lost):
        return None  # the page sorts what it was told of
    remedy = "sort by the last message's sequence whenever one comes"
    if "top" in symptom.kind and key in shown and held[:1] == [key]:
        place = shown.index(key) + 1
        text = f"chat {key} did not come to the top of {user.window}'s list, where it is number {place}: {seen}"
        return Finding("not-moved", "product", "listed", text, remedy, 70, cited)
    return Finding("misordered-by-page", "product", "listed", seen, remedy, 66, cited)


def _newest_is_below(evidence: Evidence, user: User, shown: list[str], api: Event) -> Finding | None:
    """The chat that was made last, and in which nobody wrote, stands below one that nobody wrote in since."""
    mine = [chat for chat in evidence.cast.chats.values() if user.account in chat.members]
    newest = user.key(mine[-1]) if mine else ""
    written = {user.key(message.chat) for message in evidence.cast.sent}
    if newest not in shown[1:] or written & {newest, shown[0]}:
        return None
    text = f"server and page have {shown}, and chat {newest}, which was made last, is not on top"
    remedy = "what orders chats: what happened last? where a new chat waits below until something was said: let "
    remedy += "`create_chat` say something"
    sure = "the order in which the events of the timeline made and filled the chats"
    return Finding("misordered-by-server", "product", "listed", text, remedy, 50, (api,), sure)


def did_not_move_before(evidence: Evidence) -> Finding | None:
    """A chat was on top already, since one that had a message after it never came there."""
    symptom = evidence.symptom
    user = evidence.cast.users.get(symptom.window)
    if symptom.kind != "vacuous" or user is None or evidence.app.capabilities.order != "recency":
        return None
    sent = sorted(evidence.cast.sent, key=lambda message: message.cursor.index)
    for message, after in pairwise(sent):
        if user.account not in message.chat.members or message.chat.id == after.chat.id:
            continue
        way = next((it for it in evidence.journeys if it.message is message and it.window == user.window), None)
        arrived = [hop.at for hop in way.reached if hop.name in ("frame", "shown") and hop.at] if way else []
        if not arrived or min(arrived) > after.cursor.at:
            continue  # it may have come too late to move anything
        key = user.key(message.chat)
        views = evidence.find("view:chats", user.window, lambda event, at=arrived[0]: event.at >= at)
        states = [user.chats_at(after.cursor), *(evidence.app.chat_rows(event.data["rows"]) for event in views)]
        listed = [rows for rows in states if rows]
        if listed and key in {row.key for row in listed[0]} and not any(rows[0].key == key for rows in listed):
            text = f"{message.text!r} came to {user.window}, and chat {key} never came to the top of the list"
            remedy = "sort by the last message's sequence whenever one comes, whoever sent it, into whichever chat"
            return Finding("not-moved", "product", "listed", text, remedy, 60, tuple(views[:2]))
    return None


def chat_not_listed(evidence: Evidence) -> Finding | None:
    """The server holds a new chat for somebody, and their list has never had it."""
    if not evidence.app.capabilities.new_chats_live and evidence.symptom.kind != "to_list":
        return None
    for user in evidence.windows:
        api = next(iter(evidence.find("api_chats", user.window)), None)
        states = evidence.find("view:chats", user.window)
        is_away = any(event.kind in CLOSED for event in evidence.sockets(user.window)[-1:])
        if api is None or not states or is_away or evidence.has_left(user):
            continue
        listed = {row.key for state in states for row in evidence.app.chat_rows(state.data["rows"])}
        page = evidence.page_state(user.window)
        if not listed and (page is None or page.data.get("names") is not False):
            continue  # the adapter may not fit
        for chat in filter(None, map(evidence.chat, api.data["unread"])):
            if user.key(chat) not in listed:
                text = f"the server holds chat {chat} for {user.window}, whose list never had it"
                remedy = (
                    "who is told of a new chat, and does the list take it in? after an outage, is the list read anew?"
                )
                sure = "after a reload it is there: then the page was not told, or did not listen"
                certainty = 67 if chat.id == evidence.symptom.chat else 53
                return Finding("chat-not-listed", "product", "listed", text, remedy, certainty, (states[-1], api), sure)
    return None


def chat_vanished(evidence: Evidence) -> Finding | None:
    """A list that showed a chat shows it no more, in the same document, and the server holds it still."""
    for user in evidence.windows:
        api = next(iter(evidence.find("api_chats", user.window)), None)
        if api is None or evidence.has_left(user):
            continue
        shown = {row.key for row in user.chats}
        loaded = max((event.at for event in evidence.find("document", user.window)), default=0.0)
        states = [event for event in evidence.find("view:chats", user.window) if event.at >= loaded]
        for chat in filter(None, map(evidence.chat, api.data.get("unread", ()))):
            key = user.key(chat)
            had = [
                state for state in states if any(row.key == key for row in evidence.app.chat_rows(state.data["rows"]))
            ]
            if had and key not in shown:
                text = f"{user.window}'s list lost chat {chat}, which the server holds for them as before"
                remedy = "what takes a chat off the list? was it somebody else who left, or was removed?"
                return Finding("chat-vanished", "product", "listed", text, remedy, 72, (had[-1], api))
    return None


def changed_by_reload(evidence: Evidence) -> Finding | None:
    """A list that was read afresh shows other rows than what the page had made of the news that came."""
    symptom = evidence.symptom
    user = evidence.cast.users.get(symptom.window)
    if symptom.kind != "to_still_have_rows" or user is None:
        return None
    states = evidence.find("view:chats", user.window)
    loaded = max((event.at for event in evidence.find("document", user.window)), default=0.0)
    before = [event for event in states if event.at < loaded and event.data["rows"]][-1:]
    was, now = evidence.app.chat_rows(before[0].data["rows"]) if before else (), user.chats
    fresh = {row.key: row for row in now}
    differs = [
        f"{field} of {row.key}: {getattr(row, field)!r}, then {getattr(fresh[row.key], field)!r}"
        for row in was
        if row.key in fresh
        for field in ("name", "unread", "preview")
        if getattr(row, field) != getattr(fresh[row.key], field)
    ]
    if [row.key for row in was] != [row.key for row in now]:
        differs.append(f"order: {[row.key for row in was]}, then {[row.key for row in now]}")
    text = f"{user.window}'s list is another one after a reload: {'; '.join(differs) or 'it was put right since'}"
    remedy = "the page and the server each make a row of what happened: which of them is wrong?"
    return Finding("changed-by-reload", "product", "listed", text, remedy, 57, (*before, *states[-1:]))


def messages_misordered(evidence: Evidence) -> Finding | None:
    """The open chat shows the right messages in the wrong order."""
    symptom = evidence.symptom
    user = evidence.cast.users.get(symptom.window)
    if symptom.kind != "to_show_exactly" or user is None:
        return None
    wanted = symptom.texts
    shown = [seen.text for seen in user.messages]
    if shown == wanted or sorted(shown) != sorted(wanted):
        return None
    held = next(iter(evidence.find("api_messages")), None)
    text = f"{user.window} shows {shown[-6:]}, sent were {wanted[-6:]}"
    if held is not None and held.data["texts"] != wanted and (failed := _failed_sends(evidence, wanted, held)):
        remedy = "what follows waits until what failed has been sent"
        said = f"{text}: what followed overtook a request that had failed"
        return Finding("sends-overtake", "product", "requested", said, remedy, 77, (*failed[:2], held))
    if held is not None and held.data["texts"] != wanted:
        remedy = "order by the server's own sequence, never by a clock"
        return Finding("misordered-by-server", "product", "shown", f"{text}, as the server has it", remedy, 76, (held,))
    remedy = "order by the server's sequence, not by the sender's clock or the order of arrival"
    cited = (held,) if held else ()
    return Finding("misordered-by-page", "product", "shown", f"{text}; the server's order is right", remedy, 76, cited)


def _failed_sends(evidence: Evidence, texts: list[str], held: Event) -> list[Event]:
    """The requests with messages that failed, where all of the messages were sent from one window."""
    senders = {message.window for message in evidence.cast.sent if message.text in texts}
    if len(senders) != 1 or not evidence.app.lines.request:
        return []
    line = line_of(evidence.app.lines.request, chat=held.data["chat"], any=ANYTHING)
    found = evidence.find({"response", "request_failed"}, next(iter(senders)))
    return [
        event
        for event in found
        if event.data.get("status", 500) >= 500 and line.fullmatch(f"{event.data['method']} {event.data['url']}")
    ]


def history_incomplete(evidence: Evidence) -> Finding | None:
    """The open chat shows what lies around a message that the server holds, and not the message."""
    symptom = evidence.symptom
    user = evidence.cast.users.get(symptom.window)
    held = next(iter(evidence.find("api_messages")), None)
    if not symptom.kind.startswith("to_show") or user is None or held is None:
        return None
    shown = {seen.text for seen in user.messages}
    stored = {way.message.text for way in evidence.journeys if any(hop.name == "stored" for hop in way.reached)}
    gone = [text for text in symptom.texts if text in stored - shown and text not in held.data["texts"]]
    if shown and gone and not evidence.find("action", where=lambda event: event.text == f"deletes {gone[0]!r}"):
        text = f"{gone[0]!r} was stored, and the server has it no more among the messages of the chat"
        remedy = "what does the history leave out: who wrote it, when, whether they are still a member?"
        return Finding("history-incomplete", "product", "stored", text, remedy, 63, (held,))
    missing = [text for text in symptom.texts if text not in shown and text in held.data["texts"]]
    if shown and not missing and symptom.kind == "to_show_exactly":
        missed = [text for text in held.data["texts"] if text in shown and text not in symptom.texts]
        if missed and _showed_before_reload(evidence, user, symptom.texts):
            text = f"{user.window} shows {missed[0]!r} since it was loaded afresh: before it had a hole there"
            remedy = "what is kept of a chat that one was away from: is it asked for anew?"
            return Finding("history-incomplete", "product", "shown", text, remedy, 52, (held,))
    if not shown or not missing:
        return None
    text = f"{user.window} shows {len(shown)} messages of the chat, and not {missing[0]!r}"
    text += f" and {len(missing) - 1} more" if len(missing) > 1 else ""
    remedy = (
        "where two pages of older messages meet, or one meets what came live: is one asked for from the wrong place?"
    )
    return Finding("history-incomplete", "product", "shown", f"{text}, which the server has", remedy, 55, (held,))


def _showed_before_reload(evidence: Evidence, user: User, texts: list[str]) -> bool:
    """Whether an older document of the window showed exactly these messages."""
    loaded = max((event.at for event in evidence.find("document", user.window)), default=0.0)
    states = [event for event in evidence.find("view:messages", user.window) if event.at < loaded]
    return any([evidence.app.seen_message(row).text for row in state.data["rows"]] == texts for state in states)


def _last_act(evidence: Evidence, window: str) -> float:
    return max((event.at for event in evidence.find("action", window)), default=0.0)


def messages_overtake(evidence: Evidence) -> Finding | None:
    """A message is shown before an earlier one of the same sender."""
    if not isinstance(evidence.error, MessagesOutOfOrder):
        return None
    remedy = "order by the server's sequence, not by the sender's clock or the order of arrival"
    return Finding("misordered-by-page", "product", "shown", evidence.error.what, remedy, 60)


RULES = (
    chats_misordered,
    did_not_move_before,
    chat_not_listed,
    chat_vanished,
    changed_by_reload,
    messages_misordered,
    history_incomplete,
    messages_overtake,
)
