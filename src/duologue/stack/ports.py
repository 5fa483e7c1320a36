"""Free ports on loopback for services: in goes how many, out come numbers that nobody's outgoing connection takes."""

from __future__ import annotations

import random
import socket

import psutil

from duologue.errors import StackError
from duologue.stack.definition import HOST

# Below every system's ephemeral range (Linux 32768+, macOS and Windows 49152+): while a service restarts, the kernel
# hands its port to no outgoing connection.
PORT_RANGE = range(20000, 32000)


def pick_ports(count: int) -> list[int]:
    """`count` different ports that can be bound now."""
    # Not the shared generator: a suite that seeds it would have every worker pick the same ports.
    dice = random.SystemRandom()
    picked: set[int] = set()
    while len(picked) < count:
        port = dice.choice(PORT_RANGE)
        if is_free(port):
            picked.add(port)
    return list(picked)


def is_free(port: int) -> bool:
    """Whether a server could listen on the port now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        # As servers do on POSIX: connections that linger from the last owner are no hindrance.
        # On Windows the same option would steal a port in use.
        if hasattr(socket, "SO_EXCLUSIVEADDRUSE"):
            probe.setsockopt(socket.SOL_SOCKET, getattr(socket, "SO_EXCLUSIVEADDRUSE"), 1)  # noqa: B009
        else:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def require_free(service: str, port: int) -> None:
    """Raise `StackError`, naming the program that listens, when the service's port is taken."""
    if is_free(port):
        return
    raise StackError(
        f"port {port} of {service} is taken",
        seen=_listener(port),
        remedy="end that program, or run again: another port is picked for each stack",
    )


def _listener(port: int) -> str:
    try:
        for connection in psutil.net_connections("tcp"):
            if connection.status == psutil.CONN_LISTEN and connection.laddr and connection.laddr.port == port:
                return f"{psutil.Process(connection.pid).name()} (pid {connection.pid}) listens there"
    except psutil.Error:  # not ours to see (macOS asks for root), or gone in between
        pass
    return f"{HOST}:{port} cannot be bound"
