"""Causes that are nobody's bug: the harness's own, and the machine's."""

from __future__ import annotations

from duologue.diagnosis.evidence import Evidence
from duologue.diagnosis.finding import Finding
from duologue.errors import AdapterError, UnknownVerdict, VacuousExpectation
from duologue.timeline import Event

# Waits are ten seconds and more; a machine with this many runnable processes a core may still miss them.
STARVED_LOAD_PER_CORE = 6.0


def vacuous(evidence: Evidence) -> Finding | None:
    """The expectation could not have failed, or nothing could decide it."""
    if isinstance(evidence.error, VacuousExpectation):
        text = "the expectation was true before the action"
        return Finding("vacuous-expectation", "harness", "test", text, "make it false first", 99)
    if isinstance(evidence.error, UnknownVerdict):
        return Finding("unknown", "harness", "test", "nothing was seen that could decide it", "see the error", 98)
    return None


def adapter_does_not_fit(evidence: Evidence) -> Finding | None:
    """A selector of the adapter finds nothing."""
    if isinstance(evidence.error, AdapterError):
        text = evidence.error.what
        return Finding("selector-does-not-fit", "harness", "page", text, "compare the adapter with the page", 52)
    for user in evidence.windows:
        api = next(iter(evidence.find("api_chats", user.window)), None)
        states = evidence.find("view:chats", user.window)
        if api and api.data["unread"] and states and not any(event.data["rows"] for event in states):
            text = (
                f"the API lists {len(api.data['unread'])} chats, and the row selector never found one in {user.window}"
            )
            return Finding(
                "selector-does-not-fit", "harness", "page", text, "does ChatList.row fit the page?", 54, (api,)
            )
    return None


def browser_crashed(evidence: Evidence) -> Finding | None:
    """A page crashed."""
    if crashed := evidence.find("page_crashed"):
        text = f"{crashed[0].source}'s page crashed"
        return Finding(
            "browser-crashed", "environment", "page", text, "memory? /dev/shm? see the browser's own log", 99
        )
    return None


def fault_in_effect(evidence: Evidence) -> Finding | None:
    """The test broke the window's network, or a service, and had not mended it when it failed."""
    broken: dict[str, Event] = {}
    for event in evidence.faults(evidence.symptom.window):
        if event.data["undoes"]:
            broken.pop(event.source, None)
        else:
            broken[event.source] = event
    if not broken:
        return None
    end = max(event.at for event in evidence.cast.timeline)
    told = ", ".join(f"{event.text} ({end - event.at:.0f} s before)" for event in broken.values())
    text = f"the test broke it, and had not mended it when it failed: {told}"
    remedy = "mend it first, if it is to work again"
    return Finding("fault-in-effect", "harness", "test", text, remedy, 70, tuple(broken.values()))


def page_threw(evidence: Evidence) -> Finding | None:
    """The page had an error of its own."""
    if errors := evidence.find("page_error"):
        text = f"{errors[0].source}: {errors[0].text}"
        return Finding("page-threw", "product", "page", text, "see its stack in the timeline", 50, tuple(errors[:3]))
    return None


def machine_starved(evidence: Evidence) -> Finding | None:
    """The machine had far more to do than it can."""
    machine = evidence.probe("machine")
    if machine and machine.data["load"] > STARVED_LOAD_PER_CORE * machine.data["cores"]:
        text = f"the machine is overloaded: {machine.text}"
        return Finding(
            "machine-starved", "environment", "machine", text, "run it again with less beside it", 30, (machine,)
        )
    return None


RULES = (vacuous, adapter_does_not_fit, browser_crashed, fault_in_effect, page_threw, machine_starved)
