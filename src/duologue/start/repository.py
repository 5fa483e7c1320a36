"""The top level of a repository that tests its chat: answers come in, the files that are not there are written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from slugify import slugify

from duologue.start.adapter import rendered, skeleton
from duologue.start.compose_file import Declared


@dataclass(frozen=True, slots=True)
class Answers:
    """What has to be known: the chat's name, and either where it runs or which compose file runs it.

    `services` are those of the compose file; `page` and `api` are two of them, or one.
    """

    name: str
    url: str = ""
    api_url: str = ""
    ws_url: str = ""
    compose: str = ""
    services: Sequence[Declared] = ()
    page: str = ""
    api: str = ""


def files(answers: Answers) -> dict[str, str]:
    """The texts of a new repository, by their paths."""
    known = {
        "url": answers.url,
        "api_url": answers.api_url,
        "ws_url": answers.ws_url,
        "compose": answers.compose,
        "overlaid": [it for it in answers.services if it.is_named or it.is_built or it.publishes or it.spoken_to],
        "spoken_to": sorted((it for it in answers.services if it.spoken_to), key=lambda it: it.name != answers.page),
        "project": slugify(answers.name, separator="_"),
        "page": answers.page,
        "api": answers.api,
        "requirement": f"duologue=={version('duologue')}",
    }
    written = {
        "pytest.ini": "pytest.ini",
        "conftest.py": "conftest.py",
        "tests/e2e/test_first.py": "test_first.py",
        "tests/e2e/test_suite.py": "test_suite.py",
        ".github/workflows/e2e.yml": "e2e.yml",
        ".gitignore": "gitignore",
    }
    if not answers.url:
        written |= {"fixtures/stack.py": "stack.py", "docker-compose.test.yml": "docker-compose.test.yml"}
    texts = {path: rendered(template, **known) for path, template in written.items()}
    return {**texts, "fixtures/__init__.py": "", "fixtures/chat.py": skeleton(answers.name).text(answers.url)}


def begin(folder: Path, answers: Answers) -> tuple[list[str], list[str]]:
    """Write what is not there yet; returns the paths written and those kept as they were."""
    new: list[str] = []
    kept: list[str] = []
    for path, text in sorted(files(answers).items()):
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            with target.open("x", encoding="utf-8", newline="\n") as file:
                file.write(text)
        except FileExistsError:
            kept.append(path)
        else:
            new.append(path)
    return new, kept
