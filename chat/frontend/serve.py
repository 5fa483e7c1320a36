"""Serves the built page: files of DIST and addresses from the environment in, HTTP/1.1 out.

Every path that is no file gets index.html, since the page routes by itself. `env.js` is made from VITE_API_URL and
VITE_WS_URL, so one build serves any address. Standard library only.
"""

import argparse
import json
import os
import sys
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

DEFAULTS = {"VITE_API_URL": "http://localhost:8000/api", "VITE_WS_URL": "ws://localhost:8000"}
TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
CHECK_EACH_TIME = "no-cache"
KEEP_FOR_EVER = "public, max-age=31536000, immutable"
"""For files whose name holds a hash of what is in them (Vite's `assets/`)."""


def env_js(environment: dict[str, str]) -> bytes:
    """The script that tells the page its addresses."""
    addresses = {name: environment.get(name) or default for name, default in DEFAULTS.items()}
    return f"window.__ENV__ = {json.dumps(addresses)}\n".encode()


def find(dist: Path, path: str) -> Path | None:
    """The file of `dist` for a path in the address; index.html for an address of the page's own; else None."""
    file = (dist / path.lstrip("/")).resolve()
    if file.is_relative_to(dist) and file.is_file():
        return file
    # A missing script must not arrive as a page: that hides a stale index.html.
    return None if Path(path).suffix else dist / "index.html"


def make_handler(dist: Path, environment: dict[str, str]) -> type[BaseHTTPRequestHandler]:
    addresses = env_js(environment)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True
        wbufsize = -1  # head and body leave in one packet

        def do_GET(self) -> None:
            path = unquote(urlsplit(self.path).path)
            file = find(dist, path)
            if file is None:
                self.send_error(404)
                return
            content = addresses if path == "/env.js" else file.read_bytes()
            self.send_response(200)
            self.send_header("Content-Type", TYPES.get(file.suffix, "application/octet-stream"))
            self.send_header("Content-Length", str(len(content)))
            self.send_header("Cache-Control", KEEP_FOR_EVER if file.parent.name == "assets" else CHECK_EACH_TIME)
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(content)

        do_HEAD = do_GET  # noqa: N815

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            print(format % args, flush=True)

    return Handler


def main() -> None:
    parser = argparse.ArgumentParser(description="Serve the built page.")
    parser.add_argument("--port", type=int, default=3000)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--dist", type=Path, default=Path(__file__).parent / "dist")
    options = parser.parse_args()
    dist = options.dist.resolve()
    if not (dist / "index.html").is_file():
        sys.exit(f"serve.py: no built page in {dist}: run `npm ci && npm run build` there first")
    handler = make_handler(dist, dict(os.environ))
    try:
        server = ThreadingHTTPServer((options.host, options.port), handler)
    except OSError as error:
        sys.exit(f"serve.py: cannot listen on {options.host}:{options.port}: {error.strerror}")
    print(f"Serving {dist} on http://{options.host}:{server.server_port}", flush=True)
    with suppress(KeyboardInterrupt):
        server.serve_forever()


if __name__ == "__main__":
    main()
