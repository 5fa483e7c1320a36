"""A disk that is full: a service whose setting `DISK_MB` is given has its data on a file system of that size, which a
test fills to the last block. What a program is told then, it is told by the system itself: ENOSPC.

Local processes get a tmpfs in a mount namespace of their own (util-linux's `unshare`; root, or a system that lets users
have namespaces); a compose file mounts one by `tmpfs: [/disk:size=${DISK_MB:-1}m,mode=1777]`. Either is gone, with what
is in it, when the service ends.
"""

from __future__ import annotations

import os
import shutil
import sys

from duologue.errors import StackError

SETTING = "DISK_MB"
# A larger file system is somebody's, and filling it would break more than the test.
LARGEST_MB = 4096

# The current folder stays the one below the mount: so what was prepared there is found, and copied.
_MOUNT = """
here=$PWD; mkdir -p "$0" && cd "$0" && mount -t tmpfs -o "size=$1m" none "$0" && cp -a . "$0" || exit
cd "$here"; shift; exec "$@"
"""
# Asked of the system by path alone: `df` and `mountpoint` go by the list of mounts, and find no other process's there.
_FILL = f"""
[ "$(stat -c %d "$0")" != "$(stat -c %d "$0/..")" ] || {{ echo "$0 is no file system of its own"; exit 1; }}
set -- $(stat -f -c "%b %S" "$0")
[ $(($1 * $2 >> 20)) -le {LARGEST_MB} ] || {{ echo "$0 holds $(($1 * $2 >> 20)) MB: too much to fill"; exit 1; }}
dd if=/dev/zero of="$0/.full" bs=4k 2>/dev/null
free=$(stat -f -c %a "$0")
[ "$free" = 0 ] || {{ echo "$free blocks of $0 are free"; exit 1; }}
"""


def on_small_disk(command: list[str], folder: str, size_mb: str) -> list[str]:
    """The command of a local process, so that it has the folder on a file system of its own. Raises StackError."""
    unshare = shutil.which("unshare")
    if sys.platform != "linux" or not unshare:
        raise StackError(
            "a service cannot have a small disk here",
            seen=f"no `unshare` on {sys.platform}",
            remedy="it needs Linux with util-linux; leave such tests out elsewhere, or run them with --stack=compose",
        )
    as_root = [] if os.geteuid() == 0 else ["--map-root-user"]
    return [unshare, "--mount", *as_root, "sh", "-c", _MOUNT, folder, size_mb, *command]


def filling(folder: str) -> list[str]:
    """A command that fills the folder's file system; prints why it could not, and exits with another code than 0."""
    return ["sh", "-c", _FILL, folder]


def freeing(folder: str) -> list[str]:
    """A command that gives the room back."""
    return ["rm", "-f", f"{folder}/.full"]


def refused(verb: str, service: str, seen: str) -> StackError:
    """The error for a disk that stays as it is."""
    return StackError(
        f"the disk of {service} cannot be {verb}",
        seen=seen,
        remedy=f'mark the test with @pytest.mark.own_stack({service}={{"{SETTING}": "64"}}), and give the definition '
        "of the service that keeps its data the folder `disk`",
    )
