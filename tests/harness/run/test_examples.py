"""`run example NAME` sets up what the example's own files ask for, and hands over to pytest in its folder."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from .conftest import House

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the programs that stand in are scripts with a #! line")


@pytest.fixture
def example(house: House) -> Path:
    """An example that needs nothing."""
    folder = house.checkout / "examples" / "chatty"
    folder.mkdir(parents=True)
    (folder / "pytest.ini").write_text("[pytest]\n")
    return folder


def test_pytest_runs_in_the_folder_of_the_example(house: House, example: Path) -> None:
    house.answer("-m pytest", makes=["here"])

    done = house.run("example", "chatty", "-k", "unread")

    assert house.calls[-1] == "python -m pytest -m e2e --stack=processes -k unread"
    assert (example / "here").exists()
    assert done.returncode == 0
    assert not house.dist.exists(), "the reference chat is of no use here"


def test_npm_packages_and_a_build_are_made_once(house: House, example: Path) -> None:
    (example / "package.json").write_text('{"scripts": {"build": "esbuild"}}')
    house.answer("npm ci", makes=["node_modules/made"])
    house.answer("npm run build", makes=["dist/index.html"])

    first, second = house.run("example", "chatty"), house.run("example", "chatty")

    assert "run: npm-chatty: installing npm packages in examples/chatty" in first.stdout
    assert "run: build-chatty: building examples/chatty" in first.stdout
    assert second.stdout.strip() == ""


def test_python_packages_go_into_an_environment_of_its_own(house: House, example: Path) -> None:
    (example / "requirements.txt").write_text("a==1\n")
    python = example / ".venv" / "bin" / "python"
    house.answer("-m venv", makes=[str(python)])
    python.parent.mkdir(parents=True)
    python.write_bytes((house.checkout / ".venv" / "bin" / "python").read_bytes())
    python.chmod(0o755)
    house.answer("-m venv")

    house.run("example", "chatty")

    assert f"python -m venv --clear {example / '.venv'}" in house.calls
    [installs] = [call for call in house.calls_by_path if str(example / "requirements.txt") in call]
    assert installs.startswith(f"{python} ")
    assert "--require-hashes" in installs


@pytest.mark.skipif(os.name != "nt" and os.geteuid() == 0, reason="root has them installed")
def test_a_missing_program_is_named_with_its_package(house: House, example: Path) -> None:
    (example / "debian-packages.txt").write_text("chatd  chat-server\n")

    failed = house.run("example", "chatty")

    assert failed.returncode == 2
    assert "the example chatty needs chatd" in failed.stderr
    assert "apt-get install chat-server" in failed.stderr


@pytest.mark.skipif(os.name == "nt" or os.geteuid() != 0, reason="only root can install it")
def test_root_gets_a_missing_program_installed(house: House, example: Path) -> None:
    (example / "debian-packages.txt").write_text("chatd  chat-server\n")
    house.add_program("apt-get")

    house.run("example", "chatty")

    assert "apt-get install -y -qq --no-install-recommends chat-server" in house.calls


def test_an_unknown_name_is_answered_with_those_there_are(house: House, example: Path) -> None:
    assert example.name == "chatty"

    failed = house.run("example", "quiet")

    assert failed.returncode == 2
    assert "there is no example named quiet" in failed.stderr
    assert "choose of chatty" in failed.stderr
