"""pytest hooks that keep the evidence of a test: `--evidence` goes in, out comes a folder, its path in each report."""

from __future__ import annotations

import hashlib
import itertools
import os
import shutil
import time
from collections.abc import Generator
from pathlib import Path
from typing import Any, Literal
from urllib.parse import quote

import pytest
from filelock import FileLock, Timeout
from playwright.sync_api import Browser
from slugify import slugify

from duologue import diagnosis
from duologue.causes import Causes
from duologue.people import Cast
from duologue.report import Bundle, Parts, Story, redact_trace
from duologue.report.about import command, settings, versions
from duologue.report.failures import clean, message_of
from duologue.run import Run, redactor_of
from duologue.stack import Stack
from duologue.timeline import Event, Timeline

MODES = ("retain-on-failure", "on", "off")
PROPERTY = "evidence"
# A page that draws takes 0.1 s; one that hangs must not hold up the run.
SCREENSHOT_TIMEOUT_MS = 3_000
_LONGEST_FILE_NAME = 255


def folder_of(item: pytest.Item) -> Path:
    """The folder in which pytest-playwright keeps the test's traces, screenshots and videos too."""
    name = slugify(item.nodeid)
    if (retry := getattr(item, "execution_count", 1) - 1) > 0:
        name += f"-retry{retry}"
    if len(name) > _LONGEST_FILE_NAME:
        name = f"{name[:100]}-{hashlib.sha256(name.encode()).hexdigest()[:7]}-{name[-100:]}"
    return Path(str(item.config.getoption("--output"))).absolute() / name


def output_of_its_own(config: pytest.Config) -> Path:
    """The folder of `--output`; one beside it while another run uses that: each clears its own."""
    folder = Path(str(config.getoption("--output"))).absolute()
    locks = config.rootpath / ".duologue" / "outputs"
    try:
        locks.mkdir(parents=True, exist_ok=True)
    except OSError:  # nothing can be written here, so no other run keeps its evidence here
        return folder
    for number in itertools.count(1):
        own = folder.with_name(f"{folder.name}-{number}") if number > 1 else folder
        # The kernel lets go of it when the run is killed.
        lock = FileLock(locks / hashlib.sha256(str(own).encode()).hexdigest()[:16])
        try:
            lock.acquire(blocking=False)
        except Timeout:
            continue
        config.add_cleanup(lock.release)
        return own
    raise AssertionError("numbers do not end")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_setupnodes(config: pytest.Config) -> None:
    """Clear the folder once: pytest-playwright does it in each worker, a late one after others have kept evidence."""
    shutil.rmtree(str(config.getoption("--output")), ignore_errors=True)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Keep the evidence while the windows are open: pictures first, for whatever follows takes time."""
    cast, mode, parts = item.stash.get(Run.CAST, None), item.config.getoption("--evidence"), Parts()
    pictures: dict[str, bytes] = {}
    if cast and mode != "off" and call.excinfo and call.when != "teardown" and not _is_skip(call):
        pictures = _screenshots(cast, parts)
    report = yield
    if report.failed:
        parts.get("secrets in the report", lambda: clean(report, redactor_of(item)))
        vars(report)["failed_at"] = _failed_at(item, call)  # xdist hands it on to the controller
    is_done = report.when == "call" and report.passed
    if (mode != "off" and report.failed) or (mode == "on" and is_done):
        _keep(item, call, report, pictures, parts)
    if report.when == "teardown":
        _clean_traces(item, report)
    return report


# ---- the folder ------------------------------------------------------------------------------------------------
def _keep(
    item: pytest.Item,
    call: pytest.CallInfo[None],
    report: pytest.TestReport,
    pictures: dict[str, bytes],
    parts: Parts,
) -> None:
    """Write the folder, and its path into the report; what could not be had is said and changes no outcome."""
    timeline = item.stash.get(Run.TIMELINE, None)
    if timeline is None:
        return  # nothing of ours was seen
    folder = folder_of(item)
    bundle = parts.get("evidence", lambda: _bundle(item, call, report, timeline, pictures, parts, folder))
    if bundle is not None:
        parts.get("evidence", lambda: bundle.write(parts))
    if parts.missing:
        lines = [f"{name} could not be had: {why}" for name, why in parts.missing.items()]
        report.sections.append(("Evidence", "\n".join(lines)))
    if folder.exists() and not any(folder.iterdir()):
        folder.rmdir()  # nothing could be written
    elif folder.exists():
        path = os.path.relpath(folder, item.config.invocation_params.dir)
        for properties in (item.user_properties, report.user_properties):
            if (PROPERTY, path) not in properties:
                properties.append((PROPERTY, path))
        if (page := folder / "timeline.html").exists():
            parts.get("pytest-html", lambda: _add_to_html(item.config, report, page))


def _bundle(
    item: pytest.Item,
    call: pytest.CallInfo[None],
    report: pytest.TestReport,
    timeline: Timeline,
    pictures: dict[str, bytes],
    parts: Parts,
    folder: Path,
) -> Bundle:
    cast, stack = item.stash.get(Run.CAST, None), item.stash.get(Run.STACK, None)
    causes = item.stash.get(Causes.KEY, None)
    journeys = causes.evidence.journeys if causes and causes.evidence else ()
    if cast and stack and not causes:
        journeys = parts.get("journeys", lambda: diagnosis.examine(cast, stack.api_url, None).journeys) or ()
    events = list(timeline)
    began = min((event.at for event in events), default=call.start)
    browser = parts.get("browser", lambda: _browser(cast)) if cast else None
    found = parts.get("versions", lambda: versions(browser)) or {}
    outcome: Literal["failed", "passed"] = "failed" if report.failed else "passed"
    kind = stack.kind if stack else item.config.stash[Run.KEY].choice.kind
    again = parts.get("command", lambda: command(item, kind)) or ""
    story = Story(
        test=item.nodeid,
        outcome=outcome,
        failure=f"{message_of(report)}\n\n{report.longreprtext}" if report.failed else "",
        records=(),
        journeys=journeys,
        findings=causes.findings if causes else (),
        screenshots=pictures,
        about={
            "began": time.strftime("%Y-%m-%d %H:%M:%S %Z", time.localtime(began)),
            "took": f"{call.stop - began:.2f} s",
            "browser": found.get("browser", "none"),
            "stack": kind,
            "duologue": found.get("duologue", ""),
        },
        command=again,
    )
    about = {
        "test": item.nodeid,
        "outcome": outcome,
        "phase": report.when,
        "began": began,
        "took_s": round(call.stop - began, 3),
        "command": again,
        "versions": found,
        "settings": parts.get("settings", lambda: settings(item.config)),
        "stack": parts.get("stack", lambda: _about(stack)) if stack else {"kind": kind},
        "windows": {window: user.account.username for window, user in cast.users.items()} if cast else {},
        "findings": [finding.line() for finding in story.findings],
    }
    return Bundle(
        folder=folder,
        events=events,
        log=(parts.get("log", lambda: _log(stack, call.start, began)) if stack and report.failed else None),
        story=story,
        redactor=redactor_of(item),
        about=about,
        browser=(browser.browser_type.name, browser.version) if browser else ("", ""),
    )


def _screenshots(cast: Cast, parts: Parts) -> dict[str, bytes]:
    """Every open window as it looks now, as PNG."""
    crashed = {event.source for event in cast.timeline.find(kind="page_crashed")}
    pictures: dict[str, bytes] = {}
    for window, user in list(cast.users.items()):
        name = f"screenshot of {window}"
        if window in crashed:
            parts.missing[name] = "the page has crashed"
        elif user.page.is_closed():
            parts.missing[name] = "the window is closed"
        elif picture := parts.get(name, lambda page=user.page: page.screenshot(timeout=SCREENSHOT_TIMEOUT_MS)):
            pictures[window] = picture
    return pictures


def _log(stack: Stack, *since: float) -> list[Event]:
    """What the services printed from the test's first moment on, also before somebody followed them."""
    return [
        Event(line.at, "server", "log", line.text, {}, line.service)
        for service in stack.services
        for line in stack.logs(service, since=min(since))
    ]


def _about(stack: Stack) -> dict[str, str]:
    return {
        "kind": stack.kind,
        "is": stack.describe(),
        "page": stack.page_url,
        "api": stack.api_url,
        "ws": stack.ws_url,
    }


def _browser(cast: Cast) -> Browser | None:
    return next((user.context.browser for user in cast.users.values()), None)


def _clean_traces(item: pytest.Item, report: pytest.TestReport) -> None:
    """Playwright's traces hold headers and bodies; one that cannot be cleaned is not kept."""
    for kind, name in report.user_properties:
        path = Path(item.config.invocation_params.dir, str(name))
        if kind != "playwright_trace" or not path.exists():
            continue
        try:
            redact_trace(path, redactor_of(item))
        except Exception as error:  # a full disk, a broken zip: secrets must not stay behind
            path.unlink(missing_ok=True)
            report.sections.append(("Evidence", f"{name} could not be cleaned of secrets and was removed: {error}"))


def _is_skip(call: pytest.CallInfo[None]) -> bool:
    return call.excinfo is not None and isinstance(call.excinfo.value, pytest.skip.Exception)


def _failed_at(item: pytest.Item, call: pytest.CallInfo[None]) -> list[Any]:
    """The file, from the root, and the line of the test that failed; its head where the error is elsewhere."""
    file, head, _ = item.location
    path = (item.config.rootpath / file).resolve()
    lines = [entry.lineno for entry in call.excinfo.traceback if Path(entry.path) == path] if call.excinfo else []
    return [file, (lines[-1] if lines else head or 0) + 1]


def _add_to_html(config: pytest.Config, report: pytest.TestReport, page: Path) -> None:
    """A link in pytest-html's report, where that is installed and asked for."""
    plugin: Any = config.pluginmanager.getplugin("html")
    html_path = config.getoption("htmlpath", None)
    if plugin is None or not html_path:
        return
    beside = Path(config.invocation_params.dir, Path(os.path.expandvars(html_path)).expanduser()).parent
    link = quote(Path(os.path.relpath(page, beside)).as_posix())
    links: Any = report
    links.extras = [*getattr(report, "extras", []), plugin.extras.url(link, name="Timeline")]
