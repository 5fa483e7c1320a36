"""`duologue init`: the top level of a repository that tests its chat."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from duologue.errors import DuologueError, UsageError
from duologue.stack.addresses import addresses_of
from duologue.start import Answers, SpokenTo, begin, declared

_COMPOSE_FILES = ("compose.yaml", "compose.yml", "docker-compose.yaml", "docker-compose.yml")

_SERVICE = "SERVICE:PORT[/PATH]"


def init(
    folder: Annotated[Path, typer.Argument(help="The repository")] = Path(),
    name: Annotated[str, typer.Option(help="What the chat is called; default: the folder's name")] = "",
    url: Annotated[str | None, typer.Option(help="The chat runs already, and this is its page")] = None,
    api_url: Annotated[str, typer.Option(help="Where its API is; default: where the page is")] = "",
    ws_url: Annotated[str, typer.Option(help="Where its WebSocket is; default: where the page is")] = "",
    page: Annotated[str, typer.Option(metavar=_SERVICE, help="The page's service in the compose file")] = "",
    api: Annotated[str, typer.Option(metavar=_SERVICE, help="The API's; PATH answers 2xx once it can serve")] = "",
) -> None:
    """Write what a repository needs to test its chat: conftest.py, pytest.ini, fixtures/, tests/, a workflow.

    The chat either runs already, at --url, or in containers of the folder's compose file, as --page and --api.
    No file that is there is touched. Exit code: 0, or 2 when the answers do not do.
    """
    try:
        answers = _answers(folder, name, url, api_url, ws_url, page, api)
        new, kept = begin(folder, answers)
    except (DuologueError, OSError) as error:
        typer.echo(f"error: {error}", err=True)
        raise typer.Exit(2) from None
    for path in new:
        typer.echo(f"wrote  {path}")
    for path in kept:
        typer.echo(f"kept   {path}, which was there")
    where = answers.url or "URL"
    for line in (
        "",
        "Next: put two accounts that have a chat into DUOLOGUE_USER1 and DUOLOGUE_USER2, NAME:PASSWORD each;",
        f"`duologue try {where}` finds the selectors, or write them into fixtures/chat.py by hand;",
        f"`duologue check {where} --adapter fixtures.chat:CHAT` says which work;",
        "then `pytest -m e2e tests/e2e/test_first.py`, and all of it once a ChatApi makes people and chats.",
    ):
        typer.echo(line)


def _answers(folder: Path, name: str, url: str | None, api_url: str, ws_url: str, page: str, api: str) -> Answers:
    if url == "":
        raise UsageError("--url is empty", remedy="is the variable set that it comes from?")
    name = name or folder.resolve().name
    compose = next((file for file in _COMPOSE_FILES if (folder / file).exists()), "")
    if not url and not page and not compose:
        url = _asked("Where does the chat's page answer? (--url)")
    if url:
        at = addresses_of(url, api_url, ws_url)
        return Answers(name, at.page, at.api if api_url else "", at.ws if ws_url else "")
    if not compose:
        looked = ", ".join(_COMPOSE_FILES)
        raise UsageError("there is no compose file", seen=f"none of {looked} in {folder}", remedy="give --url instead")
    page = page or _asked(f"Which service of {compose} serves the page? ({_SERVICE}, --page)")
    spoken_to = dict(_service(option, text) for option, text in (("--page", page), ("--api", api or page)))
    services = declared(folder / compose, spoken_to)
    return Answers(
        name, compose=compose, services=services, page=page.partition(":")[0], api=(api or page).partition(":")[0]
    )


def _asked(question: str) -> str:
    if not sys.stdin.isatty():
        raise UsageError(question, seen="nobody to ask: this is no terminal", remedy="give it as an option")
    return typer.prompt(question)


def _service(option: str, text: str) -> tuple[str, SpokenTo]:
    service, _, rest = text.partition(":")
    port, slash, path = rest.partition("/")
    if not service or not port.isdecimal():
        raise UsageError(f"{option} is no SERVICE:PORT[/PATH]", seen=repr(text), remedy="such as frontend:80")
    return service, SpokenTo(int(port), slash + path)
