"""One stack for all workers of a run: `acquire` brings it up or attaches, `release` ends it, `sweep` ends leftovers.

Whoever comes first in a run brings the stack up under the run's lock; all others attach to what it recorded.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from dataclasses import replace
from pathlib import Path

import psutil

from duologue.errors import StackError
from duologue.stack.base import Stack
from duologue.stack.choose import Choice
from duologue.stack.definition import StackDefinition
from duologue.stack.external import ExternalStack
from duologue.stack.ports import pick_ports
from duologue.stack.process_records import end_all
from duologue.stack.processes import ProcessesStack
from duologue.stack.state import (
    Failure,
    Registry,
    RunState,
    StackState,
    load_stack,
    remove_home,
    save_stack,
    slug,
)


def acquire(
    definition: StackDefinition, choice: Choice, *, run_id: str, keep: bool = False, owner_pid: int | None = None
) -> Stack:
    """The run's stack, ready.

    `run_id` is the same in every worker of a run. `owner_pid` is the process whose end is the end of the run: the
    controller, in a worker of pytest-xdist; this process, when not given. With `keep` the stack outlives the run.
    Raises `StackError` when the stack cannot be brought up, in every worker with the same words.
    """
    if choice.kind == "url":
        stack = ExternalStack(choice.page_url, choice.api_url, choice.ws_url)
        stack.up()
        return stack
    if choice.is_auto and not definition.compose:
        choice = replace(choice, kind="processes", why="the stack has no compose file")
    registry = Registry(definition.root)
    registry.make()
    with registry.run_lock(run_id):
        run = registry.run(run_id)
        if run and run.failure:
            failure = run.failure
            raise StackError(failure.what, seen=failure.seen, remedy=failure.remedy, service=failure.service)
        if run and run.is_live():
            state = load_stack(registry.home(run.stack))
            if state and state.ready:
                return _stack(definition, registry.home(run.stack), state)
        if run:  # a worker was killed while it brought the stack up
            _take_down(registry.home(run.stack))
        return _bring_up(definition, choice, registry, run_id, keep, owner_pid or os.getpid())


def release(root: Path, run_id: str) -> None:
    """End the run's use of its stack: take it down, or leave it up when the run keeps it. Twice does nothing."""
    registry = Registry(root)
    run = registry.run(run_id)
    if not run:
        return
    with registry.lock():
        registry.drop_run(run_id)
        home = registry.home(run.stack)
        state = load_stack(home)
        kept = run.keep and state is not None and state.ready
        if kept:
            (home / "kept").touch()
        # The newest kept stack is the one that the next run wants.
        unused = [other for other in _unused_homes(registry) if other != home and kept]
    for other in unused if kept else [home]:
        _take_down(other)
    registry.drop_run_lock(run_id)


def sweep(root: Path) -> list[str]:
    """Take down what killed runs left behind; returns a line for each stack taken down, for the run's header."""
    registry = Registry(root)
    if not registry.folder.exists():
        return []
    registry.make()
    with registry.lock():
        for run_id, run in registry.runs().items():
            if not run.is_live():
                registry.drop_run(run_id)
                registry.drop_run_lock(run_id)
        return [_sweep_one(home) for home in _unused_homes(registry) if not (home / "kept").exists()]


def _sweep_one(home: Path) -> str:
    try:
        _take_down(home)
    except StackError as error:  # its engine is down, perhaps: no reason to fail a run that may not need one
        return f"left the leftover stack {home.name} for later: {error.what} ({error.seen})"
    return f"swept the leftover stack {home.name}"


def _bring_up(
    definition: StackDefinition, choice: Choice, registry: Registry, run_id: str, keep: bool, owner_pid: int
) -> Stack:
    fingerprint = definition.fingerprint(choice.kind)
    run = RunState(
        owner_pid=owner_pid,
        owner_created=psutil.Process(owner_pid).create_time(),
        stack=f"{slug(run_id)}-{secrets.token_hex(2)}",
        keep=keep,
    )
    with registry.lock():
        adopted = _adopt(registry, choice, fingerprint)
        registry.save_run(run_id, run.model_copy(update={"stack": adopted}) if adopted else run)
        if choice.kind == "compose" and not adopted:
            _remove_unrecorded(definition.root, registry)
    if adopted:
        home = registry.home(adopted)
        state = load_stack(home)
        if state and (stack := _stack(definition, home, state)).is_ready():
            return stack
        _take_down(home)
        registry.save_run(run_id, run)
    home = registry.home(run.stack)
    state = _new_state(definition, choice, fingerprint, home)
    save_stack(home, state)
    stack = _stack(definition, home, state)
    try:
        stack.up()
    except StackError as error:
        failure = Failure(what=error.what, seen=error.seen, remedy=error.remedy, service=error.service)
        registry.save_run(run_id, run.model_copy(update={"failure": failure}))
        raise
    save_stack(home, state.model_copy(update={"ready": True}))
    return stack


def _adopt(registry: Registry, choice: Choice, fingerprint: str) -> str:
    """The kept stack that fits; those that do not fit are taken down. Called under the registry's lock."""
    adopted = ""
    for home in _unused_homes(registry):
        state = load_stack(home)
        fits = state is not None and state.kind == choice.kind and state.fingerprint == fingerprint
        if fits and not adopted and (home / "kept").exists():
            (home / "kept").unlink()
            adopted = home.name
        else:
            (home / "kept").unlink(missing_ok=True)
            _sweep_one(home)
    return adopted


def _remove_unrecorded(root: Path, registry: Registry) -> None:
    """Containers outlive a `.duologue` that was deleted by hand; their project's name still tells whose they are."""
    from duologue.stack.compose import remove_projects

    stacks = {home.name for home in registry.homes()} | registry.in_use()
    remove_projects(project_prefix(root), but={f"{project_prefix(root)}{stack}" for stack in stacks})


def _unused_homes(registry: Registry) -> list[Path]:
    in_use = registry.in_use()
    return [home for home in registry.homes() if home.name not in in_use]


def _new_state(definition: StackDefinition, choice: Choice, fingerprint: str, home: Path) -> StackState:
    if choice.kind == "compose" and definition.compose:
        names = [service.name for service in definition.compose.services if service.port]
    else:
        names = [service.name for service in definition.processes]
    return StackState(
        kind=choice.kind,
        fingerprint=fingerprint,
        ports=dict(zip(names, pick_ports(len(names)), strict=True)),
        project=f"{project_prefix(definition.root)}{home.name}",
    )


def project_prefix(root: Path) -> str:
    """What the compose projects of one checkout have in common, and those of no other."""
    return f"duologue-{hashlib.sha256(str(root.resolve()).encode()).hexdigest()[:8]}-"


def _stack(definition: StackDefinition, home: Path, state: StackState) -> Stack:
    if state.kind == "compose":
        from duologue.stack.compose import ComposeStack

        return ComposeStack(definition, home, state.ports, state.project, state.fingerprint)
    return ProcessesStack(definition, home, state.ports)


def _take_down(home: Path) -> None:
    """End whatever the folder records, and remove it; a stack that is gone already is no error."""
    state = load_stack(home)
    if state and state.kind == "compose":
        from duologue.stack.compose import remove_project

        remove_project(state.project)
    end_all(home)
    remove_home(home)
