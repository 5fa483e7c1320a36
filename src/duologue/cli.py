"""The command `duologue`; what it says goes to the terminal, or as one JSON object to stdout."""

from __future__ import annotations

import contextlib
import json
import sys
from collections.abc import Sequence
from dataclasses import replace
from enum import StrEnum
from typing import Annotated, Any
from urllib.parse import urlsplit

import typer
from rich.console import Console
from rich.text import Text

from duologue.diagnosis import Finding
from duologue.doctor import Addresses, Check, Credentials, Patient, Sheet, load, visit
from duologue.errors import DuologueError, UsageError
from duologue.loop import interrupt_by_signals

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)

COULD_NOT_WORK = 2
_MARKS = {"passed": ("✓", "green"), "failed": ("✗", "red"), "unknown": ("?", "yellow")}


class Browser(StrEnum):
    """Which engine."""

    chromium = "chromium"
    firefox = "firefox"
    webkit = "webkit"


@app.callback()
def main() -> None:
    """Duologue tests realtime chat the way it is used: by two people at once."""


@app.command()
def doctor(
    url: Annotated[str, typer.Argument(help="The page of a chat that runs already, e.g. http://localhost:3000")],
    api_url: Annotated[str, typer.Option(help="Where its API is")],
    ws_url: Annotated[str, typer.Option(help="Where its WebSocket is")],
    adapter: Annotated[str, typer.Option(metavar="MODULE:NAME", help="What Duologue must know of this chat")],
    browser: Annotated[Browser, typer.Option(help="Which engine")] = Browser.chromium,
    headed: Annotated[bool, typer.Option("--headed", help="Show the windows")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object on stdout and nothing else")] = False,
    user1: Annotated[
        str, typer.Option(metavar="NAME:PASSWORD", envvar="DUOLOGUE_USER1", help="Sign in as this one, not a new one")
    ] = "",
    user2: Annotated[
        str, typer.Option(metavar="NAME:PASSWORD", envvar="DUOLOGUE_USER2", help="The other one, with --user1")
    ] = "",
) -> None:
    """Find out why messages do not arrive: what answers, who is let in, and at which hop a message is lost.

    It makes three accounts and two chats over the adapter's API (or takes the accounts given, and the chat of the two)
    and sends a message. Exit code: 0 all well, 1 something is wrong with the chat, 2 the doctor could not work.
    """
    stdout: Any = sys.stdout
    stdout.reconfigure(errors="replace")  # a pipe of a system whose encoding has no ✓
    interrupt_by_signals()
    report = _Json() if as_json else _Terminal()
    sheet = Sheet(report.on_start, report.on_check)
    try:
        addresses = Addresses(
            _address(url, "URL", "http"), _address(api_url, "--api-url", "http"), _address(ws_url, "--ws-url", "ws")
        )
        given = _given(user1, user2)
        chat = load(adapter)
        with Patient.received(chat, addresses, given, browser.value, headed=headed) as patient:
            findings = visit(patient, sheet)
    except Exception as error:  # a traceback would end with 1, which says that the chat is at fault
        text = f"{type(error).__name__}: {error}"
        text = sheet.clean(str(error) if isinstance(error, DuologueError) else f"the doctor itself failed: {text}")
        report.on_stop()
        typer.echo(f"error: {text}", err=True)
        report.end(sheet, [], COULD_NOT_WORK, text)
        raise typer.Exit(COULD_NOT_WORK) from None
    report.end(sheet, findings, sheet.exit_code, "")
    raise typer.Exit(sheet.exit_code)


def _address(url: str, option: str, scheme: str) -> str:
    with contextlib.suppress(ValueError):  # a port that is none
        parts = urlsplit(url)
        if parts.scheme in (scheme, f"{scheme}s") and parts.hostname and parts.port != 0:
            return url.rstrip("/")
    raise UsageError(f"{option} is no address", seen=repr(url), remedy=f"such as {scheme}://localhost:8000")


def _given(*users: str) -> dict[str, Credentials]:
    if not any(users):
        return {}
    found: dict[str, Credentials] = {}
    for number, user in enumerate(users, 1):
        name, _, password = user.partition(":")
        if not name or not password:
            what = f"--user{number} is no NAME:PASSWORD" if user else f"--user{number} is missing"
            raise UsageError(what, remedy="give both accounts, or none")
        found[f"user{number}"] = Credentials(name, password)
    return found


def _cited(finding: Finding, sheet: Sheet) -> list[str]:
    """The lines of evidence; a secret is taken out before a long line is cut, which might leave half of it."""
    return [str(replace(event, text=sheet.clean(event.text))) for event in finding.evidence]


class _Terminal:
    """A line a check as it is made, then the causes."""

    def __init__(self) -> None:
        self._console = Console(highlight=False, soft_wrap=True)
        self._status = self._console.status("") if self._console.is_terminal else None

    def on_start(self, name: str) -> None:
        if self._status:
            self._status.update(Text(name))
            self._status.start()

    def on_stop(self) -> None:
        if self._status:
            self._status.stop()

    def on_check(self, check: Check) -> None:
        self.on_stop()
        mark, colour = _MARKS[check.verdict]
        first, *rest = check.detail.splitlines() or [""]
        line = Text.assemble((mark, colour), f" {check.name:<31}", (f"{check.seconds:6.2f} s", "dim"), f"  {first}")
        self._console.print(line)
        for more in rest:
            self._console.print(Text(f"    {more}", "dim"))

    def end(self, sheet: Sheet, findings: Sequence[Finding], code: int, error: str) -> None:
        if error:
            return
        for number, finding in enumerate(findings, 1):
            title = f"\n{number}. {finding.cause} ({finding.verdict}, at {finding.hop}): "
            self._console.print(Text.assemble((title, "bold"), sheet.clean(finding.text)))
            self._console.print(Text.assemble(("   to do: ", "green"), sheet.clean(finding.remedy)))
            for line in _cited(finding, sheet)[:6]:
                self._console.print(Text(f"        {line}", "dim"))
        ends = {0: ("all is well", "green"), 1: ("something is wrong with the chat", "red")}
        text, colour = ends.get(code, ("nothing failed, and not everything could be asked", "yellow"))
        self._console.print(Text(f"\n{text}", colour))


class _Json:
    """Nothing until the end, then one object."""

    def on_start(self, name: str) -> None:
        """Silent."""

    def on_stop(self) -> None:
        """Silent."""

    def on_check(self, check: Check) -> None:
        """Silent."""

    def end(self, sheet: Sheet, findings: Sequence[Finding], code: int, error: str) -> None:
        found = [
            {
                "cause": finding.cause,
                "verdict": finding.verdict,
                "hop": finding.hop,
                "text": sheet.clean(finding.text),
                "remedy": sheet.clean(finding.remedy),
                "certainty": finding.certainty,
                "evidence": _cited(finding, sheet),
            }
            for finding in findings
        ]
        checks = [
            {
                "name": check.name,
                "verdict": check.verdict,
                "seconds": round(check.seconds, 3),
                "detail": check.detail,
            }
            for check in sheet.checks
        ]
        failure = {"error": error} if error else {}
        typer.echo(json.dumps({"checks": checks, "findings": found, "exit_code": code, **failure}, indent=2))


if __name__ == "__main__":
    app(prog_name="duologue")
