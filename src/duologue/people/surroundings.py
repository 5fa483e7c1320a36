"""What happens around a user rather than by them: the network goes and comes, the clock is wrong, hours pass."""

from __future__ import annotations

import time
from contextlib import suppress
from typing import Any, cast

from playwright.sync_api import Error

from duologue.errors import UsageError
from duologue.faults import Frames, Link
from duologue.people.asked import unanswered
from duologue.people.loading import Loading
from duologue.taps import CONNECTION, DIALLED, RECEIVED

# A dial to this machine is answered or refused in milliseconds.
DIAL_TIMEOUT_S = 5.0
TELLS_ONLINE = "is told that it is online"
CRASHES = "has its page crash"


class Surroundings(Loading):
    """The part of a `User` that others decide. A link needs a test marked `own_network`."""

    _debugger: Any

    # ---- the network ---------------------------------------------------------------------------------------
    @property
    def link(self) -> Link:
        """This browser's way to the network, to be cut, stalled, slowed down and restored (duologue.faults.link)."""
        link = self.cast.links.get(self.context)
        if link is None:
            raise UsageError(
                f"the network of {self.window} is everybody's",
                remedy="mark the test with @pytest.mark.own_network",
            )
        return link

    @property
    def frames(self) -> Frames:
        """The frames of this browser's sockets, to be lost, repeated, swapped, … (duologue.faults.frames)."""
        frames = self.cast.frames.get(self.context)
        if frames is None:
            raise UsageError(
                f"the frames of {self.window} go by themselves",
                remedy="mark the test with @pytest.mark.own_network(frames=True)",
            )
        return frames

    def set_offline(self, offline: bool) -> None:
        """The browser's own offline mode: the page is told, requests fail, and an open WebSocket stays open."""
        with self._acting("is told that it is offline" if offline else TELLS_ONLINE):
            self.context.set_offline(offline)

    def enter_tunnel(self) -> None:
        """The network is gone, and the browser knows."""
        self.link.cut()
        self.set_offline(True)

    def leave_tunnel(self) -> None:
        """The network is back, and the browser knows: a page that listens need not wait for its next try."""
        self.link.restore()
        self.set_offline(False)

    # ---- the page ------------------------------------------------------------------------------------------
    def freeze(self) -> None:
        """Nothing runs in the page any more, as in one that its browser has frozen; what comes for it waits."""
        self._require_chromium()
        with self._acting("has its page frozen"):
            # `Page.setWebLifecycleState` does nothing to a page that is headless: it is never in the background.
            self._debugger = debugger = cast(Any, self.context).new_cdp_session(self.page)
            debugger.send("Debugger.enable")
            debugger.send("Debugger.pause")

    def thaw(self) -> None:
        """The frozen page runs on, with all that has queued up."""
        with self._acting("has its page thawed"):
            self._debugger.detach()

    def crash(self) -> None:
        """The page's process dies, as when memory runs out; Playwright can do no more with it: open another tab."""
        self._require_chromium()
        with self._acting(CRASHES), self.page.expect_event("crash"), suppress(Error):
            self.page.goto("chrome://crash")

    def _require_chromium(self) -> None:
        browser = self.context.browser
        if browser is None or browser.browser_type.name != "chromium":
            raise UsageError(
                "no other browser than Chromium can be told to freeze a page, or to crash it",
                remedy='mark the test with @pytest.mark.only_browser("chromium")',
            )

    # ---- the clock -----------------------------------------------------------------------------------------
    def set_clock(self, *, ahead_s: float = 0) -> None:
        """The window gets a clock of its own, `ahead_s` seconds before the server's; what it shows is loaded anew."""
        with self._acting(f"sets the clock {ahead_s:+g} s"):
            self.page.clock.install(time=time.time() + ahead_s)
        if self.looks:
            self.reload()

    def let_time_pass(self, seconds: float) -> None:
        """The window's clock (see `set_clock`) goes on at once, as over a closed lid: each timer due fires once.

        Returns when no socket is being dialled any more, and what was asked meanwhile has its answer: the next jump of
        the clock would let both time out.
        """
        with self._acting(f"sees {seconds:g} s pass") as since:
            self.page.clock.fast_forward(round(seconds * 1000))
            self.page.evaluate("0")  # what the timers did is reported before this is answered

        def is_busy() -> bool:
            return self._is_dialling() or bool(unanswered(self.timeline, self.app, self.window, since))

        self.timeline.wait_for(lambda: None if is_busy() else True, DIAL_TIMEOUT_S)

    def _is_dialling(self) -> bool:
        sockets = self.timeline.find(kind=CONNECTION | RECEIVED, source=self.window)
        return bool(sockets) and sockets[-1].kind in DIALLED
