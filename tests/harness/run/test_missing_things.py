"""What `run` says when something is missing: what is wrong, what was seen, what to do; and it ends with 2."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import pytest

from .conftest import House

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the programs that stand in are scripts with a #! line")


def test_no_node(house: House) -> None:
    (house.programs / "node").unlink()

    failed = house.run("e2e")

    assert failed.returncode == 2
    assert "Node 20.19 or newer with npm is needed" in failed.stderr
    assert "no node on the PATH" in failed.stderr
    assert "--stack=compose" in failed.stderr


def test_node_too_old(house: House) -> None:
    house.answer("node --version", prints="v18.20.4")

    failed = house.run("e2e")

    assert failed.returncode == 2
    assert "Node 20.19 or newer" in failed.stderr
    assert "v18.20.4 at" in failed.stderr


def test_python_too_old(house: House, tmp_path: Path) -> None:
    shutil.rmtree(house.checkout / ".venv")
    (tmp_path / "old").mkdir()
    (tmp_path / "old" / "sitecustomize.py").write_text("import sys; sys.version_info = (3, 9, 18)")

    failed = house.run("e2e", env={"PYTHONPATH": str(tmp_path / "old")})

    assert failed.returncode == 2
    assert "Python 3.11 or newer is needed" in failed.stderr
    assert "Python 3.9 at" in failed.stderr


def test_no_venv_module(house: House, tmp_path: Path) -> None:
    shutil.rmtree(house.checkout / ".venv")
    (tmp_path / "debian").mkdir()
    (tmp_path / "debian" / "venv.py").write_text("import sys; sys.exit('ensurepip is not available')")

    failed = house.run("e2e", env={"PYTHONPATH": str(tmp_path / "debian")})

    assert failed.returncode == 2
    assert "ensurepip is not available" in failed.stderr
    assert "install the package python3-venv" in failed.stderr


def test_no_network_for_pip(house: House) -> None:
    house.answer("pip", prints="\n".join([*map(str, range(100)), "ERROR: no route to host"]), exits=1)

    failed = house.run("e2e")

    assert failed.returncode == 2
    assert "pip could not install the packages of constraints.txt" in failed.stderr
    assert "ERROR: no route to host" in failed.stderr
    assert "    50\n" not in failed.stderr


def test_a_failed_step_is_tried_again(house: House) -> None:
    house.answer("npm run build", prints="\x1b[31mCould not\x1b[0m resolve ./gone.vue\n    at trace (a.js:1)", exits=1)
    failed = house.run("e2e")
    house.answer("npm run build", makes=[str(house.dist)])

    again = house.run("e2e")

    assert "Could not resolve ./gone.vue" in failed.stderr
    assert "at trace" not in failed.stderr
    assert (failed.returncode, again.returncode) == (2, 0)


def test_a_browser_that_cannot_be_downloaded(house: House) -> None:
    house.answer("playwright install webkit", prints="getaddrinfo ENOTFOUND", exits=1)

    failed = house.run("e2e", "--browser=webkit")

    assert failed.returncode == 2
    assert "there is no webkit, and Playwright could not download it" in failed.stderr
    assert "getaddrinfo ENOTFOUND" in failed.stderr
    assert "-m playwright install webkit" in failed.stderr


@pytest.mark.skipif(
    getattr(os, "geteuid", lambda: 1)() != 0 or "ID=debian" not in Path("/etc/os-release").read_text(),
    reason="only root on Debian installs packages of the system",
)
def test_debian_brings_the_browser_that_playwright_cannot_download(house: House) -> None:
    house.add_program("apt-get")
    house.answer("playwright install firefox", exits=1)
    house.answer("apt-get install", makes=[str(house.programs / "firefox-esr")])

    done = house.run("e2e", "--browser=firefox")

    assert "apt-get install -y -qq --no-install-recommends firefox-esr" in house.calls
    assert done.returncode == 0


def test_an_unknown_check(house: House) -> None:
    failed = house.run("lint", "spelling")

    assert failed.returncode == 2
    assert "there is no check named spelling" in failed.stderr
    assert "ruff, format" in failed.stderr


@pytest.mark.parametrize("arguments", [[], ["e2"]])
def test_an_unknown_command_shows_the_commands(house: House, arguments: list[str]) -> None:
    failed = house.run(*arguments)

    assert failed.returncode == 2
    assert "./run e2e" in failed.stderr
