"""A program between a service and its log file: in come lines, out go the same lines, each after the time it came.

Run by file name with `-I -S`, so that it starts in a few milliseconds: it imports nothing but built-in modules.
"""

import os
import sys
import time


def main() -> None:
    """Copy stdin to stdout until it ends, `EPOCH_SECONDS line` for each line."""
    rest = b""
    while chunk := os.read(0, 65536):
        at = b"%.6f " % time.time()
        *lines, rest = (rest + chunk).split(b"\n")
        if lines:
            os.write(1, b"".join(at + line.rstrip(b"\r") + b"\n" for line in lines))
    if rest:
        os.write(1, b"%.6f " % time.time() + rest + b"\n")


if __name__ == "__main__":
    sys.exit(main())
