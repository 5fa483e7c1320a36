"""`duologue init` begins a repository, and touches nothing that is there."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.harness.start.conftest import Duologue

COMPOSE = """
services:
  web: {image: nginx, ports: ["80:80"]}
  api-server: {image: python}
"""


def collected(folder: Path) -> str:
    """What pytest finds there."""
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_a_new_repository_is_one_that_pytest_can_run(folder: Path, duologue: Duologue) -> None:
    done = duologue("init", "--url", "http://localhost:3000")

    assert done.returncode == 0, done.stderr
    assert sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()) == [
        ".github/workflows/e2e.yml",
        ".gitignore",
        "conftest.py",
        "fixtures/__init__.py",
        "fixtures/chat.py",
        "pytest.ini",
        "tests/e2e/test_first.py",
        "tests/e2e/test_suite.py",
    ]
    found = collected(folder)
    assert "test_first.py::test_a_message_reaches_the_other_person" in found
    assert found.count("test_suite.py::") > 80


def test_a_file_that_is_there_stays_as_it_is(folder: Path, duologue: Duologue) -> None:
    (folder / "conftest.py").write_text("# mine\n")

    done = duologue("init", "--url", "http://localhost:3000")

    assert "kept   conftest.py, which was there" in done.stdout
    assert (folder / "conftest.py").read_text() == "# mine\n"
    assert (folder / "pytest.ini").exists()


def test_a_chat_in_containers_gets_a_stack(folder: Path, duologue: Duologue) -> None:
    (folder / "compose.yaml").write_text(COMPOSE)

    done = duologue("init", "--page", "web:80", "--api", "api-server:8000")

    assert done.returncode == 0, done.stderr
    collected(folder)
    stack = (folder / "fixtures" / "stack.py").read_text()
    assert 'ComposeService(name="api-server", port=8000, publish="API_SERVER_PORT", ready="{api-server.url}/")' in stack
    override = (folder / "docker-compose.test.yml").read_text()
    assert "file: compose.yaml" in override
    assert '"127.0.0.1:${WEB_PORT:-80}:80"' in override


@pytest.mark.parametrize(
    ("options", "error"),
    [
        ((), "nobody to ask: this is no terminal"),
        (("--page", "web:80"), "there is no compose file"),
        (("--url", "localhost"), "URL is no address"),
    ],
)
def test_an_answer_that_will_not_do_is_one_clear_error(
    folder: Path, duologue: Duologue, options: tuple[str, ...], error: str
) -> None:
    done = duologue("init", *options)

    assert done.returncode == 2
    assert error in done.stderr
    assert "Traceback" not in done.stderr
    assert list(folder.iterdir()) == []
