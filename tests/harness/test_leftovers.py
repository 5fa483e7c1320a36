"""What a killed process left in the temp folder is swept, and nothing else is."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from duologue.leftovers import sweep_temp, temp_folder

GONE = 2**31 - 2
"""No system gives a process this number."""


@pytest.fixture(autouse=True)
def temp(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A temp folder of the test's own."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def test_only_folders_of_that_kind_whose_process_is_gone_are_swept(temp: Path) -> None:
    mine, gone, other = (
        Path(temp_folder(what, pid).name) for what, pid in (("x", os.getpid()), ("x", GONE), ("y", GONE))
    )
    mine.mkdir(exist_ok=True)
    for name in ("duologue-x-and-more", "duologue-x", "x"):
        (temp / name).mkdir()
    for folder in (mine, gone, other):
        folder.mkdir(exist_ok=True)

    sweep_temp("x")

    assert not gone.exists()
    assert {path.name for path in temp.iterdir()} == {mine.name, other.name, "duologue-x-and-more", "duologue-x", "x"}


def test_at_its_end_a_process_sweeps_its_own() -> None:
    with temp_folder("x", os.getpid()) as mine:
        sweep_temp("x", ended=os.getpid())

        assert not Path(mine).exists()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows deletes no folder that somebody works in by itself")
def test_a_folder_that_somebody_works_in_stays_until_they_end(temp: Path) -> None:
    folder = temp / f"duologue-x-{GONE}-1"
    folder.mkdir()
    waits = [sys.executable, "-c", "input('ready')"]
    worker = subprocess.Popen(waits, cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert worker.stdout is not None
    assert worker.stdout.read(5) == b"ready"

    sweep_temp("x")
    assert folder.exists()
    worker.communicate(b"done")

    sweep_temp("x")
    assert not folder.exists()
