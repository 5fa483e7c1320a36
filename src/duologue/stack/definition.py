"""A stack described as data: what to start, where it answers, and which sources it is made from.

Texts are templates in `str.format`'s syntax over the addresses of the services: `{backend.port}`, `{backend.url}`
(`http://127.0.0.1:PORT`), `{backend.ws_url}`, and `{run_dir}` (the stack's own folder)
and `{python}` (this interpreter).
"""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from duologue.data import Data
from duologue.errors import StackError
from duologue.stack.base import Kind

HOST = "127.0.0.1"


class _Data(Data):
    ERROR = StackError


class PreparedFile(_Data):
    """A file that is slow to make: made once, and copied to `{run_dir}/NAME` before the service starts."""

    name: str
    command: list[str]
    """Makes it at `{prepared}`."""
    sources: list[str]
    """Globs below the root; another content, and it is made anew."""


class ProcessService(_Data):
    """A service run as a local process; its port is `{name.port}` in the templates."""

    name: str
    command: list[str]
    ready: str
    """The URL that answers 2xx when the service is ready; `tcp://HOST:PORT` for one that speaks no HTTP: it listens."""
    files: dict[str, str] = {}
    """Texts to be written to `{run_dir}/NAME` before it starts: a configuration that has to name ports."""
    env: dict[str, str] = {}
    cwd: Path = Path()
    """Relative to the root."""
    needs: list[Path] = []
    """Files or folders that must be there before it starts, relative to the root."""
    needs_remedy: str = ""
    """What to do when one is missing."""
    prepared: list[PreparedFile] = []
    store: str = ""
    """The SQLite file that it keeps its data in; for a test that cuts it off from them."""
    disk: str = ""
    """The folder that holds its data; for a test that fills its disk (disks.py says how)."""


class ComposeService(_Data):
    """A service of the compose file."""

    name: str
    port: int | None = None
    """The port inside the container, when it is published."""
    publish: str = ""
    """The environment variable by which the compose file takes the host port."""
    ready: str = ""
    """The URL that answers 2xx when the service is ready, or anything below 500 where it has no path: an API
    mostly has nothing at its root. Asked on the published port, from outside."""
    ready_command: list[str] = []
    """For a service with no published port: a command in its container that succeeds when it is ready; asked when it is
    started again, not when the whole stack comes up: there, the services that need it answer for it."""
    store: str = ""
    """The service that keeps its data; they share a network that nobody needs to reach this one."""
    disk: str = ""
    """The folder in the container that holds the data when `DISK_MB` is set (disks.py says how)."""
    built: bool = False
    """Built from sources: anew when they change, which the image's labels `duologue.service` and `duologue.fingerprint`
    tell, or before each start when the stack's definition names no `sources`."""


class ComposeDefinition(_Data):
    """Compose files, the later ones laid over the earlier, and what the harness must know of them.

    The files are given `COMPOSE_PROJECT_NAME`, `PREFIX` (for `container_name`), `FINGERPRINT` (for tags and labels of
    built images), the host ports, and `env`.
    """

    files: list[Path]
    services: list[ComposeService]
    env: dict[str, str] = {}
    settings: list[str] = []
    """Environment variables that the files read too (images, for instance): another value is another stack."""


@dataclass(frozen=True)
class Address:
    """Where a service answers."""

    port: int

    @property
    def url(self) -> str:
        """`http://127.0.0.1:PORT`."""
        return f"http://{HOST}:{self.port}"

    @property
    def ws_url(self) -> str:
        """`ws://127.0.0.1:PORT`."""
        return f"ws://{HOST}:{self.port}"


class StackDefinition(_Data):
    """All that the harness is told about one chat's stack."""

    root: Path
    processes: list[ProcessService] = []
    compose: ComposeDefinition | None = None
    page: str
    api: str
    ws: str
    sources: list[str] = []
    """Globs below the root; another content is another stack: images are built anew, a kept stack is not adopted."""

    def with_settings(self, settings: Mapping[str, Mapping[str, str]]) -> StackDefinition:
        """The same stack with these environment variables of these services.

        A compose file has to take them from its own environment: `NAME: ${NAME:-default}`. Raises StackError.
        """
        names = {service.name for service in self.processes}
        names |= {service.name for service in self.compose.services} if self.compose else set()
        if unknown := set(settings) - names:
            raise StackError(
                "the stack has no such service",
                seen=", ".join(sorted(unknown)),
                remedy=f"one of: {', '.join(sorted(names))}",
            )
        processes = [
            service.model_copy(update={"env": {**service.env, **settings.get(service.name, {})}})
            for service in self.processes
        ]
        every = {name: value for service in settings.values() for name, value in service.items()}
        compose = self.compose and self.compose.model_copy(update={"env": {**self.compose.env, **every}})
        return self.model_copy(update={"processes": processes, "compose": compose})

    def fingerprint(self, kind: Kind) -> str:
        """Sixteen hex digits that change with the definition, the sources, the settings or the interpreter."""
        digest = hashlib.sha256(f"{kind} {self.model_dump_json(exclude={'root'})}".encode())
        if kind == "processes":
            digest.update(f"{sys.executable} {sys.version}".encode())
        for name in self.compose.settings if self.compose and kind == "compose" else []:
            digest.update(f"{name}={os.environ.get(name)}\0".encode())
        digest.update(content_digest(self.root, self.sources))
        return digest.hexdigest()[:16]


def content_digest(root: Path, globs: list[str]) -> bytes:
    """Changes with the name or the content of any file below `root` that a glob matches."""
    digest = hashlib.sha256()
    for path in sorted({path for glob in globs for path in root.glob(glob) if path.is_file()}):
        digest.update(f"{path.relative_to(root).as_posix()}\0".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.digest()


class Renderer:
    """Fills templates with one stack's addresses."""

    def __init__(self, ports: Mapping[str, int], run_dir: Path, **more: str) -> None:
        self.addresses = {name: Address(port) for name, port in ports.items()}
        # Forward slashes serve in paths and in URLs on every system.
        self._values = {**self.addresses, "run_dir": run_dir.as_posix(), "python": sys.executable, **more}

    def __call__(self, template: str) -> str:
        """The text with every field filled in; `StackError` when it names something the stack lacks."""
        try:
            return template.format_map(self._values)
        except (KeyError, AttributeError, ValueError, IndexError) as error:
            raise StackError(
                f"the stack's definition holds a template that cannot be filled: {template!r}",
                seen=f"{type(error).__name__}: {error}; known are {', '.join(self._values)}",
                remedy="correct the template",
            ) from error

    def env(self, templates: Mapping[str, str]) -> dict[str, str]:
        """A mapping with its values filled in."""
        return {name: self(value) for name, value in templates.items()}
