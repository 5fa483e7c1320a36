"""A service whose clock is off: libfaketime, preloaded, answers every question for the time of day with an offset.

It holds for whatever program is linked dynamically to a C library that this machine's libfaketime fits: glibc, also in
a container. Clocks that only measure intervals stay as they are in processes; in containers they too are off by the
offset, which keeps intervals as they are.
"""

from __future__ import annotations

import sys
from pathlib import Path

from duologue.errors import StackError

_FOLDERS = ("/usr/lib/*/faketime", "/usr/lib/faketime", "/usr/lib64/faketime")  # Debian, Arch, Fedora
NAME = "libfaketime.so.1"
_IN_CONTAINERS = f"/usr/local/lib/{NAME}"


def library() -> Path:
    """Where libfaketime is. Raises StackError when it is not on this machine."""
    found = [path for folder in _FOLDERS for path in Path("/").glob(f"{folder[1:]}/{NAME}")]
    if sys.platform != "linux" or not found:
        raise StackError(
            "the clock of a service cannot be set off",
            seen=f"no {NAME} in {', '.join(_FOLDERS)}, on {sys.platform}",
            remedy="on Debian and Ubuntu `apt-get install libfaketime`; other systems than Linux cannot do it",
        )
    return found[0]


def environment(off_s: float) -> dict[str, str]:
    """What a local process has to have in its environment; nothing for a clock that is right."""
    if not off_s:
        return {}
    return {"LD_PRELOAD": str(library()), "FAKETIME": f"{off_s:+g}", "FAKETIME_DONT_FAKE_MONOTONIC": "1"}


def files(off_s: float) -> dict[str, bytes]:
    """What has to lie in a container, by path, before it starts; a clock that is right preloads nothing."""
    if not off_s:
        return {"/etc/ld.so.preload": b""}
    return {
        _IN_CONTAINERS: library().read_bytes(),
        "/etc/faketimerc": f"{off_s:+g}\n".encode(),
        "/etc/ld.so.preload": f"{_IN_CONTAINERS}\n".encode(),
    }


def refused(service: str, off_s: float, seen: str) -> StackError:
    """The error for a service that runs with its clock right, whatever was asked for."""
    return StackError(
        f"the clock of {service} is not off by {off_s:+g} s",
        seen=seen,
        remedy="its programs have to be linked dynamically to glibc: those of Alpine's images, and most in Go, are not",
    )
