"""A stack of local processes: addresses, logs, and what can be done to a service."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from duologue.errors import StackError
from duologue.stack import Choice, Stack, StackDefinition, acquire, release
from duologue.stack import ports as ports_module
from duologue.stack.process_records import end_all, record
from tests.harness.stack.tiny import SERVICE, Lines, get, say, service


def test_services_answer_at_their_addresses(stack: Stack) -> None:
    assert stack.services == ("backend", "frontend")
    assert stack.page_url == stack.url("frontend")
    assert stack.api_url == f"{stack.url('backend')}/api"
    assert stack.ws_url == stack.url("backend").replace("http", "ws")
    assert get(stack.url("backend")) != get(stack.url("frontend"))
    assert stack.url("backend") in stack.describe()


def test_a_printed_line_reaches_the_follower_with_the_time_it_was_printed(stack: Stack) -> None:
    lines = Lines()
    with stack.follow(lines.add):
        before = time.time()
        say(stack.url("backend"), "hello 👋")
        line = lines.await_line("hello 👋")
    assert line.service == "backend"
    assert before <= line.at <= time.time()


def test_following_begins_with_new_lines_and_ends_with_close(stack: Stack) -> None:
    say(stack.url("backend"), "before")
    old = Lines()
    with stack.follow(old.add):
        say(stack.url("backend"), "during")
        assert old.await_line("during")
    new = Lines()
    with stack.follow(new.add):
        say(stack.url("backend"), "after")
        first = new.await_next()
    assert first.text == "after", "what was said before comes to no follower"
    assert old.is_empty()


def test_logs_since_a_moment_leave_out_what_came_before(stack: Stack) -> None:
    lines = Lines()
    with stack.follow(lines.add):
        say(stack.url("backend"), "early")
        early = lines.await_line("early")
        say(stack.url("backend"), "late")
        late = lines.await_line("late")
    assert [line.text for line in stack.logs("backend")][-2:] == ["early", "late"]
    assert stack.logs("backend", since=late.at) == [late]
    assert early.text not in [line.text for line in stack.logs("frontend")]


def test_a_line_longer_than_a_pipe_arrives_whole(stack: Stack) -> None:
    lines = Lines()
    with stack.follow(lines.add):
        say(stack.url("backend"), "x" * 20_000)
        assert lines.await_line("x" * 20_000)


def test_restart_keeps_the_address_and_the_follower(stack: Stack) -> None:
    lines = Lines()
    with stack.follow(lines.add):
        pid = get(stack.url("backend"))
        stack.restart("backend")
        assert get(stack.url("backend")) != pid
        say(stack.url("backend"), "back again")
        assert lines.await_line("back again")


@pytest.mark.skipif(sys.platform != "linux", reason="a service's clock is set off by libfaketime, on Linux alone")
def test_a_service_may_run_with_its_clock_off_and_the_next_start_sets_it_right(stack: Stack) -> None:
    for off_s in (3600, -3600, 0):
        stack.stop("backend")
        stack.start("backend", clock_off_s=off_s)

        assert float(get(f"{stack.url('backend')}/time")) - time.time() == pytest.approx(off_s, abs=60)


@pytest.mark.skipif(sys.platform != "linux", reason="a small disk is a tmpfs, on Linux alone")
def test_a_service_whose_disk_is_full_is_told_so_by_the_system(
    define: Callable[..., StackDefinition], processes: Choice, run_id: str
) -> None:
    folder = "{run_dir}/data"
    definition = define(service("backend", disk=folder, env={"DISK": folder, "DISK_MB": "8"}))
    try:
        stack = acquire(definition, processes, run_id=run_id)
        stack.fill_disk("backend")
        assert get(f"{stack.url('backend')}/keep") == "No space left on device"
        stack.free_disk("backend")
        assert get(f"{stack.url('backend')}/keep") == "kept"
    finally:
        release(definition.root, run_id)


@pytest.mark.parametrize(("folder", "said"), [("", "names no disk"), ("{run_dir}", "no file system of its own")])
def test_a_disk_that_is_everybodys_is_not_filled(
    define: Callable[..., StackDefinition], processes: Choice, run_id: str, folder: str, said: str
) -> None:
    definition = define(service("backend", disk=folder))
    try:
        stack = acquire(definition, processes, run_id=run_id)
        with pytest.raises(StackError, match=rf"disk of backend cannot be filled[\s\S]*{said}[\s\S]*own_stack"):
            stack.fill_disk("backend")
    finally:
        release(definition.root, run_id)


def test_a_killed_service_refuses_connections_until_started(stack: Stack) -> None:
    stack.kill("backend")
    with pytest.raises(ConnectionRefusedError):
        get(stack.url("backend"))
    with pytest.raises(StackError, match="backend does not run"):
        stack.kill("backend")
    stack.start("backend")
    assert get(stack.url("backend"))
    with pytest.raises(StackError, match="it runs"):
        stack.start("backend")


def test_a_paused_service_accepts_and_says_nothing(stack: Stack) -> None:
    stack.pause("backend")
    with pytest.raises(TimeoutError):
        get(stack.url("backend"), timeout_s=0.2)
    stack.resume("backend")
    assert get(stack.url("backend"))


def test_a_service_tells_whether_it_runs(stack: Stack) -> None:
    assert str(stack.state("backend")) == "running"

    stack.pause("backend")
    with pytest.raises(TimeoutError):  # the system stops a process when it gives it time, not at once
        get(stack.url("backend"), timeout_s=1)
    assert str(stack.state("backend")) == "paused"

    stack.kill("backend")
    assert stack.state("backend").name == "exited"
    assert str(stack.state("frontend")) == "running"


@pytest.mark.skipif(sys.platform == "win32", reason="there a signal sent to oneself ends the process")
def test_a_signal_while_a_service_starts_leaves_no_process(
    define: Callable[..., StackDefinition], processes: Choice, run_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A service that runs and is not recorded yet is nobody's."""
    definition = define()

    def interrupted(home: Path, name: str, pid: int) -> None:
        signal.raise_signal(signal.SIGINT)
        record(home, name, pid)

    monkeypatch.setattr("duologue.stack.processes.record", interrupted)

    with pytest.raises(KeyboardInterrupt):
        acquire(definition, processes, run_id=run_id)
    release(definition.root, run_id)

    left = [" ".join(child.cmdline()) for child in psutil.Process().children() if str(SERVICE) in child.cmdline()]
    assert left == []


def test_down_leaves_no_process_and_twice_does_nothing(stack: Stack) -> None:
    pids = [int(get(stack.url(name))) for name in stack.services]
    stack.down()
    stack.down()
    assert not [pid for pid in pids if psutil.pid_exists(pid)]


def test_an_unknown_service_is_named_with_those_there_are(stack: Stack) -> None:
    with pytest.raises(StackError, match=r"no service 'database'\n  seen: backend, frontend"):
        stack.restart("database")


Define = Callable[..., StackDefinition]


def test_a_backend_that_exits_at_start_shows_its_code_and_last_lines(
    define: Define, processes: Choice, run_id: str
) -> None:
    broken = define(service("backend", "--exit-with", "3"))
    with pytest.raises(StackError, match=r"backend exited with code 3(.|\n)*cannot find the database"):
        acquire(broken, processes, run_id=run_id)


def test_a_backend_that_is_never_ready_shows_the_answers_seen(
    define: Define, run_id: str, processes: Choice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("duologue.stack.processes.START_TIMEOUT_S", 0.5)
    with pytest.raises(StackError, match=r"not ready within 0.5 s(.|\n)*HTTP 503(.|\n)*listening on"):
        acquire(define(service("backend", "--answer", "503")), processes, run_id=run_id)


def test_a_missing_need_says_what_to_do(define: Define, processes: Choice, run_id: str) -> None:
    unbuilt = define(service("backend", needs=["frontend/dist"], needs_remedy="npm run build"))
    with pytest.raises(StackError, match=r"frontend/dist missing(.|\n)*to do: npm run build"):
        acquire(unbuilt, processes, run_id=run_id)


def test_a_missing_program_is_named(define: Define, processes: Choice, run_id: str) -> None:
    absent = define(service("backend", command=["no-such-program"]))
    with pytest.raises(StackError, match="backend cannot be started: no-such-program"):
        acquire(absent, processes, run_id=run_id)


def writer(text: str) -> dict[str, object]:
    """How a file with this text is made: once per content of `source.txt`; each making leaves a line in `made`."""
    script = (
        "import sys; open('made', 'a').write('x');"
        "open(sys.argv[1], 'w').write(sys.argv[2]) if sys.argv[2] else sys.exit('no disk')"
    )
    return {"name": "data.txt", "command": ["{python}", "-c", script, "{prepared}", text], "sources": ["source.txt"]}


def test_a_prepared_file_is_made_once_and_copied_into_each_stack(
    define: Define, processes: Choice, run_id: str
) -> None:
    definition = define(service("backend", prepared=[writer("hello")]))
    stacks = definition.root / ".duologue" / "stacks"
    for number in range(2):
        acquire(definition, processes, run_id=f"{run_id}-{number}")
        [copy] = stacks.glob("*/data.txt")
        assert copy.read_text() == "hello"
        release(definition.root, f"{run_id}-{number}")
    (definition.root / "source.txt").write_text("changed")
    acquire(definition, processes, run_id=run_id)
    release(definition.root, run_id)
    assert (definition.root / "made").read_text() == "xx"


def test_a_prepared_file_that_cannot_be_made_shows_why(define: Define, processes: Choice, run_id: str) -> None:
    with pytest.raises(StackError, match=r"data.txt of backend could not be made(.|\n)*no disk"):
        acquire(define(service("backend", prepared=[writer("")])), processes, run_id=run_id)


def test_a_template_that_names_an_unknown_service_is_shown(define: Define, processes: Choice, run_id: str) -> None:
    with pytest.raises(StackError, match=r"cannot be filled: '\{cache.url\}'"):
        acquire(define(page="{cache.url}"), processes, run_id=run_id)


def test_a_taken_port_is_named_with_its_owner(stack: Stack) -> None:
    stack.kill("backend")
    port = int(stack.url("backend").rpartition(":")[2])
    with (
        socket.create_server(("127.0.0.1", port)),
        pytest.raises(StackError, match=rf"port {port} of backend is taken(.|\n)*{os.getpid()}"),
    ):
        stack.start("backend")
    stack.start("backend")
    assert get(stack.url("backend"))


def test_picked_ports_are_different_and_outside_the_ephemeral_range() -> None:
    ports = ports_module.pick_ports(50)
    assert len(set(ports)) == 50
    assert all(20000 <= port < 32000 for port in ports)


def test_a_process_with_a_recycled_pid_is_not_taken_for_ours(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as other:
        born = psutil.Process(other.pid).create_time()
        (tmp_path / "backend.process.json").write_text(f"[{other.pid}, {born - 100}]")
        end_all(tmp_path)
        assert other.poll() is None
        other.kill()


def test_files_are_written_with_ports_in_them_before_a_service_starts(
    define: Callable[..., StackDefinition], processes: Choice, run_id: str
) -> None:
    configured = service("backend", files={"etc/backend.conf": "port = {backend.port}\n"})
    definition = define(configured)
    try:
        stack = acquire(definition, processes, run_id=run_id)
        written = next(definition.root.glob(".duologue/stacks/*/etc/backend.conf"))
        assert written.read_text() == f"port = {stack.url('backend').rpartition(':')[2]}\n"
    finally:
        release(definition.root, run_id)


def test_a_service_without_http_is_ready_when_it_listens(
    define: Callable[..., StackDefinition], processes: Choice, run_id: str
) -> None:
    definition = define(service("backend", "--answer", "500", ready="tcp://127.0.0.1:{backend.port}"))
    try:
        assert acquire(definition, processes, run_id=run_id).is_ready()
    finally:
        release(definition.root, run_id)
