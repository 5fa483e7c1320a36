"""Two people walk through a chat that runs: they come in, one writes, the other goes elsewhere and comes back."""

from __future__ import annotations

import ast
import secrets
from collections.abc import Callable

from playwright.sync_api import BrowserContext, ElementHandle, JSHandle

from duologue.doctor import Credentials
from duologue.errors import ExpectationFailed
from duologue.start.adapter import Draft, Guess, literal
from duologue.start.door import sign_in
from duologue.start.window import PATIENCE_MS, Window

# A message that Enter sends is shown at once; this long without it, and a button is looked for.
ENTER_MS = 3_000.0
ROW = "(hunt, [names, known]) => hunt.chatCalled(names, known)"
_CHANGED = "(hunt, [texts, known]) => hunt.changedRow(texts, known)"


class Walk:
    """What they do, and what of the draft shows itself by it: the form, the composer, what opens by itself."""

    def __init__(
        self,
        new_context: Callable[[], BrowserContext],
        url: str,
        draft: Draft,
        users: tuple[Credentials, Credentials],
        called: tuple[str, str],
    ) -> None:
        self._new_context, self._url, self._users, self._called = new_context, url, users, called
        self._fleeting: list[str] = []
        self.draft = draft
        self.texts = _two_texts()
        self.rows = ""
        """What selects the rows of the list, once that is known: what an open chat shows may read as a row does."""
        self.was_open = False
        """Whether the receiver had the chat open when the messages came, and no other one to go to."""
        self.is_silent = False
        """Whether nothing in the list read otherwise when a message came."""
        self.mark: dict[str, str] | None = None
        """What marks the row of a chat since a message came, if anything does."""

    def both(self) -> tuple[Window, Window]:
        """The sender, with the chat open, and the receiver, at a page that was loaded anew."""
        one, other = self.signed_in(0), self.signed_in(1)
        self._open_as_sender(one)
        other.ignore(self._fleeting)
        self.load_anew(other)
        return one, other

    def row(self, window: Window, index: int) -> JSHandle:
        """The row of the chat with that person, which the page may have drawn anew at any change."""
        row = window.handle(ROW, [self.names(index), self.rows])
        return row if row.as_element() else window.handle(_CHANGED, [self.texts, self.rows])

    def names(self, index: int) -> list[str]:
        """What somebody may be called in another's list."""
        username = self._users[index].username
        return [name for name in (self._called[index], username, username.partition("@")[0]) if name]

    # ---- coming in ---------------------------------------------------------------------------------------------
    def signed_in(self, index: int) -> Window:
        """A new window of that person's."""
        window = Window(self._new_context().new_page(), self._fleeting)
        self.draft.others["form"] = sign_in(window, self._url, self._users[index])
        return window

    def load_anew(self, other: Window) -> None:
        """user2 loads the page again: one that opens what it remembers may only do so then."""
        other.page.reload()
        other.quiet()
        if other.ask("hunt => hunt.form()"):
            self.draft.withheld["stays_signed_in"] = Guess("False", "a reload asked for the password again")
            sign_in(other, self._url, self._users[1])
        other.wait(ROW, [self.names(0), self.rows], PATIENCE_MS)

    def _open_as_sender(self, one: Window) -> None:
        """user1 opens the chat with user2; where there is something to type into, it is open."""
        row = one.wait(ROW, [self.names(1), ""], PATIENCE_MS)
        if row is None:
            seen = one.page.locator("body").inner_text()[:300]
            remedy = "make a chat of the two first; is user2 called otherwise in it? --called2 tells how"
            raise ExpectationFailed(f"user1's page shows nothing called {self.names(1)[0]}", seen=seen, remedy=remedy)
        one.ask("(hunt, row) => hunt.remember(row)", row)
        one.click(element(row))
        if one.wait("hunt => hunt.composer()", None, PATIENCE_MS) is None:
            seen = one.page.locator("body").inner_text()[:300]
            raise ExpectationFailed("there is nothing to type a message into", seen=seen)
        one.quiet()
        row = one.handle(ROW, [self.names(1), ""])
        self._fleeting = one.ask("(hunt, row) => row ? hunt.changedClasses(row) : []", row)
        one.ignore(self._fleeting)
        if row.as_element():
            self.rows = one.ask("(hunt, row) => hunt.rows(row)", row)["selector"]
        selector = one.ask("hunt => hunt.selectorOf(hunt.composer())")
        reason = "the lowest field to type into, once the chat was open"
        self.draft.others = {"composer": Guess(literal(selector), reason, unsure=not selector), **self.draft.others}

    def send(self, one: Window, text: str) -> None:
        """user1 sends, by Enter or by whatever button does."""
        composer = element(one.handle("hunt => hunt.composer()"))
        composer.fill(text)
        button = self.draft.others.get("send_button")
        if button is None:
            composer.press("Enter")
            if one.wait("(hunt, text) => hunt.shows(text) && hunt.isEmpty(text)", text, ENTER_MS):
                return
            found = one.handle("(hunt, composer) => hunt.sendButton(composer)", composer)
            if found.as_element() is None:
                raise ExpectationFailed("Enter does not send, and there is no button that might", seen=one.page.url)
            selector = one.ask("(hunt, element) => hunt.selectorOf(element)", found)
            self.draft.others["send_button"] = Guess(literal(selector), "Enter did not send, this button did")
            button = self.draft.others["send_button"]
        one.click(one.page.locator(_value(button)))
        if not one.wait("(hunt, text) => hunt.shows(text)", text, PATIENCE_MS):
            raise ExpectationFailed("what user1 sends is not shown to user1", seen=one.page.url)

    # ---- what comes, and where they are then -------------------------------------------------------------------
    def comes(self, one: Window, other: Window) -> bool:
        """user1's first message reaches user2; whether user2 had the chat open, and nothing there is counted."""
        row = self.row(other, 0)
        other.ask("(hunt, row) => row && hunt.remember(row)", row)
        other.ask("hunt => hunt.watch()")
        self.send(one, self.texts[0])
        self._wait_for_change(other)
        self.mark = other.ask("(hunt, row) => row && hunt.mark(row)", self.row(other, 0))
        return self.is_open(other, self.texts[0])

    def is_open(self, other: Window, text: str) -> bool:
        """Whether user2 sees a message's text elsewhere than in the list."""
        is_open: bool = other.ask("(hunt, [text, row]) => hunt.isShownApart(text, row)", [text, self.row(other, 0)])
        return is_open

    def _leave(self, other: Window) -> bool:
        """user2 opens another chat: many a page opens the last one again. Whether there is another."""
        arguments = [self.row(other, 0), self.names(0)]
        row = other.handle("(hunt, [row, names]) => hunt.anotherRow(row, names)", arguments).as_element()
        if row is None:
            return False
        other.click(row)
        other.quiet()
        return True

    def elsewhere(self, one: Window, other: Window) -> None:
        """What comes is counted once user2 has another chat open; does the page open that one again?"""
        reason = "user2 had chosen no chat, and this one was open"
        self.draft.withheld["opens_by_itself"] = Guess("True", reason)
        self.was_open = not self._leave(other)
        if self.was_open:
            return
        self.load_anew(other)
        self.texts = _two_texts()
        if not self.comes(one, other):
            reason += "; another one that was open last stayed open"
            self.draft.withheld["opens_by_itself"] = Guess('"last"', reason)
        elif self._leave(other):
            self.texts = _two_texts()
            self.comes(one, other)

    def _wait_for_change(self, other: Window) -> None:
        self.is_silent = not other.wait(_CHANGED, [self.texts, self.rows], PATIENCE_MS)
        if not self.is_silent:
            other.quiet()
        elif self.row(other, 0).as_element() is None:
            seen = other.page.locator("body").inner_text()[:300]
            remedy = "does a row show its newest message or a count? is the chat open at user2 already?"
            raise ExpectationFailed("nothing in user2's list changed when a message came", seen=seen, remedy=remedy)


def element(handle: JSHandle) -> ElementHandle:
    """What a handle is of, where there is no doubt that it is of an element."""
    found = handle.as_element()
    assert found is not None
    return found


def _two_texts() -> tuple[str, str]:
    mark = secrets.token_hex(3)
    return f"Duologue looks around {mark}", f"Duologue still looks around {mark}"


def _value(guess: Guess) -> str:
    selector: str = ast.literal_eval(guess.expression)
    return selector
