"""A service as small as can be: `service.py PORT [--exit-with CODE | --answer STATUS]`.

It prints that it listens, then one line for each request; `/say/TEXT` prints TEXT, `/time` answers its clock, `/keep`
writes 100 kB into the folder `$DISK` and answers what came of it, any other path its process id.
"""

import os
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote


class Handler(BaseHTTPRequestHandler):
    """Prints what it is asked to."""

    status = 200

    def do_GET(self) -> None:
        """Answer the process id."""
        if self.path.startswith("/say/"):
            print(unquote(self.path.removeprefix("/say/")), flush=True)
        self.send_response(self.status)
        self.end_headers()
        answer = keep() if self.path == "/keep" else time.time() if self.path == "/time" else os.getpid()
        self.wfile.write(str(answer).encode())

    def log_message(self, *_: object) -> None:
        """Stay silent: only what was asked for is printed."""


def keep() -> str:
    """Write a file."""
    try:
        Path(os.environ["DISK"], "kept").write_bytes(bytes(100_000))
    except OSError as error:
        return error.strerror
    return "kept"


def main(port: str, option: str = "", value: str = "") -> int:
    """Serve until killed."""
    if option == "--exit-with":
        print("cannot find the database", flush=True)
        return int(value)
    if option == "--answer":
        Handler.status = int(value)
    host = os.environ.get("LISTEN_ON", "127.0.0.1")
    with ThreadingHTTPServer((host, int(port)), Handler) as server:
        print(f"listening on {port}", flush=True)
        server.serve_forever()
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
