"""A run of its own process: `worker.py ROOT RUN_ID [--keep]`; prints its page's address, then waits to be ended.

With `--then-release` it ends its run when its stdin is closed.
"""

import sys
from pathlib import Path

from duologue.stack import Choice, StackDefinition, acquire, release
from tests.harness.stack.tiny import service


def main(root: str, run_id: str, *options: str) -> None:
    """Acquire, tell, wait."""
    definition = StackDefinition(
        root=Path(root),
        processes=[service("backend"), service("frontend")],
        page="{frontend.url}",
        api="{backend.url}/api",
        ws="{backend.ws_url}",
        sources=["*.txt"],
    )
    owner = next((int(option) for option in options if option.isdigit()), None)
    stack = acquire(
        definition, Choice("processes", "asked for"), run_id=run_id, keep="--keep" in options, owner_pid=owner
    )
    print(stack.page_url, flush=True)
    sys.stdin.read()
    if "--then-release" in options:
        release(definition.root, run_id)


if __name__ == "__main__":
    main(*sys.argv[1:])
