"""A checkout that is nothing but `run`: its Python, Node and browsers are programs that write down their calls."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]

PROGRAM = """#!{python}
import json, os, pathlib, signal, sys

called = " ".join([os.path.basename(sys.argv[0]), *sys.argv[1:]])
house = pathlib.Path({house!r})
with (house / "calls").open("a") as calls:
    calls.write(called + "\\n")
with (house / "paths").open("a") as paths:
    paths.write(" ".join(sys.argv) + "\\n")
for part, answer in json.loads((house / "answers").read_text()).items():
    if part in called:
        for made in answer.get("makes", []):
            pathlib.Path(made).parent.mkdir(parents=True, exist_ok=True)
            pathlib.Path(made).write_text("")
            pathlib.Path(made).chmod(0o755)
        print(answer.get("prints", ""))
        if answer.get("waits"):
            signal.signal(signal.SIGINT, signal.SIG_DFL)
            (house / "waiting").open("w").close()
            signal.pause()
        sys.exit(answer.get("exits", 0))
"""


class House:
    """A checkout in a folder of its own; `programs` is the whole PATH, `calls` what was called so far."""

    def __init__(self, folder: Path) -> None:
        self.checkout, self.programs = folder / "checkout", folder / "programs"
        self._calls, self._answers = folder / "calls", folder / "answers"
        self._waiting = folder / "waiting"
        os.mkfifo(self._waiting)
        self.frontend = self.checkout / "chat" / "frontend"
        self.dist = self.frontend / "dist" / "index.html"
        self.programs.mkdir()
        shutil.copytree(ROOT / "scripts", self.checkout / "scripts", ignore=shutil.ignore_patterns("node_modules"))
        shutil.copy(ROOT / "run", self.checkout)
        (self.checkout / "constraints.txt").write_text("a==1\n")
        (self.checkout / "pyproject.toml").write_text("[project]\n")
        self._text = PROGRAM.format(python=sys.executable, house=str(folder))
        self._table: dict[str, dict[str, object]] = {}
        self.answer("node --version", prints="v22.0.0")
        self.answer("npm ci", makes=[str(self.frontend / "node_modules" / "made")])
        self.answer("npm run build", makes=[str(self.dist)])
        self.answer("--dry-run", prints=f"Install location: {folder / 'nowhere'}")

    def answer(
        self, part: str, *, prints: str = "", exits: int = 0, makes: list[str] | None = None, waits: bool = False
    ) -> None:
        """What a program does whose call contains `part`; with `waits` it goes on until a signal ends it."""
        self._table[part] = {"prints": prints, "exits": exits, "makes": makes or [], "waits": waits}
        self._answers.write_text(json.dumps(self._table))

    def add_program(self, name: str) -> None:
        self._write(self.programs / name)

    def add_environment(self) -> None:
        self._write(self.checkout / ".venv" / "bin" / "python")

    def add_frontend(self) -> None:
        (self.frontend / "src").mkdir(parents=True)
        (self.frontend / "src" / "main.js").write_text("1")
        (self.frontend / "package.json").write_text("{}")
        self._write(self.frontend / "node_modules" / ".bin" / "vitest")

    def _write(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(self._text)
        path.chmod(0o755)

    def start(self, *arguments: str, env: Mapping[str, str] | None = None) -> subprocess.Popen[str]:
        kept = {name: os.environ[name] for name in ("HOME", "LANG") if name in os.environ}
        return subprocess.Popen(
            [sys.executable, self.checkout / "run", *arguments],
            env={**kept, "PATH": str(self.programs), **(env or {})},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def wait_for_a_waiting_program(self) -> None:
        """Until a program that `waits` has got so far; opening the other end of its pipe is what tells."""
        self._waiting.open().close()

    def run(self, *arguments: str, env: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
        started = self.start(*arguments, env=env)
        out, err = started.communicate(timeout=60)
        return subprocess.CompletedProcess(arguments, started.returncode, out, err)

    @property
    def calls(self) -> list[str]:
        return self._calls.read_text().splitlines() if self._calls.exists() else []

    @property
    def calls_by_path(self) -> list[str]:
        """The same, each with the whole path of the program."""
        return (self._calls.parent / "paths").read_text().splitlines()

    def forget_calls(self) -> None:
        self._calls.unlink()


@pytest.fixture
def house(tmp_path: Path) -> House:
    """Set up already but for what a test takes away: an environment, Node, a frontend, a system's Chromium."""
    house = House(tmp_path)
    house.add_environment()
    house.add_frontend()
    for name in ("node", "npm", "chromium"):
        house.add_program(name)
    return house
