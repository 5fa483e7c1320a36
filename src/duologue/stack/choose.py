"""Which stack a run gets, and why: in goes the option's text, out comes a `Choice`."""

from __future__ import annotations

import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from urllib.parse import urlsplit

from duologue.errors import StackError, UsageError
from duologue.stack.addresses import addresses_of
from duologue.stack.base import Kind

# A healthy engine answers in tens of milliseconds; one that takes longer than this is taken for hung.
ENGINE_TIMEOUT_S = 3.0


@dataclass(frozen=True)
class Choice:
    """The kind of stack, the reason in words for the run's header, and the addresses of a stack that runs already."""

    kind: Kind
    why: str
    page_url: str = ""
    api_url: str = ""
    ws_url: str = ""
    is_auto: bool = False
    """Nobody asked for this kind: a stack without it gets the other."""


def choose(spec: str = "auto", *, api_url: str = "", ws_url: str = "") -> Choice:
    """Read `--stack=auto|compose|processes|URL`; an API or a WebSocket not told of is taken to be where the page is.

    Raises `UsageError` for anything else and for an address that is none, and `StackError` for `compose` where
    containers cannot be had.
    Takes up to `ENGINE_TIMEOUT_S` when an engine hangs, else some hundredths of a second.
    """
    if spec == "processes":
        return Choice("processes", "asked for")
    if spec in ("auto", "compose"):
        engine = _ask_engine()
        if engine.missing and spec == "compose":
            raise StackError(engine.missing, seen=engine.seen, remedy=f"{engine.remedy}, or use --stack=processes")
        if engine.missing:
            return Choice("processes", f"{engine.missing} ({engine.seen})")
        return Choice("compose", engine.seen, is_auto=spec == "auto")
    if urlsplit(spec).scheme in ("http", "https") and urlsplit(spec).hostname:
        at = addresses_of(spec, api_url, ws_url)
        return Choice("url", "asked for", at.page, at.api, at.ws)
    raise UsageError(
        f"--stack={spec} is no stack",
        seen=repr(spec),
        remedy="use auto, compose, processes, or the address of a page such as https://chat.example.org",
    )


@dataclass(frozen=True)
class _Engine:
    seen: str
    missing: str = ""
    remedy: str = ""


def _ask_engine() -> _Engine:
    # The client knows contexts, DOCKER_HOST and each system's socket; asking it is quicker than importing the SDK.
    if not shutil.which("docker"):
        return _Engine("there is no docker command on PATH", "no Docker engine answers", "install Docker")
    with ThreadPoolExecutor(2) as pool:
        version = pool.submit(_run, "docker", "version", "--format", "{{.Server.Version}}")
        plugin = pool.submit(_run, "docker", "compose", "version", "--short")
    ok, text = version.result()
    if not ok:
        return _Engine(text, "no Docker engine answers", "start Docker")
    engine = f"Docker Engine {text} answers"
    ok, text = plugin.result()
    if not ok:
        return _Engine(f"{engine}; {text}", "the docker compose plugin is missing", "install the compose plugin")
    return _Engine(f"{engine}, compose {text}")


def _run(*command: str) -> tuple[bool, str]:
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=ENGINE_TIMEOUT_S, check=False)
    except subprocess.TimeoutExpired:
        return False, f"`{' '.join(command)}` gave no answer within {ENGINE_TIMEOUT_S:g} s"
    except OSError as error:
        return False, str(error)
    if done.returncode == 0 and done.stdout.strip():
        return True, done.stdout.strip()
    lines = [line for line in done.stderr.splitlines() if line.strip()]
    return False, lines[0].strip() if lines else f"`{' '.join(command)}` exited with code {done.returncode}"
