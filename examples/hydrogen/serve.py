"""Serves dist/ on loopback: the port and the homeserver's address come in, config.json tells the page of the latter."""

from __future__ import annotations

import json
import sys
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

PORT, HOMESERVER = int(sys.argv[1]), sys.argv[2]


class Page(SimpleHTTPRequestHandler):
    """The files, and one that depends on the run."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """The page's settings, or a file."""
        if self.path.partition("?")[0] != "/config.json":
            super().do_GET()
            return
        body = json.dumps({"defaultHomeServer": HOMESERVER}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


ThreadingHTTPServer(("127.0.0.1", PORT), partial(Page, directory=Path(__file__).with_name("dist"))).serve_forever()
