"""`Finding`: a cause with the hop at which it acts, the evidence it cites and a remedy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from duologue.timeline import Event

LINE_TEXT = 300
"""Characters of a cause's text that its one line shows; messages that it quotes may be long."""

Verdict = Literal["product", "environment", "harness"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One possible cause. `cause` is its short name; `certainty`, 0 to 100, ranks it among others that hold too."""

    cause: str
    verdict: Verdict
    hop: str
    text: str
    remedy: str
    certainty: int
    evidence: tuple[Event, ...] = ()
    sure: str = ""
    """What would tell it from other causes that may hold."""

    def line(self) -> str:
        """The one line that a red run ends with."""
        text = self.text if len(self.text) <= LINE_TEXT else f"{self.text[:LINE_TEXT]}…"
        return f"CAUSE  {self.verdict} · {self.hop} · {self.cause}: {text} · {self.remedy}"

    def __str__(self) -> str:
        cited = "".join(f"\n        {event}" for event in self.evidence[:6])
        sure = f"\n    to be sure: {self.sure}" if self.sure else ""
        return f"{self.cause} ({self.verdict}, at {self.hop}): {self.text}\n    to do: {self.remedy}{sure}{cited}"
