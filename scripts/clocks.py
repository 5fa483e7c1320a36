"""What sets the clock of a service off in tests: libfaketime, installed where apt-get can do it."""

from __future__ import annotations

import sys
from pathlib import Path

from scripts.browsers import apt_install, is_debian_as_root

LIBRARY = "libfaketime.so.1"


def prepare() -> None:
    """Install it where it is missing; elsewhere the tests that need it say so. Raises SetupError."""
    if sys.platform == "linux" and is_debian_as_root() and not any(Path("/usr/lib").glob(f"*/faketime/{LIBRARY}")):
        print("run: clocks: installing Debian's libfaketime ...", flush=True)
        apt_install(["libfaketime"], fails="the clock of a service cannot be set off")
