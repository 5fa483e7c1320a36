"""Causes in names and texts: taken for markup, another chat's, or there twice."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

from duologue.diagnosis.evidence import Evidence
from duologue.diagnosis.finding import Finding
from duologue.people.user import User

_TAG = re.compile(r"<[^<>]*>?")


def shown_as_markup(evidence: Evidence) -> Finding | None:
    """A name or a text lost its tags: the page took it for markup."""
    for user in evidence.windows:
        for what, wanted, shown in _texts(evidence, user):
            bare = {_bare(text) for text in (_TAG.sub("", wanted), unescape(wanted), unescape(_TAG.sub("", wanted)))}
            taken = bare.intersection(map(_bare, shown)) - {_bare(wanted), ""}
            if wanted not in shown and taken:
                text = f"{user.window} takes {what} {wanted!r} for markup: it shows {taken.pop()!r}"
                remedy = "put it into the page as text, never as HTML"
                return Finding("shown-as-markup", "product", "shown", text, remedy, 90)
    return None


def _texts(evidence: Evidence, user: User) -> Iterator[tuple[str, str, list[str]]]:
    """What it is, how it was given, and what the window shows in such places."""
    names = [row.name for row in user.chats]
    for chat in evidence.cast.chats.values():
        yield "the name", chat.titles.get(user.account.username, ""), names
    authors = [seen.author for seen in user.messages if seen.author]
    for account in evidence.cast.accounts:
        if authors:
            yield "the name", account.display_name, authors
    shown = [seen.text for seen in user.messages]
    previews = [row.preview for row in user.chats]
    for message in evidence.cast.sent:
        yield "the text", message.text, shown
        yield "the text", message.text, previews


def _bare(text: str) -> str:
    return " ".join(text.split())


def chat_misnamed(evidence: Evidence) -> Finding | None:
    """A list calls a chat otherwise than the API does for this person."""
    if evidence.symptom.kind not in ("", "to_still_have_rows"):
        return None  # something else failed than what a list calls a chat
    named = [
        (user, chat, row.name, chat.titles.get(user.account.username, ""))
        for user in evidence.windows
        for chat in evidence.cast.chats.values()
        for row in user.chats
        if row.key == user.key(chat) and row.name
    ]
    knows_names = any(shown == wanted for *_, shown, wanted in named)  # the adapter's API may know none
    for user, chat, shown, wanted in named:
        if wanted and shown != wanted and (knows_names or shown == user.account.display_name):
            text = f"{user.window} calls chat {chat} {shown!r}, and for them it is {wanted!r}"
            remedy = "for whom is the name made: a chat of two is called after the other one"
            return Finding("chat-misnamed", "product", "listed", text, remedy, 56)
    return None


def author_misnamed(evidence: Evidence) -> Finding | None:
    """A message is shown as by somebody else than who sent it."""
    symptom = evidence.symptom
    user = evidence.cast.users.get(symptom.window)
    if symptom.kind != "to_name_author" or user is None:
        return None
    message, name = symptom.texts
    shown = [seen.author for seen in user.messages if seen.text == message]
    if not shown or name in shown:
        return None
    text = f"{user.window} shows {message!r} as by {shown[-1]!r}, and it is by {name!r}"
    remedy = "whence does the page know a member's name, also of one who came since it was loaded?"
    return Finding("author-misnamed", "product", "shown", text, remedy, 66)


def chat_doubled(evidence: Evidence) -> Finding | None:
    """The page made a chat that was there: both have one name and are at the server, and one came to the list since.

    A test that makes two of one name in the page on purpose, and fails by a check of its own, has this named too.
    """
    if evidence.symptom.kind:
        return None  # where it was of a message, a count or a place, a rule of those says more
    for user in evidence.windows:
        api = next(iter(evidence.find("api_chats", user.window)), None)
        if api is None:
            continue
        lists = [evidence.app.chat_rows(event.data["rows"]) for event in evidence.find("view:chats", user.window)]
        first = next((rows for rows in lists if rows), ())
        stored = [row for row in user.chats if row.name and row.key in api.data["unread"]]
        known = {*(user.key(chat) for chat in evidence.cast.chats.values()), *(row.key for row in first)}
        for made in stored:
            twin = next((row for row in stored if row.name == made.name and row.key != made.key), None)
            if twin and made.key not in known:
                text = f"{user.window} and the server have {made.name!r} twice, as chats {twin.key} and {made.key}"
                remedy = "is a chat that is there looked for first, and a request made again known as the same?"
                return Finding("chat-made-twice", "product", "stored", text, remedy, 55, (api,))
    return None


RULES = (shown_as_markup, chat_misnamed, author_misnamed, chat_doubled)
