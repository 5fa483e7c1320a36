"""The stack under test: a definition as data goes in, running services with addresses, logs and a switch come out."""

from duologue.stack.base import Follower, Kind, LogLine, ServiceState, Stack
from duologue.stack.choose import Choice, choose
from duologue.stack.definition import ComposeDefinition, ComposeService, PreparedFile, ProcessService, StackDefinition
from duologue.stack.external import ExternalStack
from duologue.stack.shared import acquire, release, sweep

__all__ = [
    "Choice",
    "ComposeDefinition",
    "ComposeService",
    "ExternalStack",
    "Follower",
    "Kind",
    "LogLine",
    "PreparedFile",
    "ProcessService",
    "ServiceState",
    "Stack",
    "StackDefinition",
    "acquire",
    "choose",
    "release",
    "sweep",
]
