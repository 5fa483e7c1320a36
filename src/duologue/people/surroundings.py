"""What happens around a user rather than by them: the network goes and comes, the clock is wrong, hours pass."""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

from playwright.sync_api import BrowserContext, Page

from duologue.errors import UsageError
from duologue.people.network import Network
from duologue.taps import CONNECTION, DIALLED, RECEIVED
from duologue.timeline import Cursor, Timeline

if TYPE_CHECKING:
    from duologue.people.cast import Cast

# A dial to this machine is answered or refused in milliseconds.
DIAL_TIMEOUT_S = 5.0


class Surroundings(ABC):
    """The part of a `User` that others decide. Networks need a test marked `own_network`."""

    cast: Cast
    context: BrowserContext
    page: Page
    window: str

    @property
    @abstractmethod
    def timeline(self) -> Timeline:
        """The test's timeline."""

    @abstractmethod
    def reload(self) -> None:
        """Reload the page and wait until the list is live again."""

    @abstractmethod
    def _acting(self, text: str) -> AbstractContextManager[Cursor]: ...

    # ---- the network ---------------------------------------------------------------------------------------
    def go_offline(self) -> None:
        """The network fails somewhere on its way: everything is reset, and nothing tells the browser."""
        with self._acting("goes offline"):
            self._network.let_through(sockets=False, requests=False)

    def come_online(self, *, requests: bool = True) -> None:
        """The network is back; without `requests` only sockets get through yet, as when the API is overrun."""
        with self._acting("comes online" if requests else "comes online, but for requests"):
            self._network.let_through(sockets=True, requests=requests)

    def lose_answers(self, count: int) -> None:
        """The answers to the next POSTs never come back, though the server did what it was asked to."""
        with self._acting(f"will not get the next {count} answers"):
            self._network.answers_to_lose = count

    @property
    def _network(self) -> Network:
        network = self.cast.networks.get(self.context)
        if network is None:
            raise UsageError(
                f"the network of {self.window} is everybody's",
                remedy="mark the test with @pytest.mark.own_network",
            )
        return network

    # ---- the clock -----------------------------------------------------------------------------------------
    def set_clock(self, *, ahead_s: float = 0) -> None:
        """The window gets a clock of its own, `ahead_s` seconds before the server's; it is loaded anew with it."""
        with self._acting(f"sets the clock {ahead_s:+g} s"):
            self.page.clock.install(time=time.time() + ahead_s)
        self.reload()

    def let_time_pass(self, seconds: float) -> None:
        """The window's clock (see `set_clock`) goes on at once, as over a closed lid: each timer due fires once.

        Returns when no socket is being dialled any more.
        """
        with self._acting(f"sees {seconds:g} s pass"):
            self.page.clock.fast_forward(round(seconds * 1000))
        self.timeline.wait_for(lambda: None if self._is_dialling() else True, DIAL_TIMEOUT_S)

    def _is_dialling(self) -> bool:
        sockets = self.timeline.find(kind=CONNECTION | RECEIVED, source=self.window)
        return bool(sockets) and sockets[-1].kind in DIALLED
