"""Every error that Duologue raises itself.

    DuologueError
    ├── UsageError              a wrong option or setting
    ├── StackError              the stack cannot be brought up or acted on
    ├── BrowserError            a browser is missing or cannot be started
    ├── AdapterError            the adapter does not fit the chat it describes
    └── VerdictError            (AssertionError) what an expectation found
        ├── ExpectationFailed   it did not come true
        │   ├── MessageLost         a message did not reach a member
        │   ├── MessageRepeated     it came more than once
        │   ├── MessagesOutOfOrder  it came before an earlier one
        │   └── MessageLeaked       it came to somebody who is no member
        ├── VacuousExpectation  it was true before, so it could not have failed
        └── UnknownVerdict      nothing was seen that could decide it

Each says what is wrong, what was seen, and what to do.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast


class DuologueError(Exception):
    """One clear error: `what` is wrong, what was `seen`, and the `remedy`; printed in that order."""

    def __init__(self, what: str, *, seen: str = "", remedy: str = "") -> None:
        self.what, self.seen, self.remedy = what, seen, remedy
        parts = [what]
        if seen:
            parts.append(f"  seen: {seen}")
        if remedy:
            parts.append(f"  to do: {remedy}")
        super().__init__("\n".join(parts))


class UsageError(DuologueError):
    """A wrong option or setting, found before anything was started."""


class StackError(DuologueError):
    """The stack, or one service of it, did not do what it was asked.

    `service` is that of the product which ended, or never became ready, by itself; empty when the fault is elsewhere.
    """

    def __init__(self, what: str, *, seen: str = "", remedy: str = "", service: str = "") -> None:
        super().__init__(what, seen=seen, remedy=remedy)
        self.service = service


class BrowserError(DuologueError):
    """A browser is not installed, or cannot be started."""


class AdapterError(DuologueError):
    """What the adapter says of the chat is not what the page shows."""


class VerdictError(DuologueError, AssertionError):
    """What an expectation found; an AssertionError, so that pytest reports a failure and not an error."""

    symptom: Symptom | None = None


@dataclass(frozen=True, slots=True)
class Symptom:
    """What an expectation was about, as data for the diagnosis.

    `kind` is the expectation's name (`to_have_unread`, `to_show`, …), `window` whose, `chat` the chat's id, `expected`
    what it was given beside the chat: the one thing, or a tuple; a message is its text. Of `to_agree` it is what was
    found. Where the verdict is another one than "it failed", `kind` is `vacuous`, or `unknown`: of a window of
    observation that did not end, `expected` is the message that was to end it.
    """

    kind: str
    window: str = ""
    chat: str = ""
    expected: object = None

    @property
    def texts(self) -> list[str]:
        """What was expected, one by one, as texts."""
        expected = cast("tuple[object, ...] | str", self.expected)
        return list(map(str, expected)) if isinstance(expected, tuple) else [str(expected)]


class ExpectationFailed(VerdictError):
    """The expected thing did not happen in time, or another thing happened."""


class MessageLost(ExpectationFailed):
    """A message did not reach a member; the text shows how far it came."""


class MessageRepeated(ExpectationFailed):
    """A message reached a window more than once."""


class MessagesOutOfOrder(ExpectationFailed):
    """Messages reached a window in another order than they were sent."""


class MessageLeaked(ExpectationFailed):
    """A message reached somebody who is no member of its chat."""


class VacuousExpectation(VerdictError):
    """The expected state was there before the action: the expectation could not have failed."""


class UnknownVerdict(VerdictError):
    """Nothing was seen that could decide the question; unknown is never a pass."""
