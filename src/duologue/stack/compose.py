"""A stack of containers: in goes a definition with its free ports, out comes a compose project of its own name.

Started by testcontainers' `DockerCompose`, asked for readiness from outside, acted on through the engine, and removed
by the project's label, so that a stack can be taken down when its compose file has changed or gone.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Event, Thread
from time import monotonic, time
from typing import Any

from duologue.errors import StackError
from duologue.stack import clocks, disks
from duologue.stack.base import Follower, LogLine, ServiceState, Stack
from duologue.stack.compose_command import ComposeCommand
from duologue.stack.container_logs import ContainerFollower
from duologue.stack.definition import ComposeDefinition, ComposeService, Renderer, StackDefinition
from duologue.stack.engine import Engine
from duologue.stack.ready import ASK_EVERY_S, NotReadyError, ask, await_ready

START_TIMEOUT_S = 60


class ComposeStack(Stack):
    """The containers of `definition.compose`, published on `ports`, as the compose project `project`."""

    kind = "compose"

    def __init__(
        self, definition: StackDefinition, home: Path, ports: Mapping[str, int], project: str, fingerprint: str
    ) -> None:
        if not definition.compose:
            raise StackError(
                "this stack has no compose file",
                seen="the stack's definition holds compose=None",
                remedy="use --stack=processes, or define it",
            )
        self._compose: ComposeDefinition = definition.compose
        self._services = {service.name: service for service in definition.compose.services}
        self._root, self._project, self._fingerprint = definition.root, project, fingerprint
        self._render = Renderer(ports, home)
        self._ports = dict(ports)
        self._sources_named = bool(definition.sources)
        self._lazy_engine: Engine | None = None
        self._containers: dict[str, Any] = {}
        self._clocks_off: set[str] = set()
        self.page_url = self._render(definition.page)
        self.api_url = self._render(definition.api)
        self.ws_url = self._render(definition.ws)

    @property
    def services(self) -> Sequence[str]:
        return tuple(self._services)

    def up(self) -> None:
        command = ComposeCommand(self._root, self._compose.files, self._environment())
        to_build = {service.name for service in self._services.values() if service.built}
        # Whose sources nobody named may have changed at any time: the engine knows what it can take from its cache.
        if to_build and not (self._sources_named and to_build <= self._engine.built_services(self._fingerprint)):
            # Older images stay: another run may be about to start them, and they share all layers but the changed ones.
            command.build_images()
        try:
            with self._deaths() as died:
                command.start()
                for service in self._services.values():
                    if service.ready:
                        self._await_ready(service, START_TIMEOUT_S, died)
        except BaseException:
            self.down()
            raise

    def down(self) -> None:
        self._engine.remove_project(self._project)
        self._containers.clear()

    def is_ready(self) -> bool:
        return all(not ask(self._render(service.ready)) for service in self._services.values() if service.ready)

    def url(self, service: str) -> str:
        if self._known(service) not in self._ports:
            raise StackError(
                f"{service} has no address", seen="the compose file publishes no port of it", remedy="ask another one"
            )
        return self._render.addresses[service].url

    def state(self, service: str) -> ServiceState:
        container = self._container(service)
        code = self._engine.exit_code(container)
        if code is not None:
            return ServiceState("exited", code)
        return ServiceState("paused" if container.attrs["State"]["Paused"] else "running")

    def logs(self, service: str, since: float | None = None) -> list[LogLine]:
        # The engine reads `since` as decimals, and may round a line's own time past it: ask for a little more.
        lines = self._engine.log(self._container(service), since=since and since - 0.001)
        return [LogLine(at, service, text) for at, text in lines if since is None or at >= since]

    def follow(self, on_line: Callable[[LogLine], None]) -> Follower:
        return ContainerFollower(self._engine, self._project, on_line)

    def stop(self, service: str, *, timeout_s: float = 10) -> None:
        self._engine.act(self._running(service), "stop", timeout=max(1, round(timeout_s)))

    def start(self, service: str, *, timeout_s: float = 30, clock_off_s: float = 0.0) -> None:
        container = self._container(service)
        if self._engine.exit_code(container) is None:
            raise StackError(f"{service} cannot be started: it runs", remedy="stop or kill it first")
        if clock_off_s or service in self._clocks_off:
            self._engine.put(container, clocks.files(clock_off_s))
            self._clocks_off.add(service)
        with self._deaths() as died:
            self._engine.act(container, "start")
            self._await_ready(self._services[service], timeout_s, died)
        if clock_off_s:
            self._require_off(service, clock_off_s)

    def kill(self, service: str, *, timeout_s: float = 10) -> None:
        container = self._running(service)
        self._engine.act(container, "kill")
        self._engine.act(container, "wait", timeout=timeout_s)

    def pause(self, service: str, *, timeout_s: float = 10) -> None:  # noqa: ARG002 - the engine's own time-out holds
        self._engine.act(self._running(service), "pause")

    def resume(self, service: str, *, timeout_s: float = 10) -> None:  # noqa: ARG002 - the engine's own time-out holds
        self._engine.act(self._running(service), "unpause")

    def cut_off(self, service: str) -> None:
        self._engine.part(self._running(service), self._container(self._store(service)))

    def rejoin(self, service: str) -> None:
        self._engine.join(self._running(service), self._container(self._store(service)), alias=service)

    def fill_disk(self, service: str) -> None:
        self._at_disk("filled", service, disks.filling)

    def free_disk(self, service: str) -> None:
        self._at_disk("freed", service, disks.freeing)

    def describe(self) -> str:
        addresses = ", ".join(f"{name} {self.url(name)}" for name in self._services if name in self._ports)
        return f"compose: {addresses}; project {self._project}"

    @property
    def _engine(self) -> Engine:
        # Made when it is needed: attaching to a stack that runs asks nothing of the engine.
        if self._lazy_engine is None:
            self._lazy_engine = Engine()
        return self._lazy_engine

    def _environment(self) -> dict[str, str]:
        ports = {
            service.publish: str(self._ports[service.name]) for service in self._services.values() if service.publish
        }
        own = {
            "COMPOSE_PROJECT_NAME": self._project,
            "PREFIX": f"{self._project}-",
            "FINGERPRINT": self._fingerprint,
        }
        return {**own, **ports, **self._render.env(self._compose.env)}

    def _container(self, service: str) -> Any:
        if self._known(service) not in self._containers:
            self._containers.update(self._engine.containers(self._project))
        if service not in self._containers:
            raise StackError(
                f"{service} has no container",
                seen=f"containers of project {self._project}: {', '.join(self._containers) or 'none'}",
                remedy="see that the compose file has a service of that name, and that nobody removed the stack",
            )
        return self._containers[service]

    def _store(self, service: str) -> str:
        if not (store := self._services[self._known(service)].store):
            raise StackError(
                f"{service} has no database to be cut off from",
                seen="its definition names no store",
                remedy="give ComposeService(store=…) the service that keeps its data",
            )
        return store

    def _at_disk(self, verb: str, service: str, command: Callable[[str], list[str]]) -> None:
        keeper = self._services[self._known(service)].store or service
        if not (folder := self._services[keeper].disk):
            raise disks.refused(verb, service, f"the definition of {keeper} names no disk")
        code, told = self._engine.run_in(self._running(keeper), command(folder))
        if code:
            raise disks.refused(verb, service, f"in the container of {keeper}: {told}")

    def _running(self, service: str) -> Any:
        container = self._container(service)
        code = self._engine.exit_code(container)
        if code is None:
            return container
        raise StackError(
            f"{service} does not run", seen=f"its container exited with code {code}", remedy=f"start({service!r})"
        )

    def _require_off(self, service: str, clock_off_s: float) -> None:
        _, told = self._engine.run_in(self._container(service), ["date", "+%s"])
        if not told.isdecimal() or abs(int(told) - time() - clock_off_s) > abs(clock_off_s) / 2:
            raise clocks.refused(service, clock_off_s, f"`date` in its container says {told}, at {time():.0f}")

    @contextmanager
    def _deaths(self) -> Generator[Event]:
        """An event that is set each time a container of the project ends."""
        died = Event()
        events = self._engine.events(self._project)

        def listen() -> None:
            with suppress(ValueError):  # the stream is closed under its reader
                for event in events:
                    if event.get("Action") == "die":
                        died.set()

        listener = Thread(target=listen, name="duologue-deaths", daemon=True)
        listener.start()
        try:
            yield died
        finally:
            events.close()
            listener.join()

    def _await_ready(self, service: ComposeService, timeout_s: float, died: Event) -> None:
        if not service.ready:
            self._await_command(service, timeout_s, died)
            return
        url = self._render(service.ready)
        try:
            await_ready(url, timeout_s=timeout_s, ended=died, raise_if_ended=self._raise_if_one_died)
        except NotReadyError as error:
            self._raise_if_one_died()
            raise self._not_ready(service.name, timeout_s, f"{url}: {error}") from error

    def _await_command(self, service: ComposeService, timeout_s: float, died: Event) -> None:
        begin = monotonic()
        while service.ready_command:
            code, seen = self._engine.run_in(self._container(service.name), service.ready_command)
            if code == 0:
                return
            if died.wait(ASK_EVERY_S):
                self._raise_if_one_died()
            if monotonic() - begin > timeout_s:
                raise self._not_ready(service.name, timeout_s, f"{' '.join(service.ready_command)}: {seen}")

    def _raise_if_one_died(self) -> None:
        for name in self._services:
            code = self._engine.exit_code(self._container(name))
            if code is not None:
                raise StackError(
                    f"{name} exited with code {code} instead of becoming ready",
                    seen=self._last_lines(name),
                    remedy="read its log above",
                    service=name,
                )

    def _not_ready(self, service: str, timeout_s: float, seen: str) -> StackError:
        return StackError(
            f"{service} was not ready within {timeout_s:g} s",
            seen=f"{seen}\n{self._last_lines(service)}",
            remedy="read its log above",
            service=service,
        )

    def _last_lines(self, service: str) -> str:
        lines = list(self._engine.log(self._container(service), tail=20))
        if not lines:
            return "its log is empty"
        return "the last lines of its log:\n" + "\n".join(f"    {text}" for _, text in lines)


def remove_project(project: str) -> None:
    """Take a compose stack down by its project's name alone."""
    Engine().remove_project(project)


def remove_projects(prefix: str, *, but: set[str]) -> None:
    """Take down the compose stacks whose projects' names begin so, but for those named."""
    engine = Engine()
    for project in engine.projects(prefix) - but:
        engine.remove_project(project)
