"""From evidence to causes: each rule is a pure function, and several may hold; the likeliest comes first."""

from __future__ import annotations

from collections.abc import Callable

from duologue.diagnosis import (
    addresses,
    agreement,
    clicks,
    counts,
    delivery,
    names,
    order,
    receipts,
    reconnecting,
    services,
    shown,
    statuses,
    surroundings,
    tokens,
)
from duologue.diagnosis.evidence import Evidence, symptom_of
from duologue.diagnosis.finding import Finding
from duologue.diagnosis.probes import ask, ask_services
from duologue.errors import DuologueError, ExpectationFailed, StackError, UnknownVerdict
from duologue.journey import Journey, journey
from duologue.people.cast import Cast
from duologue.people.user import User
from duologue.people.window import said_and_steps
from duologue.stack import Stack
from duologue.timeline import Event, Timeline

__all__ = ["RULES", "Evidence", "Finding", "diagnose", "diagnose_stack", "examine", "findings"]

# Delivery takes milliseconds; on a machine whose cores are busy a hundred times that.
SETTLES_S = 2.0

Rule = Callable[[Evidence], Finding | None]
RULES: tuple[Rule, ...] = (
    *surroundings.RULES,
    *services.RULES,
    *tokens.RULES,
    *addresses.RULES,
    *reconnecting.RULES,
    *delivery.RULES,
    *receipts.RULES,
    *counts.RULES,
    *order.RULES,
    *agreement.RULES,
    *shown.RULES,
    *statuses.RULES,
    *names.RULES,
    *clicks.RULES,
)


def diagnose(
    cast: Cast, page_url: str, api_url: str, error: BaseException | None, stack: Stack | None = None
) -> tuple[Evidence, list[Finding]]:
    """Probe the stack and the pages of a test that failed, and name the causes, the likeliest first."""
    if not isinstance(error, ExpectationFailed | UnknownVerdict):
        _settle(cast)
    ask(cast, page_url, api_url, symptom_of(error), stack)
    evidence = examine(cast, api_url, error)
    return evidence, findings(evidence)


def _settle(cast: Cast) -> None:
    """Let what is on its way arrive: an error that waited for nothing may come while a message is still under way."""
    under_way = [(way.message, cast.users[way.window]) for way in _ways(cast) if way.missing]

    def have_arrived() -> bool | None:
        under_way[:] = [way for way in under_way if journey(*way).missing]
        return not under_way or None

    cast.timeline.wait_for(have_arrived, SETTLES_S)


def diagnose_stack(error: BaseException, stack: Stack | None) -> Finding:
    """The cause where there are no people yet: the stack did not come up, or one of its services does not run."""
    if isinstance(error, StackError):
        return services.of_stack(error)
    timeline = Timeline()
    ask_services(timeline, stack)
    for event in timeline.find(kind="service"):
        if event.data["state"] != "running":
            said = "".join(f"; its last line: {line.strip()}" for line in event.data["lines"][-1:])
            text, remedy = f"{event.text}{said}", "see why it ended or froze"
            return Finding(f"{event.source}-down", "product", "server", text, remedy, 95, (event,))
    said = _own_check(error)
    text = said or f"nobody was at a window; {(str(error).splitlines() or [type(error).__name__])[0]}"
    cause = "own-check-failed" if said else "no-rule-fits"
    return Finding(cause, "product", "unknown", text, "see the error", 0)


def examine(cast: Cast, api_url: str, error: BaseException | None) -> Evidence:
    """The evidence as the timeline holds it now, with the ways of all messages to all their members' windows."""
    urls = {user.name: cast.api.socket_url(user.account).partition("?")[0] for user in cast.users.values()}
    return Evidence(cast, api_url, urls, tuple(_ways(cast)), error)


def _ways(cast: Cast) -> list[Journey]:
    return [
        journey(message, user)
        for message in cast.sent
        for user in list(cast.users.values())
        # Who came into a chat later, or is in it no more, need not have it.
        if user.account in message.chat.members
        and user.account in cast.chats.get(message.chat.id, message.chat).members
        and _lasted(user, message.cursor.at)
    ]


def _lasted(user: User, at: float) -> bool:
    """Whether the window was there when the message was sent, and still is."""
    first = next((event for event in user.timeline.find(kind="document", source=user.window)), None)
    return first is not None and first.at <= at and not user.page.is_closed()


def findings(evidence: Evidence) -> list[Finding]:
    """What the rules find, each cause once, ranked by certainty; where none fits, the last things seen in each lane."""
    found: dict[str, Finding] = {}
    for finding in filter(None, (rule(evidence) for rule in RULES)):
        if finding.cause not in found or finding.certainty > found[finding.cause].certainty:
            found[finding.cause] = finding
    ranked = sorted(found.values(), key=lambda finding: -finding.certainty)
    return ranked or [_nothing_fits(evidence)]


def _nothing_fits(evidence: Evidence) -> Finding:
    last: dict[str, Event] = {event.source: event for event in evidence.cast.timeline if event.kind != "probe"}
    said = _own_check(evidence.error)
    text = said or "no rule fits; the last things seen are cited"
    cause = "own-check-failed" if said else "no-rule-fits"
    return Finding(cause, "product", "unknown", text, "read the timeline", 0, tuple(last.values()))


def _own_check(error: BaseException | None) -> str:
    """What an assertion of the test's own says; empty for any other error."""
    if not isinstance(error, AssertionError) or isinstance(error, DuologueError):
        return ""
    said = said_and_steps(str(error))[0].partition("\n +")[0]  # without pytest's derivation
    return f"the test's own check failed: {' '.join(said.split()) or 'it says no more'}"
