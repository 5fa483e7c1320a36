"""How a command tells what it found: a line a check in the terminal, or one JSON object."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, NoReturn

import typer
from rich.console import Console
from rich.text import Text

from duologue.diagnosis import Finding
from duologue.doctor import Check, Remedy, Sheet, offered
from duologue.errors import DuologueError
from duologue.signals import interrupt_by_signals

COULD_NOT_WORK = 2
_MARKS = {"passed": ("✓", "green"), "failed": ("✗", "red"), "unknown": ("?", "yellow")}


Examine = Callable[[Sheet], Sequence[Finding]]


@dataclass(frozen=True, slots=True)
class Healing:
    """A remedy for what is not well: `apply` does it and tells what was done, `examine` looks once more."""

    remedy: Remedy
    apply: Callable[[], str]
    examine: Examine


def run(examine: Examine, *, who: str, wrong: str, as_json: bool, healing: Healing | None = None) -> NoReturn:
    """Examine, tell each check as it is made, and exit with what they add up to; `who` examines, `wrong` says code 1.

    Where something is not well, `healing` is applied once. Whatever befalls `examine` itself ends in one error and the
    code 2.
    """
    stdout: Any = sys.stdout
    stdout.reconfigure(errors="replace")  # a pipe of a system whose encoding has no ✓
    interrupt_by_signals()
    report = _Json() if as_json else _Terminal(wrong)
    sheet = Sheet(report.on_start, report.on_check)
    try:
        findings = examine(sheet)
        if healing and not sheet.is_well:
            report.on_remedy(healing.remedy, healing.apply())
            sheet = Sheet(report.on_start, report.on_check)
            findings = healing.examine(sheet)
    except Exception as error:  # a traceback would end with 1, which says that the chat is at fault
        text = f"{type(error).__name__}: {error}"
        text = sheet.clean(str(error) if isinstance(error, DuologueError) else f"{who} itself failed: {text}")
        report.on_stop()
        typer.echo(f"error: {text}", err=True)
        report.end(sheet, [], COULD_NOT_WORK, text)
        raise typer.Exit(COULD_NOT_WORK) from None
    code = sheet.exit_code
    if code and findings and all(finding.verdict == "harness" for finding in findings):
        code = COULD_NOT_WORK  # such as a wrong password: nothing is known against the chat
    report.end(sheet, findings, code, "")
    raise typer.Exit(code)


def _cited(finding: Finding, sheet: Sheet) -> list[str]:
    """The lines of evidence; a secret is taken out before a long line is cut, which might leave half of it."""
    return [str(replace(event, text=sheet.clean(event.text))) for event in finding.evidence]


class _Terminal:
    """A line a check as it is made, then the causes."""

    def __init__(self, wrong: str) -> None:
        self._wrong = wrong
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

    def on_remedy(self, remedy: Remedy, done: str) -> None:
        self._console.print(Text(f"\napplied: {remedy.value}{f' ({done})' if done else ''}; once more:\n", "bold"))

    def end(self, sheet: Sheet, findings: Sequence[Finding], code: int, error: str) -> None:
        if error:
            return
        for number, finding in enumerate(findings, 1):
            title = f"\n{number}. {finding.cause} ({finding.verdict}, at {finding.hop}): "
            self._console.print(Text.assemble((title, "bold"), sheet.clean(finding.text)))
            self._console.print(Text.assemble(("   to do: ", "green"), sheet.clean(finding.remedy)))
            if finding.sure:
                self._console.print(Text.assemble(("   to be sure: ", "green"), sheet.clean(finding.sure)))
            for line in _cited(finding, sheet)[:6]:
                self._console.print(Text(f"        {line}", "dim"))
        for remedy in offered(findings):
            self._console.print(Text(f"\nharmless, and may help: --apply={remedy.value}", "green"))
        ends = {0: ("all is well", "green"), 1: (self._wrong, "red")}
        unasked = "nothing failed, and not everything could be asked"
        given = "what failed says nothing of the chat: see what to do above"
        text, colour = ends.get(code, (unasked if sheet.exit_code == COULD_NOT_WORK else given, "yellow"))
        self._console.print(Text(f"\n{text}", colour))


class _Json:
    """Nothing until the end, then one object."""

    def __init__(self) -> None:
        self._applied: dict[str, str] = {}

    def on_remedy(self, remedy: Remedy, done: str) -> None:
        self._applied = {"applied": remedy.value, "by": done}

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
                "sure": sheet.clean(finding.sure),
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
        more = {"offered": [remedy.value for remedy in offered(findings)], **self._applied}
        failure = {"error": error} if error else {}
        typer.echo(json.dumps({"checks": checks, "findings": found, **more, "exit_code": code, **failure}, indent=2))
