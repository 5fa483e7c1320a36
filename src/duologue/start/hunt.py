"""Looks at a chat that runs, and finds what an adapter must tell of it: two accounts come in, a draft goes out."""

from __future__ import annotations

import ast
import secrets
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from playwright.sync_api import BrowserContext, ElementHandle, JSHandle

from duologue.doctor import Credentials
from duologue.errors import ExpectationFailed
from duologue.start.adapter import Draft, Guess, literal
from duologue.start.door import sign_in
from duologue.start.window import PATIENCE_MS, Window

# A message that Enter sends is shown at once; this long without it, and a button is looked for.
ENTER_MS = 3_000.0
# A second message is shown where the first was, or nowhere.
SHOWN_MS = 2_000.0
_ROW = "(hunt, [names, known]) => hunt.chatCalled(names, known)"
_CHANGED = "(hunt, [texts, known]) => hunt.changedRow(texts, known)"


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
    return _Hunt(new_context, url, Draft(name), users, called).all()


class _Hunt:
    def __init__(
        self,
        new_context: Callable[[], BrowserContext],
        url: str,
        draft: Draft,
        users: tuple[Credentials, Credentials],
        called: tuple[str, str],
    ) -> None:
        self._new_context, self._url, self._draft, self._users = new_context, url, draft, users
        self._called = called
        self._texts = _two_texts()
        # What selects the rows of the list, once that is known: what an open chat shows may read as a row does.
        self._rows = ""
        self._name = ""
        self._was_open = False
        self._fleeting: list[str] = []
        # Nothing in the list read otherwise when a message came; what marks its row since, if anything does.
        self._is_silent = False
        self._mark: dict[str, str] | None = None

    def all(self) -> Draft:
        """In the order in which people do it."""
        one, other = (self._signed_in(user) for user in self._users)
        self._open_as_sender(one)
        other.ignore(self._fleeting)
        self._load_anew(other)
        if self._comes(one, other):
            self._elsewhere(one, other)
        first = other.ask("(hunt, row) => hunt.numbers(row)", self._row(other, 0))
        self._send(one, self._texts[1])
        other.wait("(hunt, text) => hunt.shows(text)", self._texts[1], SHOWN_MS)
        other.quiet()
        self._list(other, self._row(other, 0), first)
        keys = tuple(
            self._keys(window, self._row(window, 1 - index), index) for index, window in enumerate((one, other))
        )
        named = (self._reads(one, 1), self._reads(other, 0))
        self._open(other)
        self._messages(other)
        self._key(keys, named)
        return self._draft

    def _row(self, window: Window, index: int) -> JSHandle:
        """The row of the chat with that person, which the page may have drawn anew at any change."""
        row = window.handle(_ROW, [self._names(index), self._rows])
        return row if row.as_element() else window.handle(_CHANGED, [self._texts, self._rows])

    # ---- coming in ---------------------------------------------------------------------------------------------
    def _signed_in(self, user: Credentials) -> Window:
        window = Window(self._new_context().new_page(), self._fleeting)
        self._draft.others["form"] = sign_in(window, self._url, user)
        return window

    def _load_anew(self, other: Window) -> None:
        """user2 loads the page again: one that opens what it remembers may only do so then."""
        other.page.reload()
        other.quiet()
        if other.ask("hunt => hunt.form()"):
            self._draft.withheld["stays_signed_in"] = Guess("False", "a reload asked for the password again")
            sign_in(other, self._url, self._users[1])
        other.wait(_ROW, [self._names(0), self._rows], PATIENCE_MS)

    def _names(self, index: int) -> list[str]:
        """What somebody may be called in another's list."""
        username = self._users[index].username
        return [name for name in (self._called[index], username, username.partition("@")[0]) if name]

    def _open_as_sender(self, one: Window) -> None:
        """user1 opens the chat with user2; where there is something to type into, it is open."""
        row = one.wait(_ROW, [self._names(1), ""], PATIENCE_MS)
        if row is None:
            seen = one.page.locator("body").inner_text()[:300]
            remedy = "make a chat of the two first; is user2 called otherwise in it? --called2 tells how"
            raise ExpectationFailed(f"user1's page shows nothing called {self._names(1)[0]}", seen=seen, remedy=remedy)
        one.ask("(hunt, row) => hunt.remember(row)", row)
        one.click(_element(row))
        if one.wait("hunt => hunt.composer()", None, PATIENCE_MS) is None:
            seen = one.page.locator("body").inner_text()[:300]
            raise ExpectationFailed("there is nothing to type a message into", seen=seen)
        one.quiet()
        row = one.handle(_ROW, [self._names(1), ""])
        self._fleeting = one.ask("(hunt, row) => row ? hunt.changedClasses(row) : []", row)
        one.ignore(self._fleeting)
        if row.as_element():
            self._rows = one.ask("(hunt, row) => hunt.rows(row)", row)["selector"]
        selector = one.ask("hunt => hunt.selectorOf(hunt.composer())")
        reason = "the lowest field to type into, once the chat was open"
        self._draft.others = {"composer": Guess(literal(selector), reason, unsure=not selector), **self._draft.others}

    def _send(self, one: Window, text: str) -> None:
        composer = one.handle("hunt => hunt.composer()").as_element()
        assert composer is not None
        composer.fill(text)
        button = self._draft.others.get("send_button")
        if button is None:
            composer.press("Enter")
            if one.wait("(hunt, text) => hunt.shows(text) && hunt.isEmpty(text)", text, ENTER_MS):
                return
            found = one.handle("(hunt, composer) => hunt.sendButton(composer)", composer)
            if found.as_element() is None:
                raise ExpectationFailed("Enter does not send, and there is no button that might", seen=one.page.url)
            selector = one.ask("(hunt, element) => hunt.selectorOf(element)", found)
            self._draft.others["send_button"] = Guess(literal(selector), "Enter did not send, this button did")
            button = self._draft.others["send_button"]
        one.click(one.page.locator(_value(button)))
        if not one.wait("(hunt, text) => hunt.shows(text)", text, PATIENCE_MS):
            raise ExpectationFailed("what user1 sends is not shown to user1", seen=one.page.url)

    # ---- the list of who receives ------------------------------------------------------------------------------
    def _comes(self, one: Window, other: Window) -> bool:
        """user1's first message reaches user2; whether user2 had the chat open, and nothing there is counted."""
        row = self._row(other, 0)
        other.ask("(hunt, row) => row && hunt.remember(row)", row)
        other.ask("hunt => hunt.watch()")
        self._send(one, self._texts[0])
        self._wait_for_change(other)
        self._mark = other.ask("(hunt, row) => row && hunt.mark(row)", self._row(other, 0))
        return self._is_open(other, self._texts[0])

    def _is_open(self, other: Window, text: str) -> bool:
        """Whether user2 sees a message's text elsewhere than in the list."""
        is_open: bool = other.ask("(hunt, [text, row]) => hunt.isShownApart(text, row)", [text, self._row(other, 0)])
        return is_open

    def _leave(self, other: Window) -> bool:
        """user2 opens another chat: many a page opens the last one again. Whether there is another."""
        arguments = [self._row(other, 0), self._names(0)]
        row = other.handle("(hunt, [row, names]) => hunt.anotherRow(row, names)", arguments).as_element()
        if row is None:
            return False
        other.click(row)
        other.quiet()
        return True

    def _elsewhere(self, one: Window, other: Window) -> None:
        """What comes is counted once user2 has another chat open; does the page open that one again?"""
        reason = "user2 had chosen no chat, and this one was open"
        self._draft.withheld["opens_by_itself"] = Guess("True", reason)
        self._was_open = not self._leave(other)
        if self._was_open:
            return
        self._load_anew(other)
        self._texts = _two_texts()
        if not self._comes(one, other):
            reason += "; another one that was open last stayed open"
            self._draft.withheld["opens_by_itself"] = Guess('"last"', reason)
        elif self._leave(other):
            self._texts = _two_texts()
            self._comes(one, other)

    def _wait_for_change(self, other: Window) -> None:
        self._is_silent = not other.wait(_CHANGED, [self._texts, self._rows], PATIENCE_MS)
        if not self._is_silent:
            other.quiet()
        elif self._row(other, 0).as_element() is None:
            seen = other.page.locator("body").inner_text()[:300]
            remedy = "does a row show its newest message or a count? is the chat open at user2 already?"
            raise ExpectationFailed("nothing in user2's list changed when a message came", seen=seen, remedy=remedy)

    def _list(self, other: Window, row: JSHandle, first: list[dict[str, Any]]) -> None:
        chats, texts = self._draft.chats, self._texts
        found = other.ask("(hunt, row) => hunt.rows(row)", row)
        what = "what is called user1" if self._is_silent else "what changed when a message came"
        reason = f"{what} lies in one of {found['count']} that are alike"
        reason += "" if found["count"] > 1 else ": make a second chat, and try again"
        # What nobody has written down yet is not promised.
        self._draft.capabilities |= {"frames": False, "sign_out": False}
        if found["place"] > 0:
            self._draft.capabilities["order"] = "fixed"
            reason += f"; {found['place']} stayed above it, so the order is taken for fixed"
        self._rows = found["selector"]
        chats["row"] = Guess(literal(found["selector"]), reason, unsure=found["count"] < 2)
        chats["key"] = Guess('Field(attribute="id")', "to be found", unsure=True)
        name = other.ask("(hunt, [row, titles, not]) => hunt.name(row, titles, not)", [row, self._names(0), texts])
        if name:
            self._name = name["selector"]
            why = f"it reads {name['text']!r}" + ("" if name["sure"] else ", which is not what user1 is called")
            chats["name"] = Guess(_field(name["selector"]), why, unsure=not name["sure"])
        else:
            chats["name"] = Guess("Field()", "no text in the row looks like a name", unsure=True)
        before = {number["selector"]: number["value"] for number in first}
        for number in other.ask("(hunt, row) => hunt.numbers(row)", row):
            if number["value"] == before.get(number["selector"], number["value"]) + 1:
                why = f"it read {number['value'] - 1} after the first message, {number['value']} after the second"
                chats["unread"] = Guess(_field(number["selector"], visible=True), why)
        if "unread" not in chats and self._mark:
            self._draft.capabilities["unread"] = "dot"
            selector, attribute = literal(self._mark["selector"]), literal(self._mark["attribute"])
            why = "the row has it since a message came, and no other row does"
            chats["unread"] = Guess(f"Field(selector={selector}, attribute={attribute})", why, unsure=True)
        elif "unread" not in chats:
            self._withhold("unread", "none", "no number in the row went up with each message")
        preview = other.ask("(hunt, [row, text]) => hunt.part(row, text)", [row, texts[1]])
        if preview:
            without = {"without": preview["without"]} if preview["without"] else {}
            exact = preview["whole"] == texts[1] or bool(without)
            why = f"it read {preview['whole']!r}"
            chats["preview"] = Guess(_field(preview["selector"], **without), why, unsure=not exact)
        else:
            self._withhold("previews", False, "the row did not show the message")

    def _withhold(self, name: str, value: object, why: str) -> None:
        """Not seen is not promised; an open chat may be why it was not seen."""
        self._draft.withheld[name] = Guess(literal(value), f"{why}{self._excuse()}", unsure=self._was_open)

    def _excuse(self) -> str:
        return "; user2 had this chat open, and no other one to go to" if self._was_open else ""

    def _open(self, other: Window) -> None:
        row = self._row(other, 0)
        other.ask("(hunt, row) => hunt.remember(row)", row)
        other.click(_element(row))
        other.quiet()
        if self._mark and "unread" in self._draft.chats and self._draft.capabilities.get("unread") == "dot":
            arguments = [self._row(other, 0), self._mark["selector"]]
            if not other.ask("(hunt, [row, mark]) => row.matches(mark) || row.querySelector(mark) !== null", arguments):
                guess = self._draft.chats["unread"]
                self._draft.chats["unread"] = replace(guess, reason=f"{guess.reason}; until it is opened", unsure=False)
        found = other.ask("(hunt, row) => hunt.opened(row)", self._row(other, 0))
        if found is None:
            why = f"nothing changed{self._excuse()}"
            self._draft.chats["is_open"] = Guess('Field(selector=".open", attribute="class")', why, unsure=True)
            return
        why = "the row has it since it was opened" + ("" if found["alone"] else ", and no other row does")
        selector, attribute = literal(found["selector"]), literal(found["attribute"])
        self._draft.chats["is_open"] = Guess(f"Field(selector={selector}, attribute={attribute})", why, found["alone"])

    # ---- the open chat -----------------------------------------------------------------------------------------
    def _messages(self, other: Window) -> None:
        other.wait("(hunt, [one, two]) => hunt.messages(one, two, null) && true", self._texts, PATIENCE_MS)
        arguments = [*self._texts, self._row(other, 0)]
        found = other.ask("(hunt, [one, two, row]) => hunt.messages(one, two, row?.parentElement)", arguments)
        messages = self._draft.messages
        if not found or not found["text"]:
            messages["row"] = Guess('"li"', "the two messages were not found in one list", unsure=True)
            messages["text"] = Guess("Field(exact=True)", "to be found", unsure=True)
            return
        why = f"the two messages that were sent lie in one list; {found['matches']} such"
        messages["row"] = Guess(literal(found["selector"]), why)
        text, without = found["text"], {}
        if text["without"]:
            without = {"without": text["without"]}
        exact = text["whole"] == self._texts[1] or bool(without)
        messages["text"] = Guess(
            _field(text["selector"], **without, exact=True), f"it reads {text['whole']!r}", unsure=not exact
        )
        if found["id"]:
            why = f"{found['id']['value']!r}; the other message's is another"
            messages["id"] = Guess(_field(found["id"]["selector"], attribute=found["id"]["attribute"]), why)

    # ---- what tells the rows apart ------------------------------------------------------------------------------
    def _key(self, keys: tuple[list[dict[str, Any]], ...], named: tuple[str, str]) -> None:
        """An attribute that is the same after another sign-in, at both; else the name."""
        again = tuple(self._values_again(index) for index in (0, 1))
        mine = {(key["selector"], key["attribute"]): key["value"] for key in keys[0]}
        for key in keys[1]:
            place = (key["selector"], key["attribute"])
            if place in mine and mine[place] in again[0] and key["value"] in again[1]:
                why = f"it reads {key['value']!r}, also after signing in again, and no other row's does"
                self._draft.chats["key"] = Guess(_field(key["selector"], attribute=key["attribute"]), why)
                self._draft.keys = (mine[place], key["value"])
                return
        name = self._draft.chats["name"]
        why = "no attribute tells the rows apart and lasts; two chats of one name would be taken for one"
        self._draft.chats["key"] = Guess(name.expression, why, unsure=True)
        self._draft.keys = named

    def _reads(self, window: Window, index: int) -> str:
        """What the name of the chat with that person reads."""
        text: str = window.ask("(hunt, [row, name]) => hunt.reads(row, name)", [self._row(window, index), self._name])
        return text

    def _values_again(self, index: int) -> set[str]:
        window = self._signed_in(self._users[index])
        row = window.wait(_ROW, [self._names(1 - index), self._rows], PATIENCE_MS)
        found = self._keys(window, row, index) if row else []
        if index == 1 and "opens_by_itself" not in self._draft.withheld:
            self._load_anew(window)
            if self._is_open(window, self._texts[1]):
                reason = "another window of user2 opened by itself the chat that was open last"
                self._draft.withheld["opens_by_itself"] = Guess('"last"', reason)
        window.page.context.close()
        return {key["value"] for key in found}

    def _keys(self, window: Window, row: JSHandle, index: int) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = window.ask(
            "(hunt, [row, names]) => hunt.keys(row, names)", [row, self._names(1 - index)]
        )
        return found


def _element(handle: JSHandle) -> ElementHandle:
    element = handle.as_element()
    assert element is not None
    return element


def _two_texts() -> tuple[str, str]:
    mark = secrets.token_hex(3)
    return f"Duologue looks around {mark}", f"Duologue still looks around {mark}"


def _field(selector: str, **more: object) -> str:
    parts = {**({"selector": selector} if selector else {}), **more}
    return f"Field({', '.join(f'{name}={literal(value)}' for name, value in parts.items())})"


def _value(guess: Guess) -> str:
    selector: str = ast.literal_eval(guess.expression)
    return selector
