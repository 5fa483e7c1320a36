"""Runs of pytest within a test: in go conftest and tests as text, out comes what a person sees at the terminal."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import psutil
import pytest

from duologue.stack.disks import on_small_disk

CONFTEST = """
from pathlib import Path
import pytest
from tests.harness.toy import TOY, toy_stack

@pytest.fixture(scope="session")
def stack_definition():
    return toy_stack(Path(__file__).parent)

@pytest.fixture(scope="session")
def chat_app():
    return TOY
"""
HEADER = """
import pytest
from duologue.expect import expect

"""


class Inner:
    """A folder of a team that tests the toy chat, and its runs."""

    def __init__(self, pytester: pytest.Pytester, options: Sequence[str]) -> None:
        self.path, self._pytester, self._options = pytester.path, pytester, options
        self._begin = time.time()
        self.write(conftest=CONFTEST)

    def write(self, **files: str) -> None:
        """Write `NAME.py` for each name."""
        for name, text in files.items():
            (self.path / f"{name}.py").write_text(text if name == "conftest" else HEADER + text, encoding="utf-8")

    def run(self, *options: str, stack: str = "processes", timeout_s: float = 120) -> pytest.RunResult:
        """Run pytest to its end."""
        names_browser = any(option.startswith("--browser") for option in options)
        inherited = [] if names_browser else self._options
        return self._pytester.runpytest_subprocess(f"--stack={stack}", *inherited, *options, timeout=timeout_s)

    def run_on_small_disk(self, folder: str, *options: str) -> pytest.RunResult:
        """The same, with a folder on a file system of one megabyte."""
        command = [sys.executable, "-m", "pytest", "--stack=processes", *self._options, *options]
        return self._pytester.run(*on_small_disk(command, str(self.path / folder), "1"), timeout=120)

    def start(self, *options: str) -> subprocess.Popen[str]:
        """Start pytest as the leader of a process group, as a shell does; its output is one pipe."""
        return subprocess.Popen(
            [sys.executable, "-m", "pytest", "--stack=processes", "-s", *self._options, *options],
            cwd=self.path,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
            preexec_fn=_heed_signals,
        )

    def leftovers(self) -> list[str]:
        """Every process that a run left behind (all of them work in its folder), record of a stack, and temp file."""
        records = self.path / ".duologue"
        files = [str(path) for folder in ("runs", "stacks") for path in (records / folder).glob("*")]
        # pytest itself keeps its last three folders of this kind.
        files += [str(path) for path in (self.path / "temp").iterdir() if not path.name.startswith("pytest-of-")]
        return [*files, *(" ".join(process.cmdline()) for process in self.processes())]

    def processes(self) -> list[psutil.Process]:
        """Those that were started in this folder and still run."""
        found: list[psutil.Process] = []
        for process in psutil.process_iter():
            try:
                folder = Path(process.cwd())
                is_new = process.create_time() > self._begin and process.status() != psutil.STATUS_ZOMBIE
            except (psutil.Error, OSError):
                continue  # it ended, or is somebody else's
            if is_new and self.path in (folder, *folder.parents):
                found.append(process)
        return found


def _heed_signals() -> None:
    """A shell starts what runs in the background with SIGINT ignored, and children inherit that."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


def passed_on(config: pytest.Config) -> list[str]:
    """The options of the outer run that hold for the inner one too."""
    return [f"--browser={name}" for name in config.getoption("--browser") or ()]


def home_of_browsers() -> dict[str, str]:
    """Where Playwright looks for its browsers; pytester gives its runs another home."""
    return {name: os.environ[name] for name in ("HOME", "USERPROFILE") if name in os.environ}
