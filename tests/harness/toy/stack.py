"""The toy chat's stack: one process."""

from __future__ import annotations

from pathlib import Path

from duologue.stack import ProcessService, StackDefinition

SERVER = Path(__file__).with_name("server.py")


def toy_stack(root: Path, *faults: str) -> StackDefinition:
    """The toy chat, with these faults from its start; its records lie below `root`."""
    toy = ProcessService(
        name="toy", command=["{python}", SERVER.as_posix(), "{toy.port}", *faults], ready="{toy.url}/", needs=[SERVER]
    )
    return StackDefinition(root=root, processes=[toy], page="{toy.url}", api="{toy.url}", ws="{toy.ws_url}")
