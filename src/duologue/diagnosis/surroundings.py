"""Causes that are nobody's bug: the test's own, the harness's, and the machine's."""

from __future__ import annotations

from traceback import walk_tb

import httpx
from playwright.sync_api import Locator
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from duologue.app import ChatApi
from duologue.diagnosis.evidence import Evidence
from duologue.diagnosis.finding import Finding
from duologue.diagnosis.logs import raised_in
from duologue.errors import AdapterError, DuologueError, UnknownVerdict, UsageError, VacuousExpectation
from duologue.people.surroundings import CRASHES
from duologue.people.window import said_and_steps

# Waits are some seconds; a machine with this many runnable processes a core may still miss them.
STARVED_LOAD_PER_CORE = 6.0
# Databases, browsers and logs each want some megabytes at any moment.
DISK_FULL_MB = 20
_WAITING = "waiting for "
_IN_THE_PAGE = ("console", "shown", "listed")
_DISK_FULL = ("No space left on device", "ENOSPC", "disk is full", "disk full", "QuotaExceededError")


def vacuous(evidence: Evidence) -> Finding | None:
    """The expectation could not have failed, or nothing could decide it."""
    if isinstance(evidence.error, VacuousExpectation):
        text = "the expectation was true before the action"
        sure = "the same test where the chat is right: there it must be false before, too"
        return Finding("vacuous-expectation", "harness", "test", text, "make it false first", 45, (), sure)
    if isinstance(evidence.error, UnknownVerdict):
        text = f"nothing was seen that could decide it: {evidence.error.what}"
        return Finding("unknown", "harness", "test", text, evidence.error.remedy or "see the error", 45)
    if isinstance(evidence.error, UsageError):
        return Finding(
            "wrong-use", "harness", "test", evidence.error.what, evidence.error.remedy or "see the error", 98
        )
    return None


def adapter_does_not_fit(evidence: Evidence) -> Finding | None:
    """A selector of the adapter finds nothing, or no row where the page does name the chats."""
    if isinstance(evidence.error, AdapterError):
        text, remedy = evidence.error.what, evidence.error.remedy or "compare the adapter with the page"
        sure = "the window's screenshot: is the element there, and can it be clicked?"
        return Finding("selector-does-not-fit", "harness", "page", text, remedy, 52, (), sure)
    for user in evidence.windows:
        api = next(iter(evidence.find("api_chats", user.window)), None)
        states = evidence.find("view:chats", user.window)
        page = evidence.page_state(user.window)
        is_named = page is None or page.data.get("names") is not False
        if api and api.data["unread"] and states and is_named and not any(event.data["rows"] for event in states):
            text = (
                f"the API lists {len(api.data['unread'])} chats, and the row selector never found one in {user.window}"
            )
            remedy = "does ChatList.row fit the page?"
            return Finding("selector-does-not-fit", "harness", "page", text, remedy, 54, (api,))
    return None


def differs_in_space(evidence: Evidence) -> Finding | None:
    """What the page shows is what was sent, but for white space: the adapter reads more, or less, than the text."""
    symptom = evidence.symptom
    user = evidence.cast.users.get(symptom.window)
    held = next(iter(evidence.find("api_messages")), None)
    if user is None or not symptom.kind.startswith("to_show") or symptom.kind == "to_show_sign":
        return None
    shown = [seen.text for seen in user.messages]
    for wanted in symptom.texts:
        same = [text for text in shown if text != wanted and text.split() == wanted.split()]
        if wanted not in shown and same and (held is None or wanted in held.data["texts"]):
            text = f"messages.text reads {same[0]!r} where {wanted!r} was sent: they differ in white space alone"
            remedy = "drop `exact` from the field, or narrow its selector to the text itself"
            sure = "the page's own source: is the white space within the message?"
            return Finding("selector-does-not-fit", "harness", "page", text, remedy, 92, (), sure)
    return None


def raised_by_test(evidence: Evidence) -> Finding | None:
    """The test's own code raised something that says nothing of the chat."""
    error = evidence.error
    if error is None or isinstance(error, DuologueError | PlaywrightTimeout):
        return None
    text = f"{type(error).__name__}: {(str(error).splitlines() or [''])[0]}"
    call = _api_call(error)
    if isinstance(error, AssertionError) and not call:
        return None
    if call:
        if getattr(getattr(error, "response", None), "status_code", 0) >= 500:
            raised = tuple(raised_in(evidence.find("log"))[-3:])
            said = f"{call} was answered {text}" + (f"; {raised[-1].text.strip()}" if raised else "")
            return Finding("server-error", "product", "server", said, "the server's log shows where", 88, raised)
        sure = "the same call by hand: does the API do it?"
        # A server that is down or slow has causes of its own; anything else the adapter's client knows best.
        certainty = 26 if isinstance(error, OSError | httpx.HTTPError) else 88
        said = f"{call} raised {text}"
        return Finding("api-call-failed", "harness", "test", said, "see the traceback", certainty, (), sure)
    # A slip in the code fails whatever the chat does; what came out as None may be the chat's doing.
    is_slip = isinstance(error, AttributeError | NameError | TypeError) and "NoneType" not in text
    return Finding("test-raised", "harness", "test", text, "see the traceback", 97 if is_slip else 25)


def _api_call(error: BaseException) -> str:
    """The call of somebody's ChatApi in which it was raised, as `ToyApi.create_chat`; empty when in none."""
    for frame, _ in walk_tb(error.__traceback__):
        if isinstance(api := frame.f_locals.get("self"), ChatApi):
            return f"{type(api).__name__}.{frame.f_code.co_name}"
    return ""


def not_in_page(evidence: Evidence) -> Finding | None:
    """The test waited by Playwright itself for something in a page, and it did not come or could not be used."""
    if not isinstance(evidence.error, PlaywrightTimeout):
        return None
    said, steps = said_and_steps(evidence.error.message)
    pages = {user.page: window for window, user in evidence.cast.users.items()}
    frames = (frame.f_locals.get("self") for frame, _ in walk_tb(evidence.error.__traceback__))
    window = next((pages[it.page] for it in frames if isinstance(it, Locator) and it.page in pages), "a page")
    text = f"{window}: {'; '.join([said, *steps])}"
    is_there = any("locator resolved to" in step for step in steps)
    cause, remedy = (
        ("element-unusable", "what keeps it from being used: is it hidden, disabled, covered, does it move?")
        if is_there
        else ("element-missing", "what should bring it into the page? where it was never so, correct the locator")
    )
    sure = "the window's screenshot: what is there instead?"
    return Finding(cause, "product", "page", text, remedy, 20, (), sure)


def differs_in_page(evidence: Evidence) -> Finding | None:
    """The test compared something in a page by Playwright's own assertions, and it was another."""
    error = evidence.error
    if not isinstance(error, AssertionError) or isinstance(error, DuologueError):
        return None
    said, steps = said_and_steps(str(error))
    place = next((step.removeprefix(_WAITING) for step in steps if step.startswith(_WAITING)), None)
    if place is None:
        return None
    text = f"{place}: {'; '.join(line.strip() for line in said.splitlines())}"
    sure = "the window's screenshot: is the page wrong, or the locator?"
    remedy = "what should bring the page to show it so?"
    return Finding("element-differs", "product", "page", text, remedy, 20, (), sure)


def page_said_errors(evidence: Evidence) -> Finding | None:
    """All came true that the test expected, and a page had written errors meanwhile."""
    symptom = evidence.symptom
    if symptom.kind != "to_have_no_errors":
        return None
    said = evidence.find({"console", "page_error"}, symptom.window, lambda event: event.text in symptom.texts)[:1]
    failed = evidence.find("response", symptom.window, lambda event: event.data["status"] >= 400)
    near = sorted(failed, key=lambda event: abs(event.at - said[0].at))[:1] if said else failed[:1]
    text = f"{symptom.window} said {symptom.texts[0]!r}" + (f"; it was answered {near[0].text}" if near else "")
    remedy = "mend the page; what harms nobody is ChatApp.harmless, what a test expects is marked with expects_errors"
    return Finding("page-said-errors", "product", "page", text, remedy, 48, (*said, *near))


def browser_crashed(evidence: Evidence) -> Finding | None:
    """A page crashed that the test did not crash itself, or the whole browser ended."""
    ours = {event.source for event in evidence.find("action", where=lambda event: event.text == CRASHES)}
    crashed = evidence.find("page_crashed", where=lambda event: event.source not in ours)
    gone = evidence.find("browser_gone")
    if crashed or gone:
        text = f"{crashed[0].source}'s page crashed" if crashed else f"{gone[0].source}'s {gone[0].text}"
        remedy = "memory? /dev/shm? see the browser's own log"
        return Finding("browser-crashed", "environment", "page", text, remedy, 99, (*crashed[:2], *gone[:2]))
    return None


def window_closed(evidence: Evidence) -> Finding | None:
    """A window was closed by somebody else than the test."""
    for user in evidence.windows:
        closed = evidence.find("page_closed", user.window)
        acts = evidence.find("action", user.window, lambda event: event.text == "closes the window")
        if closed and not acts:
            text = f"{user.window}'s window was closed, and not by the test"
            remedy = "does the page close itself? did somebody close it?"
            return Finding("window-closed", "product", "page", text, remedy, 80, (closed[0],))
    return None


def window_hidden(evidence: Evidence) -> Finding | None:
    """A window is in the background, though the test did not put it there: nothing is read, timers are slow."""
    for user in evidence.windows:
        state = evidence.page_state(user.window)
        acts = evidence.find("action", user.window, lambda event: event.text == "hides the window")
        if state and state.data["hidden"] and not acts:
            text = f"{user.window} is in the background, where nothing is read and timers are slow"
            remedy = "keep the windows of a headed run in view"
            return Finding("window-hidden", "environment", "page", text, remedy, 45, (state,))
    return None


def fault_in_effect(evidence: Evidence) -> Finding | None:
    """The test broke the window's network, or a service, and had not mended it when it failed."""
    broken = evidence.in_effect(evidence.symptom.window)
    if not broken:
        return None
    end = max(event.at for event in evidence.cast.timeline)
    told = ", ".join(f"{event.text} ({end - event.at:.0f} s before)" for event in broken)
    text = f"the test broke it, and had not mended it when it failed: {told}"
    remedy = "mend it first, if it is to work again"
    # What is lost beyond the frame is in the page already, and what a page says of an outage is asked for during one.
    is_in_page = any(way.missing and way.missing.name in _IN_THE_PAGE for way in evidence.lost[:1])
    name, *wanted = evidence.symptom.texts
    is_of_outage = name == "connection" and not evidence.app.is_connected("".join(wanted))
    says_nothing = isinstance(evidence.error, VacuousExpectation)
    needs_no_network = evidence.symptom.kind == "to_have_typed"
    certainty = 40 if is_in_page or is_of_outage or says_nothing or needs_no_network else 70
    return Finding("fault-in-effect", "harness", "test", text, remedy, certainty, tuple(broken))


def page_threw(evidence: Evidence) -> Finding | None:
    """The page had an error of its own, and not one that the adapter calls harmless."""
    if errors := evidence.find("page_error", where=lambda event: not evidence.is_harmless(event)):
        text = f"{errors[0].source}: {errors[0].text}"
        return Finding("page-threw", "product", "page", text, "see its stack in the timeline", 50, tuple(errors[:3]))
    return None


def disk_full(evidence: Evidence) -> Finding | None:
    """There is no room left to write in, and it was not the test that filled a service's disk."""
    machine = evidence.probe("machine")
    is_ours = any("the disk of" in fault.text for fault in evidence.faults(evidence.symptom.window))
    said = [
        event
        for kind in (*(() if is_ours else ("log",)), "console", "page_error")
        for event in evidence.find(kind)
        if any(words in event.text for words in _DISK_FULL)
    ]
    free_mb = machine.data.get("free_mb") if machine else None
    if said or (free_mb is not None and free_mb < DISK_FULL_MB):
        text = said[0].text if said else f"{free_mb:.0f} MB are free at {machine.data['fullest'] if machine else ''}"
        cited = (*said[:2], *((machine,) if machine else ()))
        return Finding("disk-full", "environment", "machine", text, "make room, then run it again", 95, cited)
    return None


def machine_starved(evidence: Evidence) -> Finding | None:
    """The machine had far more to do than it can, or stood still for a while."""
    if evidence.error is not None and not isinstance(evidence.error, DuologueError | PlaywrightTimeout | TimeoutError):
        return None  # a comparison takes no time, and what a call raised has its own reason
    machine, gaps = evidence.probe("machine"), evidence.find("clock_gap")
    load = machine.data["load"] / machine.data["cores"] if machine else 0.0
    if not gaps and load <= STARVED_LOAD_PER_CORE:
        return None
    longest = max((event.data["seconds"] for event in gaps), default=0.0)
    stood = f", and stood still for {longest:.1f} s" if gaps else ""
    text = f"the machine had no time for the test: {machine.text if machine else 'its load is unknown'}{stood}"
    cited = (*gaps[:2], *((machine,) if machine else ()))
    sure = "the same test alone on the machine"
    # That others wait for the machine too is a reason, and no sign that this test did.
    certainty = 30 if gaps else 12
    remedy = "run it with less beside it"
    return Finding("machine-starved", "environment", "machine", text, remedy, certainty, cited, sure)


RULES = (
    vacuous,
    adapter_does_not_fit,
    differs_in_space,
    raised_by_test,
    not_in_page,
    differs_in_page,
    page_said_errors,
    browser_crashed,
    window_closed,
    window_hidden,
    fault_in_effect,
    page_threw,
    disk_full,
    machine_starved,
)
