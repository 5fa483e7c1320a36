"""`Services`: what can befall the services of a test's own stack; mended when the test ends, whatever happened."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from functools import partial

from duologue.errors import StackError, UsageError
from duologue.faults.notes import note
from duologue.stack import Stack
from duologue.timeline import Timeline


class Services:
    """Breaks and mends services by name; each act stands on the timeline, in the lane `faults`.

    Raises UsageError when the stack is not the test's own, StackError when the stack cannot do it.
    """

    def __init__(self, stack: Stack, timeline: Timeline, *, own: bool) -> None:
        self._stack, self._timeline, self._own = stack, timeline, own
        self._to_mend: dict[tuple[str, str], Callable[[str], None]] = {}

    def stop(self, service: str) -> None:
        """It is asked to end (SIGTERM), as at a deployment."""
        self._break("stops", service, self._stack.stop, self.start)

    def kill(self, service: str) -> None:
        """It ends at once (SIGKILL), as when memory runs out."""
        self._break("kills", service, self._stack.kill, self.start)

    def start(self, service: str, *, clock_off_s: float = 0.0) -> None:
        """What was stopped or killed runs again at its old address, its clock off by so much; returns when it is ready.

        The next start sets the clock right.
        """
        verb = f"starts, with its clock off by {clock_off_s:+g} s," if clock_off_s else "starts"
        self._mend(verb, service, partial(self._stack.start, clock_off_s=clock_off_s), self.start)

    def restart(self, service: str) -> None:
        """`stop`, then `start`."""
        self.stop(service)
        self.start(service)

    def pause(self, service: str) -> None:
        """It is frozen: its connections stay open, and nobody answers."""
        self._break("pauses", service, self._stack.pause, self.resume)

    def resume(self, service: str) -> None:
        """It goes on where it was."""
        self._mend("resumes", service, self._stack.resume, self.resume)

    def cut_off(self, service: str) -> None:
        """It no longer reaches its database (Stack.cut_off says how)."""
        self._break("cuts the database off from", service, self._stack.cut_off, self.rejoin)

    def rejoin(self, service: str) -> None:
        """It reaches its database again."""
        self._mend("gives the database back to", service, self._stack.rejoin, self.rejoin)

    def fill_disk(self, service: str) -> None:
        """There is no room left where it keeps its data: `@pytest.mark.own_stack(SERVICE={"DISK_MB": "64"})`."""
        self._break("fills the disk of", service, self._stack.fill_disk, self.free_disk)

    def free_disk(self, service: str) -> None:
        """There is room again."""
        self._mend("frees the disk of", service, self._stack.free_disk, self.free_disk)

    def mend(self) -> None:
        """Undo what is still broken; a stack that is gone by now needs none of it."""
        for (service, _), undo in reversed(list(self._to_mend.items())):
            with contextlib.suppress(StackError):
                undo(service)

    # ---- inner ---------------------------------------------------------------------------------------------
    def _break(self, verb: str, service: str, act: Callable[[str], None], undo: Callable[[str], None]) -> None:
        if not self._own:
            raise UsageError(
                f"{service} is everybody's, and a test {verb} it",
                remedy="mark the test with @pytest.mark.own_stack",
            )
        note(self._timeline, f"{verb} {service}", service)
        act(service)
        self._to_mend[service, undo.__name__] = undo

    def _mend(self, verb: str, service: str, act: Callable[[str], None], undo: Callable[[str], None]) -> None:
        note(self._timeline, f"{verb} {service}", service, undoes=True)
        self._to_mend.pop((service, undo.__name__), None)
        act(service)
