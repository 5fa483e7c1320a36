"""A new version of the page: whoever comes again runs it, whatever their browser kept of the old one."""

from __future__ import annotations

import runpy
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from http.server import ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest

from duologue import expect
from duologue.people import User
from duologue.stack import Stack
from fixtures.stack import ROOT

pytestmark = pytest.mark.e2e

FRONTEND = ROOT / "chat" / "frontend"
MODULES = FRONTEND / "node_modules"
VITE = MODULES / ".bin" / ("vite.cmd" if sys.platform == "win32" else "vite")

Deploy = Callable[[str], str]


@pytest.fixture
def deploy(tmp_path: Path, stack: Stack) -> Iterator[Deploy]:
    """`deploy("version 2")`: builds the page so that it logs this, and serves it; returns the address."""
    if stack.kind != "processes" or not MODULES.is_dir():
        pytest.skip("builds the page, which this stack does in its image")
    source = tmp_path / "frontend"
    shutil.copytree(FRONTEND, source, ignore=shutil.ignore_patterns("node_modules", "dist", "tests"))
    (source / "node_modules").symlink_to(MODULES, target_is_directory=True)
    main = source / "src" / "main.js"
    code = main.read_text(encoding="utf-8")
    addresses = {"VITE_API_URL": stack.api_url, "VITE_WS_URL": stack.ws_url}
    make_handler = runpy.run_path(str(FRONTEND / "serve.py"))["make_handler"]
    server = ThreadingHTTPServer(("127.0.0.1", 0), make_handler(source / "dist", addresses))
    threading.Thread(target=server.serve_forever, daemon=True).start()

    def build(version: str) -> str:
        main.write_text(f'{code}\nconsole.log("{version}")\n', encoding="utf-8")
        subprocess.run([VITE, "build", "--logLevel=error"], cwd=source, check=True, timeout=60)
        return f"http://127.0.0.1:{server.server_port}/login"

    yield build
    server.shutdown()
    server.server_close()


def test_after_a_deployment_whoever_comes_again_runs_the_new_page(visitor: User, deploy: Deploy) -> None:
    start = visitor.timeline.cursor()
    visitor.page.goto(deploy("yesterday's page"))
    expect(visitor, since=start).to_log("yesterday's page")
    visitor.leave()

    address = deploy("today's page")
    returned = visitor.timeline.cursor()
    visitor.page.goto(address)

    expect(visitor, since=returned).to_log("today's page")


def test_the_page_itself_and_its_addresses_are_asked_for_each_time(stack: Stack) -> None:
    for path in ("/", "/login", "/env.js"):
        kept = httpx.get(stack.page_url + path, trust_env=False).headers.get("cache-control", "")
        assert "no-cache" in kept or "no-store" in kept, f"{path}: {kept!r}"
