"""A stack of local processes: in goes a definition with its free ports, out come running services with logs in files.

The processes are detached and recorded in the stack's folder, so that any process of a run, or the next run, can act on
them by that folder alone.
"""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from threading import Event, Thread
from types import MappingProxyType

import psutil

from duologue.errors import StackError
from duologue.signals import uninterrupted
from duologue.stack import clocks, disks, stamp
from duologue.stack.base import Follower, LogLine, ServiceState, Stack
from duologue.stack.definition import ProcessService, Renderer, StackDefinition
from duologue.stack.ports import require_free
from duologue.stack.prepared import copy_prepared
from duologue.stack.process_records import (
    HOME_VARIABLE,
    end_all,
    kill_tree,
    record,
    recorded,
    recorded_pid,
    with_children,
)
from duologue.stack.ready import NotReadyError, ask, await_ready
from duologue.stack.tail import FileFollower, read

START_TIMEOUT_S = 30
_LOCK_TIMEOUT_S = 10

# With a session of their own (POSIX) or a process group (Windows), out of reach of this terminal's Ctrl-C.
if sys.platform == "win32":
    CREATION_FLAGS = subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.CREATE_NO_WINDOW
else:
    CREATION_FLAGS = 0


class ProcessesStack(Stack):
    """The processes of `definition`, on `ports`, with their state in the folder `home`."""

    kind = "processes"

    def __init__(self, definition: StackDefinition, home: Path, ports: Mapping[str, int]) -> None:
        self._definition, self._home, self._ports = definition, home, dict(ports)
        self._services = {service.name: service for service in definition.processes}
        self._render = Renderer(ports, home)
        self._logs = {name: home / "logs" / f"{name}.log" for name in self._services}
        self._started: dict[str, subprocess.Popen[bytes]] = {}
        self._ended = Event()
        self._locks: dict[str, sqlite3.Connection] = {}
        self.page_url = self._render(definition.page)
        self.api_url = self._render(definition.api)
        self.ws_url = self._render(definition.ws)

    @property
    def services(self) -> Sequence[str]:
        return tuple(self._services)

    def up(self) -> None:
        for service in self._services.values():
            self._require(service)
            require_free(service.name, self._ports[service.name])
            copy_prepared(service, self._definition.root, self._home)
            self._write_files(service)
        try:
            for service in self._services.values():
                with uninterrupted():  # between its start and its record nobody would know of it
                    self._spawn(service)
            for service in self._services.values():
                self._await_ready(service, START_TIMEOUT_S)
        except BaseException:
            self.down()
            raise

    def down(self) -> None:
        end_all(self._home)

    def is_ready(self) -> bool:
        return all(not ask(self._render(service.ready)) for service in self._services.values())

    def url(self, service: str) -> str:
        return self._render.addresses[self._known(service)].url

    def state(self, service: str) -> ServiceState:
        process = recorded(self._home, self._known(service))
        if process is None:
            started = self._started.get(service)  # another process of the run may have started it
            return ServiceState("exited", started.poll() if started else None)
        return ServiceState("paused" if process.status() == psutil.STATUS_STOPPED else "running")

    def logs(self, service: str, since: float | None = None) -> list[LogLine]:
        return read(service, self._logs[self._known(service)], since)

    def follow(self, on_line: Callable[[LogLine], None]) -> Follower:
        return FileFollower(self._logs, on_line)

    def stop(self, service: str, *, timeout_s: float = 10) -> None:
        process = self._running(service)
        process.terminate()
        try:
            process.wait(timeout_s)
        except psutil.TimeoutExpired:
            kill_tree(process)

    def start(self, service: str, *, timeout_s: float = 30, clock_off_s: float = 0.0) -> None:
        definition = self._services[self._known(service)]
        if running := recorded(self._home, service):
            raise StackError(
                f"{service} cannot be started: it runs", seen=f"pid {running.pid}", remedy="stop or kill it first"
            )
        require_free(service, self._ports[service])
        with uninterrupted():
            self._spawn(definition, clocks.environment(clock_off_s))
        self._await_ready(definition, timeout_s)
        if clock_off_s:
            self._require_preloaded(service, clock_off_s)

    def kill(self, service: str, *, timeout_s: float = 10) -> None:
        kill_tree(self._running(service), timeout_s)

    def pause(self, service: str, *, timeout_s: float = 10) -> None:  # noqa: ARG002 - it takes no time
        for process in with_children(self._running(service)):
            process.suspend()

    def resume(self, service: str, *, timeout_s: float = 10) -> None:  # noqa: ARG002 - it takes no time
        for process in with_children(self._running(service)):
            process.resume()

    def cut_off(self, service: str) -> None:
        lock = sqlite3.connect(
            self._seen_by(service, self._store(service)), isolation_level=None, timeout=_LOCK_TIMEOUT_S
        )
        try:
            lock.execute("BEGIN IMMEDIATE")
        except sqlite3.Error as error:
            lock.close()
            raise StackError(f"the database of {service} cannot be locked", seen=str(error)) from error
        self._locks[service] = lock

    def rejoin(self, service: str) -> None:
        if lock := self._locks.pop(service, None):
            lock.close()

    def fill_disk(self, service: str) -> None:
        self._at_disk("filled", service, disks.filling)

    def free_disk(self, service: str) -> None:
        self._at_disk("freed", service, disks.freeing)

    def describe(self) -> str:
        addresses = ", ".join(f"{name} {self.url(name)}" for name in self._services)
        return f"processes: {addresses}; logs in {self._home / 'logs'}"

    def _running(self, service: str) -> psutil.Process:
        if process := recorded(self._home, self._known(service)):
            return process
        raise StackError(
            f"{service} does not run", seen="its recorded process has ended", remedy=f"start it: start({service!r})"
        )

    def _seen_by(self, service: str, path: str) -> str:
        """Where a path that a service knows is for us: below its own root, when it has mounts of its own."""
        running = self._running(service)
        return f"/proc/{running.pid}/root{path}" if disks.SETTING in self._services[service].env else path

    def _at_disk(self, verb: str, service: str, command: Callable[[str], list[str]]) -> None:
        definition = self._services[self._known(service)]
        if not definition.disk:
            raise disks.refused(verb, service, "its definition names no disk")
        folder = self._seen_by(service, self._render(definition.disk))
        done = subprocess.run(command(folder), stdin=subprocess.DEVNULL, capture_output=True, text=True)
        if done.returncode:
            raise disks.refused(verb, service, (done.stdout + done.stderr).strip())

    def _require_preloaded(self, service: str, clock_off_s: float) -> None:
        loaded = {Path(part.path).name for it in with_children(self._running(service)) for part in it.memory_maps()}
        if clocks.NAME not in loaded:
            raise clocks.refused(service, clock_off_s, f"none of its processes has {clocks.NAME} loaded")

    def _store(self, service: str) -> str:
        if not (store := self._services[self._known(service)].store):
            raise StackError(
                f"{service} has no database to be cut off from",
                seen="its definition names no store",
                remedy="give ProcessService(store=…) the SQLite file that it keeps its data in",
            )
        return self._render(store)

    def _require(self, service: ProcessService) -> None:
        missing = [str(path) for path in service.needs if not (self._definition.root / path).exists()]
        if missing:
            raise StackError(
                f"{service.name} cannot be started: {' and '.join(missing)} missing",
                seen=f"looked in {self._definition.root}",
                remedy=service.needs_remedy,
            )

    def _write_files(self, service: ProcessService) -> None:
        for name, text in service.files.items():
            path = self._home / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(self._render(text), encoding="utf-8")

    def _spawn(self, service: ProcessService, more: Mapping[str, str] = MappingProxyType({})) -> None:
        log = self._logs[service.name]
        log.parent.mkdir(parents=True, exist_ok=True)
        # A block-buffered service's lines would come when its buffer is full: long after what they tell of.
        marks = {HOME_VARIABLE: str(self._home), "PYTHONUNBUFFERED": "1"}
        env = {**os.environ, **marks, **self._render.env(service.env), **more}
        command = [self._render(part) for part in service.command]
        if service.disk and disks.SETTING in service.env:
            command = disks.on_small_disk(command, self._render(service.disk), service.env[disks.SETTING])
        try:
            process = subprocess.Popen(
                command,
                cwd=self._definition.root / service.cwd,
                env=env,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                creationflags=CREATION_FLAGS,
            )
        except OSError as error:
            raise StackError(
                f"{service.name} cannot be started: {' '.join(command)}",
                seen=str(error),
                remedy="install the program, or correct the command in the stack's definition",
            ) from error
        assert process.stdout is not None
        with log.open("ab") as file, process.stdout:
            stamper = subprocess.Popen(
                [sys.executable, "-I", "-S", stamp.__file__],
                stdin=process.stdout,
                stdout=file,
                stderr=file,
                start_new_session=True,
                creationflags=CREATION_FLAGS,
            )
        record(self._home, service.name, process.pid)
        self._started[service.name] = process

        def reap() -> None:
            # Without it an ended process would stay a zombie of ours, and look alive to whoever waits for its end.
            process.wait()
            stamper.wait()
            self._ended.set()

        Thread(target=reap, name=f"duologue-reap-{service.name}", daemon=True).start()

    def _await_ready(self, service: ProcessService, timeout_s: float) -> None:
        url = self._render(service.ready)
        try:
            await_ready(url, timeout_s=timeout_s, ended=self._ended, raise_if_ended=self._raise_if_ended)
        except NotReadyError as error:
            raise StackError(
                f"{service.name} was not ready within {timeout_s:g} s",
                seen=f"{url}: {error}\n{self._last_lines(service.name)}",
                remedy="read its log above",
                service=service.name,
            ) from error

    def _raise_if_ended(self) -> None:
        for name, process in self._started.items():
            if process.poll() is not None and recorded_pid(self._home, name) == process.pid:
                raise StackError(
                    f"{name} exited with code {process.returncode} instead of becoming ready",
                    seen=self._last_lines(name),
                    remedy="read its log above; its command is "
                    + " ".join(map(self._render, self._services[name].command)),
                    service=name,
                )

    def _last_lines(self, service: str) -> str:
        lines = self.logs(service)[-20:]
        if not lines:
            return "its log is empty"
        return "the last lines of its log:\n" + "\n".join(f"    {line.text}" for line in lines)
