"""`duologue init` begins a repository, and touches nothing that is there."""

from __future__ import annotations

import re
import runpy
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.harness.start.conftest import Duologue

COMPOSE = """
services:
  web: {image: nginx, ports: ["80:80"]}
  api-server: {build: backend, container_name: api}
  db: {image: postgres, ports: ["5432:5432"]}
  cache: {image: redis}
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
    assert "then `pytest -m e2e tests/e2e/test_first.py`, and all of it once" in done.stdout
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

    done = duologue("init", "--page", "web:80", "--api", "api-server:8000/health")

    assert done.returncode == 0, done.stderr
    collected(folder)
    stack = runpy.run_path(str(folder / "fixtures" / "stack.py"))["STACK"]
    assert stack.compose.files == [Path("compose.yaml"), Path("docker-compose.test.yml")]
    web, api = stack.compose.services
    assert (web.port, web.publish, web.ready, web.built) == (80, "WEB_PORT", "{web.url}", False)
    assert (api.port, api.publish, api.ready, api.built) == (8000, "API_SERVER_PORT", "{api-server.url}/health", True)
    # `!override` and `!reset` are Compose's own.
    override = yaml.safe_load(re.sub("!override|!reset", "", (folder / "docker-compose.test.yml").read_text()))
    assert override["services"] == {
        "web": {"ports": ["127.0.0.1:${WEB_PORT:-80}:80"]},
        "api-server": {
            "container_name": "${PREFIX:-}api-server",
            "image": "chat_tests_api-server:tests",
            "ports": ["127.0.0.1:${API_SERVER_PORT:-8000}:8000"],
        },
        "db": {"ports": []},
    }


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("services: [web", "compose.yaml cannot be read"),
        ("web: {image: nginx}", "compose.yaml has no services"),
        ("services: {frontend: {image: nginx}}", "one of: frontend"),
    ],
)
def test_a_compose_file_that_will_not_do_is_one_clear_error(
    folder: Path, duologue: Duologue, text: str, error: str
) -> None:
    (folder / "compose.yaml").write_text(text)

    done = duologue("init", "--page", "web:80")

    assert done.returncode == 2
    assert error in done.stderr
    assert "Traceback" not in done.stderr
    assert [path.name for path in folder.iterdir()] == ["compose.yaml"]


@pytest.mark.parametrize(
    ("options", "error"),
    [
        ((), "nobody to ask: this is no terminal"),
        (("--page", "web:80"), "there is no compose file"),
        (("--url", "localhost"), "URL is no address"),
        (("--url", ""), "--url is empty"),
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
