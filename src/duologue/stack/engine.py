"""The Docker engine through its SDK, typed: projects and their containers, images, events and log lines.

Imported only where containers are used: the SDK takes a tenth of a second to import, and has no types of its own.
"""

from __future__ import annotations

import importlib
import io
import os
import tarfile
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any

from duologue.errors import StackError

PROJECT = "com.docker.compose.project"
SERVICE = "com.docker.compose.service"
# An engine that takes longer for one request hangs; stopping a container may take its own time on top.
REQUEST_TIMEOUT_S = 30

_docker: Any = importlib.import_module("docker")
_errors: Any = importlib.import_module("docker.errors")
_contexts: Any = importlib.import_module("docker.context")


class Engine:
    """One connection to the engine that the docker command uses; each request raises `StackError` when it fails."""

    def __init__(self) -> None:
        self._client: Any = self._ask(_connect)

    def containers(self, project: str) -> dict[str, Any]:
        """The containers of a project, running or not, by service."""
        label = {"label": f"{PROJECT}={project}"}
        found = self._ask(lambda: self._client.containers.list(all=True, ignore_removed=True, filters=label))
        return {container.labels[SERVICE]: container for container in found}

    def container(self, container_id: str) -> Any:
        """One container by its id."""
        return self._ask(lambda: self._client.containers.get(container_id))

    def projects(self, prefix: str) -> set[str]:
        """The projects whose names begin so, and of which a container or a network is left."""
        label = {"label": PROJECT}
        # Those of other runs come and go between the list and the question after each one in it.
        containers = self._ask(lambda: self._client.containers.list(all=True, ignore_removed=True, filters=label))
        networks = self._ask(lambda: self._client.networks.list(filters=label))
        names = [item.labels[PROJECT] for item in containers] + [item.attrs["Labels"][PROJECT] for item in networks]
        return {name for name in names if name.startswith(prefix)}

    def built_services(self, fingerprint: str) -> set[str]:
        """The services that have an image with this fingerprint."""
        images = self._ask(lambda: self._client.images.list(filters={"label": f"duologue.fingerprint={fingerprint}"}))
        return {image.labels.get("duologue.service", "") for image in images}

    def remove_project(self, project: str) -> None:
        """Kill and remove a project's containers, their volumes, and its networks; what is gone already is no error."""
        label = {"label": f"{PROJECT}={project}"}
        containers = list(self.containers(project).values())
        with ThreadPoolExecutor(max(1, len(containers))) as pool:
            for removal in [pool.submit(self._remove, container, force=True, v=True) for container in containers]:
                removal.result()
        for network in self._ask(lambda: self._client.networks.list(filters=label)):
            self._remove(network)
        for volume in self._ask(lambda: self._client.volumes.list(filters=label)):
            self._remove(volume)

    def act(self, container: Any, verb: str, **options: Any) -> None:
        """`stop`, `start`, `kill`, `pause`, `unpause` a container."""
        self._ask(lambda: getattr(container, verb)(**options))

    def run_in(self, container: Any, command: list[str]) -> tuple[int, str]:
        """Exit code and output of a command in a container."""
        result = self._ask(lambda: container.exec_run(command))
        return result.exit_code, result.output.decode(errors="replace").strip()

    def put(self, container: Any, files: Mapping[str, bytes]) -> None:
        """Write files into a container, running or not, readable for all."""
        archive = io.BytesIO()
        with tarfile.open(fileobj=archive, mode="w") as tar:
            for path, content in files.items():
                entry = tarfile.TarInfo(path.lstrip("/"))
                entry.size, entry.mode = len(content), 0o644
                tar.addfile(entry, io.BytesIO(content))
        self._ask(lambda: container.put_archive("/", archive.getvalue()))

    def part(self, container: Any, other: Any) -> None:
        """Take a container out of the networks that it shares with another."""
        for name in self._networks(container) & self._networks(other):
            self._ask(lambda name=name: self._client.networks.get(name).disconnect(container))

    def join(self, container: Any, other: Any, alias: str) -> None:
        """Put a container into every network that another is in."""
        for name in self._networks(other) - self._networks(container):
            self._ask(lambda name=name: self._client.networks.get(name).connect(container, aliases=[alias]))

    def _networks(self, container: Any) -> set[str]:
        self._ask(container.reload)
        return set(container.attrs["NetworkSettings"]["Networks"])

    def exit_code(self, container: Any) -> int | None:
        """The code a container exited with; `None` while it runs."""
        self._ask(container.reload)
        state = container.attrs["State"]
        return None if state["Running"] or state["Status"] == "created" else int(state["ExitCode"])

    def log(self, container: Any, since: float | None = None, tail: int | str = "all") -> Iterator[tuple[float, str]]:
        """What a container printed, oldest first: (epoch seconds, line)."""
        options = {"timestamps": True, "tail": tail, **({"since": since} if since else {})}
        return stamped_lines(iter([self._ask(lambda: container.logs(**options))]))

    def log_stream(self, container: Any, since: float) -> Any:
        """What a container prints from `since` (epoch seconds) until it ends: chunks for `stamped_lines`; closable."""
        return self._ask(lambda: container.logs(stream=True, follow=True, timestamps=True, since=since))

    def events(self, project: str) -> Any:
        """A project's container events as dicts, from now on; closable."""
        filters = {"label": f"{PROJECT}={project}", "type": "container"}
        return self._ask(lambda: self._client.events(decode=True, filters=filters))

    def _remove(self, thing: Any, **options: Any) -> None:
        try:
            thing.remove(**options)
        except _errors.NotFound:
            pass
        except _errors.APIError as error:
            # Another process is removing the same thing at this moment.
            if error.response is None or error.response.status_code != 409:
                raise StackError("the Docker engine refused", seen=str(error), remedy="see `docker ps -a`") from error

    def _ask(self, request: Callable[[], Any]) -> Any:
        try:
            return request()
        except (_errors.DockerException, OSError) as error:  # requests' errors are OSErrors
            raise StackError(
                "the Docker engine did not do what it was asked",
                seen=str(error),
                remedy="see that `docker ps` answers, or use --stack=processes",
            ) from error


def stamped_lines(chunks: Iterator[bytes]) -> Iterator[tuple[float, str]]:
    """Chunks of a log with timestamps, cut as they come, as (epoch seconds, line)."""
    rest = b""
    for chunk in chunks:
        *lines, rest = (rest + chunk).split(b"\n")
        for line in lines:
            stamp, _, text = line.partition(b" ")
            # A line of more than 16 KiB is stored in pieces, and comes with its own stamp again before each.
            text = text.replace(stamp + b" ", b"")
            yield _epoch(stamp.decode()), text.decode(errors="replace").removesuffix("\r")


def _epoch(stamp: str) -> float:
    """Epoch seconds of RFC 3339 in UTC with up to nine decimals, of which a datetime holds six."""
    whole, _, decimals = stamp.rstrip("Z").partition(".")
    return datetime.fromisoformat(f"{whole}+00:00").timestamp() + float(f"0.{decimals or 0}")


def _connect() -> Any:
    if os.environ.get("DOCKER_HOST"):
        return _docker.from_env(timeout=REQUEST_TIMEOUT_S)
    # The SDK looks at the default socket only; the command follows the chosen context (Docker Desktop, rootless).
    context = _contexts.ContextAPI.get_current_context()
    host = context.Host if context else None
    return _docker.DockerClient(base_url=host, timeout=REQUEST_TIMEOUT_S) if host else _docker.from_env()
