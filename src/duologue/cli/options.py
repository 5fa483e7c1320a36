"""The options that several commands share, and what their texts mean."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from duologue.doctor import Credentials
from duologue.errors import UsageError
from duologue.people import name_and_password


class Browser(StrEnum):
    """Which engine."""

    chromium = "chromium"
    firefox = "firefox"
    webkit = "webkit"


Url = Annotated[str, typer.Argument(help="The page of a chat that runs already, e.g. http://localhost:8080")]
Adapter = Annotated[str, typer.Option(metavar="MODULE:NAME", help="What Duologue must know of this chat")]
WhichBrowser = Annotated[Browser, typer.Option("--browser", envvar="DUOLOGUE_BROWSER", help="Which engine")]
Headed = Annotated[bool, typer.Option("--headed", help="Show the windows")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object on stdout and nothing else")]
User1 = Annotated[
    str,
    typer.Option(
        metavar="NAME:PASSWORD",
        envvar="DUOLOGUE_USER1",
        help=r"Sign in as this one, not a new one; a colon in the name is written \:",
    ),
]
User2 = Annotated[
    str, typer.Option(metavar="NAME:PASSWORD", envvar="DUOLOGUE_USER2", help="The other one, with --user1")
]


def accounts_of(*users: str) -> dict[str, Credentials]:
    """The accounts given, by the user's name. Raises UsageError for one that is none, or is given alone."""
    if not any(users):
        return {}
    found: dict[str, Credentials] = {}
    for number, user in enumerate(users, 1):
        name, password = name_and_password(user)
        if not name or not password:
            what = f"--user{number} is no NAME:PASSWORD" if user else f"--user{number} is missing"
            raise UsageError(what, remedy="give both accounts, or none")
        found[f"user{number}"] = Credentials(name, password)
    return found
