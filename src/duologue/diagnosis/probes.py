"""What is asked once a test has failed: do the services answer, what does the API hold, what runs in the pages."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import tempfile
import time
from collections.abc import Callable, Mapping
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

from playwright.sync_api import Error

from duologue.app import Chat
from duologue.errors import StackError, Symptom
from duologue.people.cast import Cast
from duologue.people.user import User
from duologue.stack import Stack
from duologue.timeline import Event, Timeline

PROBE_TIMEOUT_S = 1.5
PATIENT_TIMEOUT_S = 4.0
LAST_LINES = 4
_PAGE = """(_, storage = origin === 'null' ? {} : localStorage) => ({
    keys: Object.keys(storage), hidden: document.hidden,
    tokens: Object.entries(storage).filter(([key, value]) => /^eyJ/.test(value) || /token|jwt/i.test(key))
        .map(([key]) => key),
    scripts: [...document.scripts].map(script => script.src).filter(src => src),
    sizes: Object.fromEntries(performance.getEntriesByType('resource').map(it => [it.name, it.decodedBodySize])),
    text: document.body?.innerText ?? '',
    status: performance.getEntriesByType('navigation')[0]?.responseStatus ?? 0,
    worker: navigator.serviceWorker?.controller?.scriptURL ?? '',
})"""
_SCRIPT = re.compile(r"""<script[^>]+src=["']([^"']+)["']""")


def ask(cast: Cast, page_url: str, api_url: str, symptom: Symptom, stack: Stack | None) -> None:
    """Put the answers on the timeline, as `probe`, `service`, `api_…` and `page_state` events. Never raises."""
    fetch = _Fetch()
    _reach(cast.timeline, fetch, "page", page_url)
    answers = _reach(cast.timeline, fetch, "api", api_url)
    ask_services(cast.timeline, stack)
    _machine(cast.timeline)
    _browsers(cast)
    for user in list(cast.users.values()):
        _page_state(cast, user, fetch)
        if answers:
            _api_chats(cast, user)
    chat = cast.chats.get(symptom.chat) or (_open_chat(cast, symptom) if symptom.kind.startswith("to_show") else None)
    if answers and chat:
        ask_messages(cast, chat)


def ask_services(timeline: Timeline, stack: Stack | None) -> None:
    """Whether each service of the stack runs, with the last lines of one that does not."""
    for service in stack.services if stack else ():
        lines: list[str] = []
        try:
            assert stack is not None
            state = stack.state(service)
            if state.name == "exited":
                lines = [line.text for line in stack.logs(service) if line.text.strip()][-LAST_LINES:]
        except StackError as error:  # such as an engine that does not answer
            _note(timeline, "probe", "stack", f"{service}: {error.what}", state="unknown")
            continue
        _note(timeline, "service", service, f"{service} {state}", state=state.name, code=state.code, lines=lines)


class _Fetch:
    """GETs, each address once."""

    def __init__(self) -> None:
        self._known: dict[str, bytes | None] = {}

    def __call__(self, url: str) -> bytes | None:
        """What is served there; None where nothing is."""
        if url not in self._known:
            with contextlib.suppress(Exception):  # whatever a server says, the diagnosis goes on
                self.once(url)
        return self._known.get(url)

    def once(self, url: str, timeout_s: float = PROBE_TIMEOUT_S) -> int:
        """The status of its answer. Raises httpx.HTTPError."""
        import httpx  # takes as long as half of the plugin: only when a test has failed

        self._known[url] = None
        response = httpx.get(url, timeout=timeout_s, trust_env=False)
        self._known[url] = response.content if response.is_success else None
        return response.status_code


def _reach(timeline: Timeline, fetch: _Fetch, name: str, url: str) -> bool:
    if not url.startswith("http"):  # an API of another kind is asked for the chats only
        return True
    import httpx

    try:
        try:
            status = fetch.once(url)
        except httpx.TimeoutException:  # frozen, or slow
            status = fetch.once(url, PATIENT_TIMEOUT_S)
    except httpx.ConnectError as error:
        _note(timeline, "probe", name, f"{url} refuses connections: {error}", state="refused", url=url)
    except httpx.TimeoutException:
        _note(
            timeline,
            "probe",
            name,
            f"{url} is silent for {PROBE_TIMEOUT_S + PATIENT_TIMEOUT_S:g} s",
            state="silent",
            url=url,
        )
    except httpx.HTTPError as error:
        _note(timeline, "probe", name, f"{url} breaks off: {error}", state="broken", url=url)
    else:
        _note(timeline, "probe", name, f"{url} answers {status}", state="answers", url=url)
        return True
    return False


def _machine(timeline: Timeline) -> None:
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0
    cores = os.cpu_count() or 1
    free = {str(path): shutil.disk_usage(path).free / 1e6 for path in (Path.cwd(), Path(tempfile.gettempdir()))}
    fullest = min(free, key=lambda path: free[path])
    text = f"load {load:.1f} on {cores} cores, {free[fullest]:.0f} MB free"
    _note(timeline, "probe", "machine", text, load=load, cores=cores, free_mb=free[fullest], fullest=fullest)


def _browsers(cast: Cast) -> None:
    for user in list(cast.users.values()):
        browser = user.context.browser
        if browser and not browser.is_connected():
            _note(cast.timeline, "browser_gone", user.window, f"{browser.browser_type.name} has ended")


def _page_state(cast: Cast, user: User, fetch: Callable[[str], bytes | None]) -> None:
    with contextlib.suppress(Error):  # a closed or crashed page says nothing
        if user.page.is_closed():
            return
        # `evaluate` has no time-out, and a page may hang.
        state: dict[str, Any] = user.page.wait_for_function(_PAGE, timeout=PROBE_TIMEOUT_S * 1000).json_value()
        sizes: dict[str, int] = state.pop("sizes")
        form = cast.app.form
        state["form"] = form is not None and user.page.locator(form.username).first.is_visible()
        text: str = state.pop("text")
        titles = [title for chat in cast.chats.values() if (title := chat.titles.get(user.account.username))]
        state["names"] = any(title in text for title in titles) if titles else None  # one of the test's chats
        page = user.page.url.partition("#")[0]
        html = (fetch(page) or b"").decode(errors="replace") if page.startswith("http") else ""
        state["served"] = [urljoin(page, unescape(name)) for name in _SCRIPT.findall(html)]
        changed: list[tuple[str, int, int]] = []
        for url in set(state["served"]) & set(state["scripts"]):
            served = fetch(url)
            # Of a script from elsewhere a page is told no size.
            if served is not None and sizes.get(url) and sizes[url] != len(served):
                changed.append((url, sizes[url], len(served)))
        _note(cast.timeline, "page_state", user.window, user.page.url, **state, changed=changed)


def _api_chats(cast: Cast, user: User) -> None:
    if not cast.app.capabilities.api_chats:
        return
    try:
        rows = cast.api.chats(user.account)
    except Exception as error:  # the adapter's own client, in whatever way it fails
        _note(cast.timeline, "probe", "api_chats", f"{user.window}: {type(error).__name__}: {error}", state="refused")
        return
    # By the keys of the person's own list, with which it is to be compared.
    keys = {chat.id: user.key(chat) for chat in cast.chats.values() if user.account in chat.members}
    listed: Mapping[str, int | None] = {keys.get(row.key, row.key): row.unread for row in rows}
    _note(cast.timeline, "api_chats", user.window, str(dict(listed)), unread=listed)


def _open_chat(cast: Cast, symptom: Symptom) -> Chat | None:
    """What shows messages is the chat that is open."""
    user = cast.users.get(symptom.window)
    if user is None:
        return None
    return next((chat for chat in cast.chats.values() if user.account in chat.members and user.is_open(chat)), None)


def ask_messages(cast: Cast, chat: Chat) -> None:
    """What the API has of a chat. Never raises."""
    if not cast.app.capabilities.api_messages:
        return
    try:
        texts = [seen.text for seen in cast.api.messages(chat.members[0], chat)]
    except Exception as error:  # as above
        _note(cast.timeline, "probe", "api_messages", f"chat {chat}: {type(error).__name__}: {error}", state="refused")
        return
    _note(cast.timeline, "api_messages", f"chat {chat}", str(texts[-10:]), chat=chat.id, texts=texts)


def _note(timeline: Timeline, kind: str, source: str, text: str, **data: Any) -> None:
    timeline.append(Event(time.time(), "harness", kind, text, data, source))
