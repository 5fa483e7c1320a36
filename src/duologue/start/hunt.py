"""Looks at a chat that runs, and finds what an adapter must tell of it: two accounts come in, a draft goes out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from playwright.sync_api import BrowserContext, JSHandle

from duologue.doctor import Credentials
from duologue.start.adapter import Draft, Guess, literal
from duologue.start.walk import ROW, Walk, element
from duologue.start.window import PATIENCE_MS, Window

# A second message is shown where the first was, or nowhere.
SHOWN_MS = 2_000.0


def hunt(
    new_context: Callable[[], BrowserContext],
    url: str,
    name: str,
    users: tuple[Credentials, Credentials],
    called: tuple[str, str] = ("", ""),
) -> Draft:
    """Sign both in, let the first write to the second, and see what changes.

    `called` is what each is called in the other's list, where that is not the username.

    Raises ExpectationFailed where nothing is found that could be gone on with; what is found and doubtful is unsure.
    """
    walk = Walk(new_context, url, Draft(name), users, called)
    one, other = walk.both()
    if walk.comes(one, other):
        walk.elsewhere(one, other)
    first = other.ask("(hunt, row) => hunt.numbers(row)", walk.row(other, 0))
    walk.send(one, walk.texts[1])
    other.wait("(hunt, text) => hunt.shows(text)", walk.texts[1], SHOWN_MS)
    other.quiet()
    name_selector = _list(walk, other, first)
    keys = tuple(_keys(walk, window, walk.row(window, 1 - index), index) for index, window in enumerate((one, other)))
    named = (_reads(walk, one, 1, name_selector), _reads(walk, other, 0, name_selector))
    _open(walk, other)
    _messages(walk, other)
    _key(walk, keys, named)
    return walk.draft


def _list(walk: Walk, other: Window, first: list[dict[str, Any]]) -> str:
    """What the list of who receives tells; what selects a chat's name in its row goes out."""
    chats = walk.draft.chats
    row = walk.row(other, 0)
    found = other.ask("(hunt, row) => hunt.rows(row)", row)
    what = "what is called user1" if walk.is_silent else "what changed when a message came"
    reason = f"{what} lies in one of {found['count']} that are alike"
    reason += "" if found["count"] > 1 else ": make a second chat, and try again"
    # What nobody has written down yet is not promised.
    walk.draft.capabilities |= {"frames": False, "sign_out": False}
    if found["place"] > 0:
        walk.draft.capabilities["order"] = "fixed"
        reason += f"; {found['place']} stayed above it, so the order is taken for fixed"
    walk.rows = found["selector"]
    chats["row"] = Guess(literal(found["selector"]), reason, unsure=found["count"] < 2)
    chats["key"] = Guess('Field(attribute="id")', "to be found", unsure=True)
    name = other.ask("(hunt, [row, titles, not]) => hunt.name(row, titles, not)", [row, walk.names(0), walk.texts])
    if name:
        why = f"it reads {name['text']!r}" + ("" if name["sure"] else ", which is not what user1 is called")
        chats["name"] = Guess(_field(name["selector"]), why, unsure=not name["sure"])
    else:
        chats["name"] = Guess("Field()", "no text in the row looks like a name", unsure=True)
    _counts(walk, other, row, first)
    _preview(walk, other, row)
    return name["selector"] if name else ""


def _counts(walk: Walk, other: Window, row: JSHandle, first: list[dict[str, Any]]) -> None:
    """What went up by one with the second message, or else what marks the row since the first one came."""
    chats = walk.draft.chats
    before = {number["selector"]: number["value"] for number in first}
    for number in other.ask("(hunt, row) => hunt.numbers(row)", row):
        if number["value"] == before.get(number["selector"], number["value"]) + 1:
            why = f"it read {number['value'] - 1} after the first message, {number['value']} after the second"
            chats["unread"] = Guess(_field(number["selector"], visible=True), why)
    if "unread" not in chats and walk.mark:
        walk.draft.capabilities["unread"] = "dot"
        selector, attribute = literal(walk.mark["selector"]), literal(walk.mark["attribute"])
        why = "the row has it since a message came, and no other row does"
        chats["unread"] = Guess(f"Field(selector={selector}, attribute={attribute})", why, unsure=True)
    elif "unread" not in chats:
        _withhold(walk, "unread", "none", "no number in the row went up with each message")


def _preview(walk: Walk, other: Window, row: JSHandle) -> None:
    preview = other.ask("(hunt, [row, text]) => hunt.part(row, text)", [row, walk.texts[1]])
    if preview:
        without = {"without": preview["without"]} if preview["without"] else {}
        exact = preview["whole"] == walk.texts[1] or bool(without)
        why = f"it read {preview['whole']!r}"
        walk.draft.chats["preview"] = Guess(_field(preview["selector"], **without), why, unsure=not exact)
    else:
        _withhold(walk, "previews", False, "the row did not show the message")


def _withhold(walk: Walk, name: str, value: object, why: str) -> None:
    """Not seen is not promised; an open chat may be why it was not seen."""
    walk.draft.withheld[name] = Guess(literal(value), f"{why}{_excuse(walk)}", unsure=walk.was_open)


def _excuse(walk: Walk) -> str:
    return "; user2 had this chat open, and no other one to go to" if walk.was_open else ""


def _open(walk: Walk, other: Window) -> None:
    row = walk.row(other, 0)
    other.ask("(hunt, row) => hunt.remember(row)", row)
    other.click(element(row))
    other.quiet()
    if walk.mark and "unread" in walk.draft.chats and walk.draft.capabilities.get("unread") == "dot":
        arguments = [walk.row(other, 0), walk.mark["selector"]]
        if not other.ask("(hunt, [row, mark]) => row.matches(mark) || row.querySelector(mark) !== null", arguments):
            guess = walk.draft.chats["unread"]
            walk.draft.chats["unread"] = replace(guess, reason=f"{guess.reason}; until it is opened", unsure=False)
    found = other.ask("(hunt, row) => hunt.opened(row)", walk.row(other, 0))
    if found is None:
        why = f"nothing changed{_excuse(walk)}"
        walk.draft.chats["is_open"] = Guess('Field(selector=".open", attribute="class")', why, unsure=True)
        return
    why = "the row has it since it was opened" + ("" if found["alone"] else ", and no other row does")
    selector, attribute = literal(found["selector"]), literal(found["attribute"])
    walk.draft.chats["is_open"] = Guess(f"Field(selector={selector}, attribute={attribute})", why, found["alone"])


def _messages(walk: Walk, other: Window) -> None:
    other.wait("(hunt, [one, two]) => hunt.messages(one, two, null) && true", walk.texts, PATIENCE_MS)
    arguments = [*walk.texts, walk.row(other, 0)]
    found = other.ask("(hunt, [one, two, row]) => hunt.messages(one, two, row?.parentElement)", arguments)
    messages = walk.draft.messages
    if not found or not found["text"]:
        messages["row"] = Guess('"li"', "the two messages were not found in one list", unsure=True)
        messages["text"] = Guess("Field(exact=True)", "to be found", unsure=True)
        return
    why = f"the two messages that were sent lie in one list; {found['matches']} such"
    messages["row"] = Guess(literal(found["selector"]), why)
    text, without = found["text"], {}
    if text["without"]:
        without = {"without": text["without"]}
    exact = text["whole"] == walk.texts[1] or bool(without)
    messages["text"] = Guess(
        _field(text["selector"], **without, exact=True), f"it reads {text['whole']!r}", unsure=not exact
    )
    if found["id"]:
        why = f"{found['id']['value']!r}; the other message's is another"
        messages["id"] = Guess(_field(found["id"]["selector"], attribute=found["id"]["attribute"]), why)


def _key(walk: Walk, keys: tuple[list[dict[str, Any]], ...], named: tuple[str, str]) -> None:
    """An attribute that is the same after another sign-in, at both; else the name."""
    again = tuple(_values_again(walk, index) for index in (0, 1))
    mine = {(key["selector"], key["attribute"]): key["value"] for key in keys[0]}
    for key in keys[1]:
        place = (key["selector"], key["attribute"])
        if place in mine and mine[place] in again[0] and key["value"] in again[1]:
            why = f"it reads {key['value']!r}, also after signing in again, and no other row's does"
            walk.draft.chats["key"] = Guess(_field(key["selector"], attribute=key["attribute"]), why)
            walk.draft.keys = (mine[place], key["value"])
            return
    name = walk.draft.chats["name"]
    why = "no attribute tells the rows apart and lasts; two chats of one name would be taken for one"
    walk.draft.chats["key"] = Guess(name.expression, why, unsure=True)
    walk.draft.keys = named


def _reads(walk: Walk, window: Window, index: int, name_selector: str) -> str:
    """What the name of the chat with that person reads."""
    text: str = window.ask("(hunt, [row, name]) => hunt.reads(row, name)", [walk.row(window, index), name_selector])
    return text


def _values_again(walk: Walk, index: int) -> set[str]:
    window = walk.signed_in(index)
    row = window.wait(ROW, [walk.names(1 - index), walk.rows], PATIENCE_MS)
    found = _keys(walk, window, row, index) if row else []
    if index == 1 and "opens_by_itself" not in walk.draft.withheld:
        walk.load_anew(window)
        if walk.is_open(window, walk.texts[1]):
            reason = "another window of user2 opened by itself the chat that was open last"
            walk.draft.withheld["opens_by_itself"] = Guess('"last"', reason)
    window.page.context.close()
    return {key["value"] for key in found}


def _keys(walk: Walk, window: Window, row: JSHandle, index: int) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = window.ask(
        "(hunt, [row, names]) => hunt.keys(row, names)", [row, walk.names(1 - index)]
    )
    return found


def _field(selector: str, **more: object) -> str:
    parts = {**({"selector": selector} if selector else {}), **more}
    return f"Field({', '.join(f'{name}={literal(value)}' for name, value in parts.items())})"
