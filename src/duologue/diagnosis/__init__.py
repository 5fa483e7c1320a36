"""From evidence to causes: each rule is a pure function, and several may hold; the likeliest comes first."""

from __future__ import annotations

from collections.abc import Callable

from duologue.diagnosis import connection, delivery, lists, surroundings
from duologue.diagnosis.evidence import Evidence
from duologue.diagnosis.finding import Finding
from duologue.diagnosis.probes import ask
from duologue.journey import journey
from duologue.people.cast import Cast
from duologue.people.user import User
from duologue.timeline import Event

__all__ = ["RULES", "Evidence", "Finding", "diagnose", "examine", "findings"]

Rule = Callable[[Evidence], Finding | None]
RULES: tuple[Rule, ...] = (*surroundings.RULES, *connection.RULES, *delivery.RULES, *lists.RULES)


def diagnose(cast: Cast, page_url: str, api_url: str, error: BaseException | None) -> tuple[Evidence, list[Finding]]:
    """Probe the stack and the pages of a test that failed, and name the causes, the likeliest first."""
    ask(cast, page_url, api_url)
    evidence = examine(cast, api_url, error)
    return evidence, findings(evidence)


def examine(cast: Cast, api_url: str, error: BaseException | None) -> Evidence:
    """The evidence as the timeline holds it now, with the ways of all messages to all their members' windows."""
    users = list(cast.users.values())
    ways = [
        journey(message, user)
        for message in cast.sent
        for user in users
        if user.account in message.chat.members and _lasted(user, message.cursor.at)
    ]
    urls = {user.name: cast.api.socket_url(user.account).partition("?")[0] for user in users}
    return Evidence(cast, api_url, urls, tuple(ways), error)


def _lasted(user: User, at: float) -> bool:
    """Whether the window was there when the message was sent, and still is."""
    first = next((event for event in user.timeline.find(kind="document", source=user.window)), None)
    return first is not None and first.at <= at and not user.page.is_closed()


def findings(evidence: Evidence) -> list[Finding]:
    """What the rules find, ranked by certainty; where none fits, the last things seen in each lane."""
    found = [finding for rule in RULES if (finding := rule(evidence)) is not None]
    found.sort(key=lambda finding: -finding.certainty)
    return found or [_nothing_fits(evidence)]


def _nothing_fits(evidence: Evidence) -> Finding:
    last: dict[str, Event] = {event.source: event for event in evidence.cast.timeline if event.kind != "probe"}
    text = "no rule fits; the last things seen are cited"
    return Finding("no-rule-fits", "product", "unknown", text, "read the timeline", 0, tuple(last.values()))
