"""What was asked and what came out, a `Check` a line; the exit code is what they add up to."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

from duologue.errors import DuologueError, UnknownVerdict, VacuousExpectation

Verdict = Literal["passed", "failed", "unknown"]


@dataclass(frozen=True, slots=True)
class Check:
    """One line. `unseen`: unknown because the chat has no witness for it, which is nobody's failure."""

    name: str
    verdict: Verdict
    seconds: float
    detail: str = ""
    unseen: bool = False


class Sheet:
    """Asks, takes the time, and tells whoever listens: `on_start` a check's name, `on_check` what became of it."""

    def __init__(
        self, on_start: Callable[[str], None] = lambda _: None, on_check: Callable[[Check], None] = lambda _: None
    ) -> None:
        self._on_start, self._on_check = on_start, on_check
        self.clean: Callable[[str], str] = str
        """Takes secrets out of a detail."""
        self.checks: list[Check] = []
        self.error: DuologueError | None = None
        """That of the first check that failed."""

    def ask(self, name: str, question: Callable[[], str], *, may_be_unseen: bool = False) -> bool:
        """Whether it passed: the question returns a detail, or raises what an expectation raises.

        One that ends in any other error has decided nothing. With `may_be_unseen` it is no lack that nobody can see it.
        """
        self._on_start(name)
        begin = time.monotonic()
        verdict: Verdict = "unknown"
        unseen = False
        try:
            verdict, detail = "passed", question()
        except (UnknownVerdict, VacuousExpectation) as error:
            detail, unseen = str(error), may_be_unseen
        except DuologueError as error:
            verdict, detail = "failed", str(error)
            self.error = self.error or error
        except Exception as error:  # a crashed check is no pass, and no failure of the chat
            detail = f"the check itself failed: {type(error).__name__}: {error}"
        self.note(name, verdict, time.monotonic() - begin, detail, unseen=unseen)
        return verdict == "passed"

    def skip(self, names: Iterable[str], why: str) -> None:
        """These could not be asked."""
        for name in names:
            self.note(name, "unknown", 0, f"not asked: {why}")

    def note(self, name: str, verdict: Verdict, seconds: float, detail: str, *, unseen: bool = False) -> None:
        """A check that was made in another way."""
        self.checks.append(Check(name, verdict, seconds, self.clean(detail), unseen))
        self._on_check(self.checks[-1])

    @property
    def is_well(self) -> bool:
        """Whether everything passed that somebody can see."""
        return all(check.verdict == "passed" or check.unseen for check in self.checks)

    @property
    def exit_code(self) -> int:
        """0 all well; 1 something is wrong with the chat; 2 nothing failed, and not everything could be asked."""
        if any(check.verdict == "failed" for check in self.checks):
            return 1
        return 0 if self.is_well else 2
