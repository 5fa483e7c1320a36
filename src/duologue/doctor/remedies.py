"""The remedies that harm nothing, applied: a restart by a command, and an emptied cache; what was done comes out."""

from __future__ import annotations

import shlex
import subprocess
from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path
from threading import Event

from duologue.diagnosis import Finding
from duologue.errors import StackError, UsageError
from duologue.stack.addresses import Addresses
from duologue.stack.ready import NotReadyError, await_ready

COMMAND_TIMEOUT_S = 120
READY_TIMEOUT_S = 60
_COMPOSE_FILES = ("compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml")


class Remedy(StrEnum):
    """What the doctor may do by itself."""

    restart = "restart"
    clear_cache = "clear-cache"


_HELPS = {
    "backend-down": Remedy.restart,
    "backend-paused": Remedy.restart,
    "backend-not-listening": Remedy.restart,
    "service-exited": Remedy.restart,
    "page-down": Remedy.restart,
    "not-notified": Remedy.restart,
    "not-a-member-in-manager": Remedy.restart,
    "not-delivered": Remedy.restart,
    "stale-bundle": Remedy.clear_cache,
    "page-threw": Remedy.clear_cache,
}


def offered(findings: Iterable[Finding]) -> list[Remedy]:
    """Those that may help against what was found, each once, the likeliest cause's first."""
    return list(dict.fromkeys(_HELPS[finding.cause] for finding in findings if finding.cause in _HELPS))


def restart_command(given: str) -> list[str]:
    """The command that restarts the chat. Raises UsageError where none is given and there is no compose file here."""
    if given:
        return shlex.split(given)
    if not any(Path(name).exists() for name in _COMPOSE_FILES):
        raise UsageError(
            "nobody told how to restart this chat",
            seen=f"no compose file in {Path.cwd()}",
            remedy='give --restart-command, such as "docker restart chat_backend"',
        )
    return ["docker", "compose", "restart"]


def restart(command: list[str], addresses: Addresses) -> str:
    """Run the command, and wait until page and API answer again; returns the command. Raises StackError."""
    said = shlex.join(command)
    try:
        done = subprocess.run(
            command, capture_output=True, encoding="utf-8", errors="replace", timeout=COMMAND_TIMEOUT_S, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise StackError(f"{said} could not be run", seen=str(error)) from error
    if done.returncode:
        lines = "\n".join((done.stderr + done.stdout).strip().splitlines()[-8:])
        raise StackError(f"{said} ended with {done.returncode}", seen=lines)
    try:
        for url in (addresses.page, addresses.api):
            await_ready(
                url, timeout_s=READY_TIMEOUT_S, ended=Event(), raise_if_ended=lambda: None, refusals_will_do=True
            )
    except NotReadyError as error:
        raise StackError(f"after {said} the chat did not come back", seen=str(error)) from error
    return said
