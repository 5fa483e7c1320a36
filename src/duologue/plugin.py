"""The pytest plugin: options, markers, the run's header and end, and errors without a traceback of ours."""

from __future__ import annotations

import contextlib
import gc
import os
import secrets
import sys
from collections.abc import Generator
from pathlib import Path
from traceback import walk_tb
from types import TracebackType
from typing import Any, cast

import pytest

from duologue import announce, causes, evidence, fixtures, known, windows
from duologue.artifacts import Artifacts
from duologue.errors import BrowserError, DuologueError, ExpectationFailed, StackError, Symptom, UsageError
from duologue.leftovers import sweep_temp
from duologue.run import Run
from duologue.signals import interrupt_by_signals
from duologue.stack import choose, release, sweep
from duologue.unsaid import unexpected_errors

_HERE = Path(__file__).parent
_SUITE = _HERE / "suite"
_MARKERS = (
    "e2e: drives real browsers against a running stack",
    "promised(*capabilities): only for chats that promise these, e.g. promised('typing', 'unread=number|dot')",
    "own_stack(SERVICE={NAME: value}): breaks its stack, so it gets one of its own, with these settings",
    "own_network(frames=False): each of its users gets a link of their own to break (and frames); "
    "what their pages log as errors is expected",
    "expects_errors(*patterns): console errors and page errors that this test causes",
)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Duologue's options, in one group."""
    group = parser.getgroup("duologue", "Duologue: end-to-end tests for realtime chat")
    group.addoption(
        "--stack",
        default="auto",
        metavar="auto|compose|processes|URL",
        help="what to test: containers, local processes, or the page of a chat that runs already "
        "(auto: containers when an engine answers, else processes)",
    )
    group.addoption("--api-url", default="", metavar="URL", help="with --stack=URL: where its API is (the page's)")
    group.addoption("--ws-url", default="", metavar="URL", help="with --stack=URL: where its WebSocket is (the page's)")
    group.addoption("--keep-stack", action="store_true", help="leave the stack up for the next run")
    group.addoption(
        "--evidence",
        default=evidence.MODES[0],
        choices=evidence.MODES,
        help="for which tests to keep a folder in --output: timeline, windows, logs, requests (default: %(default)s)",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Markers; and the fixtures, registered late so that they may build on pytest-playwright's."""
    for marker in _MARKERS:
        config.addinivalue_line("markers", marker)
    config.pluginmanager.register(windows, "duologue-windows")
    config.pluginmanager.register(fixtures, "duologue-fixtures")
    config.pluginmanager.register(causes, "duologue-causes")
    config.pluginmanager.register(evidence, "duologue-evidence")
    config.pluginmanager.register(announce, "duologue-announce")
    config.pluginmanager.register(known, "duologue-known")


@pytest.hookimpl(tryfirst=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    """Choose the run's stack and where it keeps its evidence; clean up after killed runs."""
    config = session.config
    interrupt_by_signals()
    if worker := getattr(config, "workerinput", None):
        config.stash[Run.KEY] = Run.of_data(worker["duologue"])
        config.option.output = str(config.stash[Run.KEY].output)
        return
    if config.option.collectonly:
        return
    try:
        choice = choose(config.option.stack, api_url=config.option.api_url, ws_url=config.option.ws_url)
        notes = sweep(config.rootpath)
        sweep_temp(windows.ARTIFACTS)
    except DuologueError as error:
        raise pytest.UsageError(str(error)) from None
    output, asked = evidence.output_of_its_own(config), Path(config.option.output).absolute()
    if output != asked:
        notes.append(f"evidence: in {output.name}, since another run keeps its own in {asked.name}")
        config.option.output = str(output)
    config.stash[Run.KEY] = Run(
        secrets.token_hex(4), os.getpid(), choice, config.option.keep_stack, config.rootpath, output, tuple(notes)
    )


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tell an xdist worker of the run it belongs to."""
    node.workerinput["duologue"] = node.config.stash[Run.KEY].as_data()


def pytest_itemcollected(item: pytest.Item) -> None:
    """A test of the suite keeps its own module's marks in whichever module it was imported."""
    home = sys.modules.get(getattr(getattr(item, "function", None), "__module__", ""))
    if home is not None and _SUITE in Path(str(home.__file__)).parents:
        marks: Any = getattr(home, "pytestmark", [])
        for mark in cast("list[pytest.MarkDecorator]", marks if isinstance(marks, list) else [marks]):
            item.add_marker(mark)


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    """What is loaded by now lives as long as the process: to walk it in search of garbage, and to take it apart at the
    end, takes a tenth of the time of a run of one test."""
    gc.freeze()


def pytest_report_header(config: pytest.Config) -> list[str]:
    """Which stack, and why."""
    run = config.stash.get(Run.KEY, None)
    if not run:
        return []
    kind = "compose where there is a compose file, else processes" if run.choice.is_auto else run.choice.kind
    return [f"stack: {kind} ({run.choice.why})", *run.notes]


def pytest_unconfigure(config: pytest.Config) -> None:
    """The last one out takes the stack down."""
    run = config.stash.get(Run.KEY, None)
    if run and not hasattr(config, "workerinput"):
        try:
            release(config.rootpath, run.id)
        except StackError as error:  # its engine has died, perhaps: what it left up is swept by the next run
            print(f"\nERROR: the stack could not be taken down: {error}\n", file=sys.stderr)
        sweep_temp(windows.ARTIFACTS, ended=run.owner_pid)  # those of a killed worker


# ---- what is kept of a test ------------------------------------------------------------------------------------
_OF_A_TEST: tuple[pytest.StashKey[Any], ...] = (
    Run.CAST,
    Run.STACK,
    Run.TIMELINE,
    Run.ACCOUNTS,
    Artifacts.KEY,
    causes.Causes.KEY,
)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, Any, Any]:
    """What was seen in a test goes with it: a session keeps its items, and their stashes, to its end."""
    result = yield
    for key in _OF_A_TEST:
        if key in item.stash:
            del item.stash[key]
    return result


# ---- what a test must not leave unsaid ----------------------------------------
@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, Any, Any]:
    """A test that passed fails all the same when a page had errors that nobody expected."""
    result = yield
    if (cast := item.stash.get(Run.CAST, None)) is not None:
        expected = [pattern for marker in item.iter_markers("expects_errors") for pattern in marker.args]
        cuts_networks = item.get_closest_marker("own_network") is not None
        expected += cast.app.harmless
        if errors := unexpected_errors(list(cast.timeline), expected, cuts_networks=cuts_networks):
            failure = ExpectationFailed(
                "the page had errors that the test does not expect",
                seen="".join(f"\n        {event}" for event in errors[:20]),
                remedy="mend the page; what harms nobody is ChatApp.harmless, what a test expects is marked with "
                "@pytest.mark.expects_errors('pattern')",
            )
            failure.symptom = Symptom("to_have_no_errors", errors[0].source, expected=errors[0].text)
            raise failure
    return result


# ---- reports ---------------------------------------------------------------------------------------------------
@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Errors of ours show the line of the test and what they say; artifacts get the names of their windows."""
    error = call.excinfo.value if call.excinfo else None
    if isinstance(error, DuologueError):
        error.__cause__, error.__suppress_context__ = None, True  # its text says what was seen
        info: Any = pytest.ExceptionInfo
        call.excinfo = info.from_exception(error.with_traceback(_of_the_test(error.__traceback__)))
    report = yield
    if isinstance(error, DuologueError) and not _has_frame_of(item, error.__traceback__):
        report.longrepr = str(error)
    is_everybodys = call.when == "setup" and not item.get_closest_marker("own_stack")
    if is_everybodys and isinstance(error, StackError | BrowserError | UsageError):
        item.session.shouldfail = f"no test can go on: {error.what}"
    if report.when == "teardown" and (artifacts := item.stash.get(Artifacts.KEY, None)):
        artifacts.rename(report)
    return report


def _of_the_test(traceback: TracebackType | None) -> TracebackType | None:
    """Without the frames that are of no interest to whoever reads a test: ours, and those that we call through."""
    if traceback is None:
        return None
    rest = _of_the_test(traceback.tb_next)
    file = Path(traceback.tb_frame.f_code.co_filename)
    if (_HERE in file.parents and _SUITE not in file.parents) or file == Path(contextlib.__file__):
        return rest
    return TracebackType(rest, traceback.tb_frame, traceback.tb_lasti, traceback.tb_lineno)


def _has_frame_of(item: pytest.Item, traceback: TracebackType | None) -> bool:
    code = getattr(getattr(item, "function", None), "__code__", None)
    return any(frame.f_code is code for frame, _ in walk_tb(traceback))


def pytest_report_teststatus(report: pytest.TestReport) -> tuple[str, str, str] | None:
    """A test of something that the chat does not promise is neither passed nor skipped for want of a part."""
    if report.skipped and isinstance(report.longrepr, tuple) and "not promised: " in str(report.longrepr[2]):
        return "not promised", "n", "NOT PROMISED"
    return None
