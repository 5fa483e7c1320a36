"""What the benches share: a stack that is up, the browser's launch arguments, and figures as lines of a table."""

from __future__ import annotations

import os
import secrets
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median, quantiles
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from playwright.sync_api import Playwright

from duologue.people.browsers import WITHOUT_GPU, launch_arguments
from duologue.stack import Stack, acquire, choose, release
from fixtures.stack import ROOT, STACK

__all__ = ["ROOT", "contestant_env", "figures", "kept_stack", "launch_options", "load", "p95"]


@contextmanager
def kept_stack(kind: str = "processes") -> Iterator[Stack]:
    """A stack that every `pytest --stack=KIND --keep-stack` within adopts; nobody else may run in this checkout."""
    run_id = f"bench-{secrets.token_hex(4)}"
    stack = acquire(STACK, choose(kind), run_id=run_id, keep=True)
    release(STACK.root, run_id)
    try:
        yield stack
    finally:
        acquire(STACK, choose(kind), run_id=run_id)  # the kept one, now for a run that does not keep it
        release(STACK.root, run_id)


def launch_options(playwright: Playwright, engine: str) -> dict[str, Any]:
    """What a script gives to `browser_type.launch` for Duologue's browser binary, and nothing beyond what it needs."""
    options = launch_arguments(playwright[engine], {})
    return {**options, "args": [argument for argument in options.get("args", ()) if argument != WITHOUT_GPU]}


def contestant_env(**more: str) -> dict[str, str]:
    """The environment of a measured process; byte code is written, as it is for everybody who runs a thing twice."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, **more}


def figures(values: Sequence[float], unit: str = "s") -> str:
    """Median and 95th percentile, with the number of samples: the percentile of few samples says little."""
    return f"median {median(values):7.3f} {unit}  p95 {p95(values):7.3f} {unit}  ({len(values)} samples)"


def p95(values: Sequence[float]) -> float:
    """The 95th percentile, interpolated among the samples; never beyond the largest."""
    return quantiles(values, n=20, method="inclusive")[-1] if len(values) > 1 else values[0]


def load() -> str:
    """What else the machine was doing: figures of a busy one are worth little."""
    return f"load {os.getloadavg()[0]:.2f} on {os.cpu_count()} cores"
