"""What is asked once a test has failed: do the services answer, what does the API hold, what runs in the pages."""

from __future__ import annotations

import contextlib
import os
import re
import time
from collections.abc import Mapping
from typing import Any

from playwright.sync_api import Error

from duologue.people.cast import Cast
from duologue.people.user import User
from duologue.timeline import Event

PROBE_TIMEOUT_S = 1.5
_PAGE = """() => ({
    keys: Object.keys(localStorage), hidden: document.hidden,
    scripts: [...document.scripts].map(script => script.src).filter(src => src),
})"""
_SCRIPT = re.compile(r"""<script[^>]+src=["']([^"']+)["']""")


def ask(cast: Cast, page_url: str, api_url: str) -> None:
    """Put the answers on the timeline, as `probe`, `api_chats` and `page_state` events. Never raises."""
    served = _service(cast, "page", page_url)
    answers = _service(cast, "api", api_url)
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0
    _note(cast, "probe", "machine", f"load {load:.1f} on {os.cpu_count()} cores", load=load, cores=os.cpu_count() or 1)
    for user in list(cast.users.values()):
        _page_state(cast, user, served)
        if answers is not None:
            _api_chats(cast, user)


def _service(cast: Cast, name: str, url: str) -> str | None:
    if not url.startswith("http"):  # an API of another kind is asked for the chats only
        return ""
    import httpx  # takes as long as half of the plugin: only when a test has failed

    try:
        response = httpx.get(url, timeout=PROBE_TIMEOUT_S, trust_env=False)
    except httpx.ConnectError as error:
        _note(cast, "probe", name, f"{url} refuses connections: {error}", state="refused", url=url)
    except httpx.TimeoutException:
        _note(cast, "probe", name, f"{url} is silent for {PROBE_TIMEOUT_S:g} s", state="silent", url=url)
    except httpx.HTTPError as error:
        _note(cast, "probe", name, f"{url} breaks off: {error}", state="broken", url=url)
    else:
        _note(cast, "probe", name, f"{url} answers {response.status_code}", state="answers", url=url)
        return response.text
    return None


def _page_state(cast: Cast, user: User, served: str | None) -> None:
    with contextlib.suppress(Error):  # a closed or crashed page says nothing
        if user.page.is_closed():
            return
        # `evaluate` has no time-out, and a page may hang.
        state: dict[str, Any] = user.page.wait_for_function(_PAGE, timeout=PROBE_TIMEOUT_S * 1000).json_value()
        state["served"] = _SCRIPT.findall(served or "")
        _note(cast, "page_state", user.window, user.page.url, **state)


def _api_chats(cast: Cast, user: User) -> None:
    try:
        rows = cast.api.chats(user.account)
    except Exception as error:  # the adapter's own client, in whatever way it fails
        _note(cast, "probe", "api_chats", f"{user.window}: {error}", state="refused")
        return
    listed: Mapping[str, int | None] = {row.key: row.unread for row in rows}
    _note(cast, "api_chats", user.window, str(dict(listed)), unread=listed)


def _note(cast: Cast, kind: str, source: str, text: str, **data: Any) -> None:
    cast.timeline.append(Event(time.time(), "harness", kind, text, data, source))
