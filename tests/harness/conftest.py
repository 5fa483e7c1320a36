"""`inner`: runs of pytest within a test, on the toy chat."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.harness.inner import Inner, home_of_browsers, passed_on

ROOT = Path(__file__).resolve().parents[2]
# What makes a run tell GitHub of its failures; those of inner runs are meant.
GITHUBS = ("GITHUB_ACTIONS", "GITHUB_STEP_SUMMARY", "GITHUB_WORKSPACE")


@pytest.fixture(scope="session")
def _home() -> dict[str, str]:
    return home_of_browsers()


@pytest.fixture
def inner(
    _home: dict[str, str], pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, pytestconfig: pytest.Config
) -> Inner:
    """A folder with the toy chat's conftest.py."""
    for name, value in _home.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")])))
    for name in ("PYTEST_ADDOPTS", "PYTEST_XDIST_WORKER", "PYTEST_XDIST_WORKER_COUNT", *GITHUBS):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TMPDIR", str(pytester.mkdir("temp")))
    return Inner(pytester, passed_on(pytestconfig))
