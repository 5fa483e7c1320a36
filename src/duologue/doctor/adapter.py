"""Finds an adapter by its name: `fixtures.chat:REFERENCE_CHAT` goes in, the `ChatApp` comes out."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

from duologue.app import ChatApp
from duologue.errors import UsageError


def load(name: str) -> ChatApp:
    """The adapter `MODULE:NAME`; modules of the working directory are found as well as installed ones.

    Raises UsageError when there is no such module or name, when importing it fails, or when it is no adapter.
    """
    module_name, _, attribute = name.partition(":")
    if not module_name or not attribute:
        raise UsageError(f"--adapter={name} is no adapter", remedy="give it as MODULE:NAME, e.g. fixtures.chat:MY_CHAT")
    here = str(Path.cwd())
    if here not in sys.path:
        sys.path.insert(0, here)
    try:
        module = importlib.import_module(module_name)
    except Exception as error:  # whatever a module does when it is imported
        raise UsageError(
            f"the adapter's module {module_name} cannot be imported",
            seen=f"{type(error).__name__}: {error}",
            remedy=f"run it in the folder that has it; this is {here}",
        ) from error
    app = getattr(module, attribute, None)
    if isinstance(app, ChatApp):
        return app
    known = [name for name, value in vars(module).items() if isinstance(value, ChatApp)]
    raise UsageError(
        f"there is no adapter {attribute} in {module_name}",
        seen=f"its adapters: {', '.join(known) or 'none'}" if app is None else f"it is a {type(app).__name__}",
        remedy="an adapter is an object of a subclass of duologue.app.ChatApp",
    )
